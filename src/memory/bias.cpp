#include "memory/bias.h"

#include <map>
#include <optional>
#include <unordered_set>

#include "ir/memory_instructions.h"
#include "ir/module-utils.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

// Prices in bytes of code: of `i32.const BASE i32.add`, and of a larger constant in place of one that is already there.
constexpr int addPrice = 6, growthPrice = 4;

// A flow of a value from one variable to another, unchanged except for a constant. It has a price when only one of the
// two is biased.
struct Edge {
  Index from, to;
  int price;
};

// What is known about the variables of one function. Variables are its locals, followed by the globals that it uses.
struct Graph {
  // The base of the memory that the function accesses. A function that accesses several is left alone.
  std::optional<uint32_t> base;
  bool several = false;
  Index numLocals = 0;
  std::vector<Name> globals;
  // For each variable: the bytes that biasing it saves at accesses, and the bytes that it costs at other uses and
  // definitions of its value.
  std::vector<int> gains, costs;
  std::vector<Edge> edges;
};

using Bases = std::unordered_map<Name, uint32_t>;

// The parent of `curr` that passes its value on with a change that can be undone later: the sum with a constant, or,
// as Go computes addresses in its stack, `wrap(extend(curr) + x)`. Null when there is no such parent. `stack` holds the
// parents, the nearest at `at`.
Expression* passOn(Expression* curr, const SmallVector<Expression*, 16>& stack, size_t& at) {
  if (at == 0) {
    return nullptr;
  }
  auto* parent = stack[at - 1];
  if (auto** inner = shifted(parent); inner && *inner == curr) {
    at--;
    return parent;
  }
  if (!isExtension(parent)) {
    return nullptr;
  }
  auto* value = parent;
  for (auto i = at - 1; i > 0; i--) {
    auto* next = stack[i - 1];
    if (isWrap(next)) {
      at = i - 1;
      return next;
    }
    if (leftOfSum(next) != value) {
      return nullptr;
    }
    value = next;
  }
  return nullptr;
}

// Whether a function accesses memories, and only such as stay where they are: a function of the service at base 0, half
// of a world's code, of which there is nothing to decide.
struct OnlyUnplaced : public PostWalker<OnlyUnplaced, UnifiedExpressionVisitor<OnlyUnplaced>> {
  const Bases& bases;
  bool placed = false, other = false;

  explicit OnlyUnplaced(const Bases& bases) : bases(bases) {}

  static bool is(Function* function, const Bases& bases) {
    OnlyUnplaced walker(bases);
    walker.walk(function->body);
    return walker.other && !walker.placed;
  }

  // The first placed memory decides.
  static void scan(OnlyUnplaced* self, Expression** currp) {
    if (!self->placed) {
      PostWalker<OnlyUnplaced, UnifiedExpressionVisitor<OnlyUnplaced>>::scan(self, currp);
    }
  }

  void visitExpression(Expression* curr) {
    visitMemoryInstruction(curr, [&](auto* access) { note(access); });
  }

private:
  void note(Name memory) { (bases.count(memory) ? placed : other) = true; }
  template<typename T> void note(T* access) { note(access->memory); }
  void note(MemoryCopy* access) {
    note(access->destMemory);
    note(access->sourceMemory);
  }
};

struct Analyzer : public PostWalker<Analyzer, UnifiedExpressionVisitor<Analyzer>> {
  const Bases& bases;
  Graph& graph;
  std::map<Name, Index> indexOf;
  SmallVector<Expression*, 16> stack;

  Analyzer(const Bases& bases, Graph& graph) : bases(bases), graph(graph) {}

  static void scan(Analyzer* self, Expression** currp) {
    self->pushTask(doPop, currp);
    PostWalker<Analyzer, UnifiedExpressionVisitor<Analyzer>>::scan(self, currp);
    self->pushTask(doPush, currp);
  }
  static void doPush(Analyzer* self, Expression** currp) { self->stack.push_back(*currp); }
  static void doPop(Analyzer* self, Expression**) { self->stack.pop_back(); }

  void analyze(Function* function) {
    graph.numLocals = function->getNumLocals();
    graph.gains.resize(graph.numLocals);
    graph.costs.resize(graph.numLocals);
    for (Index i = 0; i < function->getNumParams(); i++) {
      graph.costs[i] += addPrice + 4; // get, add, set at the beginning
    }
    walkFunction(function);
  }

  std::optional<Index> variable(Expression* curr) {
    if (auto* get = curr->dynCast<LocalGet>()) {
      return get->type == Type::i32 ? std::optional(get->index) : std::nullopt;
    }
    if (auto* set = curr->dynCast<LocalSet>()) {
      return getFunction()->getLocalType(set->index) == Type::i32 ? std::optional(set->index) : std::nullopt;
    }
    if (auto* get = curr->dynCast<GlobalGet>()) {
      return get->type == Type::i32 ? std::optional(global(get->name)) : std::nullopt;
    }
    if (auto* set = curr->dynCast<GlobalSet>()) {
      return getModule()->getGlobal(set->name)->type == Type::i32 ? std::optional(global(set->name)) : std::nullopt;
    }
    return {};
  }

  Index global(Name name) {
    auto [found, added] = indexOf.insert({name, Index(graph.gains.size())});
    if (added) {
      graph.globals.push_back(name);
      graph.gains.push_back(0);
      graph.costs.push_back(0);
    }
    return found->second;
  }

  void visitExpression(Expression* curr) {
    visitMemoryInstruction(curr, [&](auto* access) { noteBase(access); });
    auto source = variable(curr);
    if (!source) {
      return;
    }
    bool isSet = curr->is<LocalSet>() || curr->is<GlobalSet>();
    if (isSet) {
      noteSource(*source, valueOf(curr));
    }
    if (!isSet || (curr->is<LocalSet>() && curr->cast<LocalSet>()->isTee())) {
      noteUse(*source, curr);
    }
  }

  static Expression* valueOf(Expression* set) {
    auto* local = set->dynCast<LocalSet>();
    return local ? local->value : set->cast<GlobalSet>()->value;
  }

  void noteMemory(Name memory) {
    auto found = bases.find(memory);
    if (found == bases.end()) {
      return;
    }
    graph.several |= graph.base && *graph.base != found->second;
    graph.base = found->second;
  }
  template<typename T> void noteBase(T* access) { noteMemory(access->memory); }
  void noteBase(MemoryCopy* access) {
    noteMemory(access->destMemory);
    noteMemory(access->sourceMemory);
  }

  // Notes the source of the value of a set. A source that is a variable notes the flow itself.
  void noteSource(Index set, Expression* value) {
    bool shift = false;
    while (auto** inner = shifted(value)) {
      value = *inner;
      shift = true;
    }
    if (value->is<Const>()) {
      graph.costs[set] += growthPrice;
    } else if (!variable(value)) {
      graph.costs[set] += shift ? growthPrice : addPrice;
    }
  }

  // Notes the use of a variable's value.
  void noteUse(Index variable_, Expression* curr) {
    auto at = stack.size() - 1;
    bool shift = false;
    while (auto* next = passOn(curr, stack, at)) {
      curr = next;
      shift = true;
    }
    auto* parent = at > 0 ? stack[at - 1] : nullptr;
    auto price = shift ? growthPrice : addPrice;
    if (!parent || parent->is<Drop>()) {
      return;
    }
    if (auto to = variable(parent)) {
      graph.edges.push_back({variable_, *to, price});
    } else if (isAddress(parent, curr)) {
      graph.gains[variable_] += price;
    } else {
      graph.costs[variable_] += price;
    }
  }

  bool isAddress(Expression* parent, Expression* child) {
    bool is = false;
    visitMemoryInstruction(parent, [&](auto* access) { is = isAddressOf(access, child); });
    return is;
  }
  bool isPlaced(Name memory) { return bases.count(memory) > 0; }
  template<typename T> bool isAddressOf(T* access, Expression* child) {
    return access->ptr == child && isPlaced(access->memory);
  }
  bool isAddressOf(MemoryCopy* access, Expression* child) {
    return (access->dest == child && isPlaced(access->destMemory)) ||
           (access->source == child && isPlaced(access->sourceMemory));
  }
  bool isAddressOf(MemoryFill* access, Expression* child) { return access->dest == child && isPlaced(access->memory); }
  bool isAddressOf(MemoryInit* access, Expression* child) { return access->dest == child && isPlaced(access->memory); }
  bool isAddressOf(MemorySize*, Expression*) { return false; }
  bool isAddressOf(MemoryGrow*, Expression*) { return false; }
};

// Decides for the locals of a function, given the globals that are biased, and returns the bytes that it saves.
// `biased` has an entry for each variable.
int decide(const Graph& graph, const std::unordered_map<Name, uint32_t>& globals, std::vector<bool>& biased) {
  auto size = graph.gains.size();
  biased.assign(size, false);
  std::vector<bool> fixed(size, false);
  for (Index i = 0; i < graph.globals.size(); i++) {
    fixed[graph.numLocals + i] = true;
    auto found = globals.find(graph.globals[i]);
    biased[graph.numLocals + i] = found != globals.end();
  }
  bool mayBias = graph.base && !graph.several;
  std::vector<std::vector<const Edge*>> edgesOf(size);
  for (auto& edge : graph.edges) {
    if (edge.from != edge.to) {
      edgesOf[edge.from].push_back(&edge);
      edgesOf[edge.to].push_back(&edge);
    }
  }
  // Begins with all variables that may be worth it, and drops those that are not, until nothing changes. A variable is
  // dropped at most once.
  for (Index i = 0; i < graph.numLocals; i++) {
    biased[i] = mayBias && (graph.gains[i] > 0 || !edgesOf[i].empty());
  }
  auto worth = [&](Index i) {
    int sum = graph.gains[i] - graph.costs[i];
    for (auto* edge : edgesOf[i]) {
      sum += biased[edge->from == i ? edge->to : edge->from] ? edge->price : -edge->price;
    }
    return sum;
  };
  std::vector<Index> queue;
  for (Index i = 0; i < graph.numLocals; i++) {
    queue.push_back(i);
  }
  while (!queue.empty()) {
    auto i = queue.back();
    queue.pop_back();
    if (!biased[i] || fixed[i] || worth(i) > 0) {
      continue;
    }
    biased[i] = false;
    for (auto* edge : edgesOf[i]) {
      queue.push_back(edge->from == i ? edge->to : edge->from);
    }
  }
  int total = 0;
  for (Index i = 0; i < size; i++) {
    total += biased[i] ? graph.gains[i] - graph.costs[i] : 0;
  }
  for (auto& edge : graph.edges) {
    total -= biased[edge.from] != biased[edge.to] ? edge.price : 0;
  }
  return total;
}

} // namespace

Expression** shifted(Expression* curr) {
  auto* binary = curr->dynCast<Binary>();
  if (!binary || !binary->right->is<Const>() || (binary->op != AddInt32 && binary->op != SubInt32)) {
    return nullptr;
  }
  return &binary->left;
}

bool isExtension(const Expression* curr) {
  auto* unary = curr->dynCast<Unary>();
  return unary && (unary->op == ExtendUInt32 || unary->op == ExtendSInt32);
}

bool isWrap(const Expression* curr) {
  auto* unary = curr->dynCast<Unary>();
  return unary && unary->op == WrapInt64;
}

Expression* leftOfSum(const Expression* curr) {
  auto* binary = curr->dynCast<Binary>();
  return binary && (binary->op == AddInt64 || binary->op == SubInt64) ? binary->left : nullptr;
}

Bias planBias(Module& module, const Bases& bases, const std::unordered_map<Name, Name>& contained) {
  if (bases.empty()) {
    return {};
  }
  ModuleUtils::ParallelFunctionAnalysis<Graph> analysis(module, [&](Function* function, Graph& graph) {
    if (!function->imported() && !OnlyUnplaced::is(function, bases)) {
      Analyzer analyzer(bases, graph);
      analyzer.setModule(&module);
      analyzer.analyze(function);
    }
  });

  // A global can be biased if all functions that use it access the same single memory, and nothing outside of the
  // module sees it.
  std::unordered_set<Name> exported;
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Global) {
      exported.insert(*item->getInternalName());
    }
  }
  std::unordered_map<Name, std::optional<uint32_t>> baseOf;
  std::unordered_set<Name> unfit;
  std::unordered_map<Name, std::vector<const Graph*>> users;
  for (auto& [function, graph] : analysis.map) {
    for (auto& name : graph.globals) {
      users[name].push_back(&graph);
      auto& base = baseOf[name];
      if (graph.several || (base && graph.base && *base != *graph.base)) {
        unfit.insert(name);
      } else if (graph.base) {
        base = graph.base;
      }
    }
  }
  Bias bias;
  std::vector<bool> biased;
  for (auto& global : module.globals) {
    auto name = global->name;
    auto base = baseOf.find(name);
    if (global->imported() || !global->mutable_ || global->type != Type::i32 || !global->init->is<Const>() ||
        exported.count(name) || unfit.count(name) || base == baseOf.end() || !base->second) {
      continue;
    }
    int gain = 0;
    for (auto* graph : users[name]) {
      gain += decide(*graph, {{name, *base->second}}, biased) - decide(*graph, {}, biased);
    }
    if (gain > 0 || contained.contains(name)) {
      bias.globals[name] = *base->second;
    }
  }
  for (auto& [function, graph] : analysis.map) {
    decide(graph, bias.globals, biased);
    biased.resize(graph.numLocals);
    if (std::find(biased.begin(), biased.end(), true) != biased.end()) {
      bias.functions[function->name] = {*graph.base, biased};
    }
  }
  return bias;
}

} // namespace parigot
