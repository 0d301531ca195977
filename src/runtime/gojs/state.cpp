#include "state.h"

#include "globals.h"

namespace gojs {

State& state() {
  static State theState;
  return theState;
}

} // namespace gojs
