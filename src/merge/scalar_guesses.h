// Calls that pass by no adapter although nothing declares that only numbers cross.
//
// A call without i32 parameters is taken for a scalar one (abi/call_abi.h). Its i64 parameters and its results can be
// addresses all the same, which mean nothing in the other service's memory; so can be what functions take and give that
// two services call through one table. Such calls are as an engine would link them, and get a warning.

#ifndef parigot_merge_scalar_guesses_h
#define parigot_merge_scalar_guesses_h

#include <map>
#include <string>
#include <vector>

#include "world/service.h"

namespace parigot {

class ScalarGuesses {
public:
  // The import was taken for a scalar call. Only one that can carry addresses between two memories is kept.
  void note(const Service& client, const Service& provider, wasm::Function& import);

  // One for the noted imports of each module, and one for each shared table of functions.
  std::vector<std::string> warnings(const Services& services) const;

private:
  // By module: the names and types of imports.
  std::map<std::string, std::vector<std::string>> guesses;
};

} // namespace parigot

#endif // parigot_merge_scalar_guesses_h
