// Joins data segments that touch, or nearly touch.
//
// Go's linker writes one active segment for every stretch of bytes between zeros: about 27,000 in a program that prints
// a line. Engines refuse a module with more than 100,000 (the limit of the JavaScript embedding), which a few services
// in one module would exceed. Two segments become one when the gap between them is so small that its zeros cost no more
// than the header of another segment:
//
//   (data (i32.const 1024) "hello")
//   (data (i32.const 1032) "world")   =>   (data (i32.const 1024) "hello\00\00\00world")
//
// A world that still has too many joins across larger gaps. For a Go service, gaps of up to 32 bytes leave 122 of
// 30,000 segments and add half a megabyte of zeros.

#ifndef parigot_ir_data_segments_h
#define parigot_ir_data_segments_h

#include <unordered_set>

#include "wasm.h"

namespace parigot {

// The most segments that engines accept. Source: WebAssembly JavaScript Interface, "Implementation-defined Limits".
constexpr size_t maxDataSegments = 100000;

// A segment costs a byte of flags, an i32.const with its offset, an end, and the length: as much as this many zeros.
constexpr uint64_t cheapestGap = 8; // bytes

// Joins the active segments of a service's one memory, which starts zeroed. Segments that code refers to (memory.init,
// data.drop) stay as they are. Where segments overlap, or their place is not constant, the order of effects stays.
// `largestGap` is in bytes. Linear in the input; input that is not in ascending order is sorted first.
void coalesceDataSegments(wasm::Module& module,
                          const std::unordered_set<wasm::Name>& referenced,
                          uint64_t largestGap = cheapestGap);

} // namespace parigot

#endif // parigot_ir_data_segments_h
