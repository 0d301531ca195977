// What has to be known of a function that was optimised alone, from one walk over its code, while the rest of the world
// is optimised.
//
// A body can have a summary in its place: a block that names the same items, each once. Passes that ask only which
// items code uses, such as remove-unused-module-elements, then need not walk the code itself:
//
//   (func $greet/hi                              (func $greet/hi
//    (call $greet/n (i32.const 1))         =>     (call $greet/n)
//    (i32.load (call $greet/n (..))) ..)          (memory.size $greet/memory))

#ifndef parigot_alone_code_summary_h
#define parigot_alone_code_summary_h

#include <utility>
#include <vector>

#include "memory/base_sums.h"
#include "wasm.h"

namespace parigot {

using Item = std::pair<wasm::ModuleItemKind, wasm::Name>;

struct CodeSummary {
  std::vector<Item> items; // that the code refers to, each once
  // The code in few instructions, which are not valid. Null if the code has others than calls, memory instructions and
  // those of globals that refer to items.
  wasm::Expression* body = nullptr;
  std::vector<BaseSum> sums;
};

// Summarises the code of a function. On the way, constants in sums are added up: (x + 8) + BASE becomes x + (8 + BASE).
// May run for several functions at once.
CodeSummary summarise(wasm::Module& module, wasm::Function& function);

// Whether there can be summaries in this module. Calls of Binaryen's own functions need their operands.
bool canSummarise(const wasm::Module& module);

} // namespace parigot

#endif // parigot_alone_code_summary_h
