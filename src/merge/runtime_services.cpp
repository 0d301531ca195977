#include "merge/runtime_services.h"

#include <algorithm>

#include "gojs/split_shim.h"
#include "kernel/generation1.h"
#include "kernel/join_kernel.h"

namespace parigot {

using namespace wasm;

namespace {

class Adder {
public:
  Adder(Manifest& manifest, std::vector<std::unique_ptr<Module>>& modules)
    : manifest(manifest), modules(modules), given(modules.size()) {}

  Result<> add() {
    manifest.services.reserve(2 * given + 1); // a shim for each, and a kernel: entries stay where they are
    for (auto& module : modules) {
      kernel::separateGeneration1(*module);
    }
    if (!manifest.hasProgram) {
      auto first = kernel::firstProcess(manifest, modules);
      CHECK_ERR(first);
      manifest.main = *first;
    }
    hasKernel = kernel::needsKernel(manifest, modules);
    for (size_t i = 0; i < given; i++) {
      CHECK_ERR(splitShim(i));
    }
    return hasKernel ? joinKernel() : Ok{};
  }

private:
  Manifest& manifest;
  std::vector<std::unique_ptr<Module>>& modules;
  size_t given;
  bool hasKernel = false;

  Result<> splitShim(size_t i) {
    auto& service = manifest.services[i];
    gojs::SplitOptions options;
    options.runtimeName = gojs::runtimeName(manifest, service.name);
    options.runtimeBytes = service.runtimeBytes.value_or(gojs::defaultRuntimeBytes);
    options.isProcess = hasKernel && kernel::isProcess(manifest, service, *modules[i]);
    bool isCommand = options.isProcess || (service.name == manifest.main && !service.reactor);
    options.entry = isCommand ? gojs::Entry::Command : gojs::Entry::Reactor;
    options.keepShimExports = service.keepShimExports;
    options.others = kernel::hostCallsOfGeneration1(*modules[i]);
    for (auto& name : options.others) {
      declare(*modules[i]->getFunction(name));
    }
    auto runtime = gojs::splitShim(service, *modules[i], options);
    if (auto* failed = runtime.getErr()) {
      return std::move(*failed);
    }
    if (*runtime) {
      append(std::move((*runtime)->entry), std::move((*runtime)->module), std::move((*runtime)->calls));
    }
    return Ok{};
  }

  // Says how the host reads the parameter, where the manifest does not.
  void declare(const Function& hostCall) {
    ManifestHostImport host;
    host.module = hostCall.module.toString();
    host.base = hostCall.base.toString();
    host.params = {kernel::hostCallParam1};
    bool known = std::any_of(manifest.hostImports.begin(), manifest.hostImports.end(), [&](auto& other) {
      return (other.base == "*" && other.module == host.module) ||
             other.module + '.' + other.base == host.module + '.' + host.base;
    });
    if (!known) {
      manifest.hostImports.push_back(std::move(host));
    }
  }

  Result<> joinKernel() {
    std::vector<kernel::Member> members;
    for (size_t i = 0; i < given; i++) {
      members.push_back({&manifest.services[i], modules[i].get()});
      for (size_t j = given; j < modules.size(); j++) {
        if (manifest.services[j].runtimeOf == manifest.services[i].name) {
          members.back().runtimeEntry = &manifest.services[j];
          members.back().runtimeModule = modules[j].get();
        }
      }
    }
    auto joined = kernel::joinKernel(manifest, members);
    if (auto* failed = joined.getErr()) {
      return std::move(*failed);
    }
    append(std::move(joined->entry), std::move(joined->module), std::move(joined->calls));
    return Ok{};
  }

  void append(ManifestService entry, std::unique_ptr<Module> module, std::vector<ManifestCall> calls) {
    entry.added = true;
    manifest.services.push_back(std::move(entry));
    modules.push_back(std::move(module));
    std::move(calls.begin(), calls.end(), std::back_inserter(manifest.calls));
  }
};

} // namespace

Result<> addRuntimeServices(Manifest& manifest, std::vector<std::unique_ptr<Module>>& modules) {
  return Adder(manifest, modules).add();
}

} // namespace parigot
