// Coalescing of data segments.
//
// Go's linker writes one active segment for every stretch of bytes between
// zeros: about 27,000 in a program that prints a line. Engines refuse more than
// 100,000 in a module (the limit of the JavaScript embedding), so a few
// services wound together would be too many. Segments that touch, or have so
// small a gap between them that zeros cost no more than another header, become
// one. A world with too many of them all the same pays with larger gaps: for a
// Go service, gaps up to 32 bytes leave 122 of 30,000 segments and add half a
// megabyte of zeros.

#ifndef parigot_ir_data_segments_h
#define parigot_ir_data_segments_h

#include <unordered_set>

#include "wasm.h"

namespace parigot {

// What engines accept. Source: WebAssembly JavaScript Interface,
// "Implementation-defined Limits".
constexpr size_t maxDataSegments = 100000;

// A segment costs a byte of flags, i32.const with its offset, end, and the
// length: about as much as this many zeros.
constexpr uint64_t cheapestGap = 8; // bytes

// Coalesces the active segments of a service's one memory, which starts zeroed.
// Segments that code refers to by name (memory.init, data.drop) keep their
// identity, and where segments overlap or their place is not constant the order
// of effects stays as it was. Linear, but for a sort where the input is not in
// ascending order.
// `largestGap` is in bytes.
void coalesceDataSegments(wasm::Module& module,
                          const std::unordered_set<wasm::Name>& referenced,
                          uint64_t largestGap = cheapestGap);

} // namespace parigot

#endif // parigot_ir_data_segments_h
