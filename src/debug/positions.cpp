#include "debug/positions.h"

#include <optional>
#include <span>

#include "debug/instructions.h"
#include "debug/source_lines.h"
#include "debug/source_map.h"

namespace parigot::debug {

namespace {

constexpr std::string_view mappingsKey = "\"mappings\":\"";

// Whether no code behind an instruction is reached, up to the end of its block.
bool leaves(uint32_t opcode) {
  switch (opcode) {
    case op::unreachable:
    case op::br:
    case op::brTable:
    case op::return_:
    case op::returnCall:
    case op::returnCallIndirect:
    case op::returnCallRef:
    case op::throw_:
    case op::rethrow:
    case op::throwRef:
      return true;
    default:
      return false;
  }
}

// Whether an instruction calls or can trap.
bool isShown(uint32_t opcode) {
  auto within = [&](uint32_t first, uint32_t last) { return opcode >= first && opcode <= last; };
  switch (opcode) {
    case op::unreachable:
    case op::call:
    case op::callIndirect:
    case op::returnCall:
    case op::returnCallIndirect:
    case op::returnCallRef:
    case op::throw_:
    case op::rethrow:
    case op::throwRef:
    case op::tableGet:
    case op::tableSet:
    case op::memoryGrow:
      return true;
    default:
      return opcode >= op::firstWithPrefix || within(op::i32Load, op::i64Store32) || within(op::i32DivS, op::i32RemU) ||
             within(op::i64DivS, op::i64RemU) || within(op::i32TruncF32S, op::i32TruncF64U) ||
             within(op::i64TruncF32S, op::i64TruncF64U);
  }
}

// The blocks around an instruction, and whether it can be reached.
class Reachability {
public:
  // Takes an instruction. Whether Binaryen makes an expression of it that is sure to stay.
  bool keeps(uint32_t opcode) {
    switch (opcode) {
      case op::end:
      case op::delegate:
        join();
        depth--;
        return false;
      case op::else_:
      case op::catch_:
      case op::catchAll:
        join();
        return false;
      case op::block:
      case op::loop:
      case op::try_:
      case op::tryTable:
        depth++;
        return false;
      case op::if_:
        depth++;
        return !isDead();
      default:
        break;
    }
    bool kept = !isDead();
    if (kept && leaves(opcode)) {
      deadFrom = depth;
    }
    return kept;
  }
  // Whether the last instruction was the end of the function.
  bool atEnd() const { return depth < 0; }

private:
  int depth = 0;
  std::optional<int> deadFrom; // the depth of the block whose rest is not reached

  bool isDead() const { return deadFrom.has_value(); }
  void join() {
    if (deadFrom && *deadFrom == depth) {
      deadFrom = {};
    }
  }
};

// Thins the positions of one body.
class Thinner {
public:
  Thinner(std::span<const Position> positions, Thin thin, std::vector<Position>& out)
    : left(positions), thin(thin), out(out) {}

  void run(InstructionReader reader, uint32_t begin) {
    advance(begin);
    note(begin);
    Reachability reachability;
    Instruction instruction;
    while (!reachability.atEnd() && reader.next(instruction)) {
      advance(instruction.offset);
      bool kept = reachability.keeps(instruction.opcode);
      if (reachability.atEnd() || (kept && (isNew() || (thin == Thin::ToCalls && isShown(instruction.opcode))))) {
        note(instruction.offset);
      } else if (open) {
        out.push_back({instruction.offset, none, 0});
        open = false;
      }
    }
    if (!reachability.atEnd()) { // code that we cannot read
      out.insert(out.end(), left.begin(), left.end());
    }
  }

private:
  std::span<const Position> left; // behind the current instruction
  Thin thin;
  std::vector<Position>& out;
  const Position* here = nullptr; // the last one that is known
  const Position* last = nullptr; // that was noted
  bool open = false;              // whether instructions from here on have the last one

  void advance(uint32_t offset) {
    for (; !left.empty() && left.front().offset <= offset; left = left.subspan(1)) {
      here = left.front().input == none ? here : &left.front();
    }
  }
  bool isNew() const { return here && (!last || here->input != last->input || here->inputOffset != last->inputOffset); }
  void note(uint32_t offset) {
    if (here) {
      out.push_back({offset, here->input, here->inputOffset});
      last = here;
      open = true;
    }
  }
};

} // namespace

std::vector<Position> readPositions(std::string_view map, size_t codeBegin) {
  auto begin = map.find(mappingsKey);
  if (begin == std::string_view::npos) {
    return {};
  }
  begin += mappingsKey.size();
  VlqReader in(map.substr(begin, map.find('"', begin) - begin));
  std::vector<Position> positions;
  // The line of a location is the offset; a source map of Binaryen's counts lines from 1.
  uint32_t offset = 0, file = 0, line = 1;
  while (!in.atEnd() && !in.failed()) {
    offset += uint32_t(in.number());
    bool known = !in.atEnd() && in.peek() != ',';
    if (known) {
      file += uint32_t(in.number());
      line += uint32_t(in.number());
      in.number(); // the column, which is always 0
    }
    Position position{uint32_t(offset - codeBegin), known ? file : none, known ? line : 0};
    // A place at which one function ends and the next begins has two.
    if (!positions.empty() && positions.back().offset == position.offset) {
      positions.back() = position;
    } else {
      positions.push_back(position);
    }
    in.skip(); // the comma
  }
  return positions;
}

std::string writePositions(const std::vector<Position>& positions, size_t codeBegin) {
  std::string map = R"({"version":3,"sources":[],"names":[],)";
  map += mappingsKey;
  // What readPositions() begins with.
  int64_t offset = 0, file = 0, line = 1;
  bool isFirst = true;
  for (auto& position : positions) {
    if (!isFirst) {
      map += ',';
    }
    isFirst = false;
    auto at = int64_t(codeBegin + position.offset);
    appendVlq(map, at - offset);
    offset = at;
    if (position.input != none) {
      appendVlq(map, position.input - file);
      appendVlq(map, position.inputOffset - line);
      appendVlq(map, 0);
      file = position.input;
      line = position.inputOffset;
    }
  }
  return map + "\"}";
}

std::vector<Position>
thinned(const std::vector<Position>& positions, std::string_view code, const std::vector<Span>& bodies, Thin thin) {
  std::vector<Position> out;
  forEachBody(positions, bodies, [&](const Span& body, std::span<const Position> its) {
    if (!its.empty()) {
      Thinner(its, thin, out).run(InstructionReader(code, body), uint32_t(body.begin));
    }
  });
  return out;
}

} // namespace parigot::debug
