#include "kernel/kernel_calls.h"

#include <algorithm>

#include "abi/call_abi.h"

namespace parigot::kernel {

using namespace wasm;

namespace {

// api/shared/const.go: GuestReceiveBufferSize, and of generation 1 ReadBufferSize (apiimpl/netconst/const.go:12).
constexpr uint32_t page = 4096;

constexpr KernelCall calls[] = {
  {"register_", false, page, false},       {"export_", false, page, false},
  {"require_", false, page, false},        {"bind_method_", false, page, false},
  {"launch_", false, page, false},         {"locate_", false, page, false},
  {"dispatch_", false, page, false},       {"read_one_", true, page, false},
  {"return_value_", false, page, false},   {"exit_", false, page, false},

  {"v1.locate_", false, page, true},       {"v1.dispatch_", true, page, true},
  {"v1.bind_method_", false, page, true},  {"v1.block_until_call_", true, page, true},
  {"v1.return_value_", false, page, true}, {"v1.require_", false, page, true},
  {"v1.export_", false, page, true},       {"v1.run_", true, page, true},
  {"v1.exit_", true, page, true},          {"v1.backdoor_log_", false, page, true},
};

} // namespace

std::span<const KernelCall> kernelCalls() { return calls; }

const KernelCall* findKernelCall(const Function& import) {
  if (!import.imported() || import.module != kernelModule) {
    return nullptr;
  }
  auto found = std::find_if(std::begin(calls), std::end(calls), [&](auto& call) { return import.base == call.name; });
  if (found == std::end(calls)) {
    return nullptr;
  }
  auto wanted = found->generation1 ? Signature(Type::i32, Type::none) : *signatureOf(CallAbi::Parigot);
  return import.type.getHeapType().getSignature() == wanted ? found : nullptr;
}

bool callsKernel(const Module& module) {
  return std::any_of(
    module.functions.begin(), module.functions.end(), [](auto& function) { return findKernelCall(*function); });
}

bool callsGeneration1(const Module& module) {
  return std::any_of(module.functions.begin(), module.functions.end(), [](auto& function) {
    auto* call = findKernelCall(*function);
    return call && call->generation1;
  });
}

} // namespace parigot::kernel
