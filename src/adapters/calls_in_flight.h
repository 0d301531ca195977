// What becomes of the arenas when calls do not end the way they began.
//
// An adapter takes bytes of an arena, calls, and gives them back. Three things come in between:
//
// - An exception of wasm's, or one of the host's in JavaScript, passes through the adapter. Where code of the world
//   catches any, adapters catch too, give back what they have, and throw on: in the encoding that the world has. A
//   world that catches nothing needs no exceptions for this.
// - A trap, or an exception that nobody in the world catches, goes all the way to the host, which calls again. No code
//   runs on that way out. So the exports of main empty the arenas when the host enters and no call is in flight.
// - Calls that are in flight at once (WebAssembly.promising) and end in another order than they nest: the arena is a
//   stack, and the bytes of one would be the other's. Such a call traps in parigot.trap.calls_interleave.
//
// For the last two, each call of the host has a number, and a global has that of the innermost call which has not
// returned, 0 without one. While it is not 0, the host may be calling back, and arenas stay as they are. A call that
// returns while it is not the innermost has left behind all that began after it: by exceptions, or they wait. Of those
// that wait, each traps when it returns.

#ifndef parigot_adapters_calls_in_flight_h
#define parigot_adapters_calls_in_flight_h

#include "wasm.h"
#include "world/world.h"

namespace parigot {

// Does this to a world at the stage Adapted, in the n-memory form, which has all of its adapters: whatever writes to an
// arena is one. A world in which nothing does is left as it is; one whose main exports no function but _start and
// _initialize, which are called once, has neither numbers nor entries. proc_exit never returns, and has no number.
// Two parallel walks over the code.
void guardCallsInFlight(wasm::Module& module, const World& world);

} // namespace parigot

#endif // parigot_adapters_calls_in_flight_h
