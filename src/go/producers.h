// The custom section `producers`: which language and which tools made a module.
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

// All that the section says. What is damaged in it ends the list: the section
// is a hint, and no reason to refuse a module. Linear in its size.
std::vector<Producer> readProducers(const wasm::Module& module);

} // namespace parigot::gojs

#endif // parigot_go_producers_h
