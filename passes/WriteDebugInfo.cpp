//
// Makes debug information of the positions that track-positions kept. It is the
// last pass: what runs after it changes code that is described already.
//
//   --write-debug-info            lines of sources become the module's debug
//                                 locations; --output-source-map FILE writes them
//   --write-debug-info=FILE       and FILE receives the module with DWARF; the
//                                 module gets the sections build_id, which both
//                                 have, and external_debug_info, which names FILE
//
//  ;;@ greet=greet.wasm:293:0            ;;@ src/greet.c:17:9
//  (i32.load ..)                   =>    (i32.load ..)
//
// parigot-opt build -g puts the DWARF into the module itself. A pass cannot: the
// writer, which runs later, would rewrite it.
//
// The lines come from the services' wasm files, so they have to be where they were
// when merge-world read them.
//

#include <filesystem>

#include "debug/attach.h"
#include "debug/resolve_positions.h"
#include "ir/read_module.h"
#include "ir/write_module.h"
#include "passes/passes.h"
#include "support/output_file.h"

namespace parigot {

using namespace wasm;

namespace {

class WriteDebugInfo : public Pass {
public:
  WriteDebugInfo(std::shared_ptr<debug::Inputs> inputs, Warn warn) : inputs(std::move(inputs)), warn(std::move(warn)) {}

  void run(Module* module) override {
    if (inputs->all.empty()) {
      readAgain(*module);
    }
    for (auto& input : inputs->all) {
      for (auto& fault : input.faults) {
        warn("debug information of " + input.service + ": " + fault);
      }
    }
    if (passArg) {
      writeFile(*module, *passArg);
    }
    debug::resolvePositions(*module, *inputs, [](const std::string& path) { return path; });
  }

private:
  std::shared_ptr<debug::Inputs> inputs;
  Warn warn;

  // A module that was written and read again names its services' files.
  void readAgain(Module& module) {
    for (auto& name : module.debugInfoFileNames) {
      auto equals = name.find('=');
      if (equals == std::string::npos) {
        throw PassError("write-debug-info: '" + name +
                        "' is a file of sources, not a service; run track-positions before merge-world, and no other "
                        "tool in between");
      }
      auto file = name.substr(equals + 1);
      valueOrThrow(inputs->add(name.substr(0, equals), file, valueOrThrow(readFileOfModule(file))));
    }
    if (inputs->all.empty()) {
      throw PassError("write-debug-info: the module has no positions; run track-positions before merge-world, and "
                      "keep them with --output-source-map and --input-source-map where a module is written in between");
    }
  }

  void writeFile(Module& module, const std::string& file) {
    auto options = getPassOptions();
    options.debugInfo = true;
    std::string locations;
    auto bytes = writeBinary(module, options, &locations);
    auto id = debug::buildIdSection(bytes);
    debug::MapPath same = [](const std::string& path) { return path; };
    auto finished = valueOrThrow(debug::finishedModule(std::move(bytes), locations, *inputs, same));
    std::vector<std::string> complaints; // of variables, which other passes may have moved: there are none
    auto sections = debug::dwarfSections(finished, *inputs, same, complaints);
    valueOrThrow(writeWhole(file, finished.bytes + sections + id));
    addSection(module, id);
    addSection(module, debug::urlSection("external_debug_info", std::filesystem::path(file).filename().string()));
  }

  // Adds a custom section that was made as bytes.
  static void addSection(Module& module, const std::string& bytes) {
    auto layout = debug::BinaryLayout::read(std::string(8, '\0') + bytes);
    auto& section = layout->customSections.at(0);
    auto payload = bytes.substr(section.payload.begin - 8, section.payload.size());
    module.customSections.push_back({section.name, {payload.begin(), payload.end()}});
  }
};

} // namespace

std::unique_ptr<Pass> createWriteDebugInfoPass(std::shared_ptr<debug::Inputs> inputs, Warn warn) {
  return std::make_unique<WriteDebugInfo>(std::move(inputs), std::move(warn));
}

} // namespace parigot
