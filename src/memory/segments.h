// Coalescing of data segments.
//
// Go's linker writes one active segment for every stretch of bytes between
// zeros: about 27,000 in a program that prints a line. Engines refuse more than
// 100,000 in a module (the limit of the JavaScript embedding), so a few
// services wound together would be too many. Segments that touch, or have so
// small a gap between them that zeros cost no more than another header, become
// one.

#ifndef parigot_memory_segments_h
#define parigot_memory_segments_h

#include <unordered_set>

#include "wasm.h"

namespace parigot {

// What engines accept. Source: WebAssembly JavaScript Interface,
// "Implementation-defined Limits".
constexpr size_t maxDataSegments = 100000;

// Coalesces the active segments of a service's one memory, which starts zeroed.
// Segments that code refers to by name (memory.init, data.drop) keep their
// identity, and where segments overlap or their place is not constant the order
// of effects stays as it was. Linear, but for a sort where the input is not in
// ascending order.
void coalesceDataSegments(wasm::Module& module,
                          const std::unordered_set<wasm::Name>& referenced);

} // namespace parigot

#endif // parigot_memory_segments_h
