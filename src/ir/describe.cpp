#include "ir/describe.h"

namespace parigot {

namespace {

std::string describe(wasm::Type types) {
  std::string text;
  for (auto type : types) {
    if (!text.empty()) {
      text += ", ";
    }
    text += type.toString();
  }
  return "(" + text + ")";
}

} // namespace

std::string describe(const wasm::Signature& signature) {
  auto text = describe(signature.params);
  if (signature.results == wasm::Type::none) {
    return text + " -> ()";
  }
  return text + " -> " + (signature.results.isTuple() ? describe(signature.results) : signature.results.toString());
}

std::string_view toString(wasm::ExternalKind kind) {
  static constexpr std::string_view names[] = {"func", "table", "memory", "global", "tag"};
  return names[size_t(kind)];
}

std::optional<wasm::ExternalKind> parseExternalKind(std::string_view text) {
  using wasm::ExternalKind;
  for (auto kind :
       {ExternalKind::Function, ExternalKind::Table, ExternalKind::Memory, ExternalKind::Global, ExternalKind::Tag}) {
    if (toString(kind) == text) {
      return kind;
    }
  }
  return {};
}

} // namespace parigot
