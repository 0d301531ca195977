#include "runtime/modules.h"

#include "wasm-binary.h"

namespace parigot {

std::span<const uint8_t> runtimeModule(std::string_view name) {
  for (auto& module : runtimeModules()) {
    if (module.name == name) {
      return module.bytes;
    }
  }
  return {};
}

wasm::Result<std::unique_ptr<wasm::Module>> readRuntimeModule(std::string_view name) {
  auto bytes = runtimeModule(name);
  auto module = std::make_unique<wasm::Module>();
  std::vector<char> input(bytes.begin(), bytes.end());
  try {
    wasm::WasmBinaryReader reader(*module, wasm::FeatureSet::All, input);
    reader.read();
  } catch (const wasm::ParseException& error) {
    return wasm::Err{"internal error: the embedded runtime module " + std::string(name) +
                     " cannot be read: " + error.text};
  }
  return module;
}

} // namespace parigot
