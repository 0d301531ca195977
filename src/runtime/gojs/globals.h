// The built-in objects.

#ifndef parigot_runtime_gojs_globals_h
#define parigot_runtime_gojs_globals_h

#include "interface.h"

namespace gojs {

extern Builtin globalObject, goObject;    // global.cpp
extern Builtin fsObject;                  // fs.cpp
extern Builtin processObject, pathObject; // process.cpp

extern const Interface statInterface;                    // fs.cpp
extern const Interface objectPrototype;                  // object_prototype.cpp
extern const Interface arrayInterface, dateInterface;    // constructors.cpp
extern const Interface bytesInterface;                   // uint8_array.cpp
extern const Interface promiseInterface, promiseStatics; // promise.cpp
extern const Interface objectStatics, arrayStatics;      // object_statics.cpp
extern Builtin jsonObject;                               // json.cpp
extern Builtin mathObject;                               // math.cpp

// What `new` does for each constructor. These are in constructors.cpp.
Outcome newObject(const Value&, Arguments arguments);
Outcome newArray(const Value&, Arguments arguments);
Outcome newBytes(const Value&, Arguments arguments);
Outcome newDate(const Value&, Arguments arguments);
Outcome newPromise(const Value&, Arguments arguments); // promise.cpp
Outcome newError(const Value&, Arguments arguments);
Outcome newTypeError(const Value&, Arguments arguments);
Outcome newRangeError(const Value&, Arguments arguments);
Outcome newSyntaxError(const Value&, Arguments arguments);

// Functions of the global object. These are in scheduling.cpp.
Outcome setTimeout(const Value&, Arguments arguments);
Outcome setInterval(const Value&, Arguments arguments);
Outcome setImmediate(const Value&, Arguments arguments);
Outcome clearTimer(const Value&, Arguments arguments);
Outcome queueMicrotask(const Value&, Arguments arguments);

} // namespace gojs

#endif // parigot_runtime_gojs_globals_h
