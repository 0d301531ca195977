// The proof of isolation, as part of a build.

#ifndef parigot_opt_isolation_h
#define parigot_opt_isolation_h

#include "parigot-opt/progress.h"
#include "pass.h"
#include "wasm.h"

namespace parigot {

struct ProofOptions {
  bool unverified = false; // what is not proved is a warning, instead of a PassError
  bool says = true;        // what is proved
};

// Proves a finished world, and notes in its section what `check --isolation` needs to prove it again. Tells the user
// what is proved and what is trusted.
void verifyIsolation(wasm::Module& module,
                     const wasm::PassOptions& passOptions,
                     const ProofOptions& options,
                     Progress& progress);

} // namespace parigot

#endif // parigot_opt_isolation_h
