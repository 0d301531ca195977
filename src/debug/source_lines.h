// What the debug information of one module says of its code, in one shape for all formats: Go's function table
// (go_lines.h), DWARF (dwarf_lines.h) and source maps (source_map.h) are read into it, and DWARF and source maps of a
// world are written from it.
//
//   rows     offset 0x120 ------> scope 3, file 1, line 17
//                                   |
//   scopes                        3: Abs, inlined in scope 2, called at file 0, line 40
//                                 2: main.main
//
// A row holds from its offset up to the offset of the next row. Offsets are bytes from the begin of the payload of the
// code section, as in DWARF for wasm.

#ifndef parigot_debug_source_lines_h
#define parigot_debug_source_lines_h

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "debug/binary_layout.h"

namespace parigot::debug {

constexpr uint32_t none = UINT32_MAX;

struct SourceFile {
  // As the compiler wrote it, joined with the folder of the compilation: absolute, or relative where that is relative.
  std::string path;
  // The source itself, where a source map holds it.
  std::optional<std::string> text = {};
};

struct Place {
  uint32_t file = none; // an index of SourceLines::files
  uint32_t line = 0;    // from 1; 0: not known
  uint32_t column = 0;  // from 1; 0: not known

  bool operator==(const Place&) const = default;
};

// A compilation unit.
struct Unit {
  std::string name;      // DW_AT_name, or "" without one
  std::string folder;    // DW_AT_comp_dir
  std::string producer;  // "clang version 14.0.6"
  uint16_t language = 0; // a DW_LANG_ of DWARF 4 or later; 0: not known
  // Of a world: the number of the input, and of its unit there.
  uint32_t input = none, number = none;
};

struct SourceFunction {
  std::string name;        // as a programmer writes it: "main.main", "visit"
  std::string linkageName; // as a linker writes it, where it differs: "_ZN4main5visitE"
  Place declared;          // without a column
  uint32_t unit = none;
};

// A function, or an inlined copy of one within another scope.
struct Scope {
  uint32_t function; // an index of SourceLines::functions
  uint32_t parent;   // the scope that this one is inlined into, of a smaller index; none: it is not inlined
  Place call;        // where the parent calls it
};

struct Row {
  uint32_t offset;
  uint32_t scope; // an index of SourceLines::scopes; none: the function is not known, as in source maps
  Place place;    // without a file: nothing is known from here on
  bool isStatement = true;
};

// One of the functions that an instruction is in, when calls were inlined.
struct Frame {
  uint32_t function; // an index of SourceLines::functions; none: not known
  Place place;
};

// The row that holds at this offset; null without one. Logarithmic.
const Row* rowAt(std::span<const Row> rows, uint32_t offset);

struct SourceLines {
  std::vector<SourceFile> files;
  std::vector<Unit> units;
  std::vector<SourceFunction> functions;
  std::vector<Scope> scopes;
  std::vector<Row> rows; // by offset; at most one for each

  bool empty() const { return rows.empty(); }
  // The row that holds at this offset; null without one. Logarithmic.
  const Row* at(uint32_t offset) const { return rowAt(rows, offset); }
  // The rows that begin in this code.
  std::span<const Row> rowsIn(const Span& code) const;
  // The scope that a scope is inlined into, through others: itself, if it is not inlined.
  uint32_t rootOf(uint32_t scope) const;
  // The functions that the instruction at this offset is in, the innermost first; empty where nothing is known.
  std::vector<Frame> framesAt(uint32_t offset) const;
};

} // namespace parigot::debug

#endif // parigot_debug_source_lines_h
