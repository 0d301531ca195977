// The custom section `producers`: the languages and tools that made a module.
//
// Source: WebAssembly/tool-conventions, ProducersSection.md.

#ifndef parigot_go_producers_h
#define parigot_go_producers_h

#include <string>
#include <vector>

#include "wasm.h"

namespace parigot::gojs {

struct Producer {
  std::string field; // "language", "processed-by", "sdk"
  std::string name;  // "Go", "TinyGo", "Go cmd/compile"
  std::string version;
};

// The entries of the section. Damage ends the list without an error: the section is only a hint. Linear in its size.
std::vector<Producer> readProducers(const wasm::Module& module);

} // namespace parigot::gojs

#endif // parigot_go_producers_h
