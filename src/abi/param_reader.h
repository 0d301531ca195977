// Reads the text of one parameter from left to right: names, numbers and signs, with spaces between them.

#ifndef parigot_abi_param_reader_h
#define parigot_abi_param_reader_h

#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parigot {

// The largest number of bytes that a description can have, so that sums do not overflow.
constexpr uint32_t mostParamBytes = 1 << 30;

class ParamReader {
public:
  explicit ParamReader(std::string_view text) : rest(text) {}

  // Letters, digits, '_', '-' and '.'; empty where something else follows.
  std::string_view name() {
    skipSpace();
    size_t end = 0;
    while (end < rest.size() && isNameChar(rest[end])) {
      end++;
    }
    return take(end);
  }

  bool accept(char c) {
    skipSpace();
    if (rest.empty() || rest[0] != c) {
      return false;
    }
    take(1);
    return true;
  }

  // Consumes the next name if it is `wanted`.
  bool acceptName(std::string_view wanted) {
    auto before = rest;
    if (name() == wanted) {
      return true;
    }
    rest = before;
    return false;
  }

  // A number of bytes from 1.
  std::optional<uint32_t> bytes() {
    auto before = rest;
    auto number = integer();
    if (!number || *number <= 0 || *number > int64_t(mostParamBytes)) {
      rest = before;
      return {};
    }
    return uint32_t(*number);
  }

  std::optional<int64_t> integer() {
    skipSpace();
    int64_t number = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) {
      return {};
    }
    take(end - rest.data());
    return number;
  }

  bool atEnd() {
    skipSpace();
    return rest.empty();
  }

private:
  std::string_view rest;

  static bool isNameChar(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  }

  void skipSpace() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) {
      take(1);
    }
  }

  std::string_view take(size_t size) {
    auto taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  }
};

} // namespace parigot

#endif // parigot_abi_param_reader_h
