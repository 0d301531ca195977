#include "verify/interpreter.h"

#include "verify/bounds.h"
#include "verify/walk.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// Guesses about loops are widened until they hold. After so many walks there are none any more.
constexpr int mostGuesses = 16;

FunctionProof proveWith(const Context& context, Function& function, const Rights& rights, LoopGuesses guesses) {
  for (int i = 0;; i++) {
    if (i == mostGuesses) {
      guesses.addresses.clear();
      guesses.ofNumbers = false;
    }
    Walk walk(context, function, rights, guesses);
    if (walk.run()) {
      return std::move(walk.proof);
    }
  }
}

} // namespace

Walk::Walk(const Context& context, Function& function, const Rights& rights, LoopGuesses& guesses)
  : context(context), claims(context.claims), module(context.module), function(function), rights(rights),
    guesses(guesses), memories(context.claims.memoryBytes()) {}

FunctionProof proveFunction(const Context& context, Function& function, const Rights& rights) {
  LoopGuesses guesses;
  guesses.setLocals = findSetLocals(function);
  guesses.bounds = findBounds(function);
  if (!context.claims.exact) {
    guesses.addresses = findAddressLocals(function, context.globals);
  }
  auto proof = proveWith(context, function, rights, guesses);
  if (!proof.issues.empty() && !guesses.setLocals.empty()) {
    guesses.ofNumbers = true;
    guesses.all.clear();
    proof = proveWith(context, function, rights, guesses);
  }
  return proof;
}

} // namespace parigot::verify
