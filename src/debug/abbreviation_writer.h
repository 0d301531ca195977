// The section .debug_abbrev while it is written: each combination of a tag and attributes once.

#ifndef parigot_debug_abbreviation_writer_h
#define parigot_debug_abbreviation_writer_h

#include <cstdint>
#include <string>
#include <unordered_map>

#include "debug/byte_writer.h"

namespace parigot::debug {

class AbbreviationWriter {
public:
  // Numbers up to `fixed` are in use.
  explicit AbbreviationWriter(uint32_t fixed) : last(fixed) {}

  // `text` is the abbreviation without its number.
  uint32_t add(const std::string& text) {
    auto [known, isNew] = numbers.try_emplace(text, last + 1);
    if (isNew) {
      last++;
      out.uleb(last);
      out.text(text);
    }
    return known->second;
  }
  ByteWriter out;

private:
  uint32_t last;
  std::unordered_map<std::string, uint32_t> numbers;
};

} // namespace parigot::debug

#endif // parigot_debug_abbreviation_writer_h
