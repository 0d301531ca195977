#include "verify/loops.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// Whether a value may be contained. If it is not, a guess is wrong, and costs time.
struct Addresses {
  const std::unordered_map<Name, Range>& contained;
  std::vector<bool>& locals;

  bool has(Expression* curr) const {
    if (auto* get = curr->dynCast<LocalGet>()) {
      return locals[get->index];
    }
    if (auto* tee = curr->dynCast<LocalSet>()) {
      return locals[tee->index] || has(tee->value);
    }
    if (auto* get = curr->dynCast<GlobalGet>()) {
      return contained.count(get->name) > 0;
    }
    if (auto* binary = curr->dynCast<Binary>()) {
      bool moves = binary->op == AddInt32 || binary->op == SubInt32;
      bool isConstant = binary->right->is<Const>() || binary->right->is<GlobalGet>();
      bool masks =
        binary->op == AndInt32 || binary->op == OrInt32; // an or keeps addresses above the base of the last region
      return isConstant && (masks || (moves && has(binary->left)));
    }
    if (auto* select = curr->dynCast<Select>()) {
      return has(select->ifTrue) || has(select->ifFalse);
    }
    if (auto* choice = curr->dynCast<If>()) {
      return choice->ifFalse && (has(choice->ifTrue) || has(choice->ifFalse));
    }
    if (auto* block = curr->dynCast<Block>()) {
      return !block->list.empty() && has(block->list.back());
    }
    return false;
  }
};

} // namespace

std::vector<bool> findAddressLocals(const Scan& scan, const std::unordered_map<Name, Range>& contained) {
  std::vector<bool> locals(scan.types.size());
  Addresses addresses{contained, locals};
  for (bool changed = true; changed;) {
    changed = false;
    for (auto* set : scan.sets) {
      if (scan.types[set->index] == Type::i32 && !locals[set->index] && addresses.has(set->value)) {
        changed = locals[set->index] = true;
      }
    }
  }
  return locals;
}

} // namespace parigot::verify
