// Uint8Arrays, and how their memory is limited.
//
// For each file operation Go makes an array as long as its buffer, copies to or from it, and forgets it. The runtime
// has to keep the array until Go's garbage collector finalizes the reference. Go sees only 16 bytes of garbage for each
// operation, so that may take thousands of operations, or for ever if a program (esbuild) has turned its collector off.
// So
//
// - an array takes memory only for what has been written to it. The bytes after that are zeros that are not stored;
// - the runtime frees the part of a buffer that fs.read left empty;
// - an array whose bytes have been written to a file or copied to Go is *spent*: no known program reads such an array
//   again without first writing it anew. When arrays hold more than `budget` bytes, the oldest spent ones lose their
//   memory. A program that does read one ends with a message that says so.

#ifndef parigot_runtime_gojs_bytes_h
#define parigot_runtime_gojs_bytes_h

#include "objects.h"

namespace gojs {

struct Bytes : Object {
  uint32_t length = 0;  // in bytes, as JavaScript sees it
  uint32_t written = 0; // all bytes from this index on are zero
  uint32_t room = 0;    // the size of `data`; written <= room
  uint8_t* data = nullptr;
  bool spent = false;
  bool shared = false;                       // the array has, or had, a view: it is never spent
  uint32_t offset = 0;                       // if this is a view: where it begins in `whole`
  Value whole;                               // if this is a view: the array that has its bytes, which is no view
  bool gaveUp = false;                       // it lost its memory, and has not been written from its start since then
  Bytes *before = nullptr, *after = nullptr; // its neighbours in the list of spent arrays

  Bytes() : Object(Kind::bytes) {}
  ~Bytes() { release(data); }
};

inline Bytes* asBytes(const Value& value) { return as<Bytes>(value, Kind::bytes); }

// Makes an array of zeros.
Bytes* makeBytes(uint32_t length);
// Makes another array that shares `length` bytes of `bytes` from `start` on. The range must lie in `bytes`.
Value makeView(const Value& bytes, uint32_t start, uint32_t length);

// The memory of all arrays.
class Buffers {
public:
  static constexpr uint32_t budget = 16 << 20;

  // Gives memory for bytes [start, end) of an array. The caller writes there, and then tells wrote() how far it came.
  uint8_t* toWrite(Bytes& bytes, uint32_t start, uint32_t end);
  void wrote(Bytes& bytes, uint32_t end);

  // Reads bytes [start, end). The first `stored` of them are at the result; the others are zero, and not stored.
  const uint8_t* toRead(Bytes& bytes, uint32_t start, uint32_t end, uint32_t& stored);
  // Reads bytes [start, end). All of them are at the result.
  const uint8_t* toReadWhole(Bytes& bytes, uint32_t start, uint32_t end);

  void set(Bytes& bytes, uint32_t index, uint8_t byte);

  void spend(Bytes& bytes);
  // Removes an array that is being freed.
  void remove(Bytes& bytes);

private:
  void reserve(Bytes& bytes, uint32_t room);
  void unlink(Bytes& bytes);

  uint64_t total = 0; // the sum of `room` of all arrays
  Bytes *oldest = nullptr, *newest = nullptr;
};

} // namespace gojs

#endif // parigot_runtime_gojs_bytes_h
