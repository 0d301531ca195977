// Writing results: whole or not at all, never over an input.

#ifndef parigot_opt_output_file_h
#define parigot_opt_output_file_h

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace parigot {

// Tells before any work is done whether `path` can be an output: its folder
// exists, it is no folder itself and none of `inputs`, by whatever path, and a
// binary would not go to a terminal. "-" is standard output.
wasm::Result<> checkOutput(const std::string& path, const std::vector<std::string>& inputs, bool binary);

// Writes a file by way of a temporary one beside it, so that nobody ever sees
// half of it.
wasm::Result<> writeWhole(const std::string& path, std::string_view bytes);

} // namespace parigot

#endif // parigot_opt_output_file_h
