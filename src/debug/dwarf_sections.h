// The sections of DWARF that a reader of lines asks for, as views of the bytes that hold them.
//
// A wasm file has each of them as a custom section of the same name. Source: "DWARF for WebAssembly", section "DWARF
// section". They are in the module itself, or in a second wasm file that the module's section `external_debug_info`
// names (emscripten's -gseparate-dwarf). With split DWARF (-gsplit-dwarf) the lines are in the module, and functions in
// .dwo files beside it.

#ifndef parigot_debug_dwarf_sections_h
#define parigot_debug_dwarf_sections_h

#include <string_view>
#include <vector>

#include "debug/binary_layout.h"

namespace parigot::debug {

// Empty where there is none. The bytes must outlive whoever reads them.
struct DwarfSections {
  std::string_view abbrev, addr, info, line, lineStr, loc, loclists, ranges, rnglists, str, strOffsets;
  // Those of .dwo files, in any order: a unit finds its own one by the id that both have.
  std::vector<DwarfSections> split = {};

  bool empty() const { return info.empty(); }
  size_t size() const {
    return abbrev.size() + addr.size() + info.size() + line.size() + lineStr.size() + loc.size() + loclists.size() +
           ranges.size() + rnglists.size() + str.size() + strOffsets.size();
  }

  // `layout` is that of `bytes`: the module, or the file that its external_debug_info names.
  static DwarfSections of(std::string_view bytes, const BinaryLayout& layout) { return named(bytes, layout, ""); }
  // Of a .dwo file.
  static DwarfSections ofSplit(std::string_view bytes, const BinaryLayout& layout) {
    return named(bytes, layout, ".dwo");
  }

private:
  static DwarfSections named(std::string_view bytes, const BinaryLayout& layout, const std::string& suffix) {
    auto section = [&](const char* name) { return layout.customSection(bytes, name + suffix); };
    return {section(".debug_abbrev"),
            section(".debug_addr"),
            section(".debug_info"),
            section(".debug_line"),
            section(".debug_line_str"),
            section(".debug_loc"),
            section(".debug_loclists"),
            section(".debug_ranges"),
            section(".debug_rnglists"),
            section(".debug_str"),
            section(".debug_str_offsets")};
  }
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_sections_h
