#include "debug/go_blocks.h"

#include <algorithm>
#include <utility>

#include "debug/instructions.h"
#include "go/pclntab.h"

namespace parigot::debug {

namespace {

// How many instructions before a call its return address may lie: for call_indirect six come between.
constexpr size_t returnAddressReach = 12;

struct Step {
  Instruction instruction;
  bool statement; // nothing is on wasm's stack before it
};

// By how much an instruction changes the number of values on the stack; of control, nothing is known. Source: the core
// specification, appendix "Index of Instructions".
int stackEffect(const Instruction& instruction, const GoCallees& callees) {
  auto code = instruction.opcode;
  auto in = [&](uint32_t first, uint32_t last) { return code >= first && code <= last; };
  if (code == op::call) {
    auto index = uint64_t(instruction.immediate);
    return index < callees.effects.size() ? callees.effects[index] : 0;
  }
  if (in(op::i32Const, op::f64Const) || code == op::localGet || code == op::globalGet || code == op::memorySize) {
    return 1;
  }
  if (code == op::localSet || code == op::globalSet || code == op::drop || code == op::brIf || code == op::if_ ||
      code == op::brTable || code == op::callIndirect) {
    return -1; // Go's functions have one parameter and one result
  }
  if (in(0x36, op::i64Store32) || code == op::select) {
    return -2;
  }
  // Comparisons and arithmetic of two operands.
  if (in(0x46, 0x4f) || in(0x51, 0x66) || in(0x6a, 0x78) || in(0x7c, 0x8a) || in(0x92, 0x98) || in(0xa0, 0xa6)) {
    return -1;
  }
  return code == 0xfc000a || code == 0xfc000b ? -3 : 0; // memory.copy, memory.fill
}

bool isControl(uint32_t code) {
  return code <= op::if_ || code == op::else_ || code == op::end || code == op::br || code == op::return_;
}

class Pieces {
public:
  Pieces(const GoPcs& pcs, const GoCallees& callees) : pcs(pcs), callees(callees) {}

  std::vector<GoPiece> of(std::string_view code, Span body) {
    read(code, body);
    size_t begin = readEntry();
    add(uint32_t(body.begin), 0, false);
    // Blocks end on the level of the function.
    size_t block = 0, depth = 0;
    for (size_t i = begin; i < steps.size(); i++) {
      auto opcode = steps[i].instruction.opcode;
      if (opcode == op::block || opcode == op::loop || opcode == op::if_) {
        depth++;
      } else if (opcode == op::end && depth) {
        depth--;
      } else if (opcode == op::end && block + 1 < ranges.size()) {
        // This `end` has the pc of the block that follows and the line of the code before, and nobody jumps to it.
        blockOf(begin, i + 1, ranges[block]);
        begin = i + 1;
        block++;
      }
    }
    blockOf(begin, steps.size(), ranges[block]);
    return std::move(pieces);
  }

private:
  struct Range {
    uint32_t first, last;
  };

  const GoPcs& pcs;
  const GoCallees& callees;
  std::vector<Step> steps;
  std::vector<uint32_t> entryTable; // the targets of the br_table that begins the function
  std::vector<Range> ranges;        // of pcs, by block
  std::vector<GoPiece> pieces;

  void add(uint32_t offset, uint32_t pc, bool before) {
    pc = std::min(pc, pcs.count - 1);
    if (!pieces.empty() && pieces.back().offset >= offset) {
      pieces.pop_back();
    }
    if (pieces.empty() || pieces.back().pc != pc || pieces.back().before != before) {
      pieces.push_back({offset, pc, before});
    }
  }

  void read(std::string_view code, Span body) {
    InstructionReader in(code, body);
    Instruction instruction;
    int stack = 0;
    steps.reserve(body.size() / 2); // an instruction has about two bytes
    while (in.next(instruction)) {
      steps.push_back({instruction, stack <= 0});
      stack = isControl(instruction.opcode) ? 0 : std::max(stack, 0) + stackEffect(instruction, callees);
      if (instruction.opcode == op::brTable && entryTable.empty()) {
        entryTable = in.targets();
      }
    }
  }

  uint32_t opcodeAt(size_t i) const { return i < steps.size() ? steps[i].instruction.opcode : op::unreachable; }

  // A copy of SP in local 1, in functions and behind calls: two instructions that belong to none of Go's.
  size_t skipCopyOfSP(size_t i) const {
    return opcodeAt(i) == op::globalGet && steps[i].instruction.immediate == 0 && opcodeAt(i + 1) == op::localSet
             ? i + 2
             : i;
  }

  // Finds the table that enters a block by pc, and the pcs of each block; where the first one begins.
  size_t readEntry() {
    auto i = skipCopyOfSP(0);
    while (opcodeAt(i) == op::block || opcodeAt(i) == op::loop) {
      i++;
    }
    bool found = opcodeAt(i) == op::localGet && steps[i].instruction.immediate == 0 && opcodeAt(i + 1) == op::brTable &&
                 opcodeAt(i + 2) == op::end;
    // The blocks are entered in their order, each by as many pcs as it has, and the last one by all others.
    uint32_t blocks = 0, first = 0;
    for (size_t pc = 0; found && pc < entryTable.size(); pc++) {
      auto target = entryTable[pc];
      if (target == blocks && (pc || !blocks)) {
        if (blocks) {
          ranges.push_back({first, uint32_t(pc) - 1});
        }
        first = uint32_t(pc);
        blocks++;
      } else {
        found = target + 1 == blocks;
      }
    }
    if (!found) {
      ranges = {{0, pcs.count - 1}};
      return 0;
    }
    ranges.push_back({first, std::max(first, pcs.count - 1)});
    return i + 3;
  }

  // Gives pcs of a range to the instructions of a block, [begin, end), call by call.
  void blockOf(size_t begin, size_t end, Range range) {
    auto pc = range.first;
    // The frame of a function is allocated first: `SP -= size` ends pc 0.
    if (begin < end && pc == 0 && pieces.size() == 1) {
      begin = prologue(begin, end, pc);
    }
    auto from = begin;
    for (auto i = begin; i < end; i++) {
      auto opcode = opcodeAt(i);
      if (opcode != op::call && opcode != op::callIndirect) {
        continue;
      }
      auto address = returnAddress(from, i);
      if (address == i) {
        continue;
      }
      auto ofCall = uint32_t(steps[address].instruction.immediate & 0xffff) - 1;
      if (ofCall < pc || ofCall > range.last) {
        continue;
      }
      auto call = callSequence(from, address);
      spread(from, call, pc, ofCall);
      add(steps[call].instruction.offset, ofCall, false);
      auto calls = opcode == op::call ? uint32_t(steps[i].instruction.immediate) : UINT32_MAX;
      pc = ofCall + (calls == callees.sigpanic ? 2 : 1);
      i = behindCall(i);
      from = i + 1;
    }
    if (from < end) {
      spread(from, end, std::min(pc, range.last), range.last);
    }
  }

  // The number of the instruction before [from, call] that loads the return address; `call` without one.
  size_t returnAddress(size_t from, size_t call) const {
    for (auto i = call; i > from && call - i < returnAddressReach;) {
      auto& instruction = steps[--i].instruction;
      if (instruction.opcode == op::i64Const && uint64_t(instruction.immediate) >> gojs::goSlotShift == pcs.slot &&
          (instruction.immediate & 0xffff) && opcodeAt(i + 1) == op::i64Store) {
        return i;
      }
    }
    return call;
  }

  // Where a call begins that stores its return address: with `SP -= 8`.
  size_t callSequence(size_t from, size_t address) const {
    constexpr uint32_t sequence[] = {op::i32Const, op::i32Sub, op::localTee, op::globalSet, op::localGet};
    constexpr size_t length = std::size(sequence);
    if (address < from + length + 1) {
      return address;
    }
    for (size_t i = 0; i < length; i++) {
      if (opcodeAt(address - length + i) != sequence[i]) {
        return address;
      }
    }
    return address - length - 1;
  }

  // The last instruction of what follows a call: the copy of SP, and br_if, or `if unreachable end`.
  size_t behindCall(size_t call) const {
    auto i = skipCopyOfSP(call + 1);
    if (opcodeAt(i) == op::brIf) {
      return i;
    }
    return opcodeAt(i) == op::if_ && opcodeAt(i + 1) == op::unreachable && opcodeAt(i + 2) == op::end ? i + 2 : call;
  }

  // Skips the check of the stack and `SP -= size` at the begin of a function. The check is an `if` that calls
  // runtime.morestack, and returns to pc 0 or less.
  size_t prologue(size_t begin, size_t end, uint32_t& pc) const {
    constexpr uint32_t sequence[] = {op::localGet, op::i32Const, op::i32Sub, op::localTee, op::globalSet};
    constexpr size_t length = std::size(sequence);
    // The check has 8 instructions, and its call 11.
    constexpr size_t reach = 32;
    for (auto i = begin; i + length <= std::min(end, begin + reach); i++) {
      bool found = true;
      for (size_t k = 0; k < length; k++) {
        found = found && opcodeAt(i + k) == sequence[k];
      }
      // So does a call, but there a return address follows.
      bool calls = opcodeAt(i + length) == op::localGet && opcodeAt(i + length + 1) == op::i64Const &&
                   uint64_t(steps[i + length + 1].instruction.immediate) >> gojs::goSlotShift == pcs.slot;
      if (found && !calls) {
        pc = std::min(pc + 1, pcs.count - 1);
        return i + length;
      }
    }
    return begin;
  }

  // Gives the instructions [begin, end) the pcs from `first` to `last`. Each nop ends a pc: one that marks an inlined
  // call.
  void spread(size_t begin, size_t end, uint32_t first, uint32_t last) {
    std::vector<size_t> nops;
    for (auto i = begin; i < end; i++) {
      if (opcodeAt(i) == op::nop) {
        nops.push_back(i);
      }
    }
    auto low = std::lower_bound(pcs.marks.begin(), pcs.marks.end(), first);
    auto marks = size_t(std::upper_bound(low, pcs.marks.end(), last) - low);
    // There are more marks than nops where an instruction of the same line serves as one, and fewer where an inlined
    // call has no code, which is then in no table.
    if (marks >= nops.size()) {
      for (size_t k = 0; k < nops.size(); k++) {
        auto pc = low[k * marks / nops.size()];
        stretch(begin, nops[k], first, pc);
        add(steps[nops[k]].instruction.offset, pc, false);
        begin = nops[k] + 1;
        first = std::min(pc + 1, last);
      }
    }
    stretch(begin, end, first, last);
  }

  // The same for a stretch whose nops have no pcs that are known. The ends of pcs that are left are spread over the
  // statements.
  void stretch(size_t begin, size_t end, uint32_t first, uint32_t last) {
    if (begin >= end) {
      return;
    }
    size_t statements = 0, marks = 0;
    for (auto i = begin; i < end; i++) {
      marks += opcodeAt(i) == op::nop;
      statements += steps[i].statement;
    }
    // The ends of pcs that cannot be seen.
    auto ends = last - first > marks ? last - first - marks : 0;
    auto pc = first;
    size_t seen = 0;
    uint64_t done = 0;
    // If the first pc has code of another inlined call than the pc before it, that code begins here. It may begin a few
    // instructions later, but seldom does.
    bool changed = ends && first < pcs.changes.size() && pcs.changes[first];
    add(steps[begin].instruction.offset, pc, !changed);
    if (changed) {
      pc++;
      done++;
    }
    for (auto i = begin; i < end; i++) {
      auto& step = steps[i];
      if (step.statement) {
        if (seen++ && pieces.back().pc < pc) {
          add(step.instruction.offset, pc, true);
        }
        // The k-th end of n is behind k / (n + 1) of the statements.
        if (auto due = std::min<uint64_t>(ends, (seen - 1) * (ends + 1) / statements); due > done) {
          pc += uint32_t(due - done);
          done = due;
          add(step.instruction.offset, pc - 1, false);
        }
      }
      if (step.instruction.opcode == op::nop) {
        add(step.instruction.offset, pc, false);
        pc = std::min(pc + 1, last);
        if (i + 1 < end) {
          add(steps[i + 1].instruction.offset, pc, true);
        }
      }
    }
  }
};

} // namespace

std::vector<GoPiece> goPieces(std::string_view code, Span body, const GoPcs& pcs, const GoCallees& callees) {
  return Pieces(pcs, callees).of(code, body);
}

} // namespace parigot::debug
