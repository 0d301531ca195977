// What the functions of a module are called in its source.
//
// Go's own table (pclntab.h) comes first: it is there even when the name section
// is stripped, and has names as they are, where Go's linker replaces in the name
// section what is neither letter nor digit. Then the name section, then the
// number of the function.

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
  // Where names of defined functions are from.
  NameSource source = NameSource::None;
  // By index, of Go: bytes of arguments and results on the stack, where known.
  std::vector<std::optional<uint32_t>> argumentBytes;
  // Where the table of Go functions is in memory: [begin, end); it is no
  // reference to them. Both 0 when there is none.
  uint64_t tableBegin = 0, tableEnd = 0;
  // Why Go's table could not be read; empty when it was, or is not expected.
  std::string problem;
};

// `go`: whether to look for Go's table. Linear.
FunctionNames functionNames(const wasm::Module& module, const DataImage& image, bool go);

} // namespace parigot::gojs

#endif // parigot_go_function_names_h
