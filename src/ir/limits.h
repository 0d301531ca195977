// Sizes that WebAssembly and its engines give.

#ifndef parigot_ir_limits_h
#define parigot_ir_limits_h

#include <cstdint>

namespace parigot {

constexpr uint64_t wasmPageBytes = 65536;
// What 32-bit addresses reach: 65536 pages of 64 KiB.
constexpr uint64_t addressableBytes = 4ull << 30;
// Addresses from here up are negative numbers to JavaScript, and Node's WASI refuses them.
constexpr uint64_t lowBytes = 2ull << 30;

} // namespace parigot

#endif // parigot_ir_limits_h
