#include "abi/call_abi.h"

#include <algorithm>
#include <array>
#include <vector>

namespace parigot {

namespace {

// In the order of the enumeration.
constexpr std::array<CallAbiRow, 7> rows = {{
  {.abi = CallAbi::Scalar,
   .name = "scalar",
   .help = "numbers in, numbers out",
   .params = -1,
   .inManifests = true,
   .host = HostUse::Any},
  {.abi = CallAbi::Parigot,
   .name = "parigot",
   .help = "request in, reply in the client's buffer, and an error",
   .params = 4,
   .returnsI64 = true,
   .inManifests = true,
   .carriesBytes = true,
   .hasCapacity = true,
   .canLend = true,
   .host = HostUse::Adapted},
  {.abi = CallAbi::Bytes,
   .name = "bytes",
   .help = "request in, reply in memory of the client's malloc",
   .params = 2,
   .returnsI64 = true,
   .inManifests = true,
   .carriesBytes = true,
   .needsMalloc = true,
   .canLend = true,
   .host = HostUse::OwnMemory},
  {.abi = CallAbi::ReadMemory,
   .name = "read-memory",
   .help = "bytes of the service's memory are copied to the client's",
   .params = 3,
   .carriesBytes = true,
   .host = HostUse::OwnMemory},
  {.abi = CallAbi::WriteMemory,
   .name = "write-memory",
   .help = "bytes of the client's memory are copied to the service's",
   .params = 3,
   .carriesBytes = true,
   .host = HostUse::OwnMemory},
  {.abi = CallAbi::Described,
   .name = "described",
   .help = "each parameter and the result as 'params' and 'result' say",
   .params = -1,
   .carriesBytes = true,
   .host = HostUse::OwnMemory},
  {.abi = CallAbi::Wasi,
   .name = "wasi",
   .help = "a function of WASI, in place of the host's",
   .params = -1,
   .carriesBytes = true,
   .host = HostUse::OwnMemory},
}};

constexpr bool areInOrder() {
  for (size_t i = 0; i < rows.size(); i++) {
    if (size_t(rows[i].abi) != i) {
      return false;
    }
  }
  return true;
}
static_assert(areInOrder());

} // namespace

std::span<const CallAbiRow> callAbis() { return rows; }

const CallAbiRow& rowOf(CallAbi abi) { return rows[size_t(abi)]; }

std::string_view toString(CallAbi abi) { return rowOf(abi).name; }

std::optional<CallAbi> parseCallAbi(std::string_view text) {
  for (auto& row : rows) {
    if (row.name == text) {
      return row.abi;
    }
  }
  return {};
}

std::optional<wasm::Signature> signatureOf(CallAbi abi) {
  using wasm::Type;
  auto& row = rowOf(abi);
  if (row.params < 0) {
    return {};
  }
  std::vector<Type> params(row.params, Type::i32);
  return wasm::Signature(Type(params), row.returnsI64 ? Type::i64 : Type::none);
}

std::optional<CallAbi> inferCallAbi(std::string_view importBase, const wasm::Signature& signature) {
  if (importBase.ends_with('_') && signature == *signatureOf(CallAbi::Parigot)) {
    return CallAbi::Parigot;
  }
  auto& params = signature.params;
  if (std::find(params.begin(), params.end(), wasm::Type(wasm::Type::i32)) == params.end()) {
    return CallAbi::Scalar;
  }
  return {};
}

} // namespace parigot
