#include "ir/write_module.h"

#include <sstream>

#include "wasm-binary.h"

namespace parigot {

std::string writeBinary(wasm::Module& module, const wasm::PassOptions& options, std::string* sourceMap) {
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
