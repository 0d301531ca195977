// The closed set of objects that Go programs without JavaScript of their own make or are given, and their making and
// freeing. What properties they have is in interfaces (interface.h).

#ifndef parigot_runtime_gojs_objects_h
#define parigot_runtime_gojs_objects_h

#include "properties.h"
#include "value.h"

namespace gojs {

struct Interface;
struct Member;

// A string is interned: two that are equal are one object, so that Go can compare ids (syscall/js: Value.Equal). It is
// UTF-8: what comes from the program or the host is decoded (utf8.h).
struct String : Object {
  uint32_t hash = 0;
  uint32_t size = 0;
  String* next = nullptr; // in its bucket

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

// One function value. Either Go's (`id` from _makeFuncWrapper), or a member of a built-in object, or one of ours that
// was made for something.
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

// `code` is one of Node's: an errno's name, or ERR_...
struct Error : Object {
  Text code;           // static
  Text name = "Error"; // static: the constructor's
  Value message;
  Error() : Object(Kind::error) {}
};

// What setTimeout and its like give.
struct Timer : Object {
  int32_t id = 0; // of Events
  Timer() : Object(Kind::timer) {}
};

// go._pendingEvent.
struct Event : Object {
  uint32_t goId = 0; // of the function; 0: nothing can ever happen
  Value self, arguments, result;
  Event() : Object(Kind::event) {}
};

// global, fs, process, ...: static, never freed. Programs may set further properties, which hide the built-in ones.
struct Builtin : Object {
  const Interface* interface;
  Properties own;
  // `fixedId`: one of References::Fixed; others get theirs like everything else.
  explicit constexpr Builtin(const Interface* interface, uint32_t fixedId = 0)
    : Object(Kind::builtin), interface(interface) {
    uses = 1;
    id = fixedId;
  }
};

// Something that Node's global has and we do not serve. Having it does no harm (packages look up what they may never
// use); whatever is done with it ends the program, saying its name.
struct Unserved : Object {
  Text name;            // static
  bool isPlain = false; // `typeof` is "object"; most are constructors, or functions
  Unserved() : Object(Kind::unserved) {}
};

// T is made by its default constructor, with one use: the result's.
template<typename T> T* make() { return new (allocate(sizeof(T))) T(); }

template<typename T> T* as(const Value& value, Kind kind) { return static_cast<T*>(value.object(kind)); }
inline String* asString(const Value& value) { return as<String>(value, Kind::string); }
inline Array* asArray(const Value& value) { return as<Array>(value, Kind::array); }

Value string(Text text);
// "ENOENT: no such file or directory, open": Node's form, less the path. `code` must be static.
Value error(Text code, Text message);
inline Outcome thrown(Text code, Text message) { return {error(code, message), true}; }
// An error without a code, of another constructor: "TypeError", "SyntaxError".
Outcome thrownAs(Text name, Text message);

// A function of ours.
Value nativeFunction(Function::Native native, const Value& bound);
Value makeArray(const Value* items, uint32_t size);

} // namespace gojs

#endif // parigot_runtime_gojs_objects_h
