#include "merge/bring_up.h"

#include "ir/names.h"
#include "merge/shared_tables.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

Expression* callOf(Module& module, Name function) { return Builder(module).makeCall(function, {}, Type::none); }

Name addFunction(Module& module, const char* name, const std::vector<Expression*>& statements) {
  Builder builder(module);
  auto* function = module.addFunction(builder.makeFunction(Names::getValidFunctionName(module, name),
                                                           Signature(Type::none, Type::none),
                                                           {},
                                                           builder.makeBlock(statements, Type::none)));
  function->hasExplicitName = true;
  return function->name;
}

// The statements, behind a guard that lets them run only once.
std::vector<Expression*> once(Module& module, std::vector<Expression*> statements) {
  Builder builder(module);
  auto* done = module.addGlobal(builder.makeGlobal(
    Names::getValidGlobalName(module, "world/up"), Type::i32, builder.makeConst(int32_t(0)), Builder::Mutable));
  statements.insert(statements.begin(),
                    {builder.makeIf(builder.makeGlobalGet(done->name, Type::i32), builder.makeReturn()),
                     builder.makeGlobalSet(done->name, builder.makeConst(int32_t(1)))});
  return statements;
}

} // namespace

Result<> addBringUp(Module& module, const std::vector<BringUp>& services, const Entries& entries) {
  std::vector<Expression*> statements;
  for (auto& service : services) {
    for (auto* segment : service.elements) {
      statements.push_back(writeLater(module, *segment));
    }
    for (auto function : {service.start, service.initialize}) {
      if (function.is()) {
        statements.push_back(callOf(module, function));
      }
    }
  }
  auto add = [&](const char* name, const std::vector<Expression*>& body) -> Result<> {
    if (module.getExportOrNull(name)) {
      return Err{std::string("the world would have two exports '") + name + "'; rename one in its service"};
    }
    auto function = addFunction(module, (std::string("world/") + name).c_str(), body);
    module.addExport(Builder::makeExport(name, function, ExternalKind::Function));
    return Ok{};
  };
  if (entries.initialize && entries.start) {
    std::vector<Expression*> first, second;
    if (!statements.empty()) {
      auto up = addFunction(module, "world/bring_up", once(module, std::move(statements)));
      first.push_back(callOf(module, up));
      second.push_back(callOf(module, up));
    }
    first.push_back(callOf(module, entries.initialize));
    second.push_back(callOf(module, entries.start));
    CHECK_ERR(add("_initialize", first));
    return add("_start", second);
  }
  if (entries.start) {
    statements.push_back(callOf(module, entries.start));
  }
  if (statements.empty()) {
    return Ok{};
  }
  if (entries.start || entries.initialize || entries.waits) {
    return add(entries.start ? "_start" : "_initialize", statements);
  }
  module.start = addFunction(module, "world/start", statements);
  return Ok{};
}

} // namespace parigot
