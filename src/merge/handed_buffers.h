// Gives an isolated world with one memory a place for arrays of buffers that are handed to the host.
//
// A host that writes several buffers at once (fd_write) gets an array of their addresses. An adapter makes that array,
// with addresses of the world's memory. If it lay in the memory of the service, even in its arena, a service that the
// host calls back before it has read the array could replace an address by one of another service:
//
//   attacker: fd_write(iovecs) -> adapter: iovecs' -> host: calls attacker.call_back, reads iovecs', writes out bytes
//   of
//                                                     victim
//
// So the array lies in the arena of a memory of its own, which no code but adapters touches. The world gets it if the
// host can call main back, has such arrays from a service, and could find bytes of another.

#ifndef parigot_merge_handed_buffers_h
#define parigot_merge_handed_buffers_h

#include "support/result.h"
#include "world/service.h"

namespace parigot {

// Adds the memory, as a service without code, if the world needs it. All other services must be there.
wasm::Result<> addHandedBuffers(Services& services);

} // namespace parigot

#endif // parigot_merge_handed_buffers_h
