// Reads the laws of a world: the tables [government] and [[law]] of a manifest, or of a file that has nothing else.
// government.h says what they mean.

#ifndef parigot_world_government_reader_h
#define parigot_world_government_reader_h

#include <string>

#include <toml++/toml.h>

#include "support/result.h"
#include "world/government.h"

namespace parigot {

// Read one key of the file's root table into `to`. `path` is for messages.
wasm::Result<>
readGovernmentTable(const std::string& path, const toml::table& root, const toml::node& node, Government& to);
wasm::Result<> readLawTables(const std::string& path, const toml::table& root, const toml::node& node, Government& to);

} // namespace parigot

#endif // parigot_world_government_reader_h
