// Visits the instructions of a function where their order does not matter: in half of the time of Binaryen's walkers,
// which keep a task with a function for each visit.

#ifndef parigot_ir_each_expression_h
#define parigot_ir_each_expression_h

#include <algorithm>
#include <cstddef>
#include <vector>

#include "wasm.h"

namespace parigot {

// Calls push(Expression*&) for each operand, in its place, the last first.
template<typename Push> void forEachOperandBackwards(wasm::Expression* curr, Push push) {
  using namespace wasm;
#define DELEGATE_ID curr->_id
#define DELEGATE_START(id) [[maybe_unused]] auto* cast = curr->cast<id>();
#define DELEGATE_GET_FIELD(id, field) cast->field
#define DELEGATE_FIELD_TYPE(id, field)
#define DELEGATE_FIELD_HEAPTYPE(id, field)
#define DELEGATE_FIELD_CHILD(id, field) push(cast->field);
#define DELEGATE_FIELD_OPTIONAL_CHILD(id, field)                                                                       \
  if (cast->field) {                                                                                                   \
    push(cast->field);                                                                                                 \
  }
#define DELEGATE_FIELD_INT(id, field)
#define DELEGATE_FIELD_LITERAL(id, field)
#define DELEGATE_FIELD_NAME(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_DEF(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE(id, field)
#define DELEGATE_FIELD_ADDRESS(id, field)

#include "wasm-delegations-fields.def"
}

// Calls visit(Expression*) once for each instruction of the tree, before those that it has as operands. `visit` may
// change the instruction, but not put another in its place. Not recursive.
template<typename Visit> void forEachExpression(wasm::Expression* root, Visit visit) {
  std::vector<wasm::Expression*> open{root};
  while (!open.empty()) {
    auto* curr = open.back();
    open.pop_back();
    visit(curr);
    forEachOperandBackwards(curr, [&](auto* operand) { open.push_back(operand); });
  }
}

// The same in the order that is the reverse of Binaryen's walkers': each instruction before its operands, and of these
// the last first.
template<typename Visit> void forEachExpressionBackwards(wasm::Expression* root, Visit visit) {
  std::vector<wasm::Expression*> open{root};
  while (!open.empty()) {
    auto* curr = open.back();
    open.pop_back();
    visit(curr);
    auto first = ptrdiff_t(open.size());
    forEachOperandBackwards(curr, [&](auto* operand) { open.push_back(operand); });
    std::reverse(open.begin() + first, open.end());
  }
}

} // namespace parigot

#endif // parigot_ir_each_expression_h
