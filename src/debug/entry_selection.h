// Chooses which entries of a module's DWARF a world needs: functions that it has, variables that have a place in it,
// and what these refer to. A linker leaves the entries of what it dropped, and headers bring more types than are used.

#ifndef parigot_debug_entry_selection_h
#define parigot_debug_entry_selection_h

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "debug/code_map.h"
#include "debug/dwarf_entries.h"
#include "debug/variable_places.h"

namespace parigot::debug {

class EntrySelection {
public:
  // `number` is that of the input in `code`, and `bodies` of the input are those of its module. Linear, up to a
  // logarithm.
  EntrySelection(const DwarfEntries& entries, uint32_t number, const ServicePlaces& service, const CodeMap& code);

  bool has(uint32_t entry) const { return states[entry] != State::Out; }
  // Whether an entry that is within this one is in, too.
  bool hasChildren(uint32_t entry) const { return parents[entry]; }
  // The body that a subprogram of the selection is, as a number of the input; none for other entries.
  uint32_t bodyOf(uint32_t entry) const;

private:
  enum class State : uint8_t {
    Out,
    Around, // it is in for what is within it
    In,     // with its parts, and with what it refers to
  };
  const DwarfEntries& entries;
  const ServicePlaces& service;
  std::vector<State> states;
  std::vector<bool> parents;
  std::unordered_map<uint32_t, uint32_t> bodies; // by entry
  std::vector<uint32_t> queue;

  void wantFunctions(uint32_t number, const CodeMap& code);
  void wantVariables();
  bool isPlacedVariable(const Entry& entry) const;
  void want(uint32_t entry);
  void follow(uint32_t entry);
};

} // namespace parigot::debug

#endif // parigot_debug_entry_selection_h
