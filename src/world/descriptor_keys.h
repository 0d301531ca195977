// The keys of [service.NAME] about descriptors and WASI: `files`, `stdin` and `wasi`.
//
//   files = ["/data:ro", "/host/path=/seen/as:rw"]
//
// Each text names a folder that the host has preopened, by the host's name for it (the one that `--dir` gives). The
// service finds it by the same name, or the one behind `=`. `:ro` forbids what changes anything; `:rw` is the default.

#ifndef parigot_world_descriptor_keys_h
#define parigot_world_descriptor_keys_h

#include <string>
#include <string_view>

#include "support/result.h"
#include "world/manifest.h"
#include "world/table_reader.h"

namespace parigot {

// Adds the keys to the reader of a service's table. The service must outlive the reader.
void descriptorFields(TableReader& reader, ServiceDeclaration& service);

// Reads one text of `files`. An error says what is wrong with it.
wasm::Result<PreopenPolicy> parsePreopen(std::string_view text);

// Checks that `wasi` names services of the manifest, and that they form no circle.
wasm::Result<> checkInterposers(const Manifest& manifest);

} // namespace parigot

#endif // parigot_world_descriptor_keys_h
