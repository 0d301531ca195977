#include "wire.h"

namespace kernel {

namespace {

enum WireType : uint32_t { varint = 0, eightBytes = 1, delimited = 2, fourBytes = 5 };

// Moves the low seven bits of each byte together: 8 * 7 bits. The other bits of the bytes must be 0, or are ignored.
uint64_t packed(uint64_t word) {
  word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
  word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
  return (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
}

// The reverse: 56 bits become eight bytes of seven bits.
uint64_t spread(uint64_t bits) {
  bits = (bits & 0x000000000fffffff) | (bits & 0x00fffffff0000000) << 4;
  bits = (bits & 0x00003fff00003fff) | (bits & 0x0fffc0000fffc000) << 2;
  return (bits & 0x007f007f007f007f) | (bits & 0x3f803f803f803f80) << 1;
}

constexpr uint64_t continues = 0x8080808080808080; // the bit of each byte that another one follows

class Reader {
public:
  explicit Reader(Text message) : at(message.data), end(message.data + message.size) {}

  bool atEnd() const { return at == end; }
  uint32_t left() const { return uint32_t(end - at); }
  const char* position() const { return at; }

  [[gnu::always_inline]] bool readVarint(uint64_t& value) {
    if (at != end && uint8_t(*at) < 0x80) {
      value = uint8_t(*at++);
      return true;
    }
    return readLongVarint(value);
  }

  // A number of a field up to 15, as Writer::number writes it: in as few bytes as possible, and not at all if it is 0.
  bool readPlainNumber(uint8_t field, uint64_t& value) {
    value = 0;
    if (!take(uint8_t(field << 3 | varint))) {
      return true;
    }
    const char* start = at;
    return readVarint(value) && value >> 7 * (at - start - 1) != 0;
  }

  bool readBytes(Text& bytes) {
    uint64_t size;
    if (!readVarint(size) || size > uint64_t(end - at)) {
      return false;
    }
    bytes = {at, uint32_t(size)};
    at += size;
    return true;
  }

  // Bytes whose length takes one byte.
  bool readShort(Text& bytes) { return at != end && uint8_t(*at) < 0x80 && readBytes(bytes); }

  // Takes the next byte if it is this one.
  bool take(uint8_t byte) {
    if (at == end || uint8_t(*at) != byte) {
      return false;
    }
    at++;
    return true;
  }

  bool skip(uint32_t size) {
    if (size > uint64_t(end - at)) {
      return false;
    }
    at += size;
    return true;
  }

  // The number of a field, and its wire type.
  bool readTag(uint32_t& field, uint32_t& type) {
    uint64_t tag;
    if (!readVarint(tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff) {
      return false;
    }
    field = uint32_t(tag >> 3);
    type = tag & 7;
    return true;
  }

  // The content of a field: a number, or bytes, or nothing that we read.
  bool readContent(uint32_t type, uint64_t& value, Text& bytes) {
    switch (type) {
      case varint:
        return readVarint(value);
      case delimited:
        return readBytes(bytes);
      case eightBytes:
        return skip(8);
      case fourBytes:
        return skip(4);
      default:
        return false;
    }
  }

private:
  [[gnu::noinline]] bool readLongVarint(uint64_t& value) {
    if (end - at < 8) {
      return readVarintByBytes(value);
    }
    uint64_t word;
    memcpy(&word, at, sizeof word);
    if (uint64_t last = ~word & continues; last) {
      value = packed(word & (last ^ (last - 1)));
      at += (__builtin_ctzll(last) >> 3) + 1;
      return true;
    }
    value = packed(word);
    at += 8;
    if (at == end) {
      return false;
    }
    auto byte = uint8_t(*at++);
    value |= uint64_t(byte & 0x7f) << 56;
    if (byte < 0x80) {
      return true;
    }
    if (at == end) {
      return false;
    }
    byte = uint8_t(*at++);
    value |= uint64_t(byte) << 63;
    return byte < 2;
  }

  // Fewer than eight bytes are left.
  bool readVarintByBytes(uint64_t& value) {
    value = 0;
    for (uint32_t shift = 0; at != end; shift += 7) {
      auto byte = uint8_t(*at++);
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return true;
      }
    }
    return false;
  }

  const char *at, *end;
};

bool readPlainId(Reader& reader, uint8_t field, Id& id) {
  if (reader.left() < 2 || !reader.take(uint8_t(field << 3 | delimited))) {
    return false;
  }
  auto size = uint8_t(*reader.position());
  reader.skip(1);
  const char* start = reader.position();
  return reader.readPlainNumber(1, id.high) && reader.readPlainNumber(2, id.low) && reader.position() == start + size;
}

bool readAnyId(Text message, Id& id) {
  id = {};
  Reader reader(message);
  while (!reader.atEnd()) {
    uint32_t field, type;
    uint64_t value;
    Text ignored;
    if (!reader.readTag(field, type) || ((field == 1 || field == 2) && type != varint) ||
        !reader.readContent(type, value, ignored)) {
      return false;
    }
    if (field == 1) {
      id.high = value;
    } else if (field == 2) {
      id.low = value;
    }
  }
  return true;
}

bool readId(Text message, Id& id) {
  Reader reader(message);
  return (reader.readPlainNumber(1, id.high) && reader.readPlainNumber(2, id.low) && reader.atEnd()) ||
         readAnyId(message, id);
}

bool store(const Field& field, uint64_t value, Text bytes, void* structure) {
  auto* member = static_cast<char*>(structure) + field.offset;
  switch (field.kind) {
    case Kind::number:
      *reinterpret_cast<int64_t*>(member) = int64_t(value);
      return true;
    case Kind::id:
      return readId(bytes, *reinterpret_cast<Id*>(member));
    case Kind::checkedId: {
      Id ignored;
      return readId(bytes, ignored);
    }
    case Kind::bytes:
      *reinterpret_cast<Text*>(member) = bytes;
      return true;
    case Kind::list:
      if (auto& list = *reinterpret_cast<List<Text>*>(member); list.size() < longestList) {
        list.push(bytes);
      }
      return true;
  }
  return false;
}

} // namespace

bool readMessage(Text message, Table table, void* structure) {
  Reader reader(message);
  while (!reader.atEnd()) {
    uint32_t number, type;
    uint64_t value = 0;
    Text bytes;
    if (!reader.readTag(number, type)) {
      return false;
    }
    const Field* found = nullptr;
    for (uint32_t i = 0; i < table.count && !found; i++) {
      if (table.fields[i].number == number) {
        found = &table.fields[i];
      }
    }
    if (found && type != (found->kind == Kind::number ? varint : delimited)) {
      return false;
    }
    if (!reader.readContent(type, value, bytes) || (found && !store(*found, value, bytes, structure))) {
      return false;
    }
  }
  return true;
}

bool readPlainPair(Text message, uint8_t first, Text& content, uint8_t second, Text& more) {
  Reader reader(message);
  return reader.take(uint8_t(first << 3 | delimited)) && reader.readShort(content) &&
         reader.take(uint8_t(second << 3 | delimited)) && reader.readBytes(more) && reader.atEnd();
}

bool readPlainIds(Text message, Id* ids, uint32_t count, uint8_t first) {
  Reader reader(message);
  for (uint32_t i = 0; i < count; i++) {
    if (!readPlainId(reader, uint8_t(first + i), ids[i])) {
      return false;
    }
  }
  return reader.atEnd();
}

void Writer::longVarint(uint64_t value) {
  uint32_t size = varintSize(value);
  if (size > uint32_t(end - at)) {
    full = true;
    return;
  }
  if (size >= 8) {
    uint64_t word = spread(value & ((uint64_t(1) << 56) - 1)) | continues;
    if (size == 8) {
      word &= ~(uint64_t(0x80) << 56);
    } else {
      at[8] = char(value >> 56 | (size == 10 ? 0x80 : 0));
      if (size == 10) {
        at[9] = 1;
      }
    }
    memcpy(at, &word, sizeof word);
    at += size;
    return;
  }
  for (; value >= 0x80; value >>= 7) {
    *at++ = char(value | 0x80);
  }
  *at++ = char(value);
}

void Writer::number(uint32_t field, int64_t value) {
  if (value) {
    varint(field << 3 | WireType::varint);
    varint(uint64_t(value));
  }
}

void Writer::head(uint32_t field, uint32_t size) {
  varint(field << 3 | WireType::delimited);
  varint(size);
}

void Writer::bytes(uint32_t field, Text value) {
  head(field, value.size);
  raw(value.data, value.size);
}

void Writer::text(uint32_t field, Text value) {
  if (value.size) {
    bytes(field, value);
  }
}

void Writer::id(uint32_t field, const Id& value) {
  head(field, numberSize(value.high) + numberSize(value.low));
  number(1, int64_t(value.high));
  number(2, int64_t(value.low));
}

void Writer::ids(uint32_t field, const Id* const* values, uint32_t count) {
  head(field, 0);
  if (full) {
    return;
  }
  char* length = at - 1;
  for (uint32_t i = 0; i < count; i++) {
    id(i + 1, *values[i]);
  }
  if (!full) {
    *length = char(at - length - 1);
  }
}

// Writes the length in two bytes whatever its value: a varint may be longer than necessary.
Writer::Mark Writer::open(uint32_t field) {
  varint(field << 3 | WireType::delimited);
  Mark mark{size()};
  raw("\x80\x00", 2);
  return mark;
}

void Writer::close(Mark mark) {
  if (full) {
    return;
  }
  uint32_t length = size() - mark.at - 2;
  if (length >= 1 << 14) {
    full = true;
    return;
  }
  start[mark.at] = char(length | 0x80);
  start[mark.at + 1] = char(length >> 7);
}

} // namespace kernel
