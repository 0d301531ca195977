#include "merge/service_exports.h"

#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

Err error(const Service& service, const std::string& message) { return Err{service.quoted() + ": " + message}; }

// Whether the service exports this function.
Result<bool> hasEntry(const Service& service, const char* name) {
  auto* function = exportedFunction(*service.module, name);
  if (function && function->getSig() != Signature(Type::none, Type::none)) {
    return error(service,
                 std::string("it exports ") + name + " as " + describe(function->getSig()) +
                   ", but WASI requires () -> (); rename that export");
  }
  return function != nullptr;
}

} // namespace

Result<ServiceEntries> entriesOf(const Service& service, bool isMain) {
  auto initialize = hasEntry(service, "_initialize");
  CHECK_ERR(initialize);
  auto start = hasEntry(service, "_start");
  CHECK_ERR(start);
  if (*start && !isMain && !*initialize) {
    return error(service,
                 "it is a command: it exports _start, which runs to the end, but no _initialize, after which its "
                 "functions can be called; build it as a reactor (clang: -mexec-model=reactor, Go: "
                 "-buildmode=c-shared), or make it the main service");
  }
  return ServiceEntries{*initialize, *start};
}

Result<> refuseReservedExports(const Service& service) {
  std::string names;
  for (auto& item : service.module->exports) {
    if (item->name.view().starts_with(internalExportPrefix)) {
      names += (names.empty() ? "'" : ", '") + item->name.toString() + "'";
    }
  }
  if (!names.empty()) {
    return error(service,
                 "it exports " + names + ", and names that begin with '" + internalExportPrefix +
                   "' are parigot-opt's own; rename what it exports so");
  }
  return Ok{};
}

} // namespace parigot
