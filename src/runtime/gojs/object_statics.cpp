// Functions of the constructors Object and Array.

#include "object_keys.h"

#include "globals.h"
#include "needs_javascript.h"
#include "number.h"
#include "operations.h"

namespace gojs {

namespace {

// Reads a name as an index. False: it is none. Among the names of an object the indices come first, in their order.
bool isIndex(Text name, uint32_t& index) {
  uint64_t number = 0;
  if (name.size == 0 || name.size > 10 || (name[0] == '0' && name.size > 1)) {
    return false;
  }
  for (uint32_t i = 0; i < name.size; i++) {
    if (name[i] < '0' || name[i] > '9') {
      return false;
    }
    number = number * 10 + uint64_t(name[i] - '0');
  }
  index = uint32_t(number);
  return number < UINT32_MAX;
}

struct Indexed {
  uint32_t index, place;
};

// Part of a heap sort by index, in place: moves the entry at `at` down to where it belongs.
void sink(List<Indexed>& heap, uint32_t at, uint32_t size) {
  while (at * 2 + 1 < size) {
    uint32_t child = at * 2 + 1;
    child += child + 1 < size && heap[child].index < heap[child + 1].index;
    if (heap[at].index >= heap[child].index) {
      return;
    }
    Indexed other = heap[at];
    heap[at] = heap[child];
    heap[child] = other;
    at = child;
  }
}

void sort(List<Indexed>& items) {
  for (uint32_t i = items.size() / 2; i-- > 0;) {
    sink(items, i, items.size());
  }
  for (uint32_t end = items.size(); end-- > 1;) {
    Indexed first = items[0];
    items[0] = items[end];
    items[end] = first;
    sink(items, 0, end);
  }
}

Value nameOf(uint32_t index) {
  Characters digits;
  appendNumber(digits, index);
  return string(digits);
}

void keysOfPlain(const Properties& properties, List<Key>& keys) {
  List<Indexed> indices;
  uint32_t index, place = 0;
  for (auto& property : properties) {
    if (isIndex(asString(property.name)->text(), index)) {
      indices.push({index, place});
    }
    place++;
  }
  sort(indices);
  for (auto& item : indices) {
    auto& property = properties.begin()[item.place];
    keys.push({property.name, property.value});
  }
  for (auto& property : properties) {
    if (indices.empty() || !isIndex(asString(property.name)->text(), index)) {
      keys.push({property.name, property.value});
    }
  }
}

// Object.keys, Object.values or Object.entries. `makeItem` makes one element of the result.
template<typename Make> Outcome listOf(Arguments arguments, Text function, Make makeItem) {
  if (arguments[0].isNothing()) {
    return thrownAs("TypeError", "Cannot convert undefined or null to object");
  }
  List<Key> keys;
  if (arguments[0].object() && !keysOf(arguments[0], keys)) {
    needsJavaScript(function, interfaceOf(*arguments[0].object()).name);
  }
  auto* array = make<Array>();
  Value result(array);
  for (auto& key : keys) {
    array->items.push(makeItem(key));
  }
  return result;
}

Outcome keys(const Value&, Arguments arguments) {
  return listOf(arguments, "Object.keys", [](Key& key) { return key.name; });
}
Outcome values(const Value&, Arguments arguments) {
  return listOf(arguments, "Object.values", [](Key& key) { return key.value; });
}
Outcome entries(const Value&, Arguments arguments) {
  return listOf(arguments, "Object.entries", [](Key& key) {
    Value both[] = {key.name, key.value};
    return makeArray(both, 2);
  });
}

// Object.assign(to, from...)
Outcome assign(const Value&, Arguments arguments) {
  if (!arguments[0].object()) {
    return thrownAs("TypeError", "Cannot convert undefined or null to object");
  }
  for (uint32_t i = 1; i < arguments.size; i++) {
    List<Key> found;
    if (arguments[i].object() && !keysOf(arguments[i], found)) {
      needsJavaScript("Object.assign", interfaceOf(*arguments[i].object()).name);
    }
    for (auto& key : found) {
      setProperty(arguments[0], asString(key.name)->text(), key.value);
    }
  }
  return arguments[0];
}

Outcome isArray(const Value&, Arguments arguments) { return Value::boolean(asArray(arguments[0])); }
Outcome arrayOf(const Value&, Arguments arguments) { return makeArray(arguments.items, arguments.size); }

// Array.from(array or bytes)
Outcome arrayFrom(const Value&, Arguments arguments) {
  List<Key> items;
  if (arguments.size > 1 || arguments[0].object(Kind::plain) || !keysOf(arguments[0], items)) {
    needsJavaScript("from", "Array");
  }
  auto* array = make<Array>();
  Value result(array);
  for (auto& item : items) {
    array->items.push(item.value);
  }
  return result;
}

constexpr Member objectMembers[] = {
  {.name = "keys", .call = keys},
  {.name = "values", .call = values},
  {.name = "entries", .call = entries},
  {.name = "assign", .call = assign},
};
constexpr Member arrayMembers[] = {
  {.name = "isArray", .call = isArray},
  {.name = "of", .call = arrayOf},
  {.name = "from", .call = arrayFrom},
};

} // namespace

bool keysOf(const Value& of, List<Key>& keys) {
  auto* object = of.object();
  if (!object) {
    return false;
  }
  if (object->kind == Kind::plain) {
    keysOfPlain(static_cast<Plain&>(*object).properties, keys);
    return true;
  }
  if (object->kind != Kind::array && object->kind != Kind::bytes) {
    return false;
  }
  int64_t length = lengthOf(of);
  for (int64_t i = 0; i < length; i++) {
    keys.push({nameOf(uint32_t(i)), getElement(of, i)});
  }
  return true;
}

const Interface objectStatics = {.name = "Object", .members = objectMembers, .memberCount = countOf(objectMembers)};
const Interface arrayStatics = {.name = "Array", .members = arrayMembers, .memberCount = countOf(arrayMembers)};

} // namespace gojs
