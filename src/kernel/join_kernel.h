// Makes processes of parigot's services, and adds the kernel that they call.
//
// parigot's services are programs, each with a `_start` of its own that never
// comes back: it registers, and then waits in read_one_ for calls. In a world
// they run as coroutines of one another (src/coroutines), and what they wait for
// is answered by a runtime module, the kernel (src/runtime/kernel), which
// decides who goes on. It is one more service, bound to the others by ordinary
// calls:
//
//   (import "parigot" "read_one_" ..)      (import "parigot" "read_one_" ..)
//   (import "wasi_.." "poll_oneoff" ..)      ;; bound to the kernel's read_one_.K
//   (import "wasi_.." "proc_exit" ..)      (func $poll_oneoff ..)
//   (export "_start" (func $start))          ;; asks the kernel's poll_.K
//                                    =>    (import "wasi_.." "proc_exit" ..)
//                                            ;; bound to the kernel's exit_process.K
//                                          (export "parigot.start" (func $start))
//                                          (export "parigot.yield" ..)
//                                          (export "parigot.resume" ..)
//                                          (export "parigot.yielded" ..)
//
// - K is the number of the process: each has its own entries in the kernel, so
//   that the kernel knows who calls.
// - The main service is a process too, whether it calls the kernel or not. Its
//   `_start`, and so the world's, is the kernel's scheduler. In a world without
//   a program, the first process has that `_start`, and is like the others in
//   all else.
// - Requests and replies are carried by the adapters of the ABI `parigot`: the
//   kernel never sees another's memory.
// - A process of generation 2 gets HOSTID_HIGH, HOSTID_LOW and TZ in its
//   environment, as from parigot's runner, and nothing of the host's. In an open world the host id is
//   the one that the host gives the world by these variables when it runs, so
//   that two replicas differ; only without them it is made from the names.
// - In an open world (a part of a deployment) the kernel has parigot's imports
//   itself, for what is outside.
//
// Limits: an exported function of a process that is called by another service
// cannot wait in the kernel; read_one_ in it answers that there is nothing.

#ifndef parigot_kernel_join_kernel_h
#define parigot_kernel_join_kernel_h

#include <string>

#include "support/result.h"
#include "world/service.h"

namespace parigot::kernel {

// Whether any of the services calls parigot's kernel, and none is that kernel.
bool needsKernel(const Services& services);

// The first service that calls parigot's kernel, by name: it has the `_start` of
// a world without a program. An error when there is none.
wasm::Result<std::string> firstProcess(const Services& services);

// Whether a service becomes a process of a world that needs a kernel.
bool isProcess(const Services& services, const Service& service);

// Makes processes of the given services that are to be, which are split from their JavaScript shims already, and adds
// the kernel of a world that needs one, with the calls between them. An error names the service and says what it lacks.
wasm::Result<> joinKernel(Services& services);

} // namespace parigot::kernel

#endif // parigot_kernel_join_kernel_h
