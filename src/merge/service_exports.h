// Checks what a service exports before it becomes part of a world.
//
// A host runs a module through `_start` or `_initialize`; in a world, functions that MergeWorld adds call them
// (bring_up.h). Passes find items of services by exports whose names begin with `parigot.`, so a service may not have
// such exports of its own.

#ifndef parigot_merge_service_exports_h
#define parigot_merge_service_exports_h

#include "support/result.h"
#include "world/service.h"

namespace parigot {

// Which of the functions through which hosts run modules a service exports.
struct ServiceEntries {
  bool initialize = false;
  bool start = false;
};

// Returns an error if one of them has parameters or results, or if a service that is not main is a command: it has
// `_start`, which runs to the end, and no `_initialize`, after which others could call its functions.
wasm::Result<ServiceEntries> entriesOf(const Service& service, bool isMain);

// Returns an error that lists the exports with the prefix of those that parigot-opt adds: the kernel and runtime
// modules call these by name.
wasm::Result<> refuseReservedExports(const Service& service);

} // namespace parigot

#endif // parigot_merge_service_exports_h
