// The closed set of objects that Go programs without JavaScript of their own make or are given, and how they are made
// and freed. Interfaces (interface.h) say which properties they have.

#ifndef parigot_runtime_gojs_objects_h
#define parigot_runtime_gojs_objects_h

#include "properties.h"
#include "value.h"

namespace gojs {

struct Interface;
struct Member;

// A string. Strings are interned: equal ones are one object, so that Go can compare ids (syscall/js: Value.Equal). They
// are UTF-8: bytes from the program or the host are decoded (utf8.h).
struct String : Object {
  uint32_t hash = 0;
  uint32_t size = 0;
  String* next = nullptr; // the next string in the same bucket of the table (interned.h)

  String() : Object(Kind::string) {}
  char* data() { return reinterpret_cast<char*>(this + 1); }
  Text text() { return {data(), size}; }
};

struct Plain : Object {
  Properties properties;
  Plain() : Object(Kind::plain) {}
};

struct Array : Object {
  List<Value> items;
  Array() : Object(Kind::array) {}
};

// A function value. It is Go's (`goId` is from _makeFuncWrapper), or a member of a built-in object, or a native
// function that the runtime made (nativeFunction).
struct Function : Object {
  using Native = Outcome (*)(const Value& bound, Arguments arguments);
  uint32_t goId = 0;
  Native native = nullptr;
  Value bound;
  const Member* member = nullptr;
  const Interface* of = nullptr;
  Function() : Object(Kind::function) {}
};

struct Date : Object {
  double milliseconds = 0; // since 1970, UTC
  Date() : Object(Kind::date) {}
};

struct Stat : Object {
  uint64_t device = 0, inode = 0, links = 0, size = 0;
  uint32_t mode = 0;                                // type and permissions, as on Linux
  uint64_t accessed = 0, modified = 0, changed = 0; // nanoseconds since 1970
  Stat() : Object(Kind::stat) {}
};

// An error. `code` is a code of Node's: an errno's name, or ERR_...
struct Error : Object {
  Text code;           // static text
  Text name = "Error"; // static text: the constructor's name
  Value message;
  Error() : Object(Kind::error) {}
};

// The object that setTimeout and its like give.
struct Timer : Object {
  int32_t id = 0; // the id in Events
  Timer() : Object(Kind::timer) {}
};

// The value of go._pendingEvent.
struct Event : Object {
  uint32_t goId = 0; // the id of Go's function; 0 tells Go that no event can come any more
  Value self, arguments, result;
  Event() : Object(Kind::event) {}
};

// A built-in object: global, fs, process, ... It is static, and never freed. Programs may set further properties, which
// hide the built-in ones.
struct Builtin : Object {
  const Interface* interface;
  Properties own;
  // `fixedId` is one of References::Fixed. An object with 0 gets its id from References, as all others do.
  explicit constexpr Builtin(const Interface* interface, uint32_t fixedId = 0)
    : Object(Kind::builtin), interface(interface) {
    uses = 1;
    id = fixedId;
  }
};

// A property of Node's global object that the runtime does not serve. It exists, since packages look up properties that
// they may never use. Every use of its value ends the program with a message that has its name.
struct Unserved : Object {
  Text name;            // static text
  bool isPlain = false; // `typeof` is "object"; most are constructors, or functions
  Unserved() : Object(Kind::unserved) {}
};

// Makes an object by T's default constructor. It has one use, which the caller owns.
template<typename T> T* make() { return new (allocate(sizeof(T))) T(); }

template<typename T> T* as(const Value& value, Kind kind) { return static_cast<T*>(value.object(kind)); }
inline String* asString(const Value& value) { return as<String>(value, Kind::string); }
inline Array* asArray(const Value& value) { return as<Array>(value, Kind::array); }

Value string(Text text);
// Makes an error. `message` has Node's form without the path, as in "ENOENT: no such file or directory, open". `code`
// must be static text.
Value error(Text code, Text message);
inline Outcome thrown(Text code, Text message) { return {error(code, message), true}; }
// Throws an error without a code whose constructor is `name`: "TypeError", "SyntaxError".
Outcome thrownAs(Text name, Text message);

// Makes a function of the runtime. `bound` is handed to `native` at each call.
Value nativeFunction(Function::Native native, const Value& bound);
Value makeArray(const Value* items, uint32_t size);

} // namespace gojs

#endif // parigot_runtime_gojs_objects_h
