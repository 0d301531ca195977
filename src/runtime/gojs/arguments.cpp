#include "arguments.h"

#include "runtime.h"
#include "utf8.h"

namespace gojs {

namespace {

using Sizes = __wasi_errno_t (*)(__wasi_size_t*, __wasi_size_t*);
using Get = __wasi_errno_t (*)(uint8_t**, uint8_t*);

void readStrings(Sizes sizes, Get get, List<Characters>& strings) {
  __wasi_size_t count = 0, bytes = 0;
  List<uint8_t*> places;
  List<uint8_t> buffer;
  bool read = sizes(&count, &bytes) == 0;
  if (read && count != 0) { // Node's WASI gives an error where there are no strings
    places.resize(uint64_t(count) + 1);
    buffer.resize(uint64_t(bytes) + 1);
    read = get(places.begin(), buffer.begin()) == 0;
  }
  if (!read) {
    fail("the host has no arguments or environment");
  }
  for (uint32_t i = 0; i < count; i++) {
    auto* text = reinterpret_cast<const char*>(places[i]);
    strings.push({});
    decodeUtf8(strings.back(), {text, uint32_t(strlen(text))});
  }
}

bool isBefore(Text left, Text right) {
  int order = memcmp(left.data, right.data, left.size < right.size ? left.size : right.size);
  return order ? order < 0 : left.size < right.size;
}

void swap(Characters& a, Characters& b) {
  Characters other = static_cast<Characters&&>(a);
  a = static_cast<Characters&&>(b);
  b = static_cast<Characters&&>(other);
}

// Moves the text at `at` down to where it belongs in a heap that has its largest text at the top.
void sink(List<Characters>& heap, uint32_t at, uint32_t size) {
  while (at * 2 + 1 < size) {
    uint32_t child = at * 2 + 1;
    if (child + 1 < size && isBefore(heap[child], heap[child + 1])) {
      child++;
    }
    if (!isBefore(heap[at], heap[child])) {
      return;
    }
    swap(heap[at], heap[child]);
    at = child;
  }
}

} // namespace

void readArguments(List<Characters>& arguments) { readStrings(__wasi_args_sizes_get, __wasi_args_get, arguments); }

void readEnvironment(List<Characters>& variables) {
  readStrings(__wasi_environ_sizes_get, __wasi_environ_get, variables);
  for (uint32_t i = variables.size(); i-- > 0;) {
    Text whole = variables[i];
    auto* equals = static_cast<const char*>(memchr(whole.data, '=', whole.size));
    bool dropped = !equals;
    if (equals) {
      Text name{whole.data, uint32_t(equals - whole.data) + 1};
      for (uint32_t j = i + 1; j < variables.size() && !dropped; j++) {
        dropped = variables[j].text().startsWith(name);
      }
    }
    if (dropped) {
      variables.remove(i);
    }
  }
}

void sortTexts(List<Characters>& texts) {
  for (uint32_t i = texts.size() / 2; i-- > 0;) {
    sink(texts, i, texts.size());
  }
  for (uint32_t end = texts.size(); end-- > 1;) {
    swap(texts[0], texts[end]);
    sink(texts, 0, end);
  }
}

} // namespace gojs
