// Names of functions as back traces show them.

#ifndef parigot_debug_linkage_names_h
#define parigot_debug_linkage_names_h

#include <string>

#include "debug/source_lines.h"

namespace parigot::debug {

// The linkage name of a function without its mangling ("main::visit" for _ZN4main5visit17h0123456789abcdefE), its
// linkage name where that is none of the Itanium ABI's, or its name.
std::string displayName(const SourceFunction& function);

} // namespace parigot::debug

#endif // parigot_debug_linkage_names_h
