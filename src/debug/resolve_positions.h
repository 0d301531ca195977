// Turns the positions that instructions have in their own modules (inputs.h) into lines of sources, in the module
// itself: for text, and for wasm-opt, whose --output-source-map then writes a map of the sources.
//
//   ;;@ greet.wasm:288:0   =>   ;;@ src/greet.c:17:9

#ifndef parigot_debug_resolve_positions_h
#define parigot_debug_resolve_positions_h

#include "debug/inputs.h"
#include "debug/world_lines.h"
#include "wasm.h"

namespace parigot::debug {

// Instructions that nothing is known of get no location. Columns count from 0 afterwards, as in source maps.
void resolvePositions(wasm::Module& module, const Inputs& inputs, const MapPath& mapPath);

} // namespace parigot::debug

#endif // parigot_debug_resolve_positions_h
