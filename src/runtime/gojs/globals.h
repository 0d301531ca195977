// The built-in objects.

#ifndef parigot_runtime_gojs_globals_h
#define parigot_runtime_gojs_globals_h

#include "interface.h"

namespace gojs {

extern Builtin globalObject, goObject;    // global.cpp
extern Builtin fsObject;                  // fs.cpp
extern Builtin processObject, pathObject; // process.cpp

extern const Interface statInterface;                                 // fs.cpp
extern const Interface objectPrototype;                               // object_prototype.cpp
extern const Interface arrayInterface, bytesInterface, dateInterface; // constructors.cpp

// What `new` does, in constructors.cpp.
Outcome newObject(const Value&, Arguments arguments);
Outcome newArray(const Value&, Arguments arguments);
Outcome newBytes(const Value&, Arguments arguments);
Outcome newDate(const Value&, Arguments arguments);

} // namespace gojs

#endif // parigot_runtime_gojs_globals_h
