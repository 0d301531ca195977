// The names that the functions of a module have in its source.
//
// Go's own table (pclntab.h) comes first: it is present even when the name section was stripped, and has the original
// names, while Go's linker replaces characters other than letters and digits in the name section. The name section
// comes next. A function in neither gets its number as its name.

#ifndef parigot_go_function_names_h
#define parigot_go_function_names_h

#include <optional>
#include <string>
#include <vector>

#include "go/data_image.h"
#include "wasm.h"

namespace parigot::gojs {

enum class NameSource : uint8_t { GoTable, NameSection, None };

struct FunctionNames {
  // By index in module.functions. Imports are "module.name".
  std::vector<std::string> names;
  // The source of the names of defined functions.
  NameSource source = NameSource::None;
  // By index: the bytes that the arguments and results of a Go function take on the stack, where known.
  std::vector<std::optional<uint32_t>> argumentBytes;
  // The place of Go's function table in memory, [begin, end), so that its entries are not taken for references to
  // functions. Both are 0 when there is none.
  uint64_t tableBegin = 0, tableEnd = 0;
  // The reason why Go's table could not be read; empty when it was read, or is not expected.
  std::string problem;
};

// With `go`, looks for Go's table. Linear.
FunctionNames functionNames(const wasm::Module& module, const DataImage& image, bool go);

} // namespace parigot::gojs

#endif // parigot_go_function_names_h
