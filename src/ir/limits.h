// Sizes that WebAssembly and its engines define.

#ifndef parigot_ir_limits_h
#define parigot_ir_limits_h

#include <cstdint>

namespace parigot {

constexpr uint64_t wasmPageBytes = 65536;
// The bytes that 32-bit addresses reach: 65536 pages of 64 KiB.
constexpr uint64_t addressableBytes = 4ull << 30;
// JavaScript reads addresses from here up as negative numbers, and Node's WASI refuses them.
constexpr uint64_t lowBytes = 2ull << 30;

} // namespace parigot

#endif // parigot_ir_limits_h
