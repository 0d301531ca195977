#include "abi/call_abi.h"

#include <algorithm>
#include <array>
#include <vector>

namespace parigot {

namespace {

// In the order of the enumeration.
constexpr std::array<CallAbiRow, 6> rows = {{
  {CallAbi::Scalar, "scalar", "numbers in, numbers out", -1, false, true, false, false, false, HostUse::Any},
  {CallAbi::Parigot,
   "parigot",
   "request in, reply in the client's buffer, and an error",
   4,
   true,
   true,
   true,
   false,
   true,
   HostUse::Adapted},
  {CallAbi::Bytes,
   "bytes",
   "request in, reply in memory of the client's malloc",
   2,
   true,
   true,
   true,
   true,
   false,
   HostUse::OwnMemory},
  {CallAbi::ReadMemory,
   "read-memory",
   "bytes of the service's memory are copied to the client's",
   3,
   false,
   false,
   true,
   false,
   false,
   HostUse::OwnMemory},
  {CallAbi::WriteMemory,
   "write-memory",
   "bytes of the client's memory are copied to the service's",
   3,
   false,
   false,
   true,
   false,
   false,
   HostUse::OwnMemory},
  {CallAbi::Described,
   "described",
   "each parameter and the result as 'params' and 'result' say",
   -1,
   false,
   false,
   true,
   false,
   false,
   HostUse::OwnMemory},
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
