// Imports whose [[call]] describes each parameter: whether the services that it binds can be called so.

#ifndef parigot_merge_described_calls_h
#define parigot_merge_described_calls_h

#include <string>

#include "abi/param.h"
#include "support/result.h"
#include "wasm.h"
#include "world/manifest.h"
#include "world/service.h"

namespace parigot {

// `what` says how an error begins: "service 'a' (a.wasm) imports b.f".
wasm::Result<> checkDescribed(const Manifest& manifest,
                              const ManifestCall& call,
                              const Service& client,
                              const Service& provider,
                              const wasm::Signature& signature,
                              const std::string& what);

// The same description for a function of the host: the service is not wound. An error where a host's function cannot be
// described so.
wasm::Result<Params> paramsOfHost(const Manifest& manifest, const ManifestCall& call, const std::string& what);

} // namespace parigot

#endif // parigot_merge_described_calls_h
