// Arguments and environments of services that the manifest sets: WASI functions that the module itself serves.
//
//   (import "greet/wasi_snapshot_preview1" "args_get" (func $greet/args_get ..))
//     =>
//   (func $greet/args_get ..     ;; stores the addresses of the strings
//    (memory.init $greet/parigot.args_get ..))

#ifndef parigot_adapters_served_strings_h
#define parigot_adapters_served_strings_h

#include <string>
#include <vector>

#include "adapters/adapter_builder.h"

namespace parigot {

// Serves args_sizes_get or environ_sizes_get.
void buildStringSizes(AdapterBuilder& code, const AddressSpace& service, const std::vector<std::string>& strings);

// Serves args_get or environ_get. `name` is the name of the data segment that is
// added for the strings.
void buildStrings(AdapterBuilder& code,
                  const AddressSpace& service,
                  const std::vector<std::string>& strings,
                  const std::string& name);

} // namespace parigot

#endif // parigot_adapters_served_strings_h
