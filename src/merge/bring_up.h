// The functions of a world that bring its services up, and how hosts come to them.

#ifndef parigot_merge_bring_up_h
#define parigot_merge_bring_up_h

#include <string>
#include <vector>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

// What one service has to run, in this order.
struct BringUp {
  std::vector<wasm::ElementSegment*> elements; // which are made passive, and written
  wasm::Name start;                            // its start function, or none
  wasm::Name initialize;                       // its _initialize, or none
};

// How a world is entered.
struct Entries {
  wasm::Name initialize; // main's _initialize, or none
  wasm::Name start;      // main's _start, or none
  // Where main has neither: whether what there is to run has to wait for the host, which calls _initialize. Without
  // that it is run when the world is instantiated.
  bool waits = false;
};

// Adds them to the one module. `services` come in the order in which they are brought up, main among them. A host gets
// the entries that main has, _start after all else. Where main has both, `services` are without its _initialize: each
// entry does its own part, and the rest is done once, by whichever is called first. An error when an export is there
// already.
wasm::Result<> addBringUp(wasm::Module& module, const std::vector<BringUp>& services, const Entries& entries);

} // namespace parigot

#endif // parigot_merge_bring_up_h
