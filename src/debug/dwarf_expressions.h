// Location expressions of DWARF, rewritten for a world. Source: DWARF 5, section 2.5; for DW_OP_WASM_location, the tool
// conventions' Debugging.md.
//
// A world has the addresses of a service at its base, but what the service keeps in memory are its own addresses, and a
// local or a global may hold either kind (memory/bias.h). An expression is read with its values being the service's:
// the base is added before the expression, or what follows it, reads memory, and subtracted from what has it already.
//
//   DW_OP_addr 1024                                     =>   DW_OP_const4u 0x10000400
//   DW_OP_WASM_location local 2, DW_OP_stack_value      =>   local 5, DW_OP_const4u base, DW_OP_minus,
//   DW_OP_stack_value DW_OP_fbreg 8                                       =>   DW_OP_fbreg 8: frame bases have the base
//   added DW_OP_fbreg 8, DW_OP_deref                          =>   DW_OP_fbreg 8, DW_OP_deref, DW_OP_const4u base,
//   DW_OP_plus

//
// LLDB takes a DW_OP_addr below the size of the file for an address of code, whence the constant.

#ifndef parigot_debug_dwarf_expressions_h
#define parigot_debug_dwarf_expressions_h

#include <optional>
#include <string>

#include "debug/dwarf_units.h"
#include "debug/variable_places.h"

namespace parigot::debug {

enum class ExpressionUse {
  Location,  // where a variable is, or what it is
  FrameBase, // the address that DW_OP_fbreg counts from
  Member,    // where a part of an object is, whose address is on the stack
  Value,     // a number, such as the length of an array
};

struct Rewritten {
  std::string bytes;
  bool late; // whether it holds only from the function's first instruction on: FunctionPlaces::Local
};

// `function` is what the expression stands in; null outside of functions. No value where the expression names what the
// world does not have, or asks for what is not known of it: the operand stack of wasm, an earlier frame, thread-local
// memory, another memory than the one that debuggers read.
std::optional<Rewritten> rewrittenExpression(std::string_view expression,
                                             const DwarfUnit& unit,
                                             ExpressionUse use,
                                             const ServicePlaces& service,
                                             const FunctionPlaces* function);

} // namespace parigot::debug

#endif // parigot_debug_dwarf_expressions_h
