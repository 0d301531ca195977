// Optimises what a world has besides services that were optimised alone: small services, runtime modules, adapters, and
// the functions that initialise the world.
//
// The functions that are optimised already are imports while the passes run, and what they use is exported:
//
//   (func $greet/hi (call $adapter ..))   =>   (import "parigot.optimised" "greet/hi" (func $greet/hi))
//                                              (export "used.1" (func $adapter))
//
// The passes then neither change these functions nor what they rely on. What the exports are for afterwards is what the
// functions use: passes merge equal functions. What nothing uses any more is removed at the end.
//
// Bases were added to addresses after the functions were optimised. Constants in sums are added up: (x + 8) + BASE
// becomes x + (8 + BASE).
//
// Functions that refer to passive data or elements are no imports, since such segments cannot be exported. They are
// optimised once more.
//
// All of this takes one walk over the optimised functions: it leaves summaries (code_summary.h) in their place.

#ifndef parigot_alone_optimise_rest_h
#define parigot_alone_optimise_rest_h

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "alone/code_summary.h"
#include "pass.h"
#include "wasm.h"

namespace parigot {

class RestOfWorld {
public:
  // The rest is what a finished world has besides the functions `optimised`. Until optimise() they have summaries as
  // their code, and the world is good only for passes that remove what is not used.
  RestOfWorld(wasm::Module& module, const std::unordered_set<wasm::Name>& optimised);
  RestOfWorld(const RestOfWorld&) = delete;
  RestOfWorld& operator=(const RestOfWorld&) = delete;

  // Optimises the rest, at these levels in order. The options then have the last level. `beforeRemoval` is called
  // before what nothing uses is removed.
  void optimise(wasm::PassOptions& options,
                const std::vector<std::string>& levels,
                const std::function<void()>& beforeRemoval);

  // After optimise(): the places for bases in the optimised functions that the world still has.
  BaseSums takeSums() { return std::move(sums); }

private:
  struct Code {
    wasm::Expression* body;
    wasm::Expression* summary; // null: none
    std::vector<Item> items;
    std::vector<wasm::Type> vars;
    decltype(wasm::Function::localNames) localNames;
    decltype(wasm::Function::localIndices) localIndices;

    wasm::Expression* shown() const { return summary ? summary : body; }
  };

  wasm::Module& module;
  std::vector<std::pair<wasm::Name, Code>> functions;
  BaseSums sums;
  std::unordered_map<wasm::Name, wasm::Name>
    exports; // that this class has added, and the items that they were added for

  void hide();
  void exportAll();
  void show();
  void redirectUses();
  void restore();
};

} // namespace parigot

#endif // parigot_alone_optimise_rest_h
