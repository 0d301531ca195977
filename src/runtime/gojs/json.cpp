// global.JSON: stringify, and parse, of the values that programs make. Less what calls back for each value (a replacer,
// a reviver).

#include "globals.h"
#include "json_text.h"
#include "needs_javascript.h"
#include "object_keys.h"
#include "operations.h"
#include "runtime.h"

namespace gojs {

namespace {

// Values in values; JavaScript's stack has room for more, but no text that is written by hand has.
constexpr uint32_t deepest = 500;

class Writer {
public:
  Writer(Characters& to, Text indent) : to(to), indent(indent) {}

  // False if the value is one of those that JSON has not, and nothing was written.
  bool write(const Value& given, const Value& key) {
    Value value = given;
    if (auto* plain = as<Plain>(given, Kind::plain)) {
      auto* function = plain->properties.find("toJSON");
      if (function && function->isFunction()) {
        value = invoke(*function, given, {&key, 1}).value;
      }
    }
    if (value.isUndefined() || value.isFunction() || problem.size) {
      return false;
    }
    if (value.isString()) {
      appendJsonString(to, asString(value)->text());
      return true;
    }
    if (!value.object()) {
      bool isFinite = !value.isNumber() || value.number() - value.number() == 0;
      to << (isFinite ? asString(toString(value))->text() : Text("null"));
      return true;
    }
    return writeObject(value);
  }

  Text problem; // why nothing comes of it; empty if something does

private:
  Characters& to;
  const Text indent;
  List<Object*> open; // objects that are being written

  bool writeObject(const Value& value) {
    for (auto* object : open) {
      if (object == value.object()) {
        problem = "Converting circular structure to JSON";
        return false;
      }
    }
    if (open.size() >= deepest) {
      needsJavaScript("what is so deep", "JSON.stringify");
    }
    open.push(value.object());
    auto* array = asArray(value);
    to << (array ? '[' : '{');
    bool any = array ? writeItems(*array) : writeProperties(value);
    open.pop();
    if (any) {
      newLine();
    }
    to << (array ? ']' : '}');
    return true;
  }

  // Whether there are any. A program may change the array meanwhile.
  bool writeItems(const Array& array) {
    for (uint32_t i = 0; i < array.items.size(); i++) {
      separate(i);
      Value item = array.items[i];
      if (!write(item, item.object(Kind::plain) ? toString(Value(double(i))) : Value())) {
        to << "null";
      }
    }
    return !array.items.empty();
  }

  bool writeProperties(const Value& value) {
    List<Key> keys;
    if (!keysOf(value, keys)) {
      needsJavaScript("stringify", interfaceOf(*value.object()).name);
    }
    bool any = false;
    for (auto& key : keys) {
      uint32_t before = to.size();
      separate(any);
      appendJsonString(to, asString(key.name)->text());
      to << (indent.size ? Text(": ") : Text(":"));
      if (write(key.value, key.name)) {
        any = true;
      } else {
        to.shrink(before);
      }
    }
    return any;
  }

  void separate(bool any) {
    if (any) {
      to << ',';
    }
    newLine();
  }
  void newLine() {
    if (indent.size) {
      to << '\n';
      for (uint32_t i = 0; i < open.size(); i++) {
        to << indent;
      }
    }
  }
};

// Up to ten blanks, or up to ten characters of a text.
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
  Writer writer(text, indent);
  bool written = writer.write(arguments[0], string(""));
  if (writer.problem.size) {
    return thrownAs("TypeError", writer.problem);
  }
  return written ? string(text) : Value();
}

class Reader {
public:
  explicit Reader(Text text) : lexer(text) {}

  // Undefined where the text is no JSON, and then `lexer` says why.
  Value whole() {
    Value value = read();
    return lexer.failed || !lexer.atEnd() ? (lexer.fail(), Value()) : value;
  }

  JsonLexer lexer;

private:
  uint32_t depth = 0;

  Value read() {
    if (depth >= deepest) {
      needsJavaScript("JSON that is so deep", "JSON.parse");
    }
    depth++;
    Value value = readValue();
    depth--;
    return value;
  }

  Value readValue() {
    switch (lexer.next()) {
      case '{':
        return readObject();
      case '[':
        return readArray();
      case '"': {
        Characters text;
        lexer.readString(text);
        return string(text);
      }
      case 't':
        lexer.expect("true");
        return Value::yes;
      case 'f':
        lexer.expect("false");
        return Value::no;
      case 'n':
        lexer.expect("null");
        return Value::null;
      default:
        return Value(lexer.readNumber());
    }
  }

  // What is between two brackets: nothing, or items with commas between them.
  template<typename ReadItem> void readList(char open, char close, ReadItem readItem) {
    lexer.take(open);
    if (lexer.next() == close) {
      lexer.take(close);
      return;
    }
    while (!lexer.failed) {
      readItem();
      if (lexer.next() != ',') {
        lexer.take(close);
        break;
      }
      lexer.take(',');
    }
  }

  Value readObject() {
    auto* plain = make<Plain>();
    Value result(plain);
    readList('{', '}', [&]() {
      Characters name;
      lexer.next();
      lexer.readString(name);
      lexer.next();
      lexer.take(':');
      plain->properties.set(string(name), read());
    });
    return result;
  }

  Value readArray() {
    auto* array = make<Array>();
    Value result(array);
    readList('[', ']', [&]() { array->items.push(read()); });
    return result;
  }
};

Outcome parse(const Value&, Arguments arguments) {
  if (arguments[1].isFunction()) {
    needsJavaScript("a reviver", "JSON.parse");
  }
  Value text = toString(arguments[0]);
  Reader reader(asString(text)->text());
  Value value = reader.whole();
  if (!reader.lexer.failed) {
    return value;
  }
  Characters message;
  reader.lexer.describe(message);
  return thrownAs("SyntaxError", message);
}

constexpr Member members[] = {
  {.name = "stringify", .call = stringify},
  {.name = "parse", .call = parse},
};
constexpr Interface jsonInterface = {.name = "JSON", .members = members, .memberCount = countOf(members)};

} // namespace

Builtin jsonObject(&jsonInterface);

} // namespace gojs
