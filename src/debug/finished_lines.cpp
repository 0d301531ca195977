#include "debug/finished_lines.h"

#include "debug/byte_reader.h"
#include "debug/dwarf_lines.h"

namespace parigot::debug {

using wasm::Err;
using wasm::Result;

namespace {

// The names of functions alone. Source: the core specification, appendix "Custom Sections", "Function Names".
SourceLines namesOnly(std::string_view bytes, const BinaryLayout& layout) {
  constexpr uint8_t functionNames = 1;
  SourceLines lines;
  ByteReader in(layout.customSection(bytes, "name"));
  while (!in.atEnd() && !in.failed()) {
    auto id = in.u8();
    ByteReader names(in.view(in.uleb()));
    if (id != functionNames) {
      continue;
    }
    for (auto count = names.uleb(); count && !names.failed(); count--) {
      auto body = names.uleb() - layout.importedFunctions; // wraps for an import
      SourceFunction function{std::string(names.view(names.uleb()))};
      auto number = uint32_t(lines.functions.size());
      auto begin = body < layout.bodies.size() ? layout.bodies[body].begin : 0;
      // Names are in the order of functions.
      if (!names.failed() && body < layout.bodies.size() && (lines.empty() || lines.rows.back().offset < begin)) {
        lines.functions.push_back(std::move(function));
        lines.scopes.push_back({number, none, {}});
        lines.rows.push_back({uint32_t(begin), number, {}});
        lines.rows.push_back({uint32_t(layout.bodies[body].end), none, {}});
      }
    }
  }
  return lines;
}

} // namespace

Result<SourceLines> finishedLines(std::string_view bytes, const BinaryLayout& layout) {
  auto sections = DwarfSections::of(bytes, layout);
  if (sections.empty()) {
    auto names = namesOnly(bytes, layout);
    if (names.empty()) {
      return Err{"it has no debug information and no names; parigot-opt build -g makes them"};
    }
    return names;
  }
  std::vector<std::string> complaints;
  return dwarfLines(sections, layout, complaints);
}

} // namespace parigot::debug
