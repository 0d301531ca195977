// Whether an import fits what is known of its call: the ABI that the manifest gives it, or the description of each
// parameter. In all of them, `what` is the beginning of an error text: "service 'a' (a.wasm) imports b.f".

#ifndef parigot_merge_call_checks_h
#define parigot_merge_call_checks_h

#include <string>

#include "abi/call_abi.h"
#include "abi/param.h"
#include "support/result.h"
#include "wasm.h"
#include "world/manifest.h"
#include "world/service.h"

namespace parigot {

// Whether the function has the signature of the ABI.
wasm::Result<> checkSignature(const std::string& what, CallAbi abi, const wasm::Signature& signature);

// Whether both services have what the ABI needs: memories, and the client's malloc.
wasm::Result<> checkMemories(const Service& client, const Service& provider, const std::string& what, CallAbi abi);

// Whether a [[call]] can have `copy = false`: the service then reads the request in the client's memory, which needs
// both in one memory, at places that stay as they are, and nothing that keeps them apart.
wasm::Result<> checkUncopied(const Manifest& manifest,
                             const ManifestCall& call,
                             const Service& client,
                             const Service& provider,
                             CallAbi abi,
                             const std::string& what);

// Whether the description of a [[call]] fits the function's type and the exports of both services.
wasm::Result<> checkDescribed(const Manifest& manifest,
                              const ManifestCall& call,
                              const Service& client,
                              const Service& provider,
                              const wasm::Signature& signature,
                              const std::string& what);

// The parameters of a function of the host, from the [[call]] of a service that is not wound. Returns an error if the
// description uses forms that only calls between services have.
wasm::Result<Params> paramsOfHost(const Manifest& manifest, const ManifestCall& call, const std::string& what);

} // namespace parigot

#endif // parigot_merge_call_checks_h
