// Adapters for host calls: the host sees one memory, the service another.
//
// In layout `single` an address of a service is the same address plus the base
// of its region to the host, which sees the whole memory. So an adapter adds
// the base to every address among the parameters, makes translated copies of
// arrays that hold addresses, and takes the base off again from addresses that
// the host writes. No bytes of payload are copied.
//
// In layout `multi` the host sees the memory of one service. The bytes of a call
// from another one are staged: copied to the arena of the visible service
// before the call, and what the host wrote back after it. What lies at an
// address that the host might write to is copied both ways, unless the host
// tells how much it wrote, so that the service's memory is in the end what it
// would have been alone.
//
// Where addresses are checked, one that the service does not have (its range is
// neither in its memory nor in the part of its arena that is in use) becomes one
// that no memory has, with the same alignment: the host then fails the call, or
// traps, in its own words, as it would have done alone.

#ifndef parigot_adapters_host_adapter_h
#define parigot_adapters_host_adapter_h

#include <span>
#include <string>
#include <vector>

#include "abi/wasi.h"
#include "adapters/adapter_builder.h"

namespace parigot {

// How the addresses of a service become the host's.
struct HostView {
  AddressSpace service;
  // Whose memory the host sees: the service's own, or, when bytes are staged,
  // that of another one.
  AddressSpace host;
  bool checked = false;

  bool staged() const { return host.memory != service.memory; }
  // What is added to an address that is not staged.
  uint64_t base() const { return service.region.base; }
  // Whether the host can have addresses as they are.
  bool isPlain() const { return !staged() && !checked && base() == 0; }
};

// Gives `code`, which stands for a WASI import of the service, a body that
// calls `host`, the same function as the host has it. `hostSizes` is the host's
// args_sizes_get or environ_sizes_get, needed for args_get and environ_get.
void buildWasiAdapter(
  AdapterBuilder& code, const HostView& view, const WasiFunction& function, wasm::Name host, wasm::Name hostSizes);

// The same for an import whose parameters the manifest describes. The host may
// call back into the world.
void buildDeclaredAdapter(AdapterBuilder& code, const HostView& view, std::span<const Param> params, wasm::Name host);

// The same for an unbound import by the `parigot` ABI, with a reply buffer of
// `capacity` bytes.
void buildParigotHostAdapter(AdapterBuilder& code, const HostView& view, wasm::Name host, uint32_t capacity);

} // namespace parigot

#endif // parigot_adapters_host_adapter_h
