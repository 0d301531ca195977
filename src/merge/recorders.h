// Puts recorders between services and their clients, where `record` says so (world/stand_in.h).
//
//   hello -> greet             hello -> greet.recorder -> greet
//
// A recorder is one more service, made of the runtime module `recorder` (src/runtime/recorder). It exports the
// functions that clients import from the service, and each calls the service's, and then writes the call to the file.
// Calls of processes of parigot are recorded by their kernel (src/runtime/kernel/recording.cpp). docs/recordings.md has
// the format.

#ifndef parigot_merge_recorders_h
#define parigot_merge_recorders_h

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Adds the recorders, and calls that bind clients to them. Their functions trap until recordCalls. An error says what
// cannot be recorded.
wasm::Result<> addRecorders(Services& services);

// Gives the functions their bodies, by the ABI of each call. An error lists the calls that cannot be recorded: those
// with parameters that the manifest describes.
wasm::Result<> recordCalls(Services& services, const World& world);

} // namespace parigot

#endif // parigot_merge_recorders_h
