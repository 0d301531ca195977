// Turns one service into a process: see join_kernel.h.

#ifndef parigot_kernel_process_h
#define parigot_kernel_process_h

#include <string>
#include <string_view>
#include <vector>

#include "kernel/join_kernel.h"
#include "kernel/replicas.h"

namespace parigot::kernel {

// The name of a process in the kernel.
constexpr const char* startExport = "parigot.start";

// The entries of the kernel (src/runtime/kernel) that a process uses in addition to parigot's calls.
constexpr std::string_view pollEntry = "poll_";
constexpr std::string_view exitEntry = "exit_process";

struct HostId {
  uint64_t high = 0;
  uint64_t low = 0;
};

// Scalar: (half) -> i64: a half of the process's host id; 0 is the high one.
constexpr std::string_view hostIdEntry = "host_id";

struct ProcessOptions {
  std::string kernelName;
  uint32_t number = 0;
  bool isMain = false;     // the process is the program, and the world ends with it
  bool runsWorld = false;  // the `_start` of the process becomes the world's
  HostId hostId;           // the one in its environment
  bool asksHostId = false; // the kernel may have another one when the world runs
  Replicas* replicas = nullptr;
};

// Prepares the service. `calls` receives the bindings of its imports to the kernel, and `entries` the names of the
// kernel's entries that it uses.
wasm::Result<> makeProcess(Service& service,
                           const ProcessOptions& options,
                           std::vector<ManifestCall>& calls,
                           std::vector<std::string>& entries);

// Whether a service has become a process.
bool isJoined(const Service& service);

// The kernel's entry for a process: "read_one_.3".
std::string entryOf(std::string_view entry, uint32_t process);

} // namespace parigot::kernel

#endif // parigot_kernel_process_h
