// Uint8Arrays, and how their memory is kept in bounds.
//
// For each file operation Go makes an array as long as its buffer, copies to or from it, and forgets it: until its
// garbage collector finalizes the reference, it is alive for us. Go sees only 16 bytes of garbage a time, so that may
// take thousands of operations - or for ever, where a program (esbuild) has turned its collector off. Hence
//
// - an array takes memory only for what has been written to it. What lies behind is zeros that are nowhere;
// - what fs.read left empty is given back;
// - arrays whose bytes have been written to a file or copied to Go are *spent*: nobody has been seen to look at such an
// array
//   again without writing it anew. When arrays hold more than `budget` bytes, the oldest spent ones lose their memory.
//   A program that does look ends with a message that says so.

#ifndef parigot_runtime_gojs_bytes_h
#define parigot_runtime_gojs_bytes_h

#include "objects.h"

namespace gojs {

struct Bytes : Object {
  uint32_t length = 0;  // as JavaScript sees it
  uint32_t written = 0; // from here on all bytes are zero
  uint32_t room = 0;    // of data; written <= room
  uint8_t* data = nullptr;
  bool spent = false;
  bool shared = false;                       // there is, or was, a view of it: it is never spent
  uint32_t offset = 0;                       // of a view: in what it is a view of
  Value whole;                               // of a view: the array whose bytes it has; that is none
  bool gaveUp = false;                       // lost its memory, and has not been written from its start since
  Bytes *before = nullptr, *after = nullptr; // among the spent

  Bytes() : Object(Kind::bytes) {}
  ~Bytes() { release(data); }
};

inline Bytes* asBytes(const Value& value) { return as<Bytes>(value, Kind::bytes); }

// A new array of zeros.
Bytes* makeBytes(uint32_t length);
// Another array of some of the same bytes, which are there.
Value makeView(const Value& bytes, uint32_t start, uint32_t length);

// All arrays.
class Buffers {
public:
  static constexpr uint32_t budget = 16 << 20;

  // Memory for bytes [start, end) of an array, which the caller then writes; `wrote` says how far it came.
  uint8_t* toWrite(Bytes& bytes, uint32_t start, uint32_t end);
  void wrote(Bytes& bytes, uint32_t end);

  // Bytes [start, end), of which the first `stored` are at the result and the others are zero.
  const uint8_t* toRead(Bytes& bytes, uint32_t start, uint32_t end, uint32_t& stored);
  // The same, all of them stored.
  const uint8_t* toReadWhole(Bytes& bytes, uint32_t start, uint32_t end);

  void set(Bytes& bytes, uint32_t index, uint8_t byte);

  void spend(Bytes& bytes);
  // Of an array that is being freed.
  void remove(Bytes& bytes);

private:
  void reserve(Bytes& bytes, uint32_t room);
  void unlink(Bytes& bytes);

  uint64_t total = 0; // of all rooms
  Bytes *oldest = nullptr, *newest = nullptr;
};

} // namespace gojs

#endif // parigot_runtime_gojs_bytes_h
