// Turns parigot's services into processes, and adds the kernel that they call.
//
// parigot's services are programs. Each has a `_start` that never returns: it registers, and then waits in read_one_
// for calls. In a world they run as coroutines of one another (src/coroutines). A runtime module, the kernel
// (src/runtime/kernel), answers the calls that wait, and decides which process runs. The kernel is one more service,
// bound to the others by ordinary calls:
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
// - K is the number of the process. Each process has its own entries in the kernel, so that the kernel knows the
//   caller.
// - The main service is a process too, even if it does not call the kernel. Its `_start`, and so the world's, is the
//   kernel's scheduler. In a world without a program, the first process has that `_start`, and is like the others
//   otherwise.
// - The adapters of the ABI `parigot` carry requests and replies: the kernel never sees another service's memory.
// - The environment of a process of generation 2 has HOSTID_HIGH, HOSTID_LOW and TZ, as from parigot's runner, and no
//   variables of the host. In an open world the host id is the one in the host's variables of these names when the
//   world runs, so that two replicas differ. Without them it is made from the names.
// - In an open world (a part of a deployment) the kernel itself has parigot's imports, to reach what is outside.
//
// Limit: an exported function of a process that another service calls cannot wait in the kernel; read_one_ in such a
// function answers that there is no message.

#ifndef parigot_kernel_join_kernel_h
#define parigot_kernel_join_kernel_h

#include <string>

#include "support/result.h"
#include "world/service.h"

namespace parigot::kernel {

// Whether any of the services calls parigot's kernel, and none of them is the kernel.
bool needsKernel(const Services& services);

// The first service, by name, that calls parigot's kernel. In a world without a program it has the world's `_start`. An
// error if there is none.
wasm::Result<std::string> firstProcess(const Services& services);

// Whether a service becomes a process of a world that needs a kernel.
bool isProcess(const Services& services, const Service& service);

// Turns services into processes and, if the world needs a kernel, adds it, with the calls between kernel and processes.
// The services must be split from their JavaScript shims already. An error names the service and what it lacks.
wasm::Result<> joinKernel(Services& services);

} // namespace parigot::kernel

#endif // parigot_kernel_join_kernel_h
