#include "audit/call_graph.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "go/pclntab.h"
#include "go/table_slots.h"

namespace parigot::gojs {

namespace {

class Builder {
public:
  Builder(const wasm::Module& module, const ModuleFacts& facts) : module(module), facts(facts) {
    referenced.resize(module.functions.size());
    graph.reached.resize(module.functions.size());
  }

  // Marks the functions whose pc is a word of Go's data. Go's function table, which has the pcs of all functions, does
  // not count. build() marks those whose pc is a constant in the code.
  void referToGoFunctions(const DataImage& image, const FunctionNames& names) {
    std::unordered_map<uint64_t, uint32_t> byPc;
    forEachTableSlot(module, [&](uint32_t slot, wasm::Name function) {
      byPc.emplace(uint64_t(slot) << goSlotShift, facts.indices.at(function));
    });
    constexpr uint64_t word = 8;
    for (auto& chunk : image.chunks()) {
      for (auto address = chunk.start & ~(word - 1); address < chunk.end(); address += word) {
        if (address >= names.tableBegin && address < names.tableEnd) {
          continue;
        }
        if (auto found = byPc.find(image.read64(address).value_or(0)); found != byPc.end()) {
          referenced[found->second] = true;
        }
      }
    }
  }

  void referToTable() {
    forEachTableSlot(module, [&](uint32_t, wasm::Name function) { referenced[facts.indices.at(function)] = true; });
  }

  CallGraph build() {
    for (auto& function : facts.functions) {
      for (auto* list : {&function.slotConstants, &function.references}) {
        for (auto index : *list) {
          referenced[index] = true;
        }
      }
    }
    for (uint32_t i = 0; i < referenced.size(); i++) {
      if (referenced[i]) {
        byType[module.functions[i]->type.getHeapType()].push_back(i);
      }
    }
    graph.mayBeCalledUnseen = referenced;
    for (auto& item : module.exports) {
      if (item->kind == wasm::ExternalKind::Function) {
        auto index = facts.indices.at(*item->getInternalName());
        graph.mayBeCalledUnseen[index] = true;
        reach(index, CallGraph::none, false);
      }
    }
    if (module.start.is()) {
      reach(facts.indices.at(module.start), CallGraph::none, false);
    }
    while (!queue.empty()) {
      auto caller = queue.front();
      queue.pop_front();
      auto& function = facts.functions[caller];
      for (auto& call : function.calls) {
        reach(call.callee, caller, false);
      }
      for (auto type : function.indirect) {
        // The first indirect call of a type reaches all functions of that type.
        if (auto found = byType.find(type); found != byType.end()) {
          for (auto callee : found->second) {
            reach(callee, caller, true);
          }
          byType.erase(found);
        }
      }
    }
    return std::move(graph);
  }

private:
  const wasm::Module& module;
  const ModuleFacts& facts;
  std::vector<bool> referenced;
  std::unordered_map<wasm::HeapType, std::vector<uint32_t>> byType;
  CallGraph graph;
  std::deque<uint32_t> queue;

  void reach(uint32_t function, uint32_t from, bool indirectly) {
    auto& entry = graph.reached[function];
    if (!entry.reached) {
      entry.from = from;
      entry.root = from == CallGraph::none ? function : graph.reached[from].root;
      entry.depth = from == CallGraph::none ? 0 : graph.reached[from].depth + 1;
      entry.indirectly = indirectly;
      entry.reached = true;
      queue.push_back(function);
    }
  }
};

} // namespace

CallGraph::Chain CallGraph::chainTo(uint32_t function) const {
  Chain chain;
  if (!reached[function].reached) {
    return chain;
  }
  bool whole = reached[function].depth < longestChain;
  auto count = whole ? reached[function].depth : longestChain - 1;
  auto at = function;
  for (uint32_t i = 0; i < count; i++) {
    chain.steps.push_back({at, reached[at].indirectly});
    at = reached[at].from;
  }
  chain.leftOut = whole ? 0 : reached[function].depth - count;
  chain.steps.push_back({reached[function].root, false});
  std::reverse(chain.steps.begin(), chain.steps.end());
  return chain;
}

CallGraph makeCallGraph(
  const wasm::Module& module, const ModuleFacts& facts, const DataImage& image, const FunctionNames& names, bool go) {
  Builder builder(module, facts);
  if (go) {
    builder.referToGoFunctions(image, names);
  } else {
    builder.referToTable();
  }
  return builder.build();
}

} // namespace parigot::gojs
