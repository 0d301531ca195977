// What takes the place of an import that no law allows.
//
//   (import "greet/wasi_snapshot_preview1" "path_open" (func $greet/open ..))
//     =>
//   (func $greet/open .. (i32.const 76))                                       ;; errno: ENOTCAPABLE
//   (func $greet/open .. (call $greet/parigot.trap.no_law_allows_..path_open)  ;; trap, with a name in the back trace
//    (unreachable))

#ifndef parigot_laws_stand_in_h
#define parigot_laws_stand_in_h

#include <string>

#include "wasm.h"
#include "world/world.h"

namespace parigot {

// KernelErr_NotRequired of parigot's syscall.proto: the error of a call by the ABI `parigot` that no law allows.
constexpr uint32_t errorNotRequired = 28;

// The error by which calls of an import can be answered.
enum class ErrorForm {
  None,    // there is none: a trap
  Errno,   // WASI's
  Parigot, // an i32 at the last parameter
  Bytes,   // an empty error text: bit 31 of the length
};

// `abi`: of the binding, or of the manifest's declaration for the host; no value: none. An import of WASI has to have
// WASI's type.
ErrorForm errorFormOf(const wasm::Function& import, std::string_view module, std::optional<CallAbi> abi);

// Give the import a body. Callers update the references to it afterwards (redirectFunctions).
void answerByError(wasm::Module& module, wasm::Function& import, const WorldService& client, ErrorForm form);
void answerByErrno(wasm::Module& module, wasm::Function& import, uint32_t errnoOfWasi);
void answerByTrap(wasm::Module& module, wasm::Function& import, const WorldService& client, const std::string& reason);

} // namespace parigot

#endif // parigot_laws_stand_in_h
