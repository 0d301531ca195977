// Writes values as JSON, and reads JSON as values. JSON.stringify and JSON.parse use it, and so do the calls of a
// library (library.h).

#ifndef parigot_runtime_gojs_json_values_h
#define parigot_runtime_gojs_json_values_h

#include "json_text.h"
#include "objects.h"

namespace gojs {

enum class JsonDialect {
  // ECMAScript's JSON. A value that is not served ends the program.
  javaScript,
  // The same, where {"base64": "AAEC"} is a Uint8Array. A value that is not served is reported as `problem`.
  calls,
};

class JsonWriter {
public:
  // `indent` is the text that indents each level. If it is empty, everything is in one line.
  JsonWriter(Characters& to, Text indent, JsonDialect dialect) : to(to), indent(indent), dialect(dialect) {}

  // Writes a value. `key` is the name or index of the value in its object, for the value's function toJSON. False: JSON
  // has no form for the value, and nothing was written.
  bool write(const Value& value, const Value& key);

  Characters problem; // why the value cannot be written, as one clause; empty if it can

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

  // Reads the whole text as one value. Undefined if there is a problem.
  Value whole();

  Characters problem; // why the text is no value, as one clause; empty if it is one

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
