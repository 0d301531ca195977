#include "verify/interpreter.h"

#include "verify/walk.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// Guesses about loops are widened until they hold, or are given up.
constexpr int mostWalks = 64;

} // namespace

Walk::Walk(const Context& context, Function& function, const Rights& rights, LoopGuesses& guesses)
  : context(context), claims(context.claims), module(context.module), function(function), rights(rights),
    guesses(guesses), memories(context.claims.memoryBytes()) {}

FunctionProof proveFunction(const Context& context, Function& function, const Rights& rights) {
  LoopGuesses guesses;
  guesses.setLocals = findSetLocals(function);
  if (!context.claims.exact) {
    guesses.steady = findSteadyLocals(function, context.globals);
  }
  for (int i = 0; i < mostWalks; i++) {
    Walk walk(context, function, rights, guesses);
    if (walk.run()) {
      return std::move(walk.proof);
    }
  }
  FunctionProof failed;
  failed.issues.push_back({function.name, 0, "loop", "what its loops do to addresses was not found out"});
  return failed;
}

} // namespace parigot::verify
