// Keeps the code of scopes within that of the scopes around them, and apart from that of their siblings.
//
//   function  [100, 200)                           [100, 200)
//     block   [120, 180)                =>           [120, 180)
//       call  [110, 130)  [150, 160)                   [120, 130)  [150, 160)
//       call  [155, 170)                               [160, 170)
//
// Compilers write scopes so. Binaryen's wasm-opt -g, which TinyGo calls, moves code and leaves scopes that are not.

#ifndef parigot_debug_scope_nesting_h
#define parigot_debug_scope_nesting_h

#include <cstdint>
#include <map>
#include <vector>

#include "debug/code_map.h"

namespace parigot::debug {

class ScopeNesting {
public:
  // The scopes that are open: the next one is within the last of them.
  size_t depth() const { return levels.size(); }
  // Opens a scope that has this code.
  void open(const std::vector<CodeInterval>& code);
  // Closes the innermost scopes, down to this depth.
  void closeTo(size_t depth) { levels.resize(depth); }
  // What a scope within the last open one keeps of its code; all of it, where none is open. Logarithmic, for each
  // interval of the code and of the result.
  std::vector<CodeInterval> take(const std::vector<CodeInterval>& code);

private:
  std::vector<std::map<uint32_t, uint32_t>> levels; // of each open scope, the code that no scope in it has: by begin
};

} // namespace parigot::debug

#endif // parigot_debug_scope_nesting_h
