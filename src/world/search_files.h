// Searches for the wasm files that a deployment file names.
//
// parigot's runner looks for WasmPath = "greet.wasm" while it is in the file's folder
// (command/runner/runner/config.go:136, 382-414), and opens it later from the folder that it was started in
// (eng/wazero.go:185-190, 339-354). Both times it takes the path itself, or else the first folder of SearchDir that has
// it. Some deployment files rely on the first way, and some on the second:
//
//   deploy/app.toml, WasmPath = "greet.wasm", SearchDir = ["build"]
//   =>
//   deploy/greet.wasm, deploy/build/greet.wasm, greet.wasm, build/greet.wasm: the first that is there
//
// If a file is not found relative to the deployment file, as a manifest would require, a note says where it was found.

#ifndef parigot_world_search_files_h
#define parigot_world_search_files_h

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// Sets the paths of services that have folders to search, and adds to the manifest's notes. The error lists all
// files that were not found, and the places where each was searched for.
wasm::Result<> searchFiles(Manifest& manifest);

} // namespace parigot

#endif // parigot_world_search_files_h
