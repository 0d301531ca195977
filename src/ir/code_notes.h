// What is known of code without a walk over it.
//
// MergeWorld walks the code of all services, to rename what it refers to, and takes notes. Passes that run after it in
// the same program then look only at functions that can concern them. The notes are not part of the module: a pass that
// gets none, since the module was written and read in between, walks all code.

#ifndef parigot_ir_code_notes_h
#define parigot_ir_code_notes_h

#include <unordered_set>

#include "ir/exceptions.h"
#include "wasm.h"

namespace parigot {

struct CodeNotes {
  // Functions of services whose code refers to no imported function and to no data segment. Passes up to PlaceMemories
  // keep it so: what they add to such functions calls nothing that was an import. Only optimisations change it.
  std::unordered_set<wasm::Name> plain;
  // Those that the code of all services uses.
  ExceptionEncodings exceptions;
};

} // namespace parigot

#endif // parigot_ir_code_notes_h
