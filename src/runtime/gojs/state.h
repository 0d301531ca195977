// All state of the runtime.
//
// An instance of this module serves one Go program, and the functions that the program imports have no parameter for a
// context: the module *is* the context. So there is one State, which every function may ask for.

#ifndef parigot_runtime_gojs_state_h
#define parigot_runtime_gojs_state_h

#include "bytes.h"
#include "directory.h"
#include "events.h"
#include "interned.h"
#include "library.h"
#include "references.h"
#include "wide_numbers.h"

namespace gojs {

struct State {
  Strings strings;
  References references;
  Buffers buffers;
  List<Object*> dying; // see unuse()
  Directory directory;
  Events events;
  WideNumbers wideNumbers;
  Library library;
  uint32_t closed = 0; // a bit for each standard file descriptor that the program has closed
};

State& state();

} // namespace gojs

#endif // parigot_runtime_gojs_state_h
