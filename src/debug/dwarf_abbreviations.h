// The abbreviations of DWARF: which attributes a debugging information entry (DIE) has, in which forms. Source: DWARF
// 5, section 7.5.3.

#ifndef parigot_debug_dwarf_abbreviations_h
#define parigot_debug_dwarf_abbreviations_h

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "debug/dwarf_forms.h"

namespace parigot::debug {

// The attributes that a reader of lines asks for.
enum class Attribute : uint8_t {
  Name,
  LinkageName,
  LowPc,
  HighPc,
  Ranges,
  AbstractOrigin,
  Specification,
  CallFile,
  CallLine,
  CallColumn,
  DeclFile,
  DeclLine,
  StmtList,
  CompDir,
  Producer,
  Language,
  StrOffsetsBase,
  AddrBase,
  RnglistsBase,
  LoclistsBase,
  GnuRangesBase,
  DwoName,
  DwoId,
  Count, // of the above; as an attribute: one that nobody asks for
};

struct AttributeSpec {
  Attribute attribute;
  uint32_t name; // its number in DWARF; 0: one that is too large
  uint32_t form;
  int64_t implicit; // the value of DW_FORM_implicit_const
};

struct Abbreviation {
  uint32_t tag;
  bool children;
  uint32_t first, count; // in AbbreviationTable::specs
  FormSize size;
};

struct AbbreviationTable {
  std::vector<AttributeSpec> specs;
  // Null for a code that the table does not define.
  const Abbreviation* find(uint64_t code) const;

private:
  friend class AbbreviationTables;
  std::vector<Abbreviation> all;
  std::unordered_map<uint64_t, uint32_t> byCode; // empty where codes count from 1, as they do nearly always

  void add(uint64_t code, const Abbreviation& abbreviation);
  bool readSpecs(ByteReader& in, Abbreviation& abbreviation);
};

// The tables of a section .debug_abbrev. Each is read once, and together they read no more than twice the section,
// however units overlap them.
class AbbreviationTables {
public:
  explicit AbbreviationTables(std::string_view section) : section(section), left(2 * uint64_t(section.size())) {}

  // Null for a table that is damaged.
  const AbbreviationTable* at(uint64_t offset);

private:
  std::string_view section;
  uint64_t left; // how many bytes may still be read
  std::unordered_map<uint64_t, std::unique_ptr<AbbreviationTable>> tables;

  std::unique_ptr<AbbreviationTable> read(uint64_t offset);
};

// The attributes of one DIE.
class DieAttributes {
public:
  void clear() { values.fill({}); }
  void set(Attribute attribute, const AttributeValue& value) { values[size_t(attribute)] = value; }
  const AttributeValue& operator[](Attribute attribute) const { return values[size_t(attribute)]; }

private:
  std::array<AttributeValue, size_t(Attribute::Count) + 1> values;
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_abbreviations_h
