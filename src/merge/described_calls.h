// Checks imports whose [[call]] describes each parameter: the description has to fit the function's type and the
// exports of both services.

#ifndef parigot_merge_described_calls_h
#define parigot_merge_described_calls_h

#include <string>

#include "abi/param.h"
#include "support/result.h"
#include "wasm.h"
#include "world/manifest.h"
#include "world/service.h"

namespace parigot {

// `what` is the beginning of an error text: "service 'a' (a.wasm) imports b.f".
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

#endif // parigot_merge_described_calls_h
