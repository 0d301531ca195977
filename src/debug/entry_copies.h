// The types and variables of all services of a world (entry_writer.h), for its DWARF.

#ifndef parigot_debug_entry_copies_h
#define parigot_debug_entry_copies_h

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "debug/entry_writer.h"
#include "debug/inputs.h"
#include "debug/world_lines.h"

namespace parigot::debug {

class EntryCopies {
public:
  // `lines` are those of the world; they get the units and files that only variables have. `code` is the payload of the
  // world's code section. What is passed has to outlive the copies. The inputs have places.
  EntryCopies(const Inputs& inputs,
              const std::vector<Position>& positions,
              const std::vector<Span>& bodies,
              std::string_view code,
              SourceLines& lines,
              const MapPath& mapPath);

  // The writer of the input that a unit of the lines belongs to; null where nothing of the unit is copied.
  EntryWriter* of(uint32_t unit) const;
  // The index in the lines of a file of an input.
  uint32_t file(uint32_t input, uint32_t number);
  // All units of which something is copied, as numbers of the lines.
  const std::vector<uint32_t>& units() const { return all; }
  void finish(ByteWriter& info);
  // What has no place: a text for each input.
  std::vector<std::string> complaints() const;

private:
  const Inputs& inputs;
  CodeMap map;
  SourceLines& lines;
  const MapPath& mapPath;
  std::vector<std::unique_ptr<EntryWriter>> writers; // by input; null: it has no entries
  std::vector<uint32_t> all;
  std::unordered_map<std::string, uint32_t> byPath; // files of the lines

  void addUnits();
};

} // namespace parigot::debug

#endif // parigot_debug_entry_copies_h
