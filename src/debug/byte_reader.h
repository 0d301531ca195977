// Reads numbers and texts from bytes that nobody checked. A read beyond the end sets `failed`, gives 0, and moves to
// the end, so that a caller checks once, at the end of what it reads.

#ifndef parigot_debug_byte_reader_h
#define parigot_debug_byte_reader_h

#include <cstdint>
#include <string_view>

namespace parigot::debug {

class ByteReader {
public:
  // Reads `bytes` from `at` on. The bytes must outlive the reader.
  explicit ByteReader(std::string_view bytes, size_t at = 0) : bytes(bytes) { seek(at); }

  size_t at() const { return where; }
  bool failed() const { return bad; }
  bool atEnd() const { return where >= bytes.size(); }
  size_t left() const { return bytes.size() - where; }
  void fail() {
    bad = true;
    where = bytes.size();
  }

  void seek(size_t to) {
    if (to > bytes.size()) {
      fail();
    } else {
      where = to;
    }
  }
  void skip(uint64_t count) {
    if (count > left()) {
      fail();
    } else {
      where += count;
    }
  }

  uint8_t u8() { return uint8_t(fixed(1)); }
  uint16_t u16() { return uint16_t(fixed(2)); }
  uint32_t u32() { return uint32_t(fixed(4)); }
  uint64_t u64() { return fixed(8); }
  // A little-endian number of `size` bytes, 1 to 8.
  uint64_t fixed(unsigned size) {
    if (size > left()) {
      fail();
      return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
      value |= uint64_t(uint8_t(bytes[where++])) << (8 * i);
    }
    return value;
  }

  // LEB128. Bits above the 64th are dropped, as LLVM does.
  uint64_t uleb() {
    if (where < bytes.size() && uint8_t(bytes[where]) < 0x80) { // most are short
      return uint8_t(bytes[where++]);
    }
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto byte = u8();
      if (shift < 64) {
        value |= uint64_t(byte & 0x7f) << shift;
      }
      if (byte < 0x80) {
        return value;
      }
    }
  }
  int64_t sleb() {
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte = 0;
    do {
      byte = u8();
      if (shift < 64) {
        value |= uint64_t(byte & 0x7f) << shift;
      }
      shift += 7;
    } while (byte & 0x80);
    if (shift < 64 && (byte & 0x40)) {
      value |= ~uint64_t(0) << shift;
    }
    return int64_t(value);
  }

  // The next `size` bytes, in place.
  std::string_view view(uint64_t size) {
    if (size > left()) {
      fail();
      return {};
    }
    auto text = bytes.substr(where, size);
    where += size;
    return text;
  }
  // The bytes before the next zero byte, which is skipped.
  std::string_view string() {
    auto end = bytes.find('\0', where);
    if (end == std::string_view::npos) {
      fail();
      return {};
    }
    auto text = bytes.substr(where, end - where);
    where = end + 1;
    return text;
  }

private:
  std::string_view bytes;
  size_t where = 0;
  bool bad = false;
};

} // namespace parigot::debug

#endif // parigot_debug_byte_reader_h
