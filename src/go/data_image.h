// The memory of a module as its data segments leave it, before any code runs.
//
// Go's linker writes one segment for every stretch of bytes between zeros, so
// that a string, or the table of functions, is spread over many of them. Here
// they are one again: bytes by address, zero where no segment is.

#ifndef parigot_go_data_image_h
#define parigot_go_data_image_h

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm.h"

namespace parigot::gojs {

class DataImage {
public:
  // Takes the active segments whose place is constant, of the first memory;
  // where they overlap the later one wins, as it does in the engine. Linear, but
  // for a sort; takes little more memory than the segments themselves, wherever
  // they say they are.
  explicit DataImage(const wasm::Module& module);

  // Little-endian numbers; none where no segment has any of their bytes.
  std::optional<uint32_t> read32(uint64_t address) const;
  std::optional<uint64_t> read64(uint64_t address) const;

  // `length` bytes, at most longestRead of them.
  std::optional<std::string> read(uint64_t address, uint64_t length) const;
  static constexpr uint64_t longestRead = 1 << 16;

  // Up to, and without, the next zero byte; cut off after `most` bytes.
  std::string readString(uint64_t address, size_t most) const;

  // A stretch of bytes without a long gap, and where it is.
  struct Chunk {
    uint64_t start;
    std::vector<char> bytes;

    uint64_t end() const { return start + bytes.size(); }
  };
  // In ascending order, none touching another.
  const std::vector<Chunk>& chunks() const { return parts; }

private:
  std::vector<Chunk> parts;

  // The chunk with this address, or the next one behind it.
  std::vector<Chunk>::const_iterator at(uint64_t address) const;
  // False when no byte of it is in a segment.
  bool copy(uint64_t address, size_t length, char* to) const;
};

} // namespace parigot::gojs

#endif // parigot_go_data_image_h
