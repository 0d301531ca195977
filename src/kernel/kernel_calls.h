// The calls of parigot's kernel, of both generations, as data.
//
// Source: parigot's guest library, api/guest/syscall/syscallguest.go (generation 2) and lib/go (generation 1). The
// messages are in src/runtime/kernel.

#ifndef parigot_kernel_kernel_calls_h
#define parigot_kernel_kernel_calls_h

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wasm.h"

namespace parigot::kernel {

// The module that services import the calls from.
constexpr std::string_view kernelModule = "parigot";

// Generation 1 has the calls in the shim's module, as `go`.`parigot.locate_`, with the stack pointer as the only
// parameter. In a world they become imports of kernelModule with this prefix.
constexpr std::string_view generation1Prefix = "v1.";

struct KernelCall {
  std::string_view name; // in kernelModule
  bool blocks;           // whether it may have to wait for another process
  uint32_t replyBytes;   // the size of the guest's buffer
  bool generation1;
};

std::span<const KernelCall> kernelCalls();
// The kernel call that an import is; nullptr if it is none.
const KernelCall* findKernelCall(const wasm::Function& import);

// Whether a module calls the kernel, so that its world needs one.
bool callsKernel(const wasm::Module& module);

// Whether a module calls the kernel of generation 1. Its calls must have been moved out of the shim's module
// (separateGeneration1).
bool callsGeneration1(const wasm::Module& module);

} // namespace parigot::kernel

#endif // parigot_kernel_kernel_calls_h
