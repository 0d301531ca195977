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

} // namespace parigot
