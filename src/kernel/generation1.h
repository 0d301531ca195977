// parigot's first generation: kernel calls of Go programs for JavaScript.
//
// They are imports of the shim's module, functions of the Go stack pointer. At
// SP+8 is the address of a record of six i64: InPtr, InLen, OutPtr, OutLen, and
// the high and low part of an error id (parigot's apiimpl/splitutil/
// splitutil.go:25-33 of April 2023, 80a40219, has two more, which nobody uses). A reply's
// length replaces OutLen; an error id is only written where there is an error.
//
//   (import "go" "parigot.dispatch_"      (func $dispatch (param $sp i32)
//    (func $dispatch (param $sp i32)))      ;; the record's fields
//                                     =>    (call $v1.dispatch_ ..))
//                                         (import "parigot" "v1.dispatch_"
//                                          (func $v1.dispatch_ (param i32 i32 i32 i32) (result i64)))
//
// so that they too are calls by the ABI `parigot`, of other messages. What room
// there is for the reply is told to the kernel first.

#ifndef parigot_kernel_generation1_h
#define parigot_kernel_generation1_h

#include <string_view>
#include <unordered_set>

#include "wasm.h"

namespace parigot::kernel {

// Whether an import is from the module that Go's shim has, under either name.
bool isFromShimModule(const wasm::Importable& import);

// Whether it is a kernel call of generation 1 as its compiler leaves it there.
bool isInShimModule1(const wasm::Importable& import);

// Takes generation 1's kernel calls out of the shim's module, where they are no
// function of Go's: `go`.`parigot.X` becomes `parigot`.`v1.X`.
void separateGeneration1(wasm::Module& module);

// The imports of a program with such calls that are methods of services which the
// host has, by their names. They are in the shim's module, too, and lead the host
// to the same record (parigot's sys/func.go:63-82):
//
//   (import "go" "logviewer.log_request_handler" (func (param $sp i32)))
//
// Everything of (i32) -> () that no shim has is one. To be called when the kernel's
// own calls have been taken out.
std::unordered_set<wasm::Name> hostCallsOfGeneration1(const wasm::Module& module);

// How the host reads their parameter, as a [[host]] of the manifest says it.
constexpr const char* hostCallParam1 = "sp: inout payload";

// Beside the calls: (bytes) -> (), what the next reply may have at most.
constexpr std::string_view replyBytesEntry = "v1.reply_bytes";

// Defines such an import by a call of the same name with the ABI `parigot`.
void answerGeneration1(wasm::Module& module, wasm::Function& import);

// Has the program's function (argc i32, argv i32), with which it starts, leave
// argv where the guest library looks for it: parigot's runner stores it at 4092
// (sys/process.go:353 of April 2023, 80a40219), and lib.FlagParseCreateEnv takes
// arguments and environment from there (lib/go/env.go:54-86). Where argv points,
// Go's own loader and parigot's agree: strings from 4096 up, each padded to 8
// bytes, then addresses, 8 bytes each: the name, the arguments, 0, the
// environment, 0 (sys/arg.go:35-74).
void storeArguments(wasm::Module& module, wasm::Function& run);

} // namespace parigot::kernel

#endif // parigot_kernel_generation1_h
