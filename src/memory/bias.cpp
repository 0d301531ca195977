#include "memory/bias.h"

#include <optional>
#include <unordered_set>

#include "ir/module-utils.h"
#include "memory/bias_graph.h"

namespace parigot {

using namespace wasm;

namespace {

// Decides for the locals of a function, given the globals that are biased, and returns the bytes that it saves.
// `biased` has an entry for each variable.
int decide(const BiasGraph& graph, const std::unordered_map<Name, uint32_t>& globals, std::vector<bool>& biased) {
  auto size = graph.gains.size();
  biased.assign(size, false);
  std::vector<bool> fixed(size, false);
  for (Index i = 0; i < graph.globals.size(); i++) {
    fixed[graph.numLocals + i] = true;
    auto found = globals.find(graph.globals[i]);
    biased[graph.numLocals + i] = found != globals.end();
  }
  bool mayBias = graph.base && !graph.several;
  std::vector<std::vector<const BiasGraph::Edge*>> edgesOf(size);
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

Bias planBias(Module& module, const MemoryBases& bases, const std::unordered_map<Name, Name>& contained) {
  if (bases.empty()) {
    return {};
  }
  ModuleUtils::ParallelFunctionAnalysis<BiasGraph> analysis(module, [&](Function* function, BiasGraph& graph) {
    if (!function->imported()) {
      graph = biasGraphOf(module, *function, bases);
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
  std::unordered_map<Name, std::vector<const BiasGraph*>> users;
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
