// environ_sizes_get and environ_get of a service that may see a part of the host's environment only.
//
//   (import "greet/wasi_snapshot_preview1" "environ_get" (func $greet/environ_get ..))
//     =>
//   (func $greet/environ_get ..     ;; reads the host's variables into the arena, and copies those that a law allows

#ifndef parigot_adapters_filtered_environment_h
#define parigot_adapters_filtered_environment_h

#include <string>
#include <vector>

#include "adapters/host_adapter.h"

namespace parigot {

// `host` and `hostSizes` are the world's imports of environ_get and environ_sizes_get. `patterns` are names of
// variables, or their beginnings with a star behind. Where the arena has no room for the host's environment, the call
// fails with ENOMEM.
void buildFilteredSizes(AdapterBuilder& code,
                        const HostView& view,
                        const std::vector<std::string>& patterns,
                        wasm::Name host,
                        wasm::Name hostSizes);
void buildFilteredStrings(AdapterBuilder& code,
                          const HostView& view,
                          const std::vector<std::string>& patterns,
                          wasm::Name host,
                          wasm::Name hostSizes);

} // namespace parigot

#endif // parigot_adapters_filtered_environment_h
