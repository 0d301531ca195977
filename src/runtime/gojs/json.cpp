// global.JSON: the functions stringify and parse, for the values that programs make. Functions that are called back for
// each value (a replacer, a reviver) are not served.

#include "globals.h"
#include "json_values.h"
#include "needs_javascript.h"
#include "operations.h"
#include "runtime.h"

namespace gojs {

namespace {

// Reads the indent that stringify gets: a number of blanks, at most ten, or a text, of which ten characters count.
void indentOf(const Value& value, Characters& indent) {
  if (auto* text = asString(value)) {
    uint32_t size = 0, characters = 0;
    while (size < text->size && (characters < 10 || (text->data()[size] & 0xC0) == 0x80)) {
      characters += (text->data()[size++] & 0xC0) != 0x80;
    }
    indent << Text{text->data(), size};
  } else {
    for (int32_t i = 0; i < 10 && value.number() >= i + 1; i++) {
      indent << ' ';
    }
  }
}

Outcome stringify(const Value&, Arguments arguments) {
  if (arguments[1].object()) {
    needsJavaScript("a replacer", "JSON.stringify");
  }
  Characters text, indent;
  indentOf(arguments[2], indent);
  JsonWriter writer(text, indent, JsonDialect::javaScript);
  bool written = writer.write(arguments[0], string(""));
  if (!writer.problem.empty()) {
    return thrownAs("TypeError", writer.problem);
  }
  return written ? string(text) : Value();
}

Outcome parse(const Value&, Arguments arguments) {
  if (arguments[1].isFunction()) {
    needsJavaScript("a reviver", "JSON.parse");
  }
  Value text = toString(arguments[0]);
  JsonReader reader(asString(text)->text(), JsonDialect::javaScript);
  Value value = reader.whole();
  return reader.problem.empty() ? Outcome(value) : thrownAs("SyntaxError", reader.problem);
}

constexpr Member members[] = {
  {.name = "stringify", .call = stringify},
  {.name = "parse", .call = parse},
};
constexpr Interface jsonInterface = {.name = "JSON", .members = members, .memberCount = countOf(members)};

} // namespace

Builtin jsonObject(&jsonInterface);

} // namespace gojs
