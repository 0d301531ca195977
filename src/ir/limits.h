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
// Tables, and memories, of a module in wasmtime: wasmparser's src/limits.rs, MAX_WASM_TABLES and MAX_WASM_MEMORIES.
constexpr uint32_t mostTables = 100, mostMemories = 100;
// Slots of a table in V8: src/wasm/wasm-limits.h, kV8MaxWasmTableSize.
constexpr uint32_t mostTableSlots = 10'000'000;

} // namespace parigot

#endif // parigot_ir_limits_h
