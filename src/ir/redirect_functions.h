// Makes every use of some functions a use of others.

#ifndef parigot_ir_redirect_functions_h
#define parigot_ir_redirect_functions_h

#include <unordered_map>

#include "wasm.h"

namespace parigot {

// Redirects calls, references, element segments, exports and the start function
// from each key to its value. The functions themselves are left as they are,
// and a value must not be a key too. References get the types of what they refer
// to, which also puts those right whose import has become a definition since.
// One parallel walk over the code.
void redirectFunctions(wasm::Module& module, const std::unordered_map<wasm::Name, wasm::Name>& targets);

} // namespace parigot

#endif // parigot_ir_redirect_functions_h
