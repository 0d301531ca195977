// Writes the types and variables of a module's units into the DWARF of a world, as DWARF 4: names, places in the code,
// and places of variables are those of the world, and everything else stays.

#ifndef parigot_debug_entry_writer_h
#define parigot_debug_entry_writer_h

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "debug/abbreviation_writer.h"
#include "debug/byte_writer.h"
#include "debug/dwarf_expressions.h"
#include "debug/dwarf_location_lists.h"
#include "debug/dwarf_ranges.h"
#include "debug/entry_selection.h"
#include "debug/inputs.h"
#include "debug/scope_nesting.h"
#include "debug/source_files.h"

namespace parigot::debug {

// The sections that entries are written into.
struct EntrySections {
  ByteWriter& info;
  ByteWriter& ranges;
  ByteWriter& locations; // .debug_loc
  AbbreviationWriter& abbreviations;
  std::function<uint32_t(std::string_view)> text; // the offset in .debug_str
};

class EntryWriter {
public:
  // What is passed has to outlive the writer. `bytes` are those of the world's code section.
  EntryWriter(const Input& input,
              uint32_t number,
              const ServicePlaces& service,
              const CodeMap& code,
              const std::vector<Span>& bodies,
              std::string_view bytes);

  // Whether any entry of a unit is wanted.
  bool has(uint32_t unit) const;
  // Whether the unit describes the function that is this body of the world.
  bool describes(uint32_t unit, uint32_t worldBody) const;
  // The code of all functions that the unit describes, in no order.
  const std::vector<CodeInterval>& functionsOf(uint32_t unit) const { return functionsOfUnit[unit]; }
  // Appends what is in the unit, whose own entry begins at `unitBegin` of .debug_info; `file` gives the number of a
  // file of the input in the unit's table of lines.
  void write(uint32_t unit, size_t unitBegin, EntrySections& out, const std::function<uint32_t(uint32_t)>& file);
  // Fills in the references between units, after all of them.
  void finish(ByteWriter& info);

  // Variables and parameters of what the world has, and those that no place could be written for.
  size_t variables = 0, unplaced = 0;

private:
  using Kind = AttributeValue::Kind;
  const Input& input;
  const DwarfEntries& entries;
  const uint32_t number;
  const ServicePlaces& service;
  const CodeMap& code;
  const std::vector<Span>& bodies;
  std::string_view bytes;
  EntrySelection selection;
  RangeReader rangeReader;
  LocationListReader listReader;
  std::unordered_map<uint32_t, uint32_t> unitOfBody; // by body of the world
  std::vector<std::vector<CodeInterval>> functionsOfUnit;
  TextBudget texts;
  std::map<std::pair<Kind, uint64_t>, uint32_t> textPlaces; // by kind, and place in the old sections
  std::vector<uint32_t> places;                             // by entry: where it is in the new .debug_info
  struct Reference {
    size_t at; // in the new .debug_info
    uint32_t target, unit;
    bool isLocal; // within the unit
  };
  std::vector<Reference> references;
  std::vector<size_t> begins; // by unit, in the new .debug_info

  // The function that entries are within.
  struct Function {
    uint32_t body = none; // of the input
    FunctionPlaces places;
  };
  std::vector<Function> functions;
  ScopeNesting scopes; // in the function

  // What is being written.
  struct Draft {
    ByteWriter abbreviation, values;
    std::vector<Reference> references;             // at: in the values
    std::optional<std::vector<CodeInterval>> code; // of a scope
  };
  Draft draft;
  uint32_t unit = 0;
  EntrySections* out = nullptr;
  const std::function<uint32_t(uint32_t)>* fileNumber = nullptr;

  void writeEntry(uint32_t entry);
  void beginFunction(uint32_t body);
  void addCode(uint32_t entry, const DieAttributes& attributes);
  void addIntervals(const std::vector<CodeInterval>& intervals);
  bool addName(uint32_t entry, const DieAttributes& attributes);
  uint32_t text(const Entry& entry, const AttributeValue& value);
  void addAttribute(const Entry& entry, const AttributeSpec& spec, const AttributeValue& value);
  void addConstant(const AttributeSpec& spec, const AttributeValue& value);
  void addReference(const AttributeSpec& spec, const AttributeValue& value);
  void addBlock(const AttributeSpec& spec, const AttributeValue& value);
  void addLocationList(const AttributeSpec& spec, const AttributeValue& value);
  std::optional<Rewritten> rewritten(std::string_view expression, uint32_t attribute) const;
  void addPlaces(const AttributeSpec& spec, const std::vector<Located>& places);
  void form(uint32_t attribute, uint32_t form);
  const Function* function() const {
    return functions.empty() || functions.back().body == none ? nullptr : &functions.back();
  }
};

} // namespace parigot::debug

#endif // parigot_debug_entry_writer_h
