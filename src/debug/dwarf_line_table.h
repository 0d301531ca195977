// The line tables of .debug_line: for each unit, its files and a program that makes rows. Source: DWARF 5, section 6.2;
// DWARF 4, section 6.2.

#ifndef parigot_debug_dwarf_line_table_h
#define parigot_debug_dwarf_line_table_h

#include <string>
#include <string_view>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/dwarf_units.h"
#include "debug/source_files.h"
#include "debug/source_lines.h"
#include "support/result.h"

namespace parigot::debug {

// Rows of one piece of code, in ascending order; `end` is where the last one ends.
struct LineSequence {
  uint32_t table; // the number of its table
  size_t first, count;
  uint32_t end;
};

struct LineRows {
  std::vector<Row> rows; // without scopes
  std::vector<LineSequence> sequences;
};

class DwarfLineTable {
public:
  // Reads the head of the table at `offset` of unit.main->line. `unit` is one that the table belongs to: the folder of
  // the compilation is its, and before DWARF 5 the size of addresses, too.
  static wasm::Result<DwarfLineTable> read(const DwarfUnit& unit, uint64_t offset);

  // In bytes of .debug_line.
  size_t size() const { return end - begin; }
  // The index in `files` of a file by its number in the table; none for a number that it has not.
  uint32_t file(uint64_t number, SourceFiles& files);
  // The indexes of all its files, by number; none for a number that it has not.
  std::vector<uint32_t> allFiles(SourceFiles& files);
  // Runs the program. Sequences that begin within no body are left out: a linker dropped their code. False, after the
  // sequences that are whole, for a program that is damaged.
  bool run(uint32_t table, const BinaryLayout& layout, SourceFiles& files, LineRows& out);

private:
  friend class LineProgram;

  struct File {
    std::string_view name;
    uint64_t directory = 0;
    uint32_t known = none; // the index in SourceFiles, once it was asked for
  };

  std::string_view section;
  const DwarfUnit* unit;
  UnitFormat format;
  size_t begin = 0, program = 0, end = 0;
  uint8_t minimumLength = 1, maximumOperations = 1, lineRange = 1, opcodeBase = 1;
  int8_t lineBase = 0;
  bool defaultIsStatement = true;
  std::string_view opcodeLengths;
  std::vector<std::string_view> directories;
  std::vector<File> names;

  bool readTables(ByteReader& in);
  bool readEntries(ByteReader& in, bool isFiles);
  std::string path(const File& file) const;
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_line_table_h
