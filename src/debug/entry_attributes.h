// What becomes of the attributes of an entry when it is written into the DWARF of a world (entry_writer.h).

#ifndef parigot_debug_entry_attributes_h
#define parigot_debug_entry_attributes_h

#include <cstdint>

#include "debug/dwarf_abbreviations.h"
#include "debug/dwarf_expressions.h"

namespace parigot::debug {

// Whether an attribute is written anew, or speaks of what is not copied.
bool isReplaced(const AttributeSpec& spec);

// Whether a block is data, and no expression.
bool isData(uint32_t attribute);

// What the expression of an attribute is for.
ExpressionUse useOf(uint32_t attribute);

} // namespace parigot::debug

#endif // parigot_debug_entry_attributes_h
