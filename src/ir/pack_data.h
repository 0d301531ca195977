// Packs the bytes of data segments into a stream, from which generated code (ir/unpack_function.h) makes them again.
//
// Each record of the stream is the number of zeros before some bytes, the number of the bytes, and the bytes:
//
//   (data (i32.const 1024) "hello")
//   (data (i32.const 1045) "world")   =>   (data "\00\05hello" "\10\05world")
//
// A number up to 254 takes one byte. A larger one takes five: 255, then four bytes, the lowest first. So a record has a
// head of two bytes where a segment has eight or nine, and closer runs of bytes are worth a record than a segment.
//
// The stream is expanded in place, without other memory. It is put at the end of the bytes that it stands for, and
// these are written from the first on:
//
//   ............15hello05world   15hello is read
//   hello.......      .05world   the zeros and the head take the same place, or the zeros take more
//
// What is written ends before what is still to be read as long as the rest of the stream is shorter than what it stands
// for, which packData sees to: zeros that are fewer than the head of their record become part of the bytes. Only the
// bytes of the last record lie in their place already.
//
// Far between stay far: memory that a large gap leaves alone is never touched. On both sides of such a gap there is a
// stream (a chunk) of its own.

#ifndef parigot_ir_pack_data_h
#define parigot_ir_pack_data_h

#include <cstdint>
#include <vector>

#include "wasm.h"

namespace parigot {

// Numbers up to this one take one byte in a stream.
constexpr uint32_t mostShortNumber = 254;
// Fewer zeros than these are no gap, unless there are none at all: code that expands them relies on it.
constexpr uint64_t leastZeros = 4;

// Bytes of a memory that a stream stands for.
struct PackedChunk {
  uint32_t begin, end;   // addresses
  uint32_t offset, size; // of the stream, in PackedData::stream
};

// Bytes of a memory that stay an active segment.
struct PlainRun {
  uint32_t begin;
  std::vector<char> bytes;
};

struct PackedData {
  std::vector<PackedChunk> chunks; // in ascending order, as in the stream
  std::vector<char> stream;
  std::vector<PlainRun> plain; // in ascending order
  uint64_t bytesBefore = 0;    // about what the segments take in a binary, as they are
  uint64_t bytesAfter = 0;     // and packed, with the calls that expand them
};

// Packs active segments with constant offsets, in ascending order, that do not overlap and end below 4 GiB.
PackedData packData(const std::vector<const wasm::DataSegment*>& segments);

} // namespace parigot

#endif // parigot_ir_pack_data_h
