// Where the code of services lies in a world that no optimiser has changed: each function of a service is then one
// function of the world, with its instructions in their order.

#ifndef parigot_debug_code_map_h
#define parigot_debug_code_map_h

#include <cstdint>
#include <span>
#include <vector>

#include "debug/inputs.h"

namespace parigot::debug {

// Code of the world, as offsets in its code section.
struct CodeInterval {
  uint32_t begin, end;
};

// The same code in order, with intervals that touch or overlap as one.
std::vector<CodeInterval> joined(std::vector<CodeInterval> intervals);

class CodeMap {
public:
  // `positions` and `bodies` are those of the world. The map refers to `inputs` and `bodies`. Linear, up to a
  // logarithm.
  CodeMap(const Inputs& inputs, const std::vector<Position>& positions, const std::vector<Span>& bodies);

  // The body of the world that a body of an input became; none where it became part of one that has other code, too,
  // or of several.
  uint32_t bodyOf(uint32_t input, size_t body) const { return homes[input][body].world; }
  // The first instruction in that body that the input has.
  uint32_t firstInstruction(uint32_t input, size_t body) const;
  // The code that [begin, end) of a body of an input became, in order. An instruction that was made belongs to the one
  // before it. Several intervals only where instructions have changed places, as an address and a value that a bounds
  // check needs; empty where nothing is left.
  std::vector<CodeInterval> intervals(uint32_t input, size_t body, uint64_t begin, uint64_t end) const;

private:
  struct Point {
    uint32_t input, world, worldEnd;
  };
  struct Home {
    uint32_t world = none;
    bool seen = false;
    bool ordered = true;
    size_t first = 0, count = 0; // in points, which are in the order of the input
  };
  const Inputs& inputs;
  const std::vector<Span>& bodies;
  std::vector<std::vector<Home>> homes; // by input and body
  std::vector<Point> points;

  void addBody(uint32_t number, const Position* begin, const Position* end);
  std::span<const Point> pointsOf(const Home& home) const { return std::span(points).subspan(home.first, home.count); }
  static size_t placeOf(std::span<const Point> points, uint64_t offset);
};

} // namespace parigot::debug

#endif // parigot_debug_code_map_h
