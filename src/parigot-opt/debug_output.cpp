#include "parigot-opt/debug_output.h"

#include <filesystem>

#include <spdlog/spdlog.h>

#include "debug/attach.h"
#include "debug/source_map.h"
#include "support/output_file.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
namespace fs = std::filesystem;

namespace {

Result<> checkFile(const char* flag,
                   const std::string& file,
                   const OutputOptions& options,
                   const std::vector<std::string>& inputs) {
  if (file.empty()) {
    return Ok{};
  }
  if (file == "-" || sameFile(file, options.output)) {
    return Err{file + ": " + flag + " needs a file of its own, which is not the output"};
  }
  return checkOutput(file, inputs, false);
}

std::string fileName(const std::string& path) { return fs::path(path).filename().string(); }

} // namespace

debug::MapPath prefixMap(const std::vector<std::string>& maps) {
  return [&maps](const std::string& path) {
    for (auto map = maps.rbegin(); map != maps.rend(); ++map) {
      auto equals = map->find('=');
      if (path.starts_with(map->substr(0, equals))) {
        return map->substr(equals + 1) + path.substr(equals);
      }
    }
    return path;
  };
}

Result<> checkDebugOptions(const OutputOptions& options, const std::vector<std::string>& inputs) {
  auto& debug = options.debug;
  if (!debug.splitFile.empty() && !debug.dwarf) {
    return Err{"--split-debug says where the debug information goes, and needs -g"};
  }
  if ((!debug.sourceMapUrl.empty() || debug.embedSources) && debug.sourceMap.empty()) {
    return Err{std::string(debug.embedSources ? "--embed-sources" : "--source-map-url") + " needs --source-map FILE"};
  }
  if (debug.any() && options.emitText && (!debug.splitFile.empty() || !debug.sourceMap.empty())) {
    return Err{"text has no source map and no build_id; leave out --emit-text, or --split-debug and --source-map"};
  }
  if (debug.dwarf && options.stripDebug && debug.splitFile.empty()) {
    return Err{"-g writes debug information, and --strip-debug leaves it out; give one of them"};
  }
  for (auto& map : debug.prefixMaps) {
    if (map.find('=') == std::string::npos) {
      return Err{"--debug-prefix-map takes OLD=NEW, not '" + map + "'"};
    }
  }
  CHECK_ERR(checkFile("--split-debug", debug.splitFile, options, inputs));
  CHECK_ERR(checkFile("--source-map", debug.sourceMap, options, inputs));
  if (!debug.splitFile.empty() && !debug.sourceMap.empty() && sameFile(debug.splitFile, debug.sourceMap)) {
    return Err{debug.sourceMap + ": --split-debug and --source-map need a file each"};
  }
  return Ok{};
}

void sayDebugInputs(const debug::Inputs& inputs, bool quiet) {
  std::string without;
  for (auto& input : inputs.all) {
    auto& name = input.service.empty() ? input.file : input.service;
    for (auto& fault : input.faults) {
      spdlog::warn("debug information of {}: {}", name, fault);
    }
    if (input.lines.empty()) {
      without += (without.empty() ? "" : ", ") + name;
    }
  }
  if (!without.empty() && !quiet) {
    spdlog::info("no debug information: {} (compile with -g; Go programs always have it)", without);
  }
}

Result<> writeOutputs(WrittenModule written, debug::Inputs& inputs, const OutputOptions& options) {
  auto& debug = options.debug;
  if (!debug.any() || options.emitText) {
    return writeWhole(options.output, written.bytes);
  }
  if (debug.embedSources) {
    inputs.loadSources();
  }
  auto mapPath = prefixMap(debug.prefixMaps);
  auto module = debug::finishedModule(std::move(written.bytes), written.locations, inputs, mapPath);
  CHECK_ERR(module);
  std::string dwarf;
  if (debug.dwarf) {
    std::vector<std::string> complaints;
    dwarf = debug::dwarfSections(*module, inputs, mapPath, complaints);
    for (auto& text : complaints) {
      if (!options.quiet) {
        spdlog::info("{}", text);
      }
    }
  }
  std::string output;
  if (!debug.splitFile.empty()) {
    auto id = debug::buildIdSection(module->bytes);
    output = debug::withoutSections(*module, {"name"}) + id +
             debug::urlSection("external_debug_info", fileName(debug.splitFile));
    CHECK_ERR(writeWhole(debug.splitFile, std::move(module->bytes) + dwarf + id));
  } else {
    output = std::move(module->bytes);
    output += dwarf;
  }
  if (!debug.sourceMap.empty()) {
    auto map = debug::writeSourceMap(module->lines, module->layout.code, fileName(options.output), debug.embedSources);
    CHECK_ERR(writeWhole(debug.sourceMap, map));
    output += debug::urlSection("sourceMappingURL",
                                debug.sourceMapUrl.empty() ? fileName(debug.sourceMap) : debug.sourceMapUrl);
  }
  return writeWhole(options.output, output);
}

} // namespace parigot
