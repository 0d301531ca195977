#include "runtime/modules.h"

namespace parigot {

std::span<const uint8_t> runtimeModule(std::string_view name) {
  for (auto& module : runtimeModules()) {
    if (module.name == name) {
      return module.bytes;
    }
  }
  return {};
}

} // namespace parigot
