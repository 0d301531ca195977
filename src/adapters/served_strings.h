// args and environ as the module itself serves them to a service.

#ifndef parigot_adapters_served_strings_h
#define parigot_adapters_served_strings_h

#include <string>
#include <vector>

#include "adapters/adapter_builder.h"

namespace parigot {

// Serves args_sizes_get or environ_sizes_get.
void buildStringSizes(AdapterBuilder& code, const AddressSpace& service, const std::vector<std::string>& strings);

// Serves args_get or environ_get. `name` is for the data segment that holds the
// strings.
void buildStrings(AdapterBuilder& code,
                  const AddressSpace& service,
                  const std::vector<std::string>& strings,
                  const std::string& name);

} // namespace parigot

#endif // parigot_adapters_served_strings_h
