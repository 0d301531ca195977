// JSON as text: strings, numbers, and the characters between them (ECMA-404).

#ifndef parigot_runtime_gojs_json_text_h
#define parigot_runtime_gojs_json_text_h

#include "runtime.h"

namespace gojs {

// Appends a string with its quotes, as JSON.stringify writes it.
void appendJsonString(Characters& to, Text text);

// Reads a text from its start on. At the first error it has failed, and stays at that place.
class JsonLexer {
public:
  explicit JsonLexer(Text text) : text(text) {}

  // Skips white space, and gives the character after it without consuming it; 0 at the end.
  char next();
  void take(char character);
  void expect(Text word);
  void readString(Characters& to);
  double readNumber();
  bool atEnd() { return next() == 0 && at >= text.size; }
  void fail() { failed = true; }

  // Appends the reason why it failed, in V8's words without the text that V8 quotes.
  void describe(Characters& message) const;

  bool failed = false;

private:
  char here() const { return at < text.size ? text[at] : '\0'; }
  bool isDigit() const { return here() >= '0' && here() <= '9'; }
  uint32_t readHex();
  void readEscape(Characters& to);

  const Text text;
  uint32_t at = 0;
};

} // namespace gojs

#endif // parigot_runtime_gojs_json_text_h
