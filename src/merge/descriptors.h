// Gives each service a table of descriptors of its own.
//
// Apart, every instance has a table; in a world, services would share the host's, and one could read, close or move the
// files and streams of another. The runtime module parigot.descriptors (src/runtime/descriptors) keeps a table for
// each:
//
//   (import "wasi_.." "fd_close" ..)       ;; bound to the module's fd_close.TABLE
//   (import "wasi_.." "poll_oneoff" ..)    ;; bound to the module's poll_oneoff.TABLE, with its bytes (abi `wasi`)
//   (import "wasi_.." "fd_read" ..)        ;; stays: AdaptHostCalls translates the descriptor
//                                             (src/adapters/descriptor_adapter.h)
//
// - What changes the table, and what holds descriptors in memory, is the module's. So is what a policy of the service
//   changes: the names of its folders, what it is told of descriptors, and labelled output.
// - A program and its runtime module share a table. The kernel has none: it only writes to standard error.
// - A world in which one service at most uses descriptors needs no tables, unless a manifest restricts or labels it.
// Nor
//   does one whose services only use the descriptors that the host has opened: then the host need not know more
//   functions than the services do.

#ifndef parigot_merge_descriptors_h
#define parigot_merge_descriptors_h

#include "support/result.h"
#include "world/service.h"

namespace parigot {

// Adds the tables and the calls to them, if the world needs them. Runtime modules and interposers are there already.
// An error says which keys of the manifest contradict each other.
wasm::Result<> joinDescriptors(Services& services);

} // namespace parigot

#endif // parigot_merge_descriptors_h
