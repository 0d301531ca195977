// Serves a program as a library if it sets functions on global and waits: callers name a function, and pass arguments
// as JSON.
//
// library.call does what the export parigot_call of a stripped library does, by the ABI `bytes` (docs/call-abis.md):
//
//   {"name": "lib.render", "args": [1, "a", {"base64": "AAEC"}]}   ->   ["what", "it", "gives"], or an error's text
//
// If the request has "callback": true, a function (error, result) is added to the arguments. The values that the
// function is called with are then the result of the call.
//
// The function runs as JavaScript's event loop would run it: within one turn if it answers at once. If it gives a
// promise, the loop runs for as many turns as the promise needs, timers included. Events that are ready after that are
// handled before the reply; those that wait for a time are left to the next call.

#ifndef parigot_runtime_gojs_library_h
#define parigot_runtime_gojs_library_h

#include "objects.h"

namespace gojs {

struct Library {
  void (*onTimer)() = nullptr; // null: the library has not been initialised
  bool inCall = false;
  bool ended = false;
  uint32_t exitCode = 0; // of a program that has ended
  Characters calling;    // the function that is called, or was called last
};

// Puts objects on global on which the program registers functions, for programs that do not make these objects
// themselves. To be called before the program starts.
void prepareLibrary();

// Opens the library once the program has run up to where it waits. Handles events for a few seconds until the program
// has set its first function, and ends the program if it has set none. `onTimer` is the front's function for a timer of
// Go's.
void openLibrary(void (*onTimer)());

// To be called when the program exits. True: it exits in a call of one of its functions, and the caller gets an error
// instead of the world ending. From then on the program must not be entered again, and its code must unwind by itself.
// False: the world ends.
bool endsCall(uint32_t exitCode);

} // namespace gojs

#endif // parigot_runtime_gojs_library_h
