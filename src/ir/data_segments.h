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
// A world that still has too many joins across larger gaps, the smallest first, and no more than it has to: in a Go
// service nearly all gaps have 17 to 20 bytes, and each that is closed adds some ten bytes to the world.

#ifndef parigot_ir_data_segments_h
#define parigot_ir_data_segments_h

#include <unordered_set>
#include <vector>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

// The most segments that engines accept. Source: WebAssembly JavaScript Interface, "Implementation-defined Limits".
constexpr size_t maxDataSegments = 100000;

// A segment costs a byte of flags, an i32.const with its offset, an end, and the length: as much as this many zeros.
constexpr uint64_t cheapestGap = 8; // bytes

// Which gaps between segments are closed: those of less than `bytes`, and so many of just `bytes`.
struct GapLimit {
  uint64_t bytes = cheapestGap + 1;
  size_t more = 0;
};

// Joins the active segments of a service's one memory, which starts zeroed. Segments that code refers to (memory.init,
// data.drop) stay as they are. Where segments overlap, or their place is not constant, the order of effects stays. What
// is joined of limit.more is taken off. Linear in the input; input that is not in ascending order is sorted first.
void coalesceDataSegments(wasm::Module& module, const std::unordered_set<wasm::Name>& referenced, GapLimit& limit);

// Appends the sizes of the gaps, in bytes, that coalesceDataSegments can close.
void appendGaps(const wasm::Module& module,
                const std::unordered_set<wasm::Name>& referenced,
                std::vector<uint64_t>& gaps);

// The limit that closes `count` of these gaps, which are at least as many, in any order.
GapLimit limitFor(std::vector<uint64_t> gaps, size_t count);

// Whether a module has so many segments that the pass PackData is certain to pack them, which leaves out zeros wherever
// they are; unless code refers to one of them.
bool willBePacked(const wasm::Module& module);

// Joins the segments of such a module, which no code refers to, also across larger gaps: few segments take less time
// than many.
void joinBeforePacking(wasm::Module& module);

// The segments that code refers to. `plain`: functions that refer to none. Walks the others in parallel.
std::unordered_set<wasm::Name> findNamedSegments(wasm::Module& module,
                                                 const std::unordered_set<wasm::Name>& plain = {});

// A module, and the segments of it that code refers to.
struct SegmentOwner {
  wasm::Module* module;
  const std::unordered_set<wasm::Name>* referenced;
};

// Joins the segments of modules that become one: where that costs nothing, and as many more as they must. An error if
// there are still too many. `packs`: the module will be packed.
wasm::Result<> joinDataSegments(const std::vector<SegmentOwner>& owners, bool packs = false);

} // namespace parigot

#endif // parigot_ir_data_segments_h
