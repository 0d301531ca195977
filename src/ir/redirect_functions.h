// Replaces every use of some functions by a use of others.
//
//   (call $greet.hello)              (call $greet/hello)
//   (ref.func $greet.hello)    =>    (ref.func $greet/hello)

#ifndef parigot_ir_redirect_functions_h
#define parigot_ir_redirect_functions_h

#include <unordered_map>

#include "ir/code_notes.h"
#include "wasm.h"

namespace parigot {

// Redirects calls, references, element segments, exports and the start function from each key to its value. The
// functions themselves stay; a value must not be a key too. A reference gets the type of its new target. This also
// corrects references to a function that was an import and has become a definition. One parallel walk over the code;
// with notes, the keys must be functions that are imports or have been, and only code that refers to such is visited.
void redirectFunctions(wasm::Module& module,
                       const std::unordered_map<wasm::Name, wasm::Name>& targets,
                       const CodeNotes* notes = nullptr);

// The same for the calls in an expression, which has no references to functions.
void redirectCalls(wasm::Expression* root, const std::unordered_map<wasm::Name, wasm::Name>& targets);

} // namespace parigot

#endif // parigot_ir_redirect_functions_h
