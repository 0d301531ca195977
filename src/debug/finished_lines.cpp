#include "debug/finished_lines.h"

#include "debug/dwarf_lines.h"

namespace parigot::debug {

using wasm::Err;
using wasm::Result;

Result<SourceLines> finishedLines(std::string_view bytes, const BinaryLayout& layout) {
  auto sections = DwarfSections::of(bytes, layout);
  if (sections.empty()) {
    return Err{"it has no debug information; parigot-opt build -g makes it"};
  }
  std::vector<std::string> complaints;
  return dwarfLines(sections, layout, complaints);
}

} // namespace parigot::debug
