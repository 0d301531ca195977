// Writes results: complete or not at all, and never over an input.

#ifndef parigot_support_output_file_h
#define parigot_support_output_file_h

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace parigot {

// Checks before any work is done that `path` can be an output: its folder exists, it is no folder itself and none of
// `inputs` by any path, and no binary would go to a terminal. "-" is standard output.
wasm::Result<> checkOutput(const std::string& path, const std::vector<std::string>& inputs, bool binary);

// Whether two paths lead to one file, whether it exists or not.
bool sameFile(const std::string& one, const std::string& other);

// Writes all bytes to an open file. If that fails, errno says why.
bool writeAll(int file, std::string_view bytes);

// Writes a temporary file beside the output, and renames it, so that an incomplete file is never visible.
wasm::Result<> writeWhole(const std::string& path, std::string_view bytes);

} // namespace parigot

#endif // parigot_support_output_file_h
