#include "merge/wanted_exports.h"

#include <algorithm>

#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "kernel/kernel_calls.h"
#include "support/nearest.h"

namespace parigot {

using namespace wasm;

namespace {

// The most precise [[call]] for an import, as in bindings.cpp, which refuses two equally precise ones.
const ManifestCall* callOf(const Services& services, const Service& client, const Function& import) {
  const ManifestCall* best = nullptr;
  int bestScore = -1;
  for (auto& call : services.calls) {
    int score = (call.base == "*" ? 0 : 2) + (call.client.empty() ? 0 : 1);
    if (score > bestScore && (call.client.empty() || call.client == client.name()) &&
        matchesImport(call.module, call.base, import)) {
      best = &call;
      bestScore = score;
    }
  }
  return best;
}

// Whether another service of the same name for imports has the function.
bool anotherHas(const Services& services, const Service& of, const Function& import) {
  return std::any_of(services.all.begin(), services.all.end(), [&](auto& other) {
    return other.get() != &of && !other->isAdded() && other->module && other->answersTo(import.module.view()) &&
           exportedFunction(*other->module, import.base.view());
  });
}

std::vector<std::string> exportedFunctions(const Module& module) {
  std::vector<std::string> names;
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Function) {
      names.push_back(item->name.toString());
    }
  }
  return names;
}

// What is missing of the exports that clients bind; empty: nothing.
std::string missing(const Services& services, const Service& service) {
  std::string text;
  for (auto& wanted : wantedExports(services, service)) {
    auto* has = exportedFunction(*service.module, wanted.name);
    auto by = ", which " + wanted.client->quoted() + " imports as " + wanted.import();
    if (!has) {
      text += "\n    " + wanted.name + " " + describe(wanted.signature) + by +
              didYouMean(wanted.name, exportedFunctions(*service.module));
    } else if (has->getSig() != wanted.signature) {
      text += "\n    " + wanted.name + " " + describe(wanted.signature) + by + "; it is " + describe(has->getSig());
    }
  }
  return text;
}

} // namespace

bool matchesImport(const std::string& module, const std::string& base, const Function& import) {
  if (base == "*") {
    return module == import.module.view();
  }
  return module + '.' + base == import.module.toString() + '.' + import.base.toString();
}

std::vector<WantedExport> wantedExports(const Services& services, const Service& of) {
  std::vector<WantedExport> all;
  for (auto& client : services.all) {
    if (client->isAdded() || client.get() == &of || !client->module) {
      continue;
    }
    for (auto& function : client->module->functions) {
      if (!function->imported()) {
        continue;
      }
      auto* call = callOf(services, *client, *function);
      bool named = call && !call->service.empty();
      if ((call && call->outside) || (named && call->service != of.name()) ||
          (!named && (!of.answersTo(function->module.view()) || anotherHas(services, of, *function)))) {
        continue;
      }
      all.push_back({client.get(),
                     function->module.toString(),
                     function->base.toString(),
                     named && !call->export_.empty() ? call->export_ : function->base.toString(),
                     function->getSig(),
                     call});
    }
  }
  return all;
}

Result<> checkReplacements(const Services& services) {
  bool hasProcesses = std::any_of(services.all.begin(), services.all.end(), [](auto& service) {
    return service->module && kernel::callsKernel(*service->module);
  });
  std::string errors;
  for (auto& service : services.all) {
    if (service->declared.replaces.empty() || service->isAdded()) {
      continue;
    }
    auto what = service->quoted() + ", which replaces " + service->declared.replaces + ", ";
    auto add = [&](const std::string& text) { errors += (errors.empty() ? "" : "\n") + what + text; };
    if (auto text = missing(services, *service); !text.empty()) {
      // A Go library has its functions on JavaScript's global object, and gets the export later.
      if (!service->declared.library) {
        add("does not export what other services bind:" + text);
      }
    } else if (services.manifest.deployment && hasProcesses && wantedExports(services, *service).empty() &&
               !kernel::callsKernel(*service->module)) {
      add("does not call parigot's kernel, so that nothing can reach it: services of a deployment are processes");
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

} // namespace parigot
