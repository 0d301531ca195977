#include "ir/write_module.h"

#include <sstream>

#include "wasm-binary.h"

namespace parigot {

namespace {

// Binaryen's reader names the locals that it adds for values on the stack "scratch", "scratch_6" and so on: half of the
// names of a Go program, in bytes.
void forgetScratchNames(wasm::Module& module) {
  for (auto& function : module.functions) {
    std::erase_if(function->localNames, [&](auto& item) {
      bool isScratch = function->isVar(item.first) && item.second.view().starts_with("scratch");
      if (isScratch) {
        function->localIndices.erase(item.second);
      }
      return isScratch;
    });
  }
}

} // namespace

std::string writeBinary(wasm::Module& module, const wasm::PassOptions& options, std::string* sourceMap) {
  forgetScratchNames(module);
  wasm::BufferWithRandomAccess buffer;
  wasm::WasmBinaryWriter writer(&module, buffer, options);
  writer.setNamesSection(options.debugInfo);
  std::ostringstream map;
  if (sourceMap) {
    writer.setSourceMap(&map, "");
  }
  writer.write();
  if (sourceMap) {
    *sourceMap = std::move(map).str();
  }
  return {reinterpret_cast<const char*>(buffer.data()), buffer.size()};
}

} // namespace parigot
