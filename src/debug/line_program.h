// Writes line number programs of DWARF 4. Source: DWARF Debugging Information Format, version 4, section 6.2.

#ifndef parigot_debug_line_program_h
#define parigot_debug_line_program_h

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "debug/byte_writer.h"
#include "debug/source_lines.h"

namespace parigot::debug {

// The line table of one unit.
class LineTable {
public:
  explicit LineTable(const SourceLines& lines) : lines(lines) {}

  // The number of a file in this table, from 1; 0 for `none`.
  uint32_t file(uint32_t file);
  // Adds the rows of a function, whose code ends at `end`.
  void addSequence(std::span<const Row> rows, uint32_t end);
  // Appends the table to a section .debug_line.
  void write(ByteWriter& out) const;

private:
  const SourceLines& lines;
  std::unordered_map<uint32_t, uint32_t> numbers; // by file of the lines
  std::vector<uint32_t> files;                    // by number - 1
  ByteWriter program;

  void addRow(const Row& row, uint64_t advance, int64_t lineBefore);
};

} // namespace parigot::debug

#endif // parigot_debug_line_program_h
