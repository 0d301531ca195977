// The global object, those of its properties that have no file of their own, and the Go object.

#include "bytes.h"
#include "globals.h"
#include "needs_javascript.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

// --- crypto, performance, console

// Fills an array of any length. Browsers refuse more than 65536 bytes at a time, and newer Go does not ask for more.
// Go's wasm_exec_node.js up to 1.22, however, has no limit, and crypto/rand up to 1.19 asks for all bytes at once.
Outcome getRandomValues(const Value&, Arguments arguments) {
  auto* bytes = asBytes(arguments[0]);
  if (!bytes) {
    return thrown("ERR_INVALID_ARG_TYPE", "The \"array\" argument must be a Uint8Array");
  }
  fillRandom(state().buffers.toWrite(*bytes, 0, bytes->length), bytes->length);
  state().buffers.wrote(*bytes, bytes->length);
  return arguments[0];
}

constexpr Member cryptoMembers[] = {{.name = "getRandomValues", .call = getRandomValues}};
constexpr Interface cryptoInterface = {
  .name = "crypto", .members = cryptoMembers, .memberCount = countOf(cryptoMembers)};
Builtin cryptoObject(&cryptoInterface);

Outcome now(const Value&, Arguments) { return Value(double(monotonic()) / 1e6); }

constexpr Member performanceMembers[] = {{.name = "now", .call = now}};
constexpr Interface performanceInterface = {
  .name = "performance", .members = performanceMembers, .memberCount = countOf(performanceMembers)};
Builtin performanceObject(&performanceInterface);

// Prints strings, numbers, booleans, null and undefined. Other values are not served: Node prints them as its
// util.inspect does.
Outcome printTo(uint32_t fd, Arguments arguments) {
  Characters line;
  for (uint32_t i = 0; i < arguments.size; i++) {
    if (i) {
      line << ' ';
    }
    auto* object = arguments[i].object();
    if (object && object->kind != Kind::string) {
      needsJavaScript("console.log", interfaceOf(*object).name);
    }
    line << asString(toString(arguments[i]))->text();
  }
  line << '\n';
  writeAll(fd, line);
  return {};
}
template<uint32_t fd> Outcome print(const Value&, Arguments arguments) { return printTo(fd, arguments); }

constexpr Member consoleMembers[] = {
  {.name = "log", .call = print<1>},
  {.name = "info", .call = print<1>},
  {.name = "debug", .call = print<1>},
  {.name = "warn", .call = print<2>},
  {.name = "error", .call = print<2>},
};
constexpr Interface consoleInterface = {
  .name = "console", .members = consoleMembers, .memberCount = countOf(consoleMembers)};
Builtin consoleObject(&consoleInterface);

// --- global

template<Builtin* object> Value get(Object&) { return Value(object); }

constexpr Member globalMembers[] = {
  {.name = "Object", .call = newObject, .construct = newObject, .instances = Kind::plain, .statics = &objectStatics},
  {.name = "Array", .call = newArray, .construct = newArray, .instances = Kind::array, .statics = &arrayStatics},
  {.name = "Error", .call = newError, .construct = newError, .instances = Kind::error},
  {.name = "TypeError", .call = newTypeError, .construct = newTypeError, .instances = Kind::error},
  {.name = "RangeError", .call = newRangeError, .construct = newRangeError, .instances = Kind::error},
  {.name = "SyntaxError", .call = newSyntaxError, .construct = newSyntaxError, .instances = Kind::error},
  {.name = "Promise", .construct = newPromise, .instances = Kind::promise, .statics = &promiseStatics},
  {.name = "JSON", .get = get<&jsonObject>},
  {.name = "Math", .get = get<&mathObject>},
  {.name = "setTimeout", .call = setTimeout},
  {.name = "setInterval", .call = setInterval},
  {.name = "setImmediate", .call = setImmediate},
  {.name = "clearTimeout", .call = clearTimer},
  {.name = "clearInterval", .call = clearTimer},
  {.name = "clearImmediate", .call = clearTimer},
  {.name = "queueMicrotask", .call = queueMicrotask},
  {.name = "Uint8Array", .construct = newBytes, .instances = Kind::bytes},
  {.name = "Date", .construct = newDate, .instances = Kind::date},
  {.name = "fs", .get = get<&fsObject>},
  {.name = "process", .get = get<&processObject>},
  {.name = "path", .get = get<&pathObject>},
  {.name = "crypto", .get = get<&cryptoObject>},
  {.name = "performance", .get = get<&performanceObject>},
  {.name = "console", .get = get<&consoleObject>},
  {.name = "global", .get = get<&globalObject>},
  {.name = "globalThis", .get = get<&globalObject>},
  {.name = "NaN", .get = [](Object&) { return Value(Value::nan); }},
  {.name = "Infinity", .get = [](Object&) { return Value(__builtin_inf()); }},
};

// The other names on Node 20's global object, each followed by a space. These are not in the list: `fetch`, which has
// to be undefined so that Go's net/http uses its network within the program; names that only browsers have; and names
// that only later versions of Node have (navigator).
constexpr Text unservedFunctions =
  "AbortController AbortSignal AggregateError ArrayBuffer BigInt BigInt64Array BigUint64Array Blob Boolean "
  "BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey "
  "CustomEvent "
  "DOMException DataView DecompressionStream EvalError Event EventTarget File FinalizationRegistry Float32Array "
  "Float64Array FormData Function Go Headers Int16Array Int32Array Int8Array Map MessageChannel MessageEvent "
  "MessagePort Number Performance Proxy ReadableStream ReferenceError RegExp Request "
  "Response Set "
  "SharedArrayBuffer String SubtleCrypto Symbol TextDecoder TextDecoderStream TextEncoder "
  "TextEncoderStream "
  "TransformStream URIError URL URLSearchParams Uint16Array Uint32Array Uint8ClampedArray WeakMap WeakRef "
  "WeakSet "
  "WritableStream atob btoa decodeURI decodeURIComponent "
  "encodeURI "
  "encodeURIComponent escape eval isFinite isNaN parseFloat parseInt require structuredClone unescape ";
constexpr Text unservedObjects = "Atomics Intl Reflect WebAssembly ";

// Finds a word in a list, and gives the word in the list's own static text. Empty if the list does not have it.
Text findWord(Text words, Text word) {
  for (uint32_t start = 0, i = 0; i < words.size; i++) {
    if (words[i] == ' ') {
      Text candidate{words.data + start, i - start};
      if (candidate == word) {
        return candidate;
      }
      start = i + 1;
    }
  }
  return {};
}

Value unserved(Text name) {
  static List<Value> made; // each object is made at most once
  for (auto& value : made) {
    if (static_cast<Unserved*>(value.object())->name == name) {
      return value;
    }
  }
  Text function = findWord(unservedFunctions, name), plain = findWord(unservedObjects, name);
  if (name.size == 0 || function.size + plain.size == 0) {
    return {};
  }
  auto* object = make<Unserved>();
  object->name = plain.size ? plain : function;
  object->isPlain = plain.size;
  return made.push(Value(object));
}

constexpr Interface globalInterface = {.name = "global",
                                       .members = globalMembers,
                                       .memberCount = countOf(globalMembers),
                                       .othersAreUndefined = true,
                                       .other = unserved};

// --- The Go object: class Go of wasm_exec.js

Outcome makeFuncWrapper(const Value&, Arguments arguments) {
  double id = arguments[0].number();
  if (!(id >= 1 && id <= UINT32_MAX)) {
    fail("_makeFuncWrapper is given what is no id of a function");
  }
  auto* function = make<Function>();
  function->goId = uint32_t(id);
  return Value(function);
}

constexpr Member goMembers[] = {
  {.name = "_makeFuncWrapper", .call = makeFuncWrapper},
  {.name = "_pendingEvent", .get = [](Object&) { return state().events.pending; }},
};
constexpr Interface goInterface = {.name = "the Go object", .members = goMembers, .memberCount = countOf(goMembers)};

} // namespace

Builtin globalObject(&globalInterface, References::global);
Builtin goObject(&goInterface, References::go);

} // namespace gojs
