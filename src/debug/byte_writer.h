// Appends numbers and texts to bytes, little-endian, as DWARF and wasm have them.

#ifndef parigot_debug_byte_writer_h
#define parigot_debug_byte_writer_h

#include <cstdint>
#include <string>
#include <string_view>

namespace parigot::debug {

class ByteWriter {
public:
  std::string bytes;

  size_t at() const { return bytes.size(); }
  void u8(uint8_t value) { fixed(value, 1); }
  void u16(uint16_t value) { fixed(value, 2); }
  void u32(uint32_t value) { fixed(value, 4); }
  void fixed(uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; i++) {
      bytes += char(uint8_t(value >> (8 * i)));
    }
  }
  void uleb(uint64_t value) {
    do {
      auto byte = uint8_t(value & 0x7f);
      value >>= 7;
      u8(value ? byte | 0x80 : byte);
    } while (value);
  }
  void sleb(int64_t value) {
    for (;;) {
      auto byte = uint8_t(value & 0x7f);
      value >>= 7;
      if ((value == 0 && !(byte & 0x40)) || (value == -1 && (byte & 0x40))) {
        return u8(byte);
      }
      u8(byte | 0x80);
    }
  }
  void text(std::string_view value) { bytes += value; }
  // With a zero byte behind it. A zero byte within ends the text.
  void string(std::string_view value) {
    bytes += value.substr(0, value.find('\0'));
    bytes += '\0';
  }
  // Puts a number over the four bytes at a place.
  void patch32(size_t at, uint32_t value) {
    for (unsigned i = 0; i < 4; i++) {
      bytes[at + i] = char(uint8_t(value >> (8 * i)));
    }
  }
};

} // namespace parigot::debug

#endif // parigot_debug_byte_writer_h
