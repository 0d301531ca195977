// Where the files of a deployment file are.
//
// parigot's runner looks for WasmPath = "greet.wasm" while it is in the file's folder
// (command/runner/runner/config.go:136, 382-414), and opens it later from the folder that it was started in
// (eng/wazero.go:185-190, 339-354). Both times it takes the path itself, or else the first folder of SearchDir that has
// it. Files of users rely on the one or on the other:
//
//   deploy/app.toml, WasmPath = "greet.wasm", SearchDir = ["build"]
//   =>
//   deploy/greet.wasm, deploy/build/greet.wasm, greet.wasm, build/greet.wasm: the first that is there
//
// A file that is not where a manifest would have it, relative to the deployment file, gets a note that says where it
// was found.

#ifndef parigot_world_search_files_h
#define parigot_world_search_files_h

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// Sets the paths of services that have folders to search, and adds to the manifest's notes. The error lists all
// files that are nowhere, and where each was looked for.
wasm::Result<> searchFiles(Manifest& manifest);

} // namespace parigot

#endif // parigot_world_search_files_h
