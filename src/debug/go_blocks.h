// Which pc each instruction of a Go function has: its line and the calls inlined there are told by pc.
//
// Go's compiler makes one pc for a stretch of instructions, and wasm has no register that holds it. But the code shows
// it:
//
//   block block block             one for each place where the function can be resumed, and
//     local.get 0                 the table of the block to enter for each pc
//     br_table 0 0 1 1 1 2        pc 0 and 1 are in block 0, pc 2 to 4 in block 1, the rest in block 2
//   end
//     ..
//     i64.const 0x1234_0002       a call stores its return address, slot << 16 | pc + 1:
//     i64.store                   the pc of this call is 1
//     call $f
//   end                           from here on it is 2
//     nop                         marks an inlined call, and ends a pc
//
// A pc ends as well where code of an inlined call begins or ends. This leaves no trace, so such ends are spread over
// the places at which nothing is on wasm's stack, between those that can be seen. And an end of that kind has a
// consequence: the tables say of a pc what holds for its last instruction, which is then the first of the new code. So
// the new code begins before its pc does, and pieces of code here have the pc that describes them:
//
//   pc of the code   | 3                        | 4             | 5
//   code             | of sum   |  first of abs | of abs        | ..
//   tables           | of abs                   | of abs        | ..
//   piece            | before 3 |  3            | before 4      | ..
//
// Measured against listings of the compiler (tests/debug), calls that store a return address have the right pc, all of
// them, and 85 to 93 % of all instructions have the right line. The lines of the others are mostly in no table: of a
// block without calls, only the last line is.
//
// Source, of Go 1.26: preprocess in cmd/internal/obj/wasm/wasmobj.go, line 156; the rules for pcs are at line 305. And
// funcpctab in cmd/internal/obj/pcln.go, line 25; OpInlMark in cmd/compile/internal/ssagen/ssa.go, line 7095. Code that
// an optimizer changed has no such shape: what is left of it is used, and the rest has pcs nearby.

#ifndef parigot_debug_go_blocks_h
#define parigot_debug_go_blocks_h

#include <cstdint>
#include <string_view>
#include <vector>

#include "debug/binary_layout.h"

namespace parigot::debug {

struct GoPiece {
  uint32_t offset; // from the begin of the code section's payload; the piece ends where the next one begins
  uint32_t pc;
  bool before; // it lies before what the tables describe as this pc, behind what they describe as the pc before
};

// What is known of the functions that bodies call, by index in the module.
struct GoCallees {
  std::vector<int> effects; // on the number of values on the stack: results - parameters
  uint32_t sigpanic;        // the index of runtime.sigpanic, whose calls take two pcs; UINT32_MAX without one
};

// What the tables say of the pcs of a function.
struct GoPcs {
  uint32_t slot;
  uint32_t count; // at least 1
  // The pcs that mark inlined calls, in order: each is the last one before the code of its call, and most end with a
  // nop.
  std::vector<uint32_t> marks;
  // Whether a pc has code of another inlined call than the one before it.
  std::vector<bool> changes;
};

// The pieces of a body, by offset: the first one begins with the body. Linear in its size.
std::vector<GoPiece> goPieces(std::string_view code, Span body, const GoPcs& pcs, const GoCallees& callees);

} // namespace parigot::debug

#endif // parigot_debug_go_blocks_h
