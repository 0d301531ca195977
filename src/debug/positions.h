// Positions of instructions, and the "source maps" that Binaryen's writer and reader have them in.
//
//   code of a module    instruction of    offset there
//   0x3f10              greet             0x120
//   0x3f14              none, made
//
// Binaryen's reader gives an instruction the location of the last mapping up to it. An instruction with a location
// costs an entry of a hash map, which passes look up and copy. So not all get one: what has none belongs to what stands
// before it (world_lines.h).

#ifndef parigot_debug_positions_h
#define parigot_debug_positions_h

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "debug/binary_layout.h"

namespace parigot::debug {

// An instruction of the world: from `offset` in the code section of the world on, code is that at `inputOffset` in the
// code section of input number `input`; `none`: it was made.
struct Position {
  uint32_t offset;
  uint32_t input;
  uint32_t inputOffset;

  bool operator==(const Position&) const = default;
};

// Reads the "source map" that Binaryen wrote with a module whose code section has its payload at byte `codeBegin`.
// In ascending order of offsets.
std::vector<Position> readPositions(std::string_view map, size_t codeBegin);

// The map from which Binaryen's reader takes these positions. They are in ascending order.
std::string writePositions(const std::vector<Position>& positions, size_t codeBegin);

// Calls `visit(body, its positions)` for each of these functions. Both are in ascending order. Linear.
template<typename Visit>
void forEachBody(const std::vector<Position>& positions, const std::vector<Span>& bodies, Visit visit) {
  size_t at = 0;
  for (auto& body : bodies) {
    while (at < positions.size() && positions[at].offset < body.begin) {
      at++;
    }
    auto begin = at;
    while (at < positions.size() && positions[at].offset < body.end) {
      at++;
    }
    visit(body, std::span(positions).subspan(begin, at - begin));
  }
}

enum class Thin {
  ToFirst, // for passes that keep the order of instructions
  ToCalls, // for optimisers: instructions that call or can trap have positions, too, since back traces show them
};

// Leaves each position to the first instruction that has it, and to those that `thin` says, and `none` to the others.
// The first one is that which the reader keeps: it drops code that cannot be reached, and blocks that nothing branches
// to. A body keeps the position of its begin and of its end. `code` is the payload of the code section, and `bodies`
// are its functions. Linear.
std::vector<Position>
thinned(const std::vector<Position>& positions, std::string_view code, const std::vector<Span>& bodies, Thin thin);

} // namespace parigot::debug

#endif // parigot_debug_positions_h
