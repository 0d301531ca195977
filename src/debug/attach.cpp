#include "debug/attach.h"

#include <algorithm>
#include <optional>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "debug/byte_writer.h"
#include "debug/dwarf_writer.h"
#include "debug/entry_copies.h"

namespace parigot::debug {

using wasm::Err;
using wasm::Result;

Result<FinishedModule>
finishedModule(std::string bytes, std::string_view map, const Inputs& inputs, const MapPath& mapPath) {
  FinishedModule module;
  module.bytes = std::move(bytes);
  auto layout = BinaryLayout::read(module.bytes);
  CHECK_ERR(layout);
  module.layout = std::move(*layout);
  module.positions = readPositions(map, module.layout.code.begin);
  module.lines = worldLines(inputs, module.positions, module.layout.bodies, mapPath);
  return module;
}

std::string dwarfSections(FinishedModule& module,
                          const Inputs& inputs,
                          const MapPath& mapPath,
                          std::vector<std::string>& complaints) {
  std::optional<EntryCopies> copies;
  if (inputs.places.size() == inputs.all.size()) {
    auto& code = module.layout.code;
    copies.emplace(inputs,
                   module.positions,
                   module.layout.bodies,
                   std::string_view(module.bytes).substr(code.begin, code.size()),
                   module.lines,
                   mapPath);
  }
  std::string all;
  for (auto& [name, payload] : writeDwarf(module.lines, module.layout.bodies, copies ? &*copies : nullptr)) {
    all += customSection(name, payload);
  }
  if (copies) {
    for (auto& text : copies->complaints()) {
      complaints.push_back(text);
    }
  }
  return all;
}

std::string buildIdSection(std::string_view code) {
  auto hash = XXH3_128bits(code.data(), code.size());
  ByteWriter payload;
  payload.uleb(16);
  payload.fixed(hash.high64, 8);
  payload.fixed(hash.low64, 8);
  return customSection("build_id", payload.bytes);
}

std::string urlSection(std::string_view name, std::string_view url) {
  ByteWriter payload;
  payload.uleb(url.size());
  payload.text(url);
  return customSection(name, payload.bytes);
}

std::string withoutSections(const FinishedModule& module, std::initializer_list<std::string_view> names) {
  std::string kept;
  size_t at = 0;
  for (auto& section : module.layout.customSections) {
    if (std::find(names.begin(), names.end(), section.name) == names.end()) {
      continue;
    }
    kept += std::string_view(module.bytes).substr(at, section.whole.begin - at);
    at = section.whole.end;
  }
  return kept + module.bytes.substr(at);
}

} // namespace parigot::debug
