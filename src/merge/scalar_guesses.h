// Warns of calls that have no adapter, although nothing declares that only numbers cross.
//
// A call without i32 parameters is taken for a scalar one (abi/call_abi.h). Its i64 parameters and its results can be
// addresses nevertheless, which are wrong in the other service's memory. The same is true of functions that services
// call through a shared table. Such calls stay as an engine would link them; the user gets a warning.

#ifndef parigot_merge_scalar_guesses_h
#define parigot_merge_scalar_guesses_h

#include <map>
#include <string>
#include <vector>

#include "world/service.h"

namespace parigot {

class ScalarGuesses {
public:
  // Records an import that was taken for a scalar call, if it can carry addresses between two memories.
  void note(const Service& client, const Service& provider, wasm::Function& import);

  // One warning for the recorded imports of each module, and one for each shared table of functions.
  std::vector<std::string> warnings(const Services& services) const;

private:
  // The module of the imports -> their names and types.
  std::map<std::string, std::vector<std::string>> guesses;
};

} // namespace parigot

#endif // parigot_merge_scalar_guesses_h
