// Protobuf's wire format, as far as parigot's messages use it.
//
// Source: protobuf's "Encoding" page. A C implementation for small machines (nanopb) needs generated code for each
// message. parigot's kernel calls have a dozen messages with four kinds of field; a table for each message is shorter
// than such code, and needs no generator.
//
// The input comes from a guest and can be anything. Every length is checked against the remaining bytes. Fields that a
// table does not have are skipped. A field with a wrong wire type, or a group, is an error.
//
// A call between processes reads some twenty ids and writes as many, and an id is two varints of nine or ten bytes. So
// varints are read and written eight bytes at a time, and a bundle of ids that has the form in which everybody writes
// it is recognised as such (readPlainIds). Everything else takes the general way, with the same result.

#ifndef parigot_runtime_kernel_wire_h
#define parigot_runtime_kernel_wire_h

#include "../common/text.h"

namespace kernel {

using namespace runtime;

// IdRaw{uint64 high = 1; uint64 low = 2}: a letter in the top byte of `high`, the rest random.
struct Id {
  uint64_t high = 0;
  uint64_t low = 0;

  // api/shared/id/id.go: true unless it is the empty value (never initialised) or the zero value (no such thing).
  bool isSet() const {
    constexpr uint64_t sixBytes = (uint64_t(1) << 48) - 1;
    bool empty = (high & sixBytes) == 0 && low == 0;
    bool zero = (high & sixBytes) == sixBytes && low == UINT64_MAX;
    return !empty && !zero;
  }
};

inline bool operator==(const Id& a, const Id& b) { return a.high == b.high && a.low == b.low; }

enum class Kind : uint8_t {
  number,    // int32, bool, enum: a varint; int64_t
  id,        // IdRaw; Id
  checkedId, // an IdRaw that nobody needs: it must be well formed, and has no member
  bytes,     // string, bytes, or a message that is not decoded; Text, part of the message that is read
  list,      // repeated bytes; List<Text>, of no more than longestList
};

struct Field {
  uint8_t number;
  Kind kind;
  uint16_t offset; // in the structure; 0 of a checkedId
};

// Entries after these are ignored: no process may have so many names (store.h), and memory for guests' data is limited.
constexpr uint32_t longestList = 4096;

// Describes a message as a structure: its members, and their places.
struct Table {
  const Field* fields;
  uint32_t count;
};

// Fills the structure. False: the message is malformed. If a field occurs twice, the last one counts.
bool readMessage(Text message, Table table, void* structure);

template<typename Message> bool read(Text bytes, Message& message) {
  return readMessage(bytes, {Message::fields, sizeof(Message::fields) / sizeof(Field)}, &message);
}

// Reads a message that consists of these two fields, in this order, of which the first has less than 128 bytes. False:
// it has another form, or is malformed. readMessage tells which; the texts are undefined.
bool readPlainPair(Text message, uint8_t first, Text& content, uint8_t second, Text& more);

// Reads a message that consists of these ids, in fields from `first` on, exactly as Writer::id writes them. False: it
// is another message, or none at all. readMessage tells which; the ids are undefined.
bool readPlainIds(Text message, Id* ids, uint32_t count, uint8_t first = 1);

// The number of bytes of a varint.
inline uint32_t varintSize(uint64_t value) { return (640 - 9 * uint32_t(__builtin_clzll(value | 1))) / 64; }

// Writes fields one after the other into memory of a fixed size. Drops bytes that do not fit; overflowed() says so.
class Writer {
public:
  Writer(void* to, uint32_t capacity) : start(static_cast<char*>(to)), at(start), end(start + capacity) {}

  void number(uint32_t field, int64_t value); // 0 is left out, as in proto3
  void bytes(uint32_t field, Text value);     // also if empty
  void text(uint32_t field, Text value);      // only if not empty
  // Writes a message that was read and not decoded. An empty one is written, an absent one is not.
  void message(uint32_t field, Text value) {
    if (value.data) {
      bytes(field, value);
    }
  }
  // The most bytes that `id` writes, of a field up to 15.
  static constexpr uint32_t mostIdBytes = 24;
  void id(uint32_t field, const Id& value);
  // Writes an id that `id` has written before, in any field up to 15. mostIdBytes bytes can be read.
  void writtenId(uint32_t field, Text written) {
    char* tag = at;
    if (mostIdBytes <= uint32_t(end - at)) {
      memcpy(at, written.data, mostIdBytes); // three words, without a call
      at += written.size;
    } else {
      raw(written.data, written.size);
    }
    if (!full) {
      *tag = char(field << 3 | 2);
    }
  }
  // Writes a message of these ids, in fields 1 to `count`. Its length, of less than 128 bytes, takes one byte.
  void ids(uint32_t field, const Id* const* values, uint32_t count);
  // The number of bytes that `id` writes, of a field up to 15.
  static uint32_t idSize(const Id& value) { return 2 + numberSize(value.high) + numberSize(value.low); }
  static uint32_t numberSize(uint64_t value) { return value ? 1 + varintSize(value) : 0; }
  // Writes the head of a field of `size` bytes. The caller writes these bytes next.
  void head(uint32_t field, uint32_t size);
  // Writes bytes without a field; false if they do not fit.
  bool whole(Text bytes) {
    raw(bytes.data, bytes.size);
    return !full;
  }
  // The fields that are written until `close` form a message in that field, of less than 16 KiB.
  struct Mark {
    uint32_t at;
  };
  Mark open(uint32_t field);
  void close(Mark mark);

  bool overflowed() const { return full; }
  uint32_t size() const { return uint32_t(at - start); }

private:
  void varint(uint64_t value) {
    if (value < 0x80 && at != end) {
      *at++ = char(value);
    } else {
      longVarint(value);
    }
  }
  void longVarint(uint64_t value);
  void raw(const void* from, uint32_t size) {
    if (size > uint32_t(end - at)) {
      full = true;
    } else if (size) {
      memcpy(at, from, size);
      at += size;
    }
  }

  char *start, *at, *end;
  bool full = false;
};

} // namespace kernel

#endif // parigot_runtime_kernel_wire_h
