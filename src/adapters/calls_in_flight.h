// Releases the bytes of arenas when a call does not return in the usual way.
//
// An adapter takes bytes of an arena, calls, and releases the bytes. In three cases the release does not run, or is
// wrong:
//
// - An exception, of wasm or of JavaScript, passes through the adapter. If any code of the world catches exceptions,
//   adapters catch them too, release their bytes, and rethrow, in the encoding that the world uses. A world that
//   catches no exceptions needs no such code.
// - A trap, or an exception that no code of the world catches, returns to the host, which may call again. The adapter
//   gets no chance to run code. The exports of main therefore empty the arenas when the host enters the world and no
//   call is in flight.
// - Several calls are in flight at once (WebAssembly.promising), and return in an order that is not the reverse of the
//   order in which they began. An arena is a stack, so one call would release the bytes of another. Such a call traps
//   in parigot.trap.calls_interleave.
//
//   (func $adapter ..    (func $adapter ..
//    BODY)           =>   (block $done
//                          (local.set $e (block $caught (result exnref)
//                           (try_table (catch_all_ref $caught) BODY)
//                           (br $done)))
//                          (global.set $greet/parigot.arena ..)   ;; releases what BODY took
//                          (throw_ref (local.get $e))))
//
// For the last two cases, each call of the host has a number, and a global holds the number of the innermost call that
// has not returned, or 0 if there is none. While the global is not 0, the host may be calling back, and the arenas are
// not emptied. If a call returns that is not the innermost, the calls that began after it either ended by an exception
// or are suspended. Each suspended one traps when it returns.

#ifndef parigot_adapters_calls_in_flight_h
#define parigot_adapters_calls_in_flight_h

#include "ir/code_notes.h"
#include "wasm.h"
#include "world/world.h"

namespace parigot {

// The world is in the n-memory form and has all of its adapters: every function that writes to an arena is one. A world
// without adapters stays unchanged. If main exports no function that can reach an adapter, except _start and
// _initialize, which are called once, neither numbers nor code at the exports are added: malloc, which services export
// for callers, is such a function. proc_exit never returns, so its calls get no number. Walks the code twice, in
// parallel; with notes only that which they say nothing of. Walks it once more if main has exports that can be called
// again.
void guardCallsInFlight(wasm::Module& module, const World& world, const CodeNotes* notes = nullptr);

} // namespace parigot

#endif // parigot_adapters_calls_in_flight_h
