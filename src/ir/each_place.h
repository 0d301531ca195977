// Visits the places of the instructions of a function, each before those of its operands, so that others can be put
// there.

#ifndef parigot_ir_each_place_h
#define parigot_ir_each_place_h

#include <utility>
#include <vector>

#include "ir/each_expression.h"
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
    forEachOperandBackwards(*place, [&](Expression*& operand) { open.push_back({&operand, state}); });
  }
}

} // namespace parigot

#endif // parigot_ir_each_place_h
