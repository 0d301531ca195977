#include "json_text.h"

#include "number.h"

namespace gojs {

namespace {

constexpr Text escaped = "\"\\/\b\f\n\r\t",
               letters = "\"\\/bfnrt"; // characters, and the letter after the backslash for each

// Finds a character in `from`, and gives the character at the same index of `to`; 0 if `from` does not have it.
char translate(char character, Text from, Text to) {
  auto* found = static_cast<const char*>(memchr(from.data, character, from.size));
  return found ? to[uint32_t(found - from.data)] : '\0';
}

void appendUtf8(Characters& to, uint32_t point) {
  if (point < 0x80) {
    to << char(point);
    return;
  }
  uint32_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr uint8_t heads[] = {0, 0xC0, 0xE0, 0xF0};
  to << char(heads[more] | point >> 6 * more);
  while (more-- > 0) {
    to << char(0x80 | (point >> 6 * more & 0x3F));
  }
}

} // namespace

void appendJsonString(Characters& to, Text text) {
  constexpr Text hex = "0123456789abcdef";
  to << '"';
  for (uint32_t i = 0; i < text.size; i++) {
    auto byte = uint8_t(text[i]);
    char letter = byte == '/' ? '\0' : translate(text[i], escaped, letters);
    if (letter) {
      to << '\\' << letter;
    } else if (byte < 0x20) {
      to << "\\u00" << hex[byte >> 4] << hex[byte & 15];
    } else {
      to << text[i];
    }
  }
  to << '"';
}

char JsonLexer::next() {
  while (here() == ' ' || here() == '\t' || here() == '\n' || here() == '\r') {
    at++;
  }
  return here();
}

void JsonLexer::take(char character) {
  if (failed || here() != character || at >= text.size) {
    failed = true;
    return;
  }
  at++;
}

void JsonLexer::expect(Text word) {
  for (uint32_t i = 0; i < word.size; i++) {
    take(word[i]);
  }
}

uint32_t JsonLexer::readHex() {
  uint32_t value = 0;
  for (uint32_t i = 0; i < 4 && !failed; i++) {
    char digit = here();
    char lower = char(digit | 0x20);
    bool isLetter = lower >= 'a' && lower <= 'f';
    if (!isDigit() && !isLetter) {
      failed = true;
      break;
    }
    value = value << 4 | uint32_t(isLetter ? lower - 'a' + 10 : digit - '0');
    at++;
  }
  return value;
}

// Reads an escape from after its backslash. A surrogate that is alone becomes U+FFFD, as it does when a program reads
// it.
void JsonLexer::readEscape(Characters& to) {
  if (here() != 'u') {
    char character = translate(here(), letters, escaped);
    failed |= character == 0 || at >= text.size;
    at += !failed;
    to << character;
    return;
  }
  at++;
  uint32_t point = readHex();
  if (point >= 0xD800 && point < 0xDC00 && here() == '\\' && at + 1 < text.size && text[at + 1] == 'u') {
    uint32_t before = at;
    at += 2;
    uint32_t low = readHex();
    if (low >= 0xDC00 && low < 0xE000) {
      point = 0x10000 + ((point & 0x3FF) << 10 | (low & 0x3FF));
    } else if (!failed) {
      at = before;
    }
  }
  appendUtf8(to, point >= 0xD800 && point < 0xE000 ? 0xFFFD : point);
}

void JsonLexer::readString(Characters& to) {
  take('"');
  while (!failed) {
    if (at >= text.size || uint8_t(here()) < 0x20) {
      failed = true;
    } else if (here() == '"') {
      at++;
      return;
    } else if (here() == '\\') {
      at++;
      readEscape(to);
    } else {
      to << text[at++];
    }
  }
}

double JsonLexer::readNumber() {
  constexpr uint64_t roomForDigit = (UINT64_MAX - 9) / 10;
  constexpr int64_t farExponent = 100000;
  bool negative = here() == '-';
  at += negative;
  uint64_t digits = 0;
  int64_t exponent = 0;
  bool more = false;
  auto readDigits = [&](bool isFraction) {
    uint32_t begin = at;
    for (; isDigit(); at++) {
      bool fits = digits <= roomForDigit;
      more |= !fits && here() != '0';
      digits = fits ? digits * 10 + uint64_t(here() - '0') : digits;
      exponent += isFraction ? -int64_t(fits) : int64_t(!fits);
    }
    failed |= at == begin;
  };
  bool zero = here() == '0';
  if (zero) {
    at++;
  } else {
    readDigits(false);
  }
  if (!failed && here() == '.') {
    at++;
    readDigits(true);
  }
  if (!failed && (here() | 0x20) == 'e') {
    at++;
    bool down = here() == '-';
    at += down || here() == '+';
    failed |= !isDigit();
    int64_t power = 0;
    for (; isDigit(); at++) {
      power = power < farExponent ? power * 10 + (here() - '0') : power;
    }
    exponent += down ? -power : power;
  }
  double number = failed ? 0 : nearestNumber(digits, exponent, more);
  return negative ? -number : number;
}

void JsonLexer::describe(Characters& message) const {
  if (at >= text.size) {
    message << "Unexpected end of JSON input";
    return;
  }
  message << "Unexpected token in JSON at position ";
  appendNumber(message, at);
}

} // namespace gojs
