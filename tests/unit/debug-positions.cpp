// Positions of instructions, as source maps have them (src/debug/positions.h).

#include <catch2/catch.hpp>

#include <set>

#include "debug/positions.h"
#include "debug/source_lines.h"
#include "ir/read_module.h"

using namespace parigot;
using namespace parigot::debug;

namespace {

using Positions = std::vector<Position>;

// A code section with one function, which has no locals, and its body.
struct Code {
  std::string bytes;
  std::vector<Span> bodies;

  explicit Code(std::string instructions) {
    auto size = instructions.size() + 1;
    bytes = std::string("\x01", 1) + char(size) + '\0' + std::move(instructions);
    bodies = {{2, bytes.size()}};
  }
};

// Opcodes, with immediates. Source: the core specification, appendix "Index of Instructions".
const std::string block("\x02\x40", 2), loop("\x03\x40", 2), end("\x0b", 1), br("\x0c\x00", 2), nop("\x01", 1);
const std::string number("\x41\x07", 2), drop("\x1a", 1);

} // namespace

TEST_CASE("debug: positions are the same after a source map", "[debug-positions]") {
  Positions positions = {{0, 0, 0}, {3, none, 0}, {7, 2, 4000000}, {8, 1, 5}, {90000000, none, 0}, {90000001, 1, 6}};
  CHECK(readPositions(writePositions(positions, 12), 12) == positions);
  CHECK(readPositions(writePositions({}, 12), 12).empty());
  CHECK(readPositions("", 12).empty());
}

TEST_CASE("debug: the first instruction of a row has its position", "[debug-positions]") {
  Code code(nop + nop + nop + nop + end); // from 3 on
  Positions positions = {{2, 0, 10}, {4, 0, 20}, {6, 0, 30}, {7, 0, 40}};
  CHECK(thinned(positions, code.bytes, code.bodies, Thin::ToFirst) ==
        Positions{{2, 0, 10}, {3, none, 0}, {4, 0, 20}, {5, none, 0}, {6, 0, 30}, {7, 0, 40}});
}

TEST_CASE("debug: for an optimiser, calls and traps have positions", "[debug-positions]") {
  const std::string load("\x28\x02\x00", 3), call("\x10\x00", 2), divide("\x6d", 1), add("\x6a", 1);
  // number at 3, load at 5, number at 8, divide at 10, number at 11, add at 13, drop at 14, call at 15, end at 17.
  Code code(number + load + number + divide + number + add + drop + call + end);
  Positions positions = {{2, 0, 10}, {3, 0, 20}, {17, 0, 40}};
  CHECK(thinned(positions, code.bytes, code.bodies, Thin::ToFirst) ==
        Positions{{2, 0, 10}, {3, 0, 20}, {5, none, 0}, {17, 0, 40}});
  CHECK(
    thinned(positions, code.bytes, code.bodies, Thin::ToCalls) ==
    Positions{{2, 0, 10}, {3, 0, 20}, {5, 0, 20}, {8, none, 0}, {10, 0, 20}, {11, none, 0}, {15, 0, 20}, {17, 0, 40}});
}

TEST_CASE("debug: code that was made has none, and does not end a row", "[debug-positions]") {
  Code code(nop + nop + nop + end);
  Positions positions = {{2, 0, 10}, {4, none, 0}, {5, 0, 10}};
  CHECK(thinned(positions, code.bytes, code.bodies, Thin::ToFirst) == Positions{{2, 0, 10}, {3, none, 0}, {6, 0, 10}});
  CHECK(thinned({{4, 0, 10}}, code.bytes, code.bodies, Thin::ToFirst) ==
        Positions{{4, 0, 10}, {5, none, 0}, {6, 0, 10}});
}

TEST_CASE("debug: a row that begins in code which is not reached goes on behind it", "[debug-positions]") {
  // block at 3, br at 5, dead from 7: number, drop, end at 10; then nop at 11, end at 12.
  Code code(block + br + number + drop + end + nop + end);
  Positions positions = {{2, 0, 10}, {3, 0, 20}, {7, 0, 30}, {12, 0, 40}};
  // The block itself may go.
  CHECK(thinned(positions, code.bytes, code.bodies, Thin::ToFirst) ==
        Positions{{2, 0, 10}, {3, none, 0}, {5, 0, 20}, {7, none, 0}, {11, 0, 30}, {12, 0, 40}});
}

TEST_CASE("debug: the end of a block in code that is not reached makes no code reached", "[debug-positions]") {
  // block at 3, br at 5, dead: loop at 7, nop at 9, end at 10, nop at 11; end at 12, nop at 13, end at 14.
  Code code(block + br + loop + nop + end + nop + end + nop + end);
  Positions positions = {{2, 0, 10}, {9, 0, 20}, {11, 0, 30}, {14, 0, 40}};
  CHECK(thinned(positions, code.bytes, code.bodies, Thin::ToFirst) ==
        Positions{{2, 0, 10}, {3, none, 0}, {13, 0, 30}, {14, 0, 40}});
}

TEST_CASE("debug: code that cannot be read keeps its positions", "[debug-positions]") {
  Code code(nop + nop + std::string("\xfc\xff\x7f", 3) + nop + end);
  Positions positions = {{2, 0, 10}, {4, 0, 20}, {6, 0, 30}, {8, 0, 40}};
  auto thin = thinned(positions, code.bytes, code.bodies, Thin::ToFirst);
  CHECK(thin == Positions{{2, 0, 10}, {3, none, 0}, {4, 0, 20}, {6, 0, 30}, {8, 0, 40}});
}

TEST_CASE("debug: Binaryen's reader gives thinned positions to those instructions only", "[debug-positions]") {
  // block at 3, br at 5, dead: number, drop; end at 10, number at 11, drop at 13, end at 14.
  Code code(block + br + number + drop + end + number + drop + end);
  std::string head("\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\x0a", 19); // one type () -> (), one function
  auto module = head + char(code.bytes.size()) + code.bytes;
  auto begin = head.size() + 1;
  auto read = [&](const Positions& positions) {
    auto map = writePositions(positions, begin);
    ReadOptions options;
    options.sourceMap = map;
    auto result = readModule("test.wasm", {module.begin(), module.end()}, options);
    REQUIRE(!result.getErr());
    return std::move(*result);
  };
  Positions rows = {{2, 5, 10}, {3, 5, 20}, {7, 5, 30}, {14, 5, 40}};
  auto all = read(rows);
  auto first = read(thinned(rows, code.bytes, code.bodies, Thin::ToFirst));
  using Lines = std::multiset<uint32_t>;
  auto lines = [](const wasm::Module& of) {
    Lines found;
    for (auto& [_, location] : of.functions[0]->debugLocations) {
      REQUIRE(location);
      CHECK(location->fileIndex == 5);
      found.insert(location->lineNumber);
    }
    return found;
  };
  // br, and number behind the block.
  CHECK(lines(*first) == Lines{20, 30});
  CHECK(lines(*all).size() > 2);
  for (auto* each : {&all, &first}) {
    auto& function = *(*each)->functions[0];
    REQUIRE((function.prologLocation && function.epilogLocation));
    CHECK(function.prologLocation->lineNumber == 10);
    CHECK(function.epilogLocation->lineNumber == 40);
  }
}
