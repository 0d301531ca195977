#include "abi/call_abi.h"

#include <algorithm>
#include <array>

namespace parigot {

namespace {

struct AbiName {
  CallAbi abi;
  std::string_view name;
  bool forManifests;
};

constexpr std::array<AbiName, 5> abiNames = {{
  {CallAbi::Scalar, "scalar", true},
  {CallAbi::Parigot, "parigot", true},
  {CallAbi::Bytes, "bytes", true},
  {CallAbi::ReadMemory, "read-memory", false},
  {CallAbi::WriteMemory, "write-memory", false},
}};

} // namespace

std::string_view toString(CallAbi abi) {
  for (auto& entry : abiNames) {
    if (entry.abi == abi) {
      return entry.name;
    }
  }
  return "unknown";
}

std::optional<CallAbi> parseCallAbi(std::string_view text) {
  for (auto& entry : abiNames) {
    if (entry.name == text) {
      return entry.abi;
    }
  }
  return {};
}

std::vector<std::string> callAbiNames() {
  std::vector<std::string> names;
  for (auto& entry : abiNames) {
    if (entry.forManifests) {
      names.emplace_back(entry.name);
    }
  }
  return names;
}

std::optional<wasm::Signature> signatureOf(CallAbi abi) {
  using wasm::Type;
  switch (abi) {
    case CallAbi::Scalar:
      return {};
    case CallAbi::Parigot:
      return wasm::Signature(wasm::Type({Type::i32, Type::i32, Type::i32, Type::i32}), Type::i64);
    case CallAbi::Bytes:
      return wasm::Signature(wasm::Type({Type::i32, Type::i32}), Type::i64);
    case CallAbi::ReadMemory:
    case CallAbi::WriteMemory:
      return wasm::Signature(wasm::Type({Type::i32, Type::i32, Type::i32}), Type::none);
  }
  return {};
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
