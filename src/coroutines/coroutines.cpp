#include "coroutines/coroutines.h"

#include "abi/wasi.h"

namespace parigot::coroutines {

using wasm::Err;
using wasm::Result;

std::string importName(const wasm::Function& import) { return import.module.toString() + "." + import.base.toString(); }

bool endsProgram(const wasm::Function& import) {
  return import.imported() && isWasiModule(import.module.view()) && import.base == "proc_exit";
}

Result<std::vector<ImportName>> parseImportNames(std::string_view text) {
  std::vector<ImportName> names;
  while (true) {
    auto comma = text.find(',');
    auto name = text.substr(0, comma);
    auto dot = name.rfind('.');
    if (dot == name.npos || dot == 0 || dot + 1 == name.size()) {
      return Err{"'" + std::string(name) + "' is no import: expected MODULE.NAME, or MODULE.* for all of a module"};
    }
    names.push_back({std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))});
    if (comma == text.npos) {
      return names;
    }
    text.remove_prefix(comma + 1);
  }
}

} // namespace parigot::coroutines
