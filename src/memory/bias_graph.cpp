#include "memory/bias_graph.h"

#include "ir/each_expression.h"
#include "ir/memory_instructions.h"
#include "memory/bias.h"

namespace parigot {

using namespace wasm;

namespace {

// Prices in bytes of code: of `i32.const BASE i32.add`, and of a larger constant in place of one that is already there.
constexpr int addPrice = 6, growthPrice = 4;

// What becomes of the value of an instruction.
struct Role {
  enum Kind : uint8_t { Unused, Flow, Address, Other };
  Kind kind = Other;
  // Whether it changes on the way, in a way that can be undone later: the sum with a constant, or, as Go computes
  // addresses in its stack, wrap(extend(value) + x).
  bool shift = false;
  bool wide = false; // between the wrap and the extension
  Index to = 0;      // the variable that it flows to

  int price() const { return shift ? growthPrice : addPrice; }
};

// Walks from each instruction to its operands, and knows what becomes of their values.
class Analyzer {
public:
  Analyzer(Module& module, Function& function, const MemoryBases& bases)
    : module(module), function(function), bases(bases) {}

  BiasGraph analyze() {
    graph.numLocals = function.getNumLocals();
    graph.gains.resize(graph.numLocals);
    graph.costs.resize(graph.numLocals);
    for (Index i = 0; i < function.getNumParams(); i++) {
      graph.costs[i] += addPrice + 4; // get, add, set at the beginning
    }
    open.push_back({function.body, {Role::Unused}});
    while (!open.empty()) {
      auto [curr, role] = open.back();
      open.pop_back();
      visit(curr, role);
    }
    return accessesOthers && !graph.base ? BiasGraph() : std::move(graph);
  }

private:
  struct Open {
    Expression* curr;
    Role role;
  };

  Module& module;
  Function& function;
  const MemoryBases& bases;
  BiasGraph graph;
  std::unordered_map<Name, Index> indexOf;
  std::vector<Open> open;
  Name lastMemory; // that was looked up, and whether it has a base
  bool lastIsPlaced = false, accessesOthers = false;

  void visit(Expression* curr, Role role) {
    switch (curr->_id) {
      case Expression::LocalGetId:
        if (curr->type == Type::i32) {
          noteUse(curr->cast<LocalGet>()->index, role);
        }
        return;
      case Expression::GlobalGetId:
        if (curr->type == Type::i32) {
          noteUse(global(curr->cast<GlobalGet>()->name), role);
        }
        return;
      case Expression::LocalSetId:
      case Expression::GlobalSetId:
        visitSet(curr, role);
        return;
      case Expression::DropId:
        open.push_back({curr->cast<Drop>()->value, {Role::Unused}});
        return;
      default:
        visitOther(curr, role);
    }
  }

  void visitSet(Expression* curr, Role role) {
    auto* value = valueOf(curr);
    if (auto to = variable(curr)) {
      noteSource(*to, value);
      if (auto* set = curr->dynCast<LocalSet>(); set && set->isTee()) {
        noteUse(*to, role);
      }
      open.push_back({value, {Role::Flow, false, false, *to}});
    } else {
      open.push_back({value, {}});
    }
  }

  void visitOther(Expression* curr, Role role) {
    Expression* passing = nullptr; // the operand whose value is that of the instruction, shifted
    Expression *address = nullptr, *source = nullptr;
    if (role.wide && isExtension(curr)) {
      passing = curr->cast<Unary>()->value;
      role.wide = false;
    } else if (role.wide && leftOfSum(curr)) {
      passing = leftOfSum(curr);
    } else if (auto** inner = shifted(curr)) {
      passing = *inner;
    } else if (isWrap(curr)) {
      passing = curr->cast<Unary>()->value;
      role.wide = true;
    } else {
      visitMemoryInstruction(curr, [&](auto* access) { note(access, address, source); });
    }
    role.shift = true;
    forEachOperandBackwards(curr, [&](auto* operand) {
      if (operand == passing) {
        open.push_back({operand, role});
      } else {
        open.push_back({operand, {operand == address || operand == source ? Role::Address : Role::Other}});
      }
    });
  }

  // The variable that an instruction reads or sets.
  std::optional<Index> variable(Expression* curr) {
    auto isOf = [](auto type) { return type == Type::i32; };
    if (auto* get = curr->dynCast<LocalGet>()) {
      return isOf(get->type) ? std::optional(get->index) : std::nullopt;
    }
    if (auto* set = curr->dynCast<LocalSet>()) {
      auto type = set->value->type;
      return isOf(type == Type::unreachable ? function.getLocalType(set->index) : type) ? std::optional(set->index)
                                                                                        : std::nullopt;
    }
    if (auto* get = curr->dynCast<GlobalGet>()) {
      return isOf(get->type) ? std::optional(global(get->name)) : std::nullopt;
    }
    if (auto* set = curr->dynCast<GlobalSet>()) {
      return isOf(module.getGlobal(set->name)->type) ? std::optional(global(set->name)) : std::nullopt;
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

  static Expression* valueOf(Expression* set) {
    auto* local = set->dynCast<LocalSet>();
    return local ? local->value : set->cast<GlobalSet>()->value;
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
  void noteUse(Index variable, Role role) {
    if (role.kind == Role::Flow) {
      graph.edges.push_back({variable, role.to, role.price()});
    } else if (role.kind == Role::Address) {
      graph.gains[variable] += role.price();
    } else if (role.kind == Role::Other) {
      graph.costs[variable] += role.price();
    }
  }

  bool isPlaced(Name memory) {
    if (memory != lastMemory) {
      lastMemory = memory;
      auto found = bases.find(memory);
      lastIsPlaced = found != bases.end();
      accessesOthers |= !lastIsPlaced;
      if (lastIsPlaced) {
        graph.several |= graph.base && *graph.base != found->second;
        graph.base = found->second;
      }
    }
    return lastIsPlaced;
  }

  // Finds the operands that are addresses of placed memories.
  template<typename T> void note(T* access, Expression*& address, Expression*&) {
    if (isPlaced(access->memory)) {
      if constexpr (HasOffsetAddress<T>) {
        address = access->ptr;
      } else if constexpr (requires { access->dest; }) {
        address = access->dest;
      }
    }
  }
  void note(MemoryCopy* copy, Expression*& address, Expression*& source) {
    address = isPlaced(copy->destMemory) ? copy->dest : nullptr;
    source = isPlaced(copy->sourceMemory) ? copy->source : nullptr;
  }
};

} // namespace

BiasGraph biasGraphOf(Module& module, Function& function, const MemoryBases& bases) {
  return Analyzer(module, function, bases).analyze();
}

} // namespace parigot
