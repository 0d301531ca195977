// WASI preview1 as a table: every function, with the meaning of each parameter.
//
// Source: WebAssembly/WASI, legacy/preview1/witx/wasi_snapshot_preview1.witx and
// typenames.witx. `wasi_unstable` (preview0) has the same functions with
// addresses in the same places, and two structures of another size.

#ifndef parigot_abi_wasi_h
#define parigot_abi_wasi_h

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "abi/param.h"
#include "wasm-type.h"

namespace parigot {

struct WasiFunction {
  std::string_view name;
  std::array<Param, 9> params;
  uint8_t paramCount = 0;
  bool returnsErrno = true; // if not, it returns no value

  std::span<const Param> parameters() const { return {params.data(), paramCount}; }
  // Whether any parameter is an address.
  bool hasAddresses() const;
  // Whether any parameter is a descriptor or leads to one.
  bool hasDescriptors() const;
  bool hasDescriptors(DescriptorUse use) const;
  wasm::Signature signature() const;
};

// All of preview1, in the order of their names.
std::span<const WasiFunction> wasiFunctions();
// The function of that module; nullptr if it has none of this name.
const WasiFunction* findWasiFunction(std::string_view module, std::string_view name);

// Whether an import's module is WASI's.
bool isWasiModule(std::string_view module);

// Whether an import's module is another version of WASI, which gets an error of its own.
bool isOtherWasi(std::string_view module);

} // namespace parigot

#endif // parigot_abi_wasi_h
