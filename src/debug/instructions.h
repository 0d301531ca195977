// Reads the instructions of a function body from the bytes of a binary, with their places, which no other reader keeps.
// It checks nothing but that immediates end within the body.

#ifndef parigot_debug_instructions_h
#define parigot_debug_instructions_h

#include <cstdint>
#include <string_view>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/byte_reader.h"

namespace parigot::debug {

// The opcodes that readers of bodies look at. Source: the core specification, appendix "Index of Instructions".
namespace op {
constexpr uint32_t unreachable = 0x00, nop = 0x01, block = 0x02, loop = 0x03, if_ = 0x04, else_ = 0x05, end = 0x0b;
constexpr uint32_t try_ = 0x06, catch_ = 0x07, delegate = 0x18, catchAll = 0x19, tryTable = 0x1f;
constexpr uint32_t throw_ = 0x08, rethrow = 0x09, throwRef = 0x0a;
constexpr uint32_t returnCall = 0x12, returnCallIndirect = 0x13, returnCallRef = 0x15;
constexpr uint32_t br = 0x0c, brIf = 0x0d, brTable = 0x0e, return_ = 0x0f, call = 0x10, callIndirect = 0x11;
constexpr uint32_t drop = 0x1a, select = 0x1b;
constexpr uint32_t localGet = 0x20, localSet = 0x21, localTee = 0x22, globalGet = 0x23, globalSet = 0x24;
constexpr uint32_t i32Load = 0x28, i64Store32 = 0x3e, memorySize = 0x3f, memoryGrow = 0x40;
constexpr uint32_t i32Const = 0x41, i64Const = 0x42, f32Const = 0x43, f64Const = 0x44, i64Store = 0x37;
constexpr uint32_t i32Sub = 0x6b, tableGet = 0x25, tableSet = 0x26;
constexpr uint32_t i32DivS = 0x6d, i32RemU = 0x70, i64DivS = 0x7f, i64RemU = 0x82;
constexpr uint32_t i32TruncF32S = 0xa8, i32TruncF64U = 0xab, i64TruncF32S = 0xae, i64TruncF64U = 0xb1;
constexpr uint32_t firstWithPrefix = 0x100;
} // namespace op

struct Instruction {
  uint32_t offset; // as the body's span: from the begin of the code section's payload
  uint32_t opcode; // the byte, or prefix << 16 | number, as 0xfc000a
  // The value of i32.const and i64.const; the index of a call, local, global or label; the index of the type of
  // call_indirect; the number of targets of br_table, without the default; 0 for others.
  int64_t immediate;
};

class InstructionReader {
public:
  // Reads the body `body` of the code section whose payload is `code`. It starts behind the declarations of locals.
  InstructionReader(std::string_view code, Span body);

  // The next instruction; no value at the end of the body, or when the rest of it cannot be read.
  bool next(Instruction& instruction);
  bool failed() const { return in.failed(); }
  // Of the last br_table that was read: its targets, and the default as the last one.
  const std::vector<uint32_t>& targets() const { return labels; }

private:
  ByteReader in;
  std::vector<uint32_t> labels;

  int64_t immediates(uint32_t opcode);
  void memoryArgument();
  void prefixed(uint32_t prefix, uint32_t number);
  void gc(uint32_t number);
  void simd(uint32_t number);
  void tryTable();
};

} // namespace parigot::debug

#endif // parigot_debug_instructions_h
