#include "go/go_function.h"

#include <algorithm>

namespace parigot::gojs {

using namespace wasm;

namespace {

bool isNested(const Expression* curr) { return curr->is<Block>() || curr->is<Loop>() || curr->is<Switch>(); }

// What comes first within nested blocks and loops, after assignments to locals.
const Expression* innermost(const Expression* curr) {
  while (true) {
    if (auto* block = curr->dynCast<Block>()) {
      auto& list = block->list;
      auto first = std::find_if(list.begin(), list.end(), [](auto* item) { return !item->template is<LocalSet>(); });
      if (first == list.end() || !isNested(*first)) {
        return nullptr;
      }
      curr = *first;
    } else if (auto* loop = curr->dynCast<Loop>()) {
      curr = loop->body;
    } else {
      return curr;
    }
  }
}

} // namespace

bool hasGoSignature(Function& function) { return function.getSig() == Signature(Type::i32, Type::i32); }

bool isGoFunction(Function& function) {
  if (function.imported() || !hasGoSignature(function)) {
    return false;
  }
  auto* first = innermost(function.body);
  auto* jump = first ? first->dynCast<Switch>() : nullptr;
  auto* to = jump ? jump->condition->dynCast<LocalGet>() : nullptr;
  return to && to->index == 0;
}

} // namespace parigot::gojs
