// Copies files, units and functions of inputs into the lines of a world, each once.

#ifndef parigot_debug_importer_h
#define parigot_debug_importer_h

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "debug/inputs.h"
#include "debug/linkage_names.h"
#include "debug/source_lines.h"
#include "debug/world_lines.h"

namespace parigot::debug {

// The unit of a world for a unit of an input; for `none`, one for functions without a unit.
inline Unit worldUnit(const Input& input, size_t number, uint32_t from, const MapPath& mapPath) {
  auto unit = from == none ? Unit{} : input.lines.units[from];
  if (unit.name.empty()) {
    unit.name = input.service.empty() ? input.file : input.service;
  }
  unit.name = mapPath(unit.name);
  // Paths of files are joined with it already, so only an absolute one says more.
  unit.folder = unit.folder.starts_with('/') ? mapPath(unit.folder) : "";
  unit.input = uint32_t(number);
  unit.number = from;
  return unit;
}

class Importer {
public:
  Importer(const Inputs& inputs, SourceLines& out, const MapPath& mapPath) : out(out), mapPath(mapPath) {
    for (auto& input : inputs.all) {
      tables.push_back({std::vector<uint32_t>(input.lines.files.size(), none),
                        std::vector<uint32_t>(input.lines.units.size(), none),
                        std::vector<uint32_t>(input.lines.functions.size(), none)});
    }
  }

  Place place(const Input& input, size_t number, Place from) {
    if (from.file != none) {
      from.file = file(input, number, from.file);
    }
    return from;
  }

  // The function of a scope; for a body whose function is not known, one that has the name of the wasm function.
  uint32_t function(const Input& input, size_t number, uint32_t from) {
    auto& known = tables[number].functions[from];
    if (known == none) {
      auto function = input.lines.functions[from];
      auto name = displayName(function);
      function.linkageName = input.service.empty() ? name : input.service + "/" + name;
      function.declared = place(input, number, function.declared);
      function.unit = unit(input, number, function.unit);
      known = add(std::move(function));
    }
    return known;
  }
  uint32_t functionOfBody(const Input& input, size_t number, size_t body) {
    auto [known, isNew] = byBody.try_emplace({number, body}, none);
    if (isNew) {
      SourceFunction function;
      function.name = body < input.names.size() ? input.names[body] : "?";
      function.linkageName = input.service.empty() ? function.name : input.service + "/" + function.name;
      function.unit = unit(input, number, none);
      known->second = add(std::move(function));
    }
    return known->second;
  }

private:
  struct Table {
    std::vector<uint32_t> files, units, functions; // by the number in the input; none: not copied yet
  };
  SourceLines& out;
  const MapPath& mapPath;
  std::vector<Table> tables; // by input
  std::unordered_map<std::string, uint32_t> byPath;
  std::map<std::pair<size_t, size_t>, uint32_t> byBody;
  std::map<size_t, uint32_t> nameless; // the unit of an input that has none

  uint32_t add(SourceFunction function) {
    out.functions.push_back(std::move(function));
    return uint32_t(out.functions.size() - 1);
  }

  uint32_t file(const Input& input, size_t number, uint32_t from) {
    auto& known = tables[number].files[from];
    if (known == none) {
      auto& file = input.lines.files[from];
      auto path = mapPath(file.path);
      auto [same, isNew] = byPath.try_emplace(path, uint32_t(out.files.size()));
      if (isNew) {
        out.files.push_back({std::move(path), file.text});
      } else if (!out.files[same->second].text) {
        out.files[same->second].text = file.text;
      }
      known = same->second;
    }
    return known;
  }

  uint32_t unit(const Input& input, size_t number, uint32_t from) {
    auto& known = from == none ? nameless.try_emplace(number, none).first->second : tables[number].units[from];
    if (known == none) {
      out.units.push_back(worldUnit(input, number, from, mapPath));
      known = uint32_t(out.units.size() - 1);
    }
    return known;
  }
};

} // namespace parigot::debug

#endif // parigot_debug_importer_h
