// A file of laws: [government] and [[law]], and nothing else. `build --government FILE`, `check --government FILE`.

#ifndef parigot_world_laws_file_h
#define parigot_world_laws_file_h

#include <string>

#include "support/result.h"
#include "world/government.h"

namespace parigot {

// An error names the file and the line. A file without laws is one.
wasm::Result<Government> readLaws(const std::string& path);
wasm::Result<Government> parseLaws(const std::string& text, const std::string& path);

struct Manifest;

// Gives a manifest the laws of a file. An error if it has laws itself, or they name a service that it does not have.
wasm::Result<> addLaws(Manifest& manifest, const std::string& file);

} // namespace parigot

#endif // parigot_world_laws_file_h
