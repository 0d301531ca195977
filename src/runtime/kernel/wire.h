// Protobuf's wire format, as far as parigot's messages need it.
//
// Source: protobuf's "Encoding" page. There is a C implementation for small machines (nanopb), which wants code
// generated for each message; parigot's kernel calls have a dozen of them with four kinds of field, so tables that say
// which field is which are shorter than their generated code, and need no generator.
//
// What is read comes from a guest, and may be anything: every length is checked against what is there, fields that a
// table does not have are skipped, a field of another wire type than its own is an error, as is a group.

#ifndef parigot_runtime_kernel_wire_h
#define parigot_runtime_kernel_wire_h

#include "../common/text.h"

namespace kernel {

using namespace runtime;

// IdRaw{uint64 high = 1; uint64 low = 2}: a letter in the top byte of `high`, the rest random.
struct Id {
  uint64_t high = 0;
  uint64_t low = 0;

  // api/shared/id/id.go: neither its empty value (never initialised) nor its zero value (no such thing).
  bool isSet() const {
    constexpr uint64_t sixBytes = (uint64_t(1) << 48) - 1;
    bool empty = (high & sixBytes) == 0 && low == 0;
    bool zero = (high & sixBytes) == sixBytes && low == UINT64_MAX;
    return !empty && !zero;
  }
};

inline bool operator==(const Id& a, const Id& b) { return a.high == b.high && a.low == b.low; }

enum class Kind : uint8_t {
  number, // int32, bool, enum: a varint; int64_t
  id,     // IdRaw; Id
  bytes,  // string, bytes, or a message that is left as it is; Text, of the message that is read
  list,   // repeated bytes; List<Text>, of no more than longestList
};

struct Field {
  uint8_t number;
  Kind kind;
  uint16_t offset; // in the structure
};

// What is beyond is left out: nobody may have so many names (store.h), and memory for what a guest sends has an end.
constexpr uint32_t longestList = 4096;

// A message as a structure of such members, and where they are.
struct Table {
  const Field* fields;
  uint32_t count;
};

// Fills the structure. False: the message is malformed. Of a field that comes twice, the last counts.
bool readMessage(Text message, Table table, void* structure);

template<typename Message> bool read(Text bytes, Message& message) {
  return readMessage(bytes, {Message::fields, sizeof(Message::fields) / sizeof(Field)}, &message);
}

// Writes fields behind each other into memory of a fixed size. What does not fit is left out, and remembered.
class Writer {
public:
  Writer(void* to, uint32_t capacity) : start(static_cast<char*>(to)), at(start), end(start + capacity) {}

  void number(uint32_t field, int64_t value); // 0 is left out, as in proto3
  void bytes(uint32_t field, Text value);     // also when empty
  void text(uint32_t field, Text value);      // not when empty
  // A message that was read, and left as it is: also when empty, but not when there was none.
  void message(uint32_t field, Text value) {
    if (value.data) {
      bytes(field, value);
    }
  }
  void id(uint32_t field, const Id& value);
  // Bytes as they are; false if they do not fit.
  // The head of a field of so many bytes, which are to follow.
  void head(uint32_t field, uint32_t size);
  bool whole(Text bytes) {
    raw(bytes.data, bytes.size);
    return !full;
  }
  // The fields that are written up to `close` are a message in that field, of less than 16 KiB.
  struct Mark {
    uint32_t at;
  };
  Mark open(uint32_t field);
  void close(Mark mark);

  bool overflowed() const { return full; }
  uint32_t size() const { return uint32_t(at - start); }

private:
  void varint(uint64_t value);
  void raw(const void* from, uint32_t size);

  char *start, *at, *end;
  bool full = false;
};

} // namespace kernel

#endif // parigot_runtime_kernel_wire_h
