// Binaryen's own pass Asyncify, so that a library can use it: on listed functions
// only, with errors instead of exits, and with a check that upstream leaves out.
//
// The pass (src/passes/Asyncify.cpp of Binaryen, whose head explains it) makes
// functions that can return in the middle, saving their locals to a buffer, and
// be called again to go on from there. As it is, it
//
// - ends the process on code that it does not know: see whatAsyncifyCannot;
// - takes its functions as text, with wildcards and separators;
// - adds items with fixed names, and fails where the module has such ones, as
//   every program of TinyGo with goroutines does, being asyncified already;
// - exports what it adds;
// - pushes frames to the buffer without looking at the buffer's end.
//
// Here names are exchanged around it, and each push becomes a call that checks:
//
//   (i32.store (global.get $__asyncify_data)       (call $parigot.coroutine_push
//    (i32.add                                  =>   (i32.const 20))
//     (i32.load (global.get $__asyncify_data))
//     (i32.const 20)))
//
// A frame's bytes are stored before it is pushed. So the check comes late by one
// part of a frame, for which the buffer must have room behind its end.

#ifndef parigot_coroutines_asyncify_h
#define parigot_coroutines_asyncify_h

#include <cstdint>
#include <unordered_set>

#include "support/result.h"
#include "wasm.h"

namespace parigot::coroutines {

// The imports by which code in the module starts and stops: imported from here
// before the pass, defined after it. start_* take the buffer: its top and its end
// (both i32 addresses), then the frames.
struct AsyncifyImports {
  wasm::Name startUnwind;
  wasm::Name stopUnwind;
  wasm::Name startRewind;
  wasm::Name stopRewind;
};
constexpr uint32_t asyncifyHeaderBytes = 8;

// Why the pass cannot do these functions (all of them defined): an error that
// names one, and what is in it. Also looks at what stops it elsewhere.
wasm::Result<> checkForAsyncify(wasm::Module& module, const std::unordered_set<wasm::Name>& functions);

// Adds the imports, under names that are free. Imports of the program's own from a
// module named "asyncify" keep theirs.
AsyncifyImports importAsyncify(wasm::Module& module);

// Runs the pass: `functions` are instrumented, optimised on the way, and nothing
// else is touched. `runtime` are functions that call startUnwind or stopRewind,
// and by which the others yield. Returns how many bytes a frame can be stored
// beyond the buffer's end before parigot.trap.coroutine_stack_exhausted. The module
// has one memory, of its own, and has passed checkForAsyncify.
wasm::Result<uint32_t> runAsyncify(wasm::Module& module,
                                   const AsyncifyImports& imports,
                                   const std::unordered_set<wasm::Name>& functions,
                                   const std::unordered_set<wasm::Name>& runtime);

} // namespace parigot::coroutines

#endif // parigot_coroutines_asyncify_h
