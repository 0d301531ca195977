#include "ir/reachability.h"

#include <algorithm>

#include "ir/each_expression.h"
#include "ir/module-utils.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

struct Mentions {
  std::unordered_set<Name> called;
  std::unordered_set<HeapType> calledTypes;
  std::unordered_set<Name> referredTo;
};

struct MentionWalker : public PostWalker<MentionWalker> {
  Mentions& mentions;

  explicit MentionWalker(Mentions& mentions) : mentions(mentions) {}

  void visitCall(Call* curr) { mentions.called.insert(curr->target); }
  void visitCallIndirect(CallIndirect* curr) { mentions.calledTypes.insert(curr->heapType); }
  void visitCallRef(CallRef* curr) {
    if (curr->target->type.isRef() && curr->target->type.getHeapType().isSignature()) {
      mentions.calledTypes.insert(curr->target->type.getHeapType());
    }
  }
  void visitRefFunc(RefFunc* curr) { mentions.referredTo.insert(curr->func); }
};

bool hostCanWriteTables(const Module& module) {
  auto& tables = module.tables;
  auto& exports = module.exports;
  return std::any_of(tables.begin(), tables.end(), [](auto& table) { return table->imported(); }) ||
         std::any_of(exports.begin(), exports.end(), [](auto& item) { return item->kind == ExternalKind::Table; });
}

} // namespace

Reachability::Reachability(Module& module) {
  ModuleUtils::ParallelFunctionAnalysis<Mentions> analysis(module, [](Function* function, Mentions& mentions) {
    if (!function->imported()) {
      MentionWalker walker(mentions);
      forEachExpression(function->body, [&](auto* curr) { walker.visit(curr); });
    }
  });
  Mentions outside;
  MentionWalker(outside).walkModuleCode(&module);
  if (hostCanWriteTables(module)) {
    for (auto& item : module.exports) {
      if (item->kind == ExternalKind::Function) {
        outside.referredTo.insert(*item->getInternalName());
      }
    }
  }

  std::unordered_map<HeapType, uint32_t> typeNodes;
  auto& referredTo = outside.referredTo;
  for (auto& function : module.functions) {
    auto& mentions = analysis.map[function.get()];
    nodeOf[function->name] = functions.size();
    functions.push_back(function.get());
    referredTo.insert(mentions.referredTo.begin(), mentions.referredTo.end());
  }
  std::vector<HeapType> types;
  for (auto* function : functions) {
    for (auto type : analysis.map[const_cast<Function*>(function)].calledTypes) {
      if (typeNodes.emplace(type, functions.size() + types.size()).second) {
        types.push_back(type);
      }
    }
  }
  callees.resize(functions.size() + types.size());
  callers.resize(callees.size());
  auto connect = [&](uint32_t from, uint32_t to) {
    callees[from].push_back(to);
    callers[to].push_back(from);
  };
  std::unordered_map<HeapType, std::vector<uint32_t>> referredOfType;
  for (uint32_t i = 0; i < functions.size(); i++) {
    auto& mentions = analysis.map[const_cast<Function*>(functions[i])];
    for (auto name : mentions.called) {
      connect(i, nodeOf.at(name));
    }
    for (auto type : mentions.calledTypes) {
      connect(i, typeNodes.at(type));
    }
    if (referredTo.count(functions[i]->name)) {
      referredOfType[functions[i]->type.getHeapType()].push_back(i);
    }
  }
  for (auto called : types) {
    for (auto& [type, members] : referredOfType) {
      if (HeapType::isSubType(type, called)) {
        for (auto member : members) {
          connect(typeNodes.at(called), member);
        }
      }
    }
  }
}

std::vector<bool> Reachability::closure(const std::vector<uint32_t>& from, const Edges& edges) const {
  std::vector<bool> seen(edges.size());
  auto pending = from;
  for (auto node : from) {
    seen[node] = true;
  }
  while (!pending.empty()) {
    auto node = pending.back();
    pending.pop_back();
    for (auto next : edges[node]) {
      if (!seen[next]) {
        seen[next] = true;
        pending.push_back(next);
      }
    }
  }
  return seen;
}

Reachability::Names Reachability::whatReaches(const Names& targets) const {
  std::vector<uint32_t> from;
  for (auto name : targets) {
    from.push_back(nodeOf.at(name));
  }
  auto seen = closure(from, callers);
  Names names;
  for (uint32_t i = 0; i < functions.size(); i++) {
    if (seen[i] && !functions[i]->imported()) {
      names.insert(functions[i]->name);
    }
  }
  return names;
}

Reachability::Names Reachability::reachedFrom(Name root) const {
  auto seen = closure({nodeOf.at(root)}, callees);
  Names names;
  for (uint32_t i = 0; i < functions.size(); i++) {
    if (seen[i]) {
      names.insert(functions[i]->name);
    }
  }
  return names;
}

} // namespace parigot
