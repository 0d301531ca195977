// The functions that a runtime module imports from its program (module "go") and
// that the program does not have: accesses to its memory, and facts about it.

#ifndef parigot_gojs_program_access_h
#define parigot_gojs_program_access_h

#include <string>
#include <string_view>

#include "go/shim.h"
#include "wasm.h"

namespace parigot::gojs {

// Adds a function to the program that accesses its memory (load32, load64,
// store8, store32, store64, memory_bytes), and exports it as `name`. The functions
// for `read` and `write` only identify the memory: the ABIs ReadMemory and
// WriteMemory never call them. Returns false if `access` is none of these.
bool addAccess(wasm::Module& program, std::string_view access, const std::string& name);

// What a runtime module asks about its program, known when it is wound.
struct ProgramFacts {
  std::string cwd;     // absolute; empty: "/"
  std::string globals; // the names of ServiceDeclaration::globals, each followed by a 0
  bool hasUserExports;
  bool mayYield;
};

// Gives an import of the runtime module a body that returns a fact: cwd, globals,
// has_exports, and yielded if the program never yields. Returns false for other
// imports.
bool defineConstant(wasm::Module& runtime, wasm::Function& import, const ProgramFacts& facts);

// The name of the embedded runtime module for a shim that is present. The one with
// all of Math is for programs that can ask for that object.
std::string runtimeModuleFor(const Shim& shim, bool allOfMath);

} // namespace parigot::gojs

#endif // parigot_gojs_program_access_h
