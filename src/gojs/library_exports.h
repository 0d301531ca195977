// The exports of a library: a program that Go or TinyGo compiled for JavaScript, and that registers functions there.
//
//   parigot_call(i32 request, i32 bytes) -> i64    calls one of them, by the ABI `bytes` (docs/call-abis.md)
//   malloc(i32 bytes) -> i32, free(i32)            memory for requests, and of replies
//
// What they do is the runtime module's (src/runtime/gojs/library.h), in whose memory requests and replies are. The
// program only has placeholders under these names, by which calls are bound to it like to any service:
//
// - in a world, bindings.cpp binds calls of parigot_call to the runtime module instead;
// - alone, completeLibrary() gives the placeholders bodies, once it is known where the runtime module's memory lies.

#ifndef parigot_gojs_library_exports_h
#define parigot_gojs_library_exports_h

#include <string>
#include <string_view>

#include "go/shim.h"
#include "support/result.h"
#include "wasm.h"
#include "world/world.h"

namespace parigot::gojs {

// Of the library, and of its runtime module.
constexpr const char* libraryCall = "parigot_call";
constexpr const char* runtimeLibraryCall = "library.call";

// Adds the placeholders; malloc and free only for a library that is alone. An error, of which `quoted` is the subject,
// where the program exports these names itself, or sets no property, and so registers nothing.
wasm::Result<> addLibraryExports(wasm::Module& program, const Shim& shim, const std::string& quoted, bool alone);

// Of a library that is alone: the placeholders call the functions of the runtime module, as their bodies will, so that
// passes in between see what the host's calls reach.
void forwardLibraryExports(wasm::Module& program, const std::string& runtime);

// Whether a runtime module has to keep its export for a library.
bool isLibraryExport(std::string_view runtimeExport);

// Of a stripped library, whose address spaces have been placed in one memory, its own at address 0: gives the
// placeholders their bodies. They take and give addresses of the whole memory.
void completeLibrary(wasm::Module& module, const World& world, const std::string& runtime);

} // namespace parigot::gojs

#endif // parigot_gojs_library_exports_h
