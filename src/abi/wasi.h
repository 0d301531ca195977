// WASI preview1 as data: every function, and what each parameter points to.
//
// A host sees one memory. When a service's address space does not begin at the
// start of that memory, every address in a host call has to be translated, and
// so have those inside of structures. This table says where they are; code is
// generated from it (src/abi/host_adapter.h).
//
// Source: WebAssembly/WASI, legacy/preview1/witx/wasi_snapshot_preview1.witx and
// typenames.witx. `wasi_unstable` (preview0) has the same functions with
// addresses in the same places.

#ifndef parigot_abi_wasi_h
#define parigot_abi_wasi_h

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "wasm-type.h"

namespace parigot {

enum class WasiParamKind : uint8_t {
  Number,   // i32: a descriptor, flags, a length
  Number64, // i64: an offset, a time, rights
  In,       // the address of bytes that the host reads
  Out,      // the address of bytes that the host writes
  // The address of an array of (address, length) pairs, 8 bytes each, whose
  // count is the next parameter; the host reads from those buffers, or writes
  // to them.
  GatherFrom,
  ScatterTo,
  // The address of an array that the host fills with addresses into the buffer
  // that the next parameter points to: argv, environ.
  StringPointers,
};

// How many bytes lie at an address: `fixed`, or `element` for each unit of the
// parameter number `count`. Strings of args and environ have no such bound;
// their `*_sizes_get` function tells.
struct WasiParam {
  WasiParamKind kind = WasiParamKind::Number;
  uint16_t fixed = 0;   // bytes
  uint16_t element = 0; // bytes
  int8_t count = -1;    // index of a parameter of the same function
};

struct WasiFunction {
  std::string_view name;
  std::array<WasiParam, 9> params;
  uint8_t paramCount = 0;
  bool returnsErrno = true; // else nothing

  std::span<const WasiParam> parameters() const { return {params.data(), paramCount}; }
  // Whether any parameter is an address.
  bool hasAddresses() const;
  wasm::Signature signature() const;
};

// All of them, in the order of their names.
std::span<const WasiFunction> wasiFunctions();
const WasiFunction* findWasiFunction(std::string_view name);

// Whether an import's module is WASI's.
bool isWasiModule(std::string_view module);

// Any other version of WASI, which is refused by name.
bool isOtherWasi(std::string_view module);

} // namespace parigot

#endif // parigot_abi_wasi_h
