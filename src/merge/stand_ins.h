// Makes the modules of services that are cut: world/stand_in.h.
//
// A stand-in is one more service, made of the runtime module `stand-in` (src/runtime/standin). So it is merged, bound
// and placed like any other service. It exports the functions that clients import from the service:
//
//   hello: (import "greeting" "fetch_greeting_" ..)
//     =>
//   greeting: (func (export "fetch_greeting_") (param i32 i32 i32 i32) (result i64)
//               (call $parigot.answer.parigot (i32.const METHOD) (local.get 0) ..))
//
// In a world with parigot's kernel it is a process that exports names (`provides`; by default NAME.v1.NAME) and binds
// the methods that have replies. Where such a world's launches shall be refused, it exports nothing.

#ifndef parigot_merge_stand_ins_h
#define parigot_merge_stand_ins_h

#include <functional>
#include <string>

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Makes the modules. All others must have been read. The functions trap until answerStandIns. `note` gets what users
// should know. An error lists the exports that clients import with different types.
wasm::Result<> makeStandIns(Services& services, const std::function<void(const std::string&)>& note);

// Gives the functions their bodies, by the ABI of each call, and writes the tables of answers into the memories.
// `world` has the calls; the sizes of memories are updated. An error lists the replies that fit no call.
wasm::Result<> answerStandIns(Services& services, World& world);

} // namespace parigot

#endif // parigot_merge_stand_ins_h
