// Binds the calls of WASI that another service answers: [service.hello] wasi = "vfs".
//
//   hello: (import "wasi_snapshot_preview1" "fd_read" ..)  =>  vfs: (export "fd_read" ..)
//
// A service that stands between another and the host exports functions of WASI, under the names that WASI's adapters of
// components use (`fd_read`), or with the module in front (`wasi_snapshot_preview1.fd_read`), which goes first. The
// calls carry their bytes as host calls do, by the table in src/abi/wasi.cpp. What the service does not export stays a
// call of the host; but a service that exports any function with descriptors has to export all of them that its client
// imports, since the numbers are its own.

#ifndef parigot_merge_interposers_h
#define parigot_merge_interposers_h

#include "support/result.h"
#include "world/service.h"

namespace parigot {

// Adds the calls, for services and their runtime modules. Adds notes that say what the host still answers. An error
// names the functions that an interposer lacks or has in another type.
wasm::Result<> bindInterposers(Services& services);

} // namespace parigot

#endif // parigot_merge_interposers_h
