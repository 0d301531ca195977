// The proof that no service of a finished world touches what is not its own.
//
// It begins at the functions that the world exports and that tables hold, and goes on with the functions that these
// call. Code of a service may call
//
// - functions that are, by the same proof, code of the same service: nothing has to say whose function one is;
// - gates with the service as their client;
// - functions of the host that its claims name, if these take no addresses.
//
// Each function is proved with the rights of who calls it. A function that uses nothing of any service can be called by
// all. Gates have the rights of their services. That a gate carries the right bytes is not proved: gates are trusted,
// and the result counts them.

#ifndef parigot_verify_proof_h
#define parigot_verify_proof_h

#include <string>
#include <vector>

#include "support/result.h"
#include "verify/interpreter.h"

namespace parigot::verify {

struct Unproved {
  std::string service; // whose rights the function has, as text
  Issue issue;
};

struct TrustedFunction {
  std::string kind; // as in the section
  std::string name;
  std::string client;
  std::vector<std::string> services;
  size_t instructions = 0; // 0 for imports
};

struct WorldProof {
  std::vector<Unproved> unproved; // in the order of the module; empty: everything is proved
  std::vector<TrustedFunction> trusted;
  size_t functions = 0, accesses = 0, instructions = 0; // of services
};

// Proves a finished module, with as many threads as there are processors. An error: its section does not say what is to
// be proved, or cannot be true.
wasm::Result<WorldProof> proveIsolation(wasm::Module& module);

} // namespace parigot::verify

#endif // parigot_verify_proof_h
