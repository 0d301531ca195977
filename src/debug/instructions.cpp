#include "debug/instructions.h"

#include <algorithm>

namespace parigot::debug {

namespace {

constexpr uint8_t gcPrefix = 0xfb, miscPrefix = 0xfc, simdPrefix = 0xfd, threadsPrefix = 0xfe;

void skipValueType(ByteReader& in) {
  auto type = in.u8();
  if (type == 0x63 || type == 0x64) { // (ref null $t), (ref $t)
    in.sleb();
  }
}

} // namespace

InstructionReader::InstructionReader(std::string_view code, Span body)
  : in(code.substr(0, std::min(body.end, code.size())), body.begin) {
  for (auto groups = in.uleb(); groups && !in.failed(); groups--) {
    in.uleb();
    skipValueType(in);
  }
}

bool InstructionReader::next(Instruction& instruction) {
  if (in.atEnd()) {
    return false;
  }
  instruction.offset = uint32_t(in.at());
  instruction.opcode = in.u8();
  if (instruction.opcode >= gcPrefix && instruction.opcode <= threadsPrefix) {
    auto prefix = instruction.opcode;
    auto number = uint32_t(std::min<uint64_t>(in.uleb(), 0xffff));
    instruction.opcode = prefix << 16 | number;
    instruction.immediate = 0;
    prefixed(prefix, number);
  } else {
    instruction.immediate = immediates(instruction.opcode);
  }
  return !in.failed();
}

// Alignment, the memory where bit 6 of it says so, and the offset.
void InstructionReader::memoryArgument() {
  if (in.uleb() & 0x40) {
    in.uleb();
  }
  in.uleb();
}

int64_t InstructionReader::immediates(uint32_t opcode) {
  if (opcode >= op::i32Load && opcode <= op::i64Store32) {
    memoryArgument();
    return 0;
  }
  switch (opcode) {
    case op::block:
    case op::loop:
    case op::if_:
    case op::try_:
      // The type of a block: empty, a value type, or the index of a type.
      if (auto type = in.sleb(); type == -0x1c || type == -0x1d) { // (ref $t), (ref null $t)
        in.sleb();
      }
      return 0;
    case op::catch_:
    case op::throw_:
    case op::rethrow:
    case op::br:
    case op::brIf:
    case op::call:
    case op::returnCall:
    case 0x14: // call_ref
    case op::returnCallRef:
    case op::delegate:
    case op::localGet:
    case op::localSet:
    case op::localTee:
    case op::globalGet:
    case op::globalSet:
    case 0x25: // table.get
    case 0x26: // table.set
    case op::memorySize:
    case op::memoryGrow:
    case 0xd2: // ref.func
    case 0xd5: // br_on_null
    case 0xd6: // br_on_non_null
      return int64_t(in.uleb());
    case op::callIndirect:
    case op::returnCallIndirect: {
      auto type = int64_t(in.uleb());
      in.uleb();
      return type;
    }
    case op::brTable: {
      auto count = in.uleb();
      labels.clear();
      // Each label takes a byte at least.
      if (count >= in.left()) {
        in.fail();
        return 0;
      }
      for (uint64_t i = 0; i <= count; i++) {
        labels.push_back(uint32_t(in.uleb()));
      }
      return int64_t(count);
    }
    case 0x1c: // select with types
      for (auto count = in.uleb(); count && !in.failed(); count--) {
        skipValueType(in);
      }
      return 0;
    case op::tryTable:
      tryTable();
      return 0;
    case op::i32Const:
    case op::i64Const:
      return in.sleb();
    case op::f32Const:
      in.skip(4);
      return 0;
    case op::f64Const:
      in.skip(8);
      return 0;
    case 0xd0: // ref.null
      in.sleb();
      return 0;
    default:
      return 0;
  }
}

void InstructionReader::tryTable() {
  if (auto type = in.sleb(); type == -0x1c || type == -0x1d) {
    in.sleb();
  }
  for (auto count = in.uleb(); count && !in.failed(); count--) {
    if (in.u8() < 2) { // catch, catch_ref
      in.uleb();
    }
    in.uleb();
  }
}

void InstructionReader::prefixed(uint32_t prefix, uint32_t number) {
  switch (prefix) {
    case gcPrefix:
      gc(number);
      return;
    case simdPrefix:
      simd(number);
      return;
    case threadsPrefix:
      if (number == 3) { // atomic.fence
        in.u8();
      } else {
        memoryArgument();
      }
      return;
    default:
      break;
  }
  switch (number) {
    case 8:  // memory.init
    case 10: // memory.copy
    case 12: // table.init
    case 14: // table.copy
      in.uleb();
      in.uleb();
      return;
    case 9:  // data.drop
    case 11: // memory.fill
    case 13: // elem.drop
    case 15: // table.grow
    case 16: // table.size
    case 17: // table.fill
      in.uleb();
      return;
    default: // trunc_sat, and wide arithmetic
      if (number > 22) {
        in.fail();
      }
  }
}

// Source: the core specification 3.0, section "Reference Instructions" and following.
void InstructionReader::gc(uint32_t number) {
  switch (number) {
    case 15: // array.len
    case 26: // any.convert_extern
    case 27: // extern.convert_any
    case 28: // ref.i31
    case 29: // i31.get_s
    case 30: // i31.get_u
      return;
    case 20: // ref.test, ref.cast
    case 21:
    case 22:
    case 23:
      in.sleb();
      return;
    case 24: // br_on_cast
    case 25: // br_on_cast_fail
      in.u8();
      in.uleb();
      in.sleb();
      in.sleb();
      return;
    case 2: // struct.get, struct.set
    case 3:
    case 4:
    case 5:
    case 8:  // array.new_fixed
    case 9:  // array.new_data
    case 10: // array.new_elem
    case 17: // array.copy
    case 18: // array.init_data
    case 19: // array.init_elem
      in.uleb();
      in.uleb();
      return;
    default:
      if (number > 19) {
        in.fail();
        return;
      }
      in.uleb();
  }
}

// Source: the core specification, section "Vector Instructions".
void InstructionReader::simd(uint32_t number) {
  if (number <= 11 || number == 92 || number == 93) { // loads and the store
    memoryArgument();
  } else if (number == 12 || number == 13) { // v128.const, i8x16.shuffle
    in.skip(16);
  } else if (number >= 21 && number <= 34) { // lanes
    in.u8();
  } else if (number >= 84 && number <= 91) { // loads and stores of lanes
    memoryArgument();
    in.u8();
  }
}

} // namespace parigot::debug
