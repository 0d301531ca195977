#include "ir/trap_functions.h"

#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr std::string_view prefix = "parigot.trap.";
// The module that the functions are imported from while they are hidden. A module may have imports of that name itself.
constexpr const char* nowhere = "parigot.trap";

bool isTrap(Function& function) {
  auto name = function.name.view();
  auto scope = name.find('/');
  auto own = scope == name.npos ? name : name.substr(scope + 1);
  return own.starts_with(prefix) && !function.imported() && function.body->is<Unreachable>() &&
         function.getParams() == Type::none && function.getResults() == Type::none;
}

} // namespace

Name trapFunction(Module& module, const std::string& reason) {
  Name name = std::string(prefix) + reason;
  if (!module.getFunctionOrNull(name)) {
    Builder builder(module);
    auto* trap =
      module.addFunction(builder.makeFunction(name, Signature(Type::none, Type::none), {}, builder.makeUnreachable()));
    trap->hasExplicitName = true;
    trap->noFullInline = trap->noPartialInline = true;
  }
  return name;
}

HiddenTraps::HiddenTraps(Module& module) : module(module) {
  for (auto& function : module.functions) {
    if (isTrap(*function)) {
      function->module = nowhere;
      function->base = function->name;
      function->body = nullptr;
      function->vars.clear();
      function->type = function->type.with(Inexact);
      hidden.push_back(function->name);
    }
  }
}

void HiddenTraps::show() {
  for (auto name : hidden) {
    if (auto* function = module.getFunctionOrNull(name)) {
      function->module = function->base = Name();
      function->body = Builder(module).makeUnreachable();
      function->type = function->type.with(Exact);
    }
  }
}

} // namespace parigot
