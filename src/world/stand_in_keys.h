// Reads the keys and options of stand-ins: see world/stand_in.h.

#ifndef parigot_world_stand_in_keys_h
#define parigot_world_stand_in_keys_h

#include <string_view>

#include <toml++/toml.h>

#include "support/result.h"
#include "world/manifest.h"
#include "world/table_reader.h"

namespace parigot {

// Whether [service.NAME] needs no `wasm`: it is cut or replaced, by its keys, a [[reply]] or the command line.
bool mayLackFile(std::string_view name,
                 const toml::table& service,
                 const toml::table& manifest,
                 const ManifestChoice& choice);

// Adds the keys cut, error, launches, replace and record of a [service.NAME]. The reader must not outlive `service`.
void addStandInKeys(TableReader& reader, ServiceDeclaration& service);

// Adds the replies of the manifest and what the command line chooses. `root` is the manifest, or null for a deployment
// file, which has no replies. An error of `manifest` is handed on; others name the option, or file and line.
wasm::Result<Manifest>
withStandIns(wasm::Result<Manifest> manifest, const toml::table* root, const StandInChoice& choice);

} // namespace parigot

#endif // parigot_world_stand_in_keys_h
