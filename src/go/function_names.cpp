#include "go/function_names.h"

#include <unordered_map>

#include "go/pclntab.h"
#include "go/table_slots.h"

namespace parigot::gojs {

FunctionNames functionNames(const wasm::Module& module, const DataImage& image, bool go) {
  FunctionNames result;
  result.names.resize(module.functions.size());
  result.argumentBytes.resize(module.functions.size());
  std::unordered_map<wasm::Name, size_t> indices;
  for (size_t i = 0; i < module.functions.size(); i++) {
    auto& function = *module.functions[i];
    indices.emplace(function.name, i);
    if (function.imported()) {
      result.names[i] = function.module.toString() + "." + function.base.toString();
    } else if (function.hasExplicitName) {
      result.names[i] = function.name.toString();
      result.source = NameSource::NameSection;
    } else {
      result.names[i] = "function " + std::to_string(i);
    }
  }
  if (!go) {
    return result;
  }
  auto table = PclnTable::find(image);
  if (auto* error = table.getErr()) {
    result.problem = error->msg;
    return result;
  }
  result.source = NameSource::GoTable;
  result.tableBegin = table->begin();
  result.tableEnd = table->end();
  forEachTableSlot(module, [&](uint32_t slot, wasm::Name function) {
    auto i = indices.at(function);
    auto name = table->name(slot);
    if (!name.empty() && !module.functions[i]->imported()) {
      result.names[i] = std::move(name);
      result.argumentBytes[i] = table->argumentBytes(slot);
    }
  });
  return result;
}

} // namespace parigot::gojs
