#include "merge/apply_laws.h"

#include <algorithm>

#include "ir/limits.h"
#include "support/byte_size.h"
#include "support/printable.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

std::string filterEnvironments(Manifest& manifest) {
  std::string dropped;
  for (auto& service : manifest.services) {
    auto rights = rightsOf(manifest.government, service.name);
    if (!service.env || !rights.hostBound) {
      continue;
    }
    std::erase_if(*service.env, [&](auto& variable) {
      bool hidden = !rights.maySee(variable) && !isVariableOfProcesses(variable);
      if (hidden) {
        dropped +=
          (dropped.empty() ? "" : ", ") + printable(variable.substr(0, variable.find('='))) + " (" + service.name + ")";
      }
      return hidden;
    });
  }
  return dropped;
}

Result<> limitMemories(const Services& services, World& world) {
  auto& manifest = services.manifest;
  std::string errors;
  for (size_t i = 0; i < services.all.size(); i++) {
    auto& service = *services.all[i];
    auto& described = world.services[i];
    auto limit = service.isAdded() ? std::nullopt : rightsOf(manifest.government, service.name()).memoryBytes;
    if (!limit || !described.hasMemory) {
      continue;
    }
    auto fail = [&](const std::string& what, uint64_t bytes) {
      errors += (errors.empty() ? "" : "\n") + service.quoted() + " " + what + " " + spokenBytes(bytes) +
                " of memory, and the laws in " + manifest.government.path + " allow it " + spokenBytes(*limit) +
                "; a law needs memory = \"" + std::to_string((bytes + 0xfffff) >> 20) + "MiB\"";
    };
    auto initial = uint64_t(described.initialPages) * wasmPageBytes;
    if (initial > *limit) {
      fail("starts with", initial);
    } else if (service.declared.regionBytes.value_or(0) > *limit) {
      fail("has in its [service." + service.name() + "]", *service.declared.regionBytes);
    }
    described.maxPages = uint32_t(std::min<uint64_t>(described.maxPages, *limit / wasmPageBytes));
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

} // namespace parigot
