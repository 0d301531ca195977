#include "ir/imports_and_exports.h"

#include "ir/names.h"
#include "pass.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

Function* exportedFunction(const Module& module, std::string_view name) {
  auto* item = module.getExportOrNull(Name(name));
  if (!item || item->kind != ExternalKind::Function) {
    return nullptr;
  }
  return module.getFunctionOrNull(*item->getInternalName());
}

void addExportedFunction(Module& module, const std::string& name, Signature signature, Expression* body) {
  auto function = Names::getValidFunctionName(module, name);
  module.addFunction(Builder(module).makeFunction(function, signature, {}, body))->hasExplicitName = true;
  module.addExport(Builder::makeExport(name, function, ExternalKind::Function));
}

void addEntryOf(Module& module, const std::string& name, const std::string& entry, uint32_t first) {
  Builder builder(module);
  auto* target = exportedFunction(module, name);
  assert(target && "the module has every function that gets an entry");
  std::vector<Expression*> operands{builder.makeConst(int32_t(first))};
  std::vector<Type> params;
  auto signature = target->getSig();
  for (Index i = 1; i < signature.params.size(); i++) {
    params.push_back(signature.params[i]);
    operands.push_back(builder.makeLocalGet(i - 1, signature.params[i]));
  }
  addExportedFunction(module,
                      entry,
                      Signature(Type(params), signature.results),
                      builder.makeCall(target->name, operands, signature.results));
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

void removeUnusedFunctions(Module& module, const std::function<bool(const Export&)>& isUnused) {
  module.removeExports([&](Export* item) { return item->kind == ExternalKind::Function && isUnused(*item); });
  module.updateMaps();
  PassRunner runner(&module);
  runner.add("remove-unused-module-elements");
  runner.run();
}

} // namespace parigot
