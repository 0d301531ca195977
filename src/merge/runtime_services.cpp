#include "merge/runtime_services.h"

#include <algorithm>

#include "gojs/split_shim.h"
#include "kernel/generation1.h"
#include "kernel/join_kernel.h"
#include "merge/descriptors.h"
#include "merge/handed_buffers.h"
#include "merge/interposers.h"

namespace parigot {

using namespace wasm;

namespace {

// Declares the parameter of host calls of parigot's first generation, unless the manifest does.
void declareHostCall(Services& services, const Function& hostCall) {
  ManifestHostImport host;
  host.module = hostCall.module.toString();
  host.base = hostCall.base.toString();
  auto params = Params::parse({kernel::hostCallParam1});
  assert(!params.getErr() && "a constant");
  host.params = std::move(*params);
  bool known = std::any_of(services.hostImports.begin(), services.hostImports.end(), [&](auto& other) {
    return (other.base == "*" && other.module == host.module) ||
           other.module + '.' + other.base == host.module + '.' + host.base;
  });
  if (!known) {
    services.hostImports.push_back(std::move(host));
  }
}

Result<> splitShim(Services& services, Service& program, bool hasKernel) {
  gojs::SplitOptions options;
  options.isProcess = hasKernel && kernel::isProcess(services, program);
  bool isCommand = options.isProcess || (services.isMain(program) && !program.strip.reactor);
  options.isLibrary = program.declared.library;
  if (options.isLibrary && options.isProcess) {
    return Err{program.quoted() + ": it has library = true and calls parigot's kernel; a process cannot be a library"};
  }
  options.entry = isCommand ? gojs::Entry::Command : gojs::Entry::Reactor;
  options.others = kernel::hostCallsOfGeneration1(*program.module);
  for (auto& name : options.others) {
    declareHostCall(services, *program.module->getFunction(name));
  }
  return gojs::splitShim(services, program, options);
}

} // namespace

Result<> addRuntimeServices(Services& services) {
  for (auto& service : services.all) {
    kernel::separateGeneration1(*service->module);
  }
  if (!services.manifest.hasProgram) {
    auto first = kernel::firstProcess(services);
    CHECK_ERR(first);
    services.main = *first;
  }
  bool hasKernel = kernel::needsKernel(services);
  auto given = services.all.size();
  for (size_t i = 0; i < given; i++) {
    CHECK_ERR(splitShim(services, *services.all[i], hasKernel));
  }
  if (hasKernel) {
    CHECK_ERR(kernel::joinKernel(services));
  }
  CHECK_ERR(bindInterposers(services));
  CHECK_ERR(joinDescriptors(services));
  return addHandedBuffers(services);
}

} // namespace parigot
