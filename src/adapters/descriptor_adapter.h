// Adapters for host calls with descriptors, in worlds where each service has a table of its own.
//
//   (call $import (local.get $fd) ..)
//     =>
//   (local.set $fd (call $parigot.descriptors/use (i32.const TABLE) (local.get $fd) (i32.const CHANGES)))
//   (if (i32.lt_s (local.get $fd) (i32.const 0)) (then (return ERRNO)))
//   (call $host (local.get $fd) ..)
//
// The module parigot.descriptors (src/runtime/descriptors) has the tables. It answers some functions itself, by calls
// that MergeWorld has bound (src/merge/descriptors.h); the others become such adapters: the table in src/abi/wasi.cpp
// tells which parameters are descriptors, which must allow changes, and where the host writes a new one. The adapter
// gives that a number of the service.

#ifndef parigot_adapters_descriptor_adapter_h
#define parigot_adapters_descriptor_adapter_h

#include <vector>

#include "abi/wasi.h"
#include "adapters/adapter_builder.h"
#include "world/world.h"

namespace parigot {

// The functions of the tables, in the order of tableFunctions().
struct TableFunctions {
  wasm::Name use, useToOpen, rightsThrough, opened;
};
// Their exports, and their types.
struct TableFunctionRow {
  const char* name;
  wasm::Name TableFunctions::*function;
  wasm::Signature signature;
};
std::vector<TableFunctionRow> tableFunctions();

// Gives `code`, the function that replaces a WASI import of the service, a body that translates its descriptors and
// calls `inner`, which has the same parameters and translates addresses. The service has a table.
void buildDescriptorAdapter(AdapterBuilder& code,
                            const TableFunctions& tables,
                            const WorldService& service,
                            const WasiFunction& function,
                            wasm::Name inner);

} // namespace parigot

#endif // parigot_adapters_descriptor_adapter_h
