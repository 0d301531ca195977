// Where the parts of a wasm binary lie that debug information speaks of: the code section, the bodies in it, and the
// custom sections. Binaryen's reader keeps none of these places.

#ifndef parigot_debug_binary_layout_h
#define parigot_debug_binary_layout_h

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace parigot::debug {

struct Span {
  size_t begin = 0, end = 0;
  size_t size() const { return end - begin; }
};

// In bytes of the file.
struct CustomSection {
  std::string name;
  Span payload; // behind the name
  Span whole;   // from the section's id on
};

struct BinaryLayout {
  // The payload of the code section, in bytes of the file: behind the section's size. Offsets in debug information
  // count from its begin. Source: "DWARF for WebAssembly", section "Code addresses".
  Span code;
  // The body of each function that the module defines, in their order, as offsets from code.begin: [begin, end), where
  // begin is behind the size of the body, at its declarations of locals.
  std::vector<Span> bodies;
  uint32_t importedFunctions = 0;
  std::vector<CustomSection> customSections;

  // Reads a module that a reader has accepted, or at least a binary with its 8 bytes of preamble. Linear in the number
  // of bodies and imports.
  static wasm::Result<BinaryLayout> read(std::string_view bytes);

  // The bytes of the first custom section of a name; empty without one.
  std::string_view customSection(std::string_view bytes, std::string_view name) const;
};

// The index of the body that holds this offset from the begin of the code section; bodies.size() without one. The
// bodies are in their order. Logarithmic.
size_t bodyAt(const std::vector<Span>& bodies, uint32_t offset);

} // namespace parigot::debug

#endif // parigot_debug_binary_layout_h
