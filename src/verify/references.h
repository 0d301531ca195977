// The functions of a module that something else than a call can reach, so that their arguments can be anything.

#ifndef parigot_verify_references_h
#define parigot_verify_references_h

#include <unordered_set>

#include "verify/claims.h"
#include "wasm.h"

namespace parigot::verify {

// Those that tables, globals, exports, gates or the start of the module name.
std::unordered_set<wasm::Name> findReferences(const wasm::Module& module, const Claims& claims);

// Those that the code of functions refers to. This looks over the whole code.
std::unordered_set<wasm::Name> findReferencesInCode(const wasm::Module& module);

} // namespace parigot::verify

#endif // parigot_verify_references_h
