// JSON as text: strings, numbers and what is between them (ECMA-404).

#ifndef parigot_runtime_gojs_json_text_h
#define parigot_runtime_gojs_json_text_h

#include "runtime.h"

namespace gojs {

// With quotes, as JSON.stringify writes it.
void appendJsonString(Characters& to, Text text);

// Reads a text from its start on. Once something is not as it should be, it has failed, and stays where it was.
class JsonLexer {
public:
  explicit JsonLexer(Text text) : text(text) {}

  // The next character behind white space, which it stays before; 0 at the end.
  char next();
  void take(char character);
  void expect(Text word);
  void readString(Characters& to);
  double readNumber();
  bool atEnd() { return next() == 0 && at >= text.size; }
  void fail() { failed = true; }

  // V8's words for why it failed, as far as they do not quote the text around it.
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
