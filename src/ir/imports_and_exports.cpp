#include "ir/imports_and_exports.h"

#include "ir/names.h"
#include "runtime/modules.h"
#include "wasm-binary.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

Result<std::unique_ptr<Module>> readRuntimeModule(std::string_view name) {
  auto bytes = runtimeModule(name);
  auto module = std::make_unique<Module>();
  std::vector<char> input(bytes.begin(), bytes.end());
  try {
    WasmBinaryReader reader(*module, FeatureSet::All, input);
    reader.read();
  } catch (const ParseException& error) {
    return Err{"internal error: the embedded runtime module " + std::string(name) + " cannot be read: " + error.text};
  }
  return module;
}

void addExportedFunction(Module& module, const std::string& name, Signature signature, Expression* body) {
  auto function = Names::getValidFunctionName(module, name);
  module.addFunction(Builder(module).makeFunction(function, signature, {}, body))->hasExplicitName = true;
  module.addExport(Builder::makeExport(name, function, ExternalKind::Function));
}

Name addVariable(Module& module, const char* name) {
  auto valid = Names::getValidGlobalName(module, name);
  auto* zero = Builder(module).makeConst(int32_t(0));
  return module.addGlobal(Builder::makeGlobal(valid, Type::i32, zero, Builder::Mutable))->name;
}

Name importFrom(Module& module, std::string_view service, std::string_view base, Signature signature) {
  for (auto& function : module.functions) {
    if (function->imported() && function->module == service && function->base == base &&
        function->getSig() == signature) {
      return function->name;
    }
  }
  auto name = Names::getValidFunctionName(module, std::string(service) + "." + std::string(base));
  auto import = Builder(module).makeFunction(name, Type(HeapType(signature), NonNullable, Inexact), {}, nullptr);
  import->module = service;
  import->base = base;
  import->hasExplicitName = true;
  return module.addFunction(std::move(import))->name;
}

void defineImport(Function& import, Expression* body) {
  import.module = import.base = Name();
  import.type = import.type.with(Exact);
  import.body = body;
}

} // namespace parigot
