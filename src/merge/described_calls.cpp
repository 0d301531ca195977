#include "merge/described_calls.h"

#include "ir/imports_and_exports.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

Result<> checkDescribed(const Manifest& manifest,
                        const ManifestCall& call,
                        const Service& client,
                        const Service& provider,
                        const wasm::Signature& signature,
                        const std::string& what) {
  auto end = [](const Service& service) {
    return CallEnd{service.quoted(), [&service](auto name) { return exportedFunction(*service.module, name); }};
  };
  auto fits = checkCall(*call.described, signature, end(client), end(provider));
  if (auto* error = fits.getErr()) {
    return Err{what + ", which " + manifest.path + ":" + std::to_string(call.line) + " describes with 'params', but " +
               error->msg};
  }
  return Ok{};
}

Result<Params> paramsOfHost(const Manifest& manifest, const ManifestCall& call, const std::string& what) {
  auto& texts = call.described->texts();
  auto params = texts.result.empty() ? Params::parse(texts.params) : Err{"'result' is for calls between services only"};
  if (auto* error = params.getErr()) {
    return Err{what + ", which no service of the world provides and " + manifest.path + ":" +
               std::to_string(call.line) + " describes, but " + error->msg};
  }
  return params;
}

} // namespace parigot
