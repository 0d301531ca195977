// What one service may do with descriptors of the host: its standard streams, and its preopened folders.
//
// A manifest gives it in [service.NAME] by `stdin` and `files`, and laws narrow it (world/descriptor_laws.h). The
// section parigot.world keeps it, and the runtime module of descriptors (src/runtime/descriptors) enforces it when the
// world runs.

#ifndef parigot_world_descriptor_policy_h
#define parigot_world_descriptor_policy_h

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace parigot {

// A folder that the host has preopened, as a service sees it.
struct PreopenPolicy {
  std::string host;      // the name that the host gives it, as by `--dir`
  std::string seen;      // the name that the service finds
  bool readOnly = false; // whatever changes files or folders fails
};

struct DescriptorPolicy {
  // Whether the service has the world's standard streams. Without the input, it reads nothing: the end is there at
  // once. Without one of the others, every call with that descriptor fails with ENOTCAPABLE.
  bool standardInput = true;
  bool standardOutput = true;
  bool standardError = true;
  // The only preopened folders that the service sees, in the order of their descriptors from 3 on. Not set: all that
  // the host has, at the host's numbers.
  std::optional<std::vector<PreopenPolicy>> preopens;
  // Whether all folders are read-only, also those of the host that `preopens` does not name.
  bool readOnly = false;

  // Whether it says the same as no policy.
  bool allowsAll() const { return standardInput && standardOutput && standardError && !preopens && !readOnly; }
};

// The standard streams, by the names that files give them.
inline std::span<const std::pair<const char*, bool DescriptorPolicy::*>> descriptorStreams() {
  static constexpr std::pair<const char*, bool DescriptorPolicy::*> streams[] = {
    {"stdin", &DescriptorPolicy::standardInput},
    {"stdout", &DescriptorPolicy::standardOutput},
    {"stderr", &DescriptorPolicy::standardError},
  };
  return streams;
}

} // namespace parigot

#endif // parigot_world_descriptor_policy_h
