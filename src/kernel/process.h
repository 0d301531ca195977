// Makes a process of one service: see join_kernel.h.

#ifndef parigot_kernel_process_h
#define parigot_kernel_process_h

#include <string>
#include <string_view>
#include <vector>

#include "kernel/join_kernel.h"

namespace parigot::kernel {

// What the kernel calls a process by.
constexpr const char* startExport = "parigot.start";

// Beside the kernel's own calls, what a process asks the kernel for: entries of
// the kernel (src/runtime/kernel).
constexpr std::string_view pollEntry = "poll_";
constexpr std::string_view exitEntry = "exit_process";

struct HostId {
  uint64_t high = 0;
  uint64_t low = 0;
};

// Scalar: (half) -> i64, half 0 the high one: the host id that the process has.
constexpr std::string_view hostIdEntry = "host_id";

struct ProcessOptions {
  std::string kernelName;
  uint32_t number = 0;
  bool isMain = false;     // it is the program: the world ends with it
  bool runsWorld = false;  // its `_start` becomes the world's
  HostId hostId;           // what its environment says
  bool asksHostId = false; // and the kernel may know better when the world runs
};

// Prepares the service; `calls` gets how its imports are bound to the kernel, and
// `entries` the names of the kernel's entries that it uses.
wasm::Result<> makeProcess(Service& service,
                           const ProcessOptions& options,
                           std::vector<ManifestCall>& calls,
                           std::vector<std::string>& entries);

// The kernel's entry for a process: "read_one_.3".
std::string entryOf(std::string_view entry, uint32_t process);

} // namespace parigot::kernel

#endif // parigot_kernel_process_h
