// Adapters for host calls: the host sees one memory, the service another.
//
// In layout `single` an address of a service is the same address plus the base
// of its region to the host, which sees the whole memory. So an adapter adds
// the base to every address among the parameters, makes translated copies of
// arrays that hold addresses, and takes the base off again from addresses that
// the host writes. No bytes of payload are copied.

#ifndef parigot_abi_host_adapter_h
#define parigot_abi_host_adapter_h

#include <string>
#include <vector>

#include "abi/code.h"
#include "abi/wasi.h"

namespace parigot {

// Gives `code`, which stands for a WASI import of the service, a body that
// calls `host`, the same function as the host has it. `hostSizes` is the host's
// args_sizes_get or environ_sizes_get, needed for args_get and environ_get.
void buildWasiAdapter(
  Code& code, const AddressSpace& service, const WasiFunction& function, wasm::Name host, wasm::Name hostSizes);

// The same for an unbound import by the `parigot` ABI.
void buildParigotHostAdapter(Code& code, const AddressSpace& service, wasm::Name host);

// Serves args_sizes_get or environ_sizes_get inside the module.
void buildStringSizes(Code& code, const AddressSpace& service, const std::vector<std::string>& strings);

// Serves args_get or environ_get inside the module. `name` is for the data
// segment that holds the strings.
void buildStrings(Code& code,
                  const AddressSpace& service,
                  const std::vector<std::string>& strings,
                  const std::string& name);

} // namespace parigot

#endif // parigot_abi_host_adapter_h
