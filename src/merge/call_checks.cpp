#include "merge/call_checks.h"

#include "ir/describe.h"
#include "ir/imports_and_exports.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

Result<> checkSignature(const std::string& what, CallAbi abi, const wasm::Signature& signature) {
  auto wanted = signatureOf(abi);
  if (wanted && *wanted != signature) {
    return Err{what + " as " + describe(signature) + ", but the abi '" + std::string(toString(abi)) +
               "' that the manifest gives it has the signature " + describe(*wanted)};
  }
  return Ok{};
}

Result<> checkMemories(const Service& client, const Service& provider, const std::string& what, CallAbi abi) {
  if (!rowOf(abi).carriesBytes) {
    return Ok{};
  }
  for (auto* side : {&client, &provider}) {
    if (side->module->memories.empty()) {
      return Err{what + " by the abi '" + std::string(toString(abi)) + "', which carries bytes, but " + side->quoted() +
                 " has no memory"};
    }
  }
  if (rowOf(abi).needsMalloc) {
    auto* malloc = exportedFunction(*client.module, "malloc");
    if (!malloc || malloc->getSig() != wasm::Signature(wasm::Type::i32, wasm::Type::i32)) {
      return Err{what + " by the abi '" + std::string(toString(abi)) + "', which needs " + client.quoted() +
                 " to export malloc as (i32) -> i32 for the replies"};
    }
  }
  return Ok{};
}

Result<> checkUncopied(const Manifest& manifest,
                       const ManifestCall& call,
                       const Service& client,
                       const Service& provider,
                       CallAbi abi,
                       const std::string& what) {
  auto refuse = [&](const std::string& why) {
    return Err{what + ", and " + manifest.path + ":" + std::to_string(call.line) + " says 'copy = false', but " + why};
  };
  if (!rowOf(abi).canLend) {
    return refuse("a call by the abi '" + std::string(toString(abi)) +
                  "' has no request to leave where it is; only 'parigot' and 'bytes' have");
  }
  if (manifest.layout != Layout::Single) {
    return refuse("in layout 'multi' no address of " + provider.quoted() + " is one of another memory; use 'single'");
  }
  if (manifest.isolation() != Isolation::None) {
    return refuse(
      "isolation lets no service read the memory of another; leave that out, or write isolate = \"none\" in [world]");
  }
  for (auto* side : {&client, &provider}) {
    if (side->declared.fit || (manifest.fit && !side->declared.regionBytes)) {
      return refuse("with memory = \"fit\", memory of " + side->quoted() +
                    " can come to lie at the address; give it a region of a fixed size");
    }
  }
  return Ok{};
}

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
