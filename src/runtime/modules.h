// The runtime modules that are compiled to wasm when we are built, and live in our library.

#ifndef parigot_runtime_modules_h
#define parigot_runtime_modules_h

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

struct RuntimeModule {
  std::string_view name; // "gojs-gc": see CMakeLists.txt
  std::span<const uint8_t> bytes;
};

std::span<const RuntimeModule> runtimeModules();

// The bytes of a wasm binary; empty if there is no module of this name.
std::span<const uint8_t> runtimeModule(std::string_view name);

// The same, parsed. An error is ours.
wasm::Result<std::unique_ptr<wasm::Module>> readRuntimeModule(std::string_view name);

} // namespace parigot

#endif // parigot_runtime_modules_h
