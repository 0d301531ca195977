#include "debug/attach.h"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "debug/byte_writer.h"
#include "debug/dwarf_writer.h"

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
  module.lines = worldLines(inputs, readPositions(map, module.layout.code.begin), module.layout.bodies, mapPath);
  return module;
}

std::string dwarfSections(const FinishedModule& module) {
  std::string all;
  for (auto& [name, payload] : writeDwarf(module.lines, module.layout.bodies)) {
    all += customSection(name, payload);
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
