// What `build` tells its user besides errors: notes, which -q turns off, and warnings.

#ifndef parigot_opt_build_notes_h
#define parigot_opt_build_notes_h

#include "pass.h"
#include "wasm.h"
#include "world/manifest.h"
#include "world/world.h"

namespace parigot {

// What reading the manifest has found, and which plugins the host brings.
void sayOfManifest(const Manifest& manifest, bool quiet);

// One line for what the world needs of its host beside WASI and parigot's kernel.
void sayHostImports(const World& world);

// A world that Node's WASI cannot serve all of.
void warnOfHighAddresses(const World& world);

// More of something than wasmtime accepts. Other engines take it.
void warnOfLimits(const wasm::Module& module);

// The services of a manifest that are cut.
std::vector<std::string> cutServices(const Manifest& manifest);

// Takes out what nothing calls any more where these services are cut, and says how much that is.
void removeWhatIsCut(wasm::Module& module,
                     const wasm::PassOptions& options,
                     const World& world,
                     const std::vector<std::string>& cut,
                     bool quiet);

} // namespace parigot

#endif // parigot_opt_build_notes_h
