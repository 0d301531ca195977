#include "memory/address_code.h"

#include <algorithm>

#include "ir/each_expression.h"
#include "ir/memory_instructions.h"
#include "ir/module-utils.h"

namespace parigot {

using namespace wasm;

namespace {

template<typename Key, typename Value> using HashMap = std::unordered_map<Key, Value>;

class Scanner {
public:
  Scanner(const Windows& windows, AddressCode& code) : windows(windows), code(code) {}

  void scan(Expression* body) {
    forEachExpressionBackwards(body, [&](auto* curr) { visit(curr); });
    auto turn = [](auto& list) { std::reverse(list.begin(), list.end()); };
    turn(code.localSets);
    turn(code.globalSets);
    if (code.memories.size() > 1) {
      code.addresses.clear();
    }
  }

private:
  const Windows& windows;
  AddressCode& code;
  Name lastMemory, lastGlobal; // that were noted
  bool lastHasWindow = false;

  void visit(Expression* curr) {
    switch (curr->_id) {
      case Expression::LocalSetId:
        code.localSets.push_back(curr->cast<LocalSet>());
        break;
      case Expression::GlobalSetId:
        code.globalSets.push_back(curr->cast<GlobalSet>());
        noteGlobal(curr->cast<GlobalSet>()->name);
        break;
      case Expression::GlobalGetId:
        noteGlobal(curr->cast<GlobalGet>()->name);
        break;
      case Expression::BinaryId:
        if (auto* binary = curr->cast<Binary>(); binary->isRelational()) {
          noteComparison(binary->left, binary->right);
          noteComparison(binary->right, binary->left);
        }
        break;
      default:
        visitMemoryInstruction(curr, [&](auto* access) { note(access); });
    }
  }

  void noteGlobal(Name name) {
    if (name != lastGlobal) {
      code.globals.insert(name);
      lastGlobal = name;
    }
  }

  void noteComparison(Expression* value, Expression* with) {
    auto* constant = with->dynCast<Const>();
    if (!constant || constant->type != Type::i32) {
      return;
    }
    if (auto* tee = value->dynCast<LocalSet>()) {
      value = tee->value;
    }
    if (auto* get = value->dynCast<GlobalGet>()) {
      code.comparisons.push_back({get->name, uint32_t(constant->value.geti32())});
    }
  }

  bool noteMemory(Name memory) {
    if (memory != lastMemory) {
      lastMemory = memory;
      lastHasWindow = windows.contains(memory);
      if (lastHasWindow) {
        code.memories.insert(memory);
      }
    }
    return lastHasWindow;
  }

  template<typename T> void note(T* access) {
    if (noteMemory(access->memory)) {
      if constexpr (HasOffsetAddress<T>) {
        code.addresses.push_back(access->ptr);
      }
    }
  }
  void note(MemoryCopy* copy) {
    noteMemory(copy->destMemory);
    noteMemory(copy->sourceMemory);
  }
};

} // namespace

AddressCodes findAddressCode(Module& module, const Windows& windows) {
  ModuleUtils::ParallelFunctionAnalysis<AddressCode, Immutable, HashMap> analysis(
    module, [&](Function* function, AddressCode& code) {
      if (!function->imported()) {
        Scanner(windows, code).scan(function->body);
      }
    });
  return std::move(analysis.map);
}

} // namespace parigot
