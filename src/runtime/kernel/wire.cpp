#include "wire.h"

namespace kernel {

namespace {

enum WireType : uint32_t { varint = 0, eightBytes = 1, delimited = 2, fourBytes = 5 };

class Reader {
public:
  explicit Reader(Text message) : at(message.data), end(message.data + message.size) {}

  bool atEnd() const { return at == end; }

  bool readVarint(uint64_t& value) {
    value = 0;
    for (uint32_t shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        return false;
      }
      auto byte = uint8_t(*at++);
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return shift < 63 || byte < 2;
      }
    }
    return false;
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

  bool skip(uint32_t size) {
    if (size > uint64_t(end - at)) {
      return false;
    }
    at += size;
    return true;
  }

private:
  const char *at, *end;
};

bool readId(Text message, Id& id) {
  id = {};
  Reader reader(message);
  while (!reader.atEnd()) {
    uint64_t tag, value;
    Text ignored;
    if (!reader.readVarint(tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff) {
      return false;
    }
    uint64_t field = tag >> 3;
    uint32_t type = tag & 7;
    if ((field == 1 || field == 2) && type != varint) {
      return false;
    }
    switch (type) {
      case varint:
        if (!reader.readVarint(value)) {
          return false;
        }
        (field == 1 ? id.high : field == 2 ? id.low : value) = value;
        break;
      case delimited:
        if (!reader.readBytes(ignored)) {
          return false;
        }
        break;
      case eightBytes:
      case fourBytes:
        if (!reader.skip(type == eightBytes ? 8 : 4)) {
          return false;
        }
        break;
      default:
        return false;
    }
  }
  return true;
}

bool store(const Field& field, uint64_t value, Text bytes, void* structure) {
  auto* member = static_cast<char*>(structure) + field.offset;
  switch (field.kind) {
    case Kind::number:
      *reinterpret_cast<int64_t*>(member) = int64_t(value);
      return true;
    case Kind::id:
      return readId(bytes, *reinterpret_cast<Id*>(member));
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
    uint64_t tag, value = 0;
    Text bytes;
    if (!reader.readVarint(tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff) {
      return false;
    }
    const Field* found = nullptr;
    for (uint32_t i = 0; i < table.count; i++) {
      if (table.fields[i].number == tag >> 3) {
        found = &table.fields[i];
      }
    }
    uint32_t type = tag & 7;
    if (found && type != (found->kind == Kind::number ? varint : delimited)) {
      return false;
    }
    bool read = type == varint       ? reader.readVarint(value)
                : type == delimited  ? reader.readBytes(bytes)
                : type == eightBytes ? reader.skip(8)
                : type == fourBytes  ? reader.skip(4)
                                     : false;
    if (!read || (found && !store(*found, value, bytes, structure))) {
      return false;
    }
  }
  return true;
}

void Writer::raw(const void* from, uint32_t size) {
  if (size > uint32_t(end - at)) {
    full = true;
    return;
  }
  if (size) {
    memcpy(at, from, size);
    at += size;
  }
}

void Writer::varint(uint64_t value) {
  char bytes[10];
  uint32_t size = 0;
  for (; value >= 0x80; value >>= 7) {
    bytes[size++] = char(value | 0x80);
  }
  bytes[size++] = char(value);
  raw(bytes, size);
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
  char body[22];
  Writer inner(body, sizeof body);
  inner.number(1, int64_t(value.high));
  inner.number(2, int64_t(value.low));
  bytes(field, {body, inner.size()});
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
