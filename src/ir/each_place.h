// Visits the places of the instructions of a function, each before those of its operands, so that others can be put
// there.

#ifndef parigot_ir_each_place_h
#define parigot_ir_each_place_h

#include <utility>
#include <vector>

#include "wasm.h"

namespace parigot {

// Calls visit(Expression*& place, State state) once for each place of the tree. `visit` may put another instruction
// there, whose operands are then visited, and returns the state for these. Not recursive.
template<typename State, typename Visit> void forEachPlace(wasm::Expression*& root, State first, Visit visit) {
  using namespace wasm;
  std::vector<std::pair<Expression**, State>> open{{&root, first}};
  while (!open.empty()) {
    Expression** place = open.back().first;
    State outer = open.back().second;
    open.pop_back();
    auto state = visit(*place, outer);
    Expression* curr = *place;
#define DELEGATE_ID curr->_id
#define DELEGATE_START(id) [[maybe_unused]] auto* cast = curr->cast<id>();
#define DELEGATE_GET_FIELD(id, field) cast->field
#define DELEGATE_FIELD_TYPE(id, field)
#define DELEGATE_FIELD_HEAPTYPE(id, field)
#define DELEGATE_FIELD_CHILD(id, field) open.push_back({&cast->field, state});
#define DELEGATE_FIELD_OPTIONAL_CHILD(id, field)                                                                       \
  if (cast->field) {                                                                                                   \
    open.push_back({&cast->field, state});                                                                             \
  }
#define DELEGATE_FIELD_INT(id, field)
#define DELEGATE_FIELD_LITERAL(id, field)
#define DELEGATE_FIELD_NAME(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_DEF(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE(id, field)
#define DELEGATE_FIELD_ADDRESS(id, field)

#include "wasm-delegations-fields.def"
  }
}

} // namespace parigot

#endif // parigot_ir_each_place_h
