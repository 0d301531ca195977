// Makes Binaryen's own pass Asyncify usable in a library: on listed functions only, with errors instead of exits, and
// with a bounds check that upstream does not have.
//
// The pass (src/passes/Asyncify.cpp of Binaryen; its head explains it) makes functions that can return in the middle,
// saving their locals to a buffer, and be called again to continue there. Upstream's version
//
// - ends the process on code that it does not know: see whatAsyncifyCannot;
// - takes its functions as text, with wildcards and separators;
// - adds items with fixed names, and fails if the module has such items already, as every program of TinyGo with
//   goroutines does, which TinyGo's compiler runs through Asyncify;
// - exports what it adds;
// - pushes frames to the buffer without looking at the buffer's end.
//
// This code exchanges names before and after the pass, and turns each push into a call that checks:
//
//   (i32.store (global.get $__asyncify_data)       (call $parigot.coroutine_push
//    (i32.add                                  =>   (i32.const 20))
//     (i32.load (global.get $__asyncify_data))
//     (i32.const 20)))
//
// The bytes of a frame are stored before the frame is pushed. The check is therefore late by a part of a frame, and the
// buffer must have room for that after its end.

#ifndef parigot_coroutines_asyncify_h
#define parigot_coroutines_asyncify_h

#include <cstdint>
#include <unordered_set>

#include "support/result.h"
#include "wasm.h"

namespace parigot::coroutines {

// The functions that start and stop unwinding and rewinding. They are imports before the pass, and definitions after
// it. start_* take the buffer: its top and its end (both i32 addresses), then the frames.
struct AsyncifyImports {
  wasm::Name startUnwind;
  wasm::Name stopUnwind;
  wasm::Name startRewind;
  wasm::Name stopRewind;
};
constexpr uint32_t asyncifyHeaderBytes = 8;

// Why the pass cannot handle these functions (all of them defined): an error that names one, and the code in it. Also
// checks the rest of the module for code at which the pass would fail.
wasm::Result<> checkForAsyncify(wasm::Module& module, const std::unordered_set<wasm::Name>& functions);

// Adds the imports, under names that are free. Imports that the program itself has from a module named "asyncify" keep
// their names.
AsyncifyImports importAsyncify(wasm::Module& module);

// Runs the pass: it instruments `functions`, optimises them on the way, and changes nothing else. `runtime` are the
// functions that call startUnwind or stopRewind, and through which the others yield. Returns how many bytes of a frame
// can be stored after the buffer's end before parigot.trap.coroutine_stack_exhausted. The module has one memory, of its
// own, and has passed checkForAsyncify.
wasm::Result<uint32_t> runAsyncify(wasm::Module& module,
                                   const AsyncifyImports& imports,
                                   const std::unordered_set<wasm::Name>& functions,
                                   const std::unordered_set<wasm::Name>& runtime);

} // namespace parigot::coroutines

#endif // parigot_coroutines_asyncify_h
