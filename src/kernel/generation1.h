// parigot's first generation: rewrites the kernel calls of Go programs for JavaScript.
//
// These calls are imports of the shim's module, functions of the Go stack pointer. At SP+8 is the address of a record
// of six i64: InPtr, InLen, OutPtr, OutLen, and the high and low part of an error id (parigot's
// apiimpl/splitutil/splitutil.go:25-33 of April 2023, 80a40219, has two more fields, which are not used). The length of
// the reply replaces OutLen; an error id is only written if there is an error.
//
//   (import "go" "parigot.dispatch_"      (func $dispatch (param $sp i32)
//    (func $dispatch (param $sp i32)))      ;; the record's fields
//                                     =>    (call $v1.dispatch_ ..))
//                                         (import "parigot" "v1.dispatch_"
//                                          (func $v1.dispatch_ (param i32 i32 i32 i32) (result i64)))
//
// The new imports are calls by the ABI `parigot`, with other messages. Before each call, the kernel is told how much
// room there is for the reply.

#ifndef parigot_kernel_generation1_h
#define parigot_kernel_generation1_h

#include <string_view>
#include <unordered_set>

#include "wasm.h"

namespace parigot::kernel {

// Whether an import is from the shim's module, under either name.
bool isFromShimModule(const wasm::Importable& import);

// Whether an import is a kernel call of generation 1, in the form in which its compiler leaves it.
bool isInShimModule1(const wasm::Importable& import);

// Moves generation 1's kernel calls out of the shim's module, in which Go has no such functions: `go`.`parigot.X`
// becomes `parigot`.`v1.X`.
void separateGeneration1(wasm::Module& module);

// The names of imports that are methods of services that the host provides, in a program with such kernel calls. They
// are in the shim's module, too, and the host reads the same record (parigot's sys/func.go:63-82):
//
//   (import "go" "logviewer.log_request_handler" (func (param $sp i32)))
//
// Every import of type (i32) -> () that is no function of a shim is such a method. Must be called after
// separateGeneration1.
std::unordered_set<wasm::Name> hostCallsOfGeneration1(const wasm::Module& module);

// How the host reads their parameter, in the notation of the manifest's [[host]].
constexpr const char* hostCallParam1 = "sp: inout payload";

// An additional call, (bytes) -> (): the most bytes that the next reply may have.
constexpr std::string_view replyBytesEntry = "v1.reply_bytes";

// Defines such an import by a call of the same name with the ABI `parigot`.
void answerGeneration1(wasm::Module& module, wasm::Function& import);

// Makes the function (argc i32, argv i32), with which the program starts, store argv where the guest library looks for
// it. parigot's runner stores argv at 4092 (sys/process.go:353 of April 2023, 80a40219), and lib.FlagParseCreateEnv
// takes arguments and environment from there (lib/go/env.go:54-86). Go's own loader and parigot's use the same layout
// behind argv: strings from 4096 up, each padded to 8 bytes, then addresses, 8 bytes each: the name, the arguments, 0,
// the environment, 0 (sys/arg.go:35-74).
void storeArguments(wasm::Module& module, wasm::Function& run);

} // namespace parigot::kernel

#endif // parigot_kernel_generation1_h
