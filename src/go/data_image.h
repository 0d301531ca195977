// The memory of a module as its data segments leave it, before any code runs.
//
// Go's linker writes one segment for every stretch of bytes between zeros, so a string, or the table of functions, is
// spread over many segments. The image joins them: it gives bytes by address, and zero between segments.

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
  // Reads the active segments of the first memory whose offset is constant. Where segments overlap the later one wins,
  // as in an engine. Linear, after a sort; takes little more memory than the segments, whatever their addresses are.
  explicit DataImage(const wasm::Module& module);

  // Little-endian numbers; no value if no byte is in a segment.
  std::optional<uint32_t> read32(uint64_t address) const;
  std::optional<uint64_t> read64(uint64_t address) const;

  // `length` bytes, at most longestRead of them.
  std::optional<std::string> read(uint64_t address, uint64_t length) const;
  static constexpr uint64_t longestRead = 1 << 16;

  // The bytes before the next zero byte, at most `most` of them.
  std::string readString(uint64_t address, size_t most) const;

  // A stretch of bytes without a long gap, and its address.
  struct Chunk {
    uint64_t start;
    std::vector<char> bytes;

    uint64_t end() const { return start + bytes.size(); }
  };
  // In ascending order; chunks do not touch each other.
  const std::vector<Chunk>& chunks() const { return parts; }

private:
  std::vector<Chunk> parts;

  // The chunk that holds this address, or the next one after it.
  std::vector<Chunk>::const_iterator at(uint64_t address) const;
  // Whether any of these bytes is in a segment.
  bool copy(uint64_t address, size_t length, char* to) const;
};

} // namespace parigot::gojs

#endif // parigot_go_data_image_h
