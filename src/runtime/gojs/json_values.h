// Values as JSON, and JSON as values: what JSON.stringify and JSON.parse do, and what carries the calls of a library
// (library.h).

#ifndef parigot_runtime_gojs_json_values_h
#define parigot_runtime_gojs_json_values_h

#include "json_text.h"
#include "objects.h"

namespace gojs {

enum class JsonDialect {
  // As ECMAScript has it. What is not served ends the program.
  javaScript,
  // The same, and {"base64": "AAEC"} is a Uint8Array. What is not served is a problem.
  calls,
};

class JsonWriter {
public:
  // `indent` is what each level is indented by; empty: there are no lines.
  JsonWriter(Characters& to, Text indent, JsonDialect dialect) : to(to), indent(indent), dialect(dialect) {}

  // `key` is where the value is, for its function toJSON. False if the value is one of those that JSON has not, and
  // nothing was written.
  bool write(const Value& value, const Value& key);

  Characters problem; // why nothing comes of it, one clause; empty if something does

private:
  bool writeObject(const Value& value);
  bool writeInside(const Value& value);
  bool writeItems(const Array& array);
  bool writeProperties(const Value& value);
  bool writeBytes(const Value& value);
  void separate(bool any);
  void newLine();

  Characters& to;
  const Text indent;
  const JsonDialect dialect;
  List<Object*> open; // objects that are being written
};

class JsonReader {
public:
  JsonReader(Text text, JsonDialect dialect) : lexer(text), dialect(dialect) {}

  // Undefined where there is a problem.
  Value whole();

  Characters problem; // why the text is no value, one clause; empty if it is

private:
  Value read();
  Value readValue();
  Value readObject();
  Value readArray();
  Value bytesOf(Text base64);
  template<typename ReadItem> void readList(char open, char close, ReadItem readItem);

  JsonLexer lexer;
  const JsonDialect dialect;
  uint32_t depth = 0;
};

} // namespace gojs

#endif // parigot_runtime_gojs_json_values_h
