#include "verify/interpreter.h"

#include "verify/bounds.h"
#include "verify/walk.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// Guesses about loops are widened until they hold. After so many walks there are none any more.
constexpr int mostGuesses = 16;

FunctionProof proveWith(const Context& context, Function& function, const Rights& rights, LoopGuesses& guesses) {
  for (int i = 0;; i++) {
    if (i == mostGuesses) {
      guesses.addresses.assign(guesses.addresses.size(), false);
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
    guesses(guesses), joiner(values, context.memories) {}

FunctionProof proveFunction(const Context& context, Function& function, const Rights& rights) {
  LoopGuesses guesses;
  guesses.scan = scan(function, context.globals, context.checkNames);
  guesses.bounds = findBounds(function, guesses.scan);
  if (context.claims.exact) {
    guesses.addresses.resize(guesses.scan.types.size());
  } else {
    guesses.addresses = findAddressLocals(guesses.scan, context.globals);
  }
  auto addresses = guesses.addresses;
  auto proof = proveWith(context, function, rights, guesses);
  if (!proof.issues.empty() && !guesses.scan.setLocals.empty()) {
    guesses.addresses = std::move(addresses);
    guesses.ofNumbers = true;
    guesses.all.clear();
    proof = proveWith(context, function, rights, guesses);
  }
  proof.uses = std::move(guesses.scan.uses);
  return proof;
}

} // namespace parigot::verify
