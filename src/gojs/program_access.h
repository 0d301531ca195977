// How a runtime module reaches its program: the functions of module "go" that
// are not the program's own.

#ifndef parigot_gojs_program_access_h
#define parigot_gojs_program_access_h

#include <string>
#include <string_view>

#include "go/shim.h"
#include "wasm.h"

namespace parigot::gojs {

// Adds a function to the program that accesses its memory (load32, load64,
// store8, store32, store64, memory_bytes), and exports it as `name`. For `read`
// and `write` it only stands for the memory: the ABIs ReadMemory and WriteMemory
// never call it. False: it is none of these.
bool addAccess(wasm::Module& program, std::string_view access, const std::string& name);

// What a runtime module asks about its program, known when it is wound.
struct ProgramFacts {
  std::string cwd; // absolute; empty: "/"
  bool hasUserExports;
  bool mayYield;
};

// Gives an import of the runtime module a body that answers with a fact: cwd,
// has_exports, and yielded where it never does. False: it asks for none.
bool defineConstant(wasm::Module& runtime, wasm::Function& import, const ProgramFacts& facts);

// The name of the embedded runtime module for a shim that is present.
std::string_view runtimeModuleFor(const Shim& shim);

} // namespace parigot::gojs

#endif // parigot_gojs_program_access_h
