// Adapters for host calls: functions that translate addresses of a service to
// addresses in the memory that the host sees.
//
//   (call $import (local.get $buf) (local.get $len))
//     =>
//   (call $host (i32.add (local.get $buf) (i32.const BASE)) (local.get $len))
//
// In layout `single` the host sees the whole memory, in which an address of a
// service is higher by the base of its region. An adapter adds the base to every
// address among the parameters, makes translated copies of arrays that hold
// addresses, and subtracts the base from addresses that the host writes. It copies
// no other bytes.
//
// In layout `multi` the host sees the memory of one service. The bytes of calls
// from other services are staged: the adapter copies them to the arena of the
// visible service before the call, and copies the bytes that the host wrote back
// after it. Bytes that the host might write are copied in both directions, unless
// the host tells how many it wrote. The service's memory thus ends up with the same
// bytes as if the service ran alone.
//
// If addresses are checked, the adapter replaces an address range that the service
// does not have (neither in its memory nor in the used part of its arena) by an
// address that is in no memory, with the same alignment. The host then fails the
// call, or traps, as it would if the service ran alone.

#ifndef parigot_adapters_host_adapter_h
#define parigot_adapters_host_adapter_h

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abi/wasi.h"
#include "adapters/adapter_builder.h"

namespace parigot {

// How addresses of a service translate to addresses of the host.
struct HostView {
  AddressSpace service;
  // The service whose memory the host sees: the same service, or another if bytes
  // are staged.
  AddressSpace host;
  bool checked = false;
  // Whether the host is a service of the world. It is not called if the client does not have the bytes: the call fails
  // with EFAULT, since the service could only trap.
  bool isService = false;
  // Where arrays of buffers lie that are not staged, if not in the arena of the service.
  std::optional<AddressSpace> buffers = {};

  bool staged() const { return host.memory != service.memory; }
  // What is added to an address that is not staged.
  uint64_t base() const { return service.region.base; }
  // Whether addresses need no translation.
  bool isPlain() const { return !staged() && !checked && base() == 0; }
};

// Gives `code`, the function that replaces a WASI import of the service, a body
// that calls `host`, the same import of the world. `hostSizes` is the import of
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
