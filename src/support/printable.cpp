#include "support/printable.h"

namespace parigot {

namespace {

std::string escaped(std::string_view text, bool keepLines) {
  constexpr const char* digits = "0123456789abcdef";
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    auto c = static_cast<unsigned char>(text[i]);
    auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    bool c1 = c == 0xc2 && next >= 0x80 && next < 0xa0; // U+0080 to U+009F
    if (c1) {
      c = next;
      i++;
    }
    if (c1 || c < 0x20 || c == 0x7f) {
      if (c == '\n' && keepLines) {
        result += '\n';
        continue;
      }
      result += {'\\', 'x', digits[c >> 4], digits[c & 15]};
    } else {
      result += char(c);
    }
  }
  return result;
}

} // namespace

std::string printable(std::string_view text) { return escaped(text, false); }

std::string printableLines(std::string_view text) { return escaped(text, true); }

} // namespace parigot
