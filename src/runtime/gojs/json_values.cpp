#include "json_values.h"

#include "base64.h"
#include "bytes.h"
#include "interface.h"
#include "needs_javascript.h"
#include "object_keys.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

// Values may be nested this deep. JavaScript's stack has room for more, but no text that is written by hand needs it.
constexpr uint32_t deepest = 500;

// In calls of a library, a Uint8Array is an object with only this property.
constexpr Text bytesKey = "base64";

} // namespace

// --- Writing

bool JsonWriter::write(const Value& given, const Value& key) {
  Value value = given;
  if (auto* plain = as<Plain>(given, Kind::plain)) {
    auto* function = plain->properties.find("toJSON");
    if (function && function->isFunction()) {
      value = invoke(*function, given, {&key, 1}).value;
    }
  }
  if (value.isUndefined() || value.isFunction() || !problem.empty()) {
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

bool JsonWriter::writeObject(const Value& value) {
  for (auto* object : open) {
    if (object == value.object()) {
      problem << "Converting circular structure to JSON";
      return false;
    }
  }
  if (dialect == JsonDialect::calls && value.object(Kind::bytes)) {
    return writeBytes(value);
  }
  if (open.size() >= deepest) {
    if (dialect == JsonDialect::javaScript) {
      needsJavaScript("what is so deep", "JSON.stringify");
    }
    problem << "more than 500 objects are in each other";
    return false;
  }
  auto* array = asArray(value);
  to << (array ? '[' : '{');
  open.push(value.object());
  bool any = array ? writeItems(*array) : writeProperties(value);
  open.pop();
  if (any) {
    newLine();
  }
  to << (array ? ']' : '}');
  return true;
}

// Writes the items of an array. The result says whether there are any. The program may change the array meanwhile.
bool JsonWriter::writeItems(const Array& array) {
  for (uint32_t i = 0; i < array.items.size(); i++) {
    separate(i);
    Value item = array.items[i];
    if (!write(item, item.object(Kind::plain) ? toString(Value(double(i))) : Value())) {
      to << "null";
    }
  }
  return !array.items.empty();
}

bool JsonWriter::writeProperties(const Value& value) {
  List<Key> keys;
  if (!keysOf(value, keys)) {
    Text name = interfaceOf(*value.object()).name;
    if (dialect == JsonDialect::javaScript) {
      needsJavaScript("stringify", name);
    }
    problem << "JSON has no form for " << name;
    return false;
  }
  if (dialect == JsonDialect::calls && keys.size() == 1 && asString(keys[0].name)->text() == bytesKey &&
      keys[0].value.isString()) {
    problem << "an object whose only property is a text 'base64' stands for a Uint8Array, and it is none";
    return false;
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

bool JsonWriter::writeBytes(const Value& value) {
  auto& bytes = *asBytes(value);
  to << "{\"" << bytesKey << "\":\"";
  if (bytes.length) {
    appendBase64(to, state().buffers.toReadWhole(bytes, 0, bytes.length), bytes.length);
  }
  to << "\"}";
  return true;
}

void JsonWriter::separate(bool any) {
  if (any) {
    to << ',';
  }
  newLine();
}

void JsonWriter::newLine() {
  if (indent.size) {
    to << '\n';
    for (uint32_t i = 0; i < open.size(); i++) {
      to << indent;
    }
  }
}

// --- Reading

Value JsonReader::whole() {
  Value value = read();
  if (lexer.failed || !lexer.atEnd()) {
    if (problem.empty()) {
      lexer.describe(problem);
    }
    return {};
  }
  return value;
}

Value JsonReader::read() {
  if (depth >= deepest) {
    if (dialect == JsonDialect::javaScript) {
      needsJavaScript("JSON that is so deep", "JSON.parse");
    }
    problem << "more than 500 values are in each other";
    lexer.fail();
    return {};
  }
  depth++;
  Value value = readValue();
  depth--;
  return value;
}

Value JsonReader::readValue() {
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

// Reads what is between two brackets: nothing, or items with commas between them.
template<typename ReadItem> void JsonReader::readList(char open, char close, ReadItem readItem) {
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

Value JsonReader::readObject() {
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
  if (dialect == JsonDialect::calls && !lexer.failed && plain->properties.size() == 1) {
    auto* base64 = plain->properties.find(bytesKey);
    if (base64 && base64->isString()) {
      return bytesOf(asString(*base64)->text());
    }
  }
  return result;
}

Value JsonReader::bytesOf(Text text) {
  uint32_t size;
  if (!sizeOfBase64(text, size)) {
    problem << "a text 'base64' is none";
    lexer.fail();
    return {};
  }
  auto* bytes = makeBytes(size);
  Value result(bytes);
  bytes->shared = true; // the caller gave these bytes, and the program may read them more than once
  if (!readBase64(text, state().buffers.toWrite(*bytes, 0, size))) {
    problem << "a text 'base64' is none";
    lexer.fail();
    return {};
  }
  state().buffers.wrote(*bytes, size);
  return result;
}

Value JsonReader::readArray() {
  auto* array = make<Array>();
  Value result(array);
  readList('[', ']', [&]() { array->items.push(read()); });
  return result;
}

} // namespace gojs
