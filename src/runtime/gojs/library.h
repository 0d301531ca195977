// A program that sets functions on global and waits, as a library: its functions are called by name, with JSON.
//
// library.call is what the export parigot_call of a stripped library does, by the ABI `bytes` (docs/call-abis.md):
//
//   {"name": "lib.render", "args": [1, "a", {"base64": "AAEC"}]}   ->   ["what", "it", "gives"], or an error's text
//
// With "callback": true in the request, a function (error, result) is added to the arguments, and what it is called
// with is what the call gives.
//
// The function runs as JavaScript's event loop would run it: within one turn if it answers at once, and then, where it
// gives a promise, for as many turns as that needs, timers included. What is ready after that is done before the reply;
// what waits for time is left to the next call.

#ifndef parigot_runtime_gojs_library_h
#define parigot_runtime_gojs_library_h

#include "objects.h"

namespace gojs {

struct Library {
  void (*onTimer)() = nullptr; // null: it has not been initialised
  bool inCall = false;
  bool ended = false;
  uint32_t exitCode = 0; // if it has ended
  Characters calling;    // the function that is called, or was called last
};

// Before the program starts: puts the objects on global on which it registers functions, where it does not make them
// itself.
void prepareLibrary();

// Of a program that has run up to where it waits. Waits for its first function a few seconds, as long as anything
// happens; ends the program if there is none then. `onTimer` is the front's, for a timer of Go's.
void openLibrary(void (*onTimer)());

// Whether the program's end is told to who called one of its functions, as an error, instead of ending the world. If
// so, it is so from here on: the program must not be entered again. Its code must unwind by itself.
bool endsCall(uint32_t exitCode);

} // namespace gojs

#endif // parigot_runtime_gojs_library_h
