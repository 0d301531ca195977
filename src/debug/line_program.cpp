#include "debug/line_program.h"

#include "debug/dwarf_constants.h"

namespace parigot::debug {

namespace {

// A special opcode advances the line by lineBase and up to lineRange - 1 more, and the address.
constexpr int lineBase = -5;
constexpr int lineRange = 14;
constexpr int opcodeBase = 13;
// The number of operands of each standard opcode: section 6.2.5.2.
constexpr uint8_t operands[opcodeBase - 1] = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};

void beginSequence(ByteWriter& out, uint32_t address) {
  out.u8(0);
  out.uleb(5);
  out.u8(dw::lneSetAddress);
  out.u32(address);
}

void endSequence(ByteWriter& out, uint32_t advance) {
  out.u8(dw::lnsAdvancePc);
  out.uleb(advance);
  out.u8(0);
  out.uleb(1);
  out.u8(dw::lneEndSequence);
}

// A path is a folder's number and a name.
void writeFiles(ByteWriter& out, const std::vector<std::string_view>& paths) {
  std::unordered_map<std::string_view, uint32_t> folders;
  ByteWriter names;
  for (auto path : paths) {
    auto slash = path.rfind('/');
    bool hasFolder = slash != std::string_view::npos && slash + 1 < path.size();
    uint32_t folder = 0;
    if (hasFolder) {
      auto text = slash == 0 ? std::string_view("/") : path.substr(0, slash);
      auto [known, isNew] = folders.try_emplace(text, uint32_t(folders.size() + 1));
      if (isNew) {
        out.string(text);
      }
      folder = known->second;
    }
    auto name = hasFolder ? path.substr(slash + 1) : path;
    names.string(name.empty() ? "?" : name); // an empty name would end the list
    names.uleb(folder);
    names.uleb(0); // the time of its last change
    names.uleb(0); // its size
  }
  out.u8(0);
  out.text(names.bytes);
  out.u8(0);
}

} // namespace

uint32_t LineTable::file(uint32_t file) {
  if (file == none) {
    return 0;
  }
  auto [known, isNew] = numbers.try_emplace(file, uint32_t(files.size() + 1));
  if (isNew) {
    files.push_back(file);
  }
  return known->second;
}

void LineTable::addSequence(std::span<const Row> rows, uint32_t end) {
  // The registers of the state machine, as a sequence begins with them: section 6.2.2.
  uint32_t address = 0, fileNumber = 1, line = 1, column = 0;
  bool isStatement = true;
  bool begun = false;
  for (auto& row : rows) {
    if (row.place.file == none) {
      continue;
    }
    if (!begun) {
      beginSequence(program, row.offset);
      address = row.offset;
      begun = true;
    }
    if (auto number = file(row.place.file); number != fileNumber) {
      program.u8(dw::lnsSetFile);
      program.uleb(number);
      fileNumber = number;
    }
    if (row.place.column != column) {
      program.u8(dw::lnsSetColumn);
      program.uleb(row.place.column);
      column = row.place.column;
    }
    if (row.isStatement != isStatement) {
      program.u8(dw::lnsNegateStmt);
      isStatement = row.isStatement;
    }
    addRow(row, row.offset - address, line);
    address = row.offset;
    line = row.place.line;
  }
  if (begun) {
    endSequence(program, end - address);
  }
}

void LineTable::addRow(const Row& row, uint64_t advance, int64_t lineBefore) {
  auto lines = int64_t(row.place.line) - lineBefore;
  auto special = lines - lineBase + int64_t(lineRange * advance) + opcodeBase;
  if (lines >= lineBase && lines < lineBase + lineRange && special <= 255) {
    program.u8(uint8_t(special));
    return;
  }
  if (lines) {
    program.u8(dw::lnsAdvanceLine);
    program.sleb(lines);
  }
  if (advance) {
    program.u8(dw::lnsAdvancePc);
    program.uleb(advance);
  }
  program.u8(dw::lnsCopy);
}

void LineTable::write(ByteWriter& out) const {
  ByteWriter header;
  header.u8(1); // bytes of the smallest instruction
  header.u8(1); // operations of an instruction
  header.u8(1); // rows begin as statements
  header.u8(uint8_t(lineBase));
  header.u8(lineRange);
  header.u8(opcodeBase);
  for (auto count : operands) {
    header.u8(count);
  }
  std::vector<std::string_view> paths;
  paths.reserve(files.size());
  for (auto file : files) {
    paths.push_back(lines.files[file].path);
  }
  writeFiles(header, paths);
  out.u32(uint32_t(2 + 4 + header.at() + program.at()));
  out.u16(4);
  out.u32(uint32_t(header.at()));
  out.text(header.bytes);
  out.text(program.bytes);
}

} // namespace parigot::debug
