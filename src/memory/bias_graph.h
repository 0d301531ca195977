// What it would save to bias a variable (bias.h): the uses of a function's variables, and the flows between them.

#ifndef parigot_memory_bias_graph_h
#define parigot_memory_bias_graph_h

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "wasm.h"

namespace parigot {

using MemoryBases = std::unordered_map<wasm::Name, uint32_t>;

// The variables of a function are its locals, followed by the globals that it uses.
struct BiasGraph {
  // A flow of a value from one variable to another, unchanged except for a constant. It has a price when only one of
  // the two is biased.
  struct Edge {
    wasm::Index from, to;
    int price;
  };

  // The base of the memory that the function accesses. A function that accesses several is left alone.
  std::optional<uint32_t> base;
  bool several = false;
  wasm::Index numLocals = 0;
  std::vector<wasm::Name> globals;
  // For each variable: the bytes that biasing it saves at accesses, and the bytes that it costs at other uses and
  // definitions of its value.
  std::vector<int> gains, costs;
  std::vector<Edge> edges;
};

// Empty for a function that accesses memories, and only such as stay where they are: a function of the service at base
// 0, half of a world's code, of which there is nothing to decide. One walk.
BiasGraph biasGraphOf(wasm::Module& module, wasm::Function& function, const MemoryBases& bases);

} // namespace parigot

#endif // parigot_memory_bias_graph_h
