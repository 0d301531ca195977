#include "debug/resolve_positions.h"

#include <optional>
#include <unordered_map>

namespace parigot::debug {

namespace {

using Location = wasm::Function::DebugLocation;

class Resolver {
public:
  Resolver(wasm::Module& module, const Inputs& inputs, const MapPath& mapPath)
    : module(module), inputs(inputs), mapPath(mapPath) {
    for (auto& input : inputs.all) {
      files.emplace_back(input.lines.files.size(), none);
    }
  }

  void run() {
    module.debugInfoFileNames.clear();
    module.debugInfoSourcesContent.clear();
    for (auto& function : module.functions) {
      for (auto& [_, location] : function->debugLocations) {
        location = resolved(location);
      }
      function->prologLocation = resolved(function->prologLocation);
      function->epilogLocation = resolved(function->epilogLocation);
    }
  }

private:
  wasm::Module& module;
  const Inputs& inputs;
  const MapPath& mapPath;
  std::vector<std::vector<uint32_t>> files; // by input and file: the index in the module
  std::unordered_map<std::string, uint32_t> byPath;

  std::optional<Location> resolved(const std::optional<Location>& location) {
    if (!location || location->fileIndex >= inputs.all.size()) {
      return {};
    }
    auto* row = inputs.all[location->fileIndex].lines.at(location->lineNumber);
    if (!row || row->place.file == none || !row->place.line) {
      return {};
    }
    auto column = row->place.column ? row->place.column - 1 : 0;
    return Location{file(location->fileIndex, row->place.file), row->place.line, column, {}};
  }

  uint32_t file(uint32_t input, uint32_t from) {
    auto& known = files[input][from];
    if (known == none) {
      auto path = mapPath(inputs.all[input].lines.files[from].path);
      auto [same, isNew] = byPath.try_emplace(path, uint32_t(module.debugInfoFileNames.size()));
      if (isNew) {
        module.debugInfoFileNames.push_back(path);
      }
      known = same->second;
    }
    return known;
  }
};

} // namespace

void resolvePositions(wasm::Module& module, const Inputs& inputs, const MapPath& mapPath) {
  Resolver(module, inputs, mapPath).run();
}

} // namespace parigot::debug
