#include "debug/dwarf_line_table.h"

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

using wasm::Err;
using wasm::Result;

namespace {

// Longer paths are no paths of an operating system, and could make more of them than there is memory.
constexpr size_t longestPath = 4096;

} // namespace

Result<DwarfLineTable> DwarfLineTable::read(const DwarfUnit& unit, uint64_t offset) {
  DwarfLineTable table;
  table.unit = &unit;
  table.section = unit.main->line;
  auto damaged = [&](const std::string& why) {
    return Err{"the line table at byte " + std::to_string(offset) + " of .debug_line " + why};
  };
  if (offset >= table.section.size()) {
    return damaged("is beyond the end of the section");
  }
  ByteReader in(table.section, offset);
  uint64_t length = in.u32();
  table.format.addressSize = unit.format.addressSize;
  if (length == 0xffffffff) {
    length = in.u64();
    table.format.offsetSize = 8;
  }
  if (in.failed() || length > in.left()) {
    return damaged("is longer than the section");
  }
  table.begin = offset;
  table.end = in.at() + length;
  in = ByteReader(table.section.substr(0, table.end), in.at());
  table.format.version = in.u16();
  if (table.format.version < 2 || table.format.version > 5) {
    return damaged("has version " + std::to_string(table.format.version) + ", and not 2 to 5");
  }
  if (table.format.version >= 5) {
    table.format.addressSize = in.u8();
    in.u8(); // the size of segment selectors
  }
  auto headLength = in.fixed(table.format.offsetSize);
  if (headLength > in.left()) {
    return damaged("is shorter than its head");
  }
  table.program = in.at() + headLength;
  in = ByteReader(table.section.substr(0, table.program), in.at());
  table.minimumLength = in.u8();
  table.maximumOperations = table.format.version >= 4 ? in.u8() : 1;
  table.defaultIsStatement = in.u8();
  table.lineBase = int8_t(in.u8());
  table.lineRange = in.u8();
  table.opcodeBase = in.u8();
  if (!table.lineRange || !table.opcodeBase || !table.maximumOperations) {
    return damaged("has a line_range, an opcode_base or a maximum_operations_per_instruction of 0");
  }
  table.opcodeLengths = in.view(table.opcodeBase - 1);
  if (!table.readTables(in)) {
    return damaged("has damaged tables of directories and files");
  }
  return table;
}

bool DwarfLineTable::readTables(ByteReader& in) {
  if (format.version >= 5) {
    return readEntries(in, false) && readEntries(in, true);
  }
  // Texts up to an empty one: DWARF 4, section 6.2.4.
  for (auto text = in.string(); !text.empty(); text = in.string()) {
    directories.push_back(text);
  }
  for (auto text = in.string(); !text.empty(); text = in.string()) {
    names.push_back({text, in.uleb()});
    in.uleb(); // when it was changed
    in.uleb(); // how long it is
  }
  return !in.failed();
}

// Entries in a format that stands before them. Source: DWARF 5, section 6.2.4, and 6.2.4.1 for the content types.
bool DwarfLineTable::readEntries(ByteReader& in, bool isFiles) {
  std::vector<std::pair<uint64_t, uint32_t>> parts; // content type and form
  for (auto count = in.u8(); count; count--) {
    auto type = in.uleb(), form = in.uleb();
    parts.emplace_back(type, form > UINT32_MAX ? 0 : uint32_t(form));
  }
  for (auto count = in.uleb(); count && !in.failed(); count--) {
    File file;
    auto before = in.at();
    for (auto [type, form] : parts) {
      auto value = readForm(in, form, 0, format);
      if (type == dw::lnctPath) {
        file.name = unit->text(value);
      } else if (type == dw::lnctDirectoryIndex) {
        file.directory = DwarfUnit::number(value);
      }
    }
    if (in.at() == before) {
      in.fail(); // entries of no bytes could be without number
    } else if (isFiles) {
      names.push_back(file);
    } else {
      directories.push_back(file.name);
    }
  }
  return !in.failed();
}

// Before DWARF 5 files and directories count from 1, and directory 0 is that of the compilation. Later they count from
// 0, and directory 0 is that of the compilation as well, written out. Source: DWARF 5, section 6.2.4, and its note on
// earlier versions.
uint32_t DwarfLineTable::file(uint64_t number, SourceFiles& files) {
  auto index = format.version >= 5 ? number : number - 1;
  if (index >= names.size()) {
    return none;
  }
  auto& file = names[index];
  if (file.known == none) {
    file.known = files.add(path(file));
  }
  return file.known;
}

std::vector<uint32_t> DwarfLineTable::allFiles(SourceFiles& files) {
  std::vector<uint32_t> all;
  auto first = format.version >= 5 ? 0u : 1u;
  for (uint64_t i = 0; i < names.size() + first; i++) {
    all.push_back(i < first ? none : file(i, files));
  }
  return all;
}

std::string DwarfLineTable::path(const File& file) const {
  auto index = format.version >= 5 ? file.directory : file.directory - 1;
  auto directory = index < directories.size() ? directories[index] : std::string_view();
  std::string folder(directory.substr(0, longestPath));
  if (directory != unit->folder) {
    folder = joinedPath(unit->folder.substr(0, longestPath), folder);
  }
  return joinedPath(folder, file.name.substr(0, longestPath));
}

// Runs the program of a table. Source: DWARF 5, section 6.2.5.
class LineProgram {
public:
  LineProgram(DwarfLineTable& table, uint32_t number, const BinaryLayout& layout, SourceFiles& files, LineRows& out)
    : table(table), number(number), layout(layout), files(files), out(out),
      in(table.section.substr(0, table.end), table.program) {
    reset();
  }

  bool run() {
    while (!in.atEnd()) {
      auto opcode = in.u8();
      if (opcode >= table.opcodeBase) {
        special(opcode);
      } else if (opcode == 0) {
        extended();
      } else {
        standard(opcode);
      }
    }
    bool whole = !in.failed() && !open;
    if (open) {
      out.rows.resize(first);
    }
    return whole;
  }

private:
  enum class State { Before, Kept, Dropped }; // of the sequence, by its first row

  DwarfLineTable& table;
  uint32_t number;
  const BinaryLayout& layout;
  SourceFiles& files;
  LineRows& out;
  ByteReader in;

  // The registers of the state machine: DWARF 5, table 6.4.
  uint64_t address, operation, file, line, column;
  bool isStatement;
  State state = State::Before;
  bool open = false; // whether the sequence has rows, even if they are dropped
  size_t first = 0;  // of the rows of the sequence

  void reset() {
    address = operation = column = 0;
    file = line = 1;
    isStatement = table.defaultIsStatement;
    state = State::Before;
    open = false;
    first = out.rows.size();
  }

  void advance(uint64_t operations) {
    auto sum = operation + operations;
    address += table.minimumLength * (sum / table.maximumOperations);
    operation = sum % table.maximumOperations;
  }

  void special(uint8_t opcode) {
    uint8_t adjusted = opcode - table.opcodeBase;
    advance(adjusted / table.lineRange);
    line += uint64_t(int64_t(table.lineBase) + adjusted % table.lineRange);
    addRow();
  }

  void standard(uint8_t opcode) {
    switch (opcode) {
      case dw::lnsCopy:
        return addRow();
      case dw::lnsAdvancePc:
        return advance(in.uleb());
      case dw::lnsAdvanceLine:
        line += uint64_t(in.sleb());
        return;
      case dw::lnsSetFile:
        file = in.uleb();
        return;
      case dw::lnsSetColumn:
        column = in.uleb();
        return;
      case dw::lnsNegateStmt:
        isStatement = !isStatement;
        return;
      case dw::lnsConstAddPc:
        return advance((255 - table.opcodeBase) / table.lineRange);
      case dw::lnsFixedAdvancePc:
        address += in.u16();
        operation = 0;
        return;
      case dw::lnsSetBasicBlock:
      case dw::lnsSetPrologueEnd:
      case dw::lnsSetEpilogueBegin:
        return;
      default: // the head tells how many numbers an unknown one has
        for (auto count = uint8_t(table.opcodeLengths[opcode - 1]); count; count--) {
          in.uleb();
        }
    }
  }

  void extended() {
    auto length = in.uleb();
    auto begin = in.at();
    if (length == 0 || length > in.left()) {
      return length ? in.fail() : void();
    }
    switch (in.u8()) {
      case dw::lneEndSequence:
        endSequence();
        break;
      case dw::lneSetAddress:
        address = length > 1 && length <= 9 ? in.fixed(unsigned(length - 1)) : UINT64_MAX;
        operation = 0;
        state = state == State::Dropped ? State::Before : state;
        break;
      case dw::lneDefineFile: {
        auto name = in.string();
        table.names.push_back({name, in.uleb()});
        break;
      }
      default:
        break; // what a vendor added, and discriminators
    }
    if (!in.failed()) {
      in.seek(begin + length);
    }
  }

  void addRow() {
    open = true;
    // Code goes up within a sequence. Where it does not, another sequence begins.
    if (state == State::Kept && out.rows.size() > first && out.rows.back().offset > address) {
      closeSequence(out.rows.back().offset);
      state = State::Before;
    }
    if (state == State::Before) {
      bool lives = address <= UINT32_MAX && bodyAt(layout.bodies, uint32_t(address)) < layout.bodies.size();
      state = lives ? State::Kept : State::Dropped;
    }
    if (state == State::Dropped || address >= layout.code.size()) {
      return;
    }
    Row row{uint32_t(address), none, {table.file(file, files), uint32_t(line), uint32_t(column)}, isStatement};
    if (row.place.file == none) {
      row.place = {};
    }
    // Of rows of the same address the last one holds: the others have no code.
    if (out.rows.size() > first && out.rows.back().offset == row.offset) {
      out.rows.back() = row;
    } else {
      out.rows.push_back(row);
    }
  }

  void endSequence() {
    if (state == State::Kept) {
      closeSequence(address);
    }
    reset();
  }

  void closeSequence(uint64_t end) {
    if (out.rows.size() > first) {
      out.sequences.push_back(
        {number, first, out.rows.size() - first, uint32_t(std::min<uint64_t>(end, layout.code.size()))});
    }
    first = out.rows.size();
  }
};

bool DwarfLineTable::run(uint32_t table, const BinaryLayout& layout, SourceFiles& files, LineRows& out) {
  return LineProgram(*this, table, layout, files, out).run();
}

} // namespace parigot::debug
