// Finds the reply to a request.

#include "table.h"

#include "../common/fail.h"
#include "../common/wasi.h"

namespace runtime {

Text failPrefix() { return "parigot: stand-in: "; }

} // namespace runtime

namespace standin {

using namespace runtime;

namespace {

constexpr uint32_t longestShown = 40; // bytes of a request in a message

int compare(Text a, Text b) {
  uint32_t least = a.size < b.size ? a.size : b.size;
  int order = least ? memcmp(a.data, b.data, least) : 0;
  return order ? order : a.size < b.size ? -1 : a.size > b.size;
}

uint32_t commonBytes(Text a, Text b) {
  uint32_t n = 0;
  while (n < a.size && n < b.size && a[n] == b[n]) {
    n++;
  }
  return n;
}

// The place of a request among sorted ones, or where it would be.
uint32_t placeOf(const Method& method, Text request) {
  uint32_t from = 0, to = method.exactCount;
  while (from < to) {
    uint32_t middle = from + (to - from) / 2;
    if (compare(method.exact[middle].request, request) < 0) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

Group* find(const Method& method, Text request) {
  uint32_t place = placeOf(method, request);
  if (place < method.exactCount && method.exact[place].request == request) {
    return &method.exact[place];
  }
  for (uint32_t i = 0; i < method.prefixCount; i++) {
    if (request.startsWith(method.prefixes[i].request)) {
      return &method.prefixes[i];
    }
  }
  return nullptr;
}

// Writes bytes as text in quotes, with escapes for all that is not printable ASCII.
void show(Text bytes) {
  static const char digits[] = "0123456789abcdef";
  char text[longestShown * 4 + 8];
  uint32_t size = 0;
  text[size++] = '"';
  for (uint32_t i = 0; i < bytes.size && i < longestShown; i++) {
    auto c = uint8_t(bytes[i]);
    if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
      text[size++] = char(c);
    } else {
      text[size++] = '\\';
      text[size++] = digits[c >> 4];
      text[size++] = digits[c & 15];
    }
  }
  text[size++] = '"';
  writeAll(2, {text, size});
  if (bytes.size > longestShown) {
    writeAll(2, "..");
  }
}

void sayMissing(const Method& method, Text request) {
  writeAll(2, "parigot: the service ");
  writeAll(2, table()->service);
  writeAll(2, " is cut, and has no reply to ");
  writeAll(2, method.name);
  writeAll(2, " with the request ");
  show(request);
  if (method.exactCount) {
    // In sorted order, the request with the most bytes in common is next to the place of this one.
    uint32_t place = placeOf(method, request);
    bool after = place < method.exactCount;
    if (after && place &&
        commonBytes(method.exact[place - 1].request, request) >= commonBytes(method.exact[place].request, request)) {
      after = false;
    }
    writeAll(2, "; the nearest one in ");
    writeAll(2, table()->recording);
    writeAll(2, " is ");
    show(method.exact[after ? place : place - 1].request);
  }
  writeAll(2, "\n");
}

} // namespace

const Reply* answer(uint32_t number, Text request) {
  auto& method = table()->methods[number];
  auto* group = find(method, request);
  if (!group) {
    // A service that is cut and has no replies fails silently: that is what was asked for.
    if (method.exactCount || method.prefixCount) {
      sayMissing(method, request);
    }
    if (table()->traps) {
      __builtin_trap();
    }
    return nullptr;
  }
  auto& reply = group->replies[group->next];
  group->next += group->next + 1 < group->count;
  if (reply.after) {
    sleep(reply.after);
  }
  return &reply;
}

} // namespace standin
