#include "support/byte_size.h"

#include <charconv>

namespace parigot {

std::optional<uint64_t> parseByteSize(std::string_view text) {
  uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) {
    return {};
  }
  std::string_view unit(end, text.data() + text.size() - end);
  while (unit.starts_with(' ')) {
    unit.remove_prefix(1);
  }
  int shift = 0;
  if (unit == "KiB") {
    shift = 10;
  } else if (unit == "MiB") {
    shift = 20;
  } else if (unit == "GiB") {
    shift = 30;
  } else if (!unit.empty()) {
    return {};
  }
  if (number > (UINT64_MAX >> shift)) {
    return {};
  }
  return number << shift;
}

std::string spokenBytes(uint64_t bytes) {
  if (bytes % (1 << 20) == 0) {
    return std::to_string(bytes >> 20) + " MiB";
  }
  return std::to_string(bytes >> 10) + " KiB";
}

} // namespace parigot
