// Source maps of wasm: which place of which source the code from a byte of the file on comes from. AssemblyScript and
// emscripten write them beside their modules; browsers and Node read them.
//
// Source: ECMA-426, "Source map format specification". Of a wasm file, all code is on one line, and columns are bytes
// of the file (its section "Terms and definitions", under "column").

#ifndef parigot_debug_source_map_h
#define parigot_debug_source_map_h

#include <string>
#include <string_view>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/source_lines.h"
#include "support/result.h"

namespace parigot::debug {

// Reads a source map of the module that has this layout. Rows have no scopes, since maps know no functions, and end
// with the body that they begin in. Index maps (with `sections`) are refused: nobody writes them for wasm.
wasm::Result<SourceLines> readSourceMap(std::string_view json, const BinaryLayout& layout);

// Writes a source map of a module whose code section has its payload at `code`, in bytes of the file. It has a mapping
// wherever the place changes, and one without a source where nothing is known, or where a compiler made the code and it
// has no line. Only files that have code are in it. `file` is the name of the module; `withTexts`: the texts of the
// files are in the map, as far as they are known.
std::string writeSourceMap(const SourceLines& lines, const Span& code, std::string_view file, bool withTexts);

// The URL in the custom section `sourceMappingURL` of a module, or in its section `external_debug_info`; empty without
// one. Sources: ECMA-426, section "Linking generated code to source maps", under "Conventional section for
// WebAssembly"; the tool conventions' Debugging.md.
std::string_view urlOfSection(std::string_view bytes, const BinaryLayout& layout, std::string_view section);

// Numbers as mappings have them: ECMA-426, section "Base64 VLQ".
class VlqReader {
public:
  explicit VlqReader(std::string_view text) : text(text) {}

  bool failed() const { return bad; }
  bool atEnd() const { return at >= text.size(); }
  // The next character; 0 at the end.
  char peek() const { return atEnd() ? '\0' : text[at]; }
  void skip() { at++; }
  // Fails at a character that is no digit, and at a number beyond 32 bits.
  int64_t number();

private:
  std::string_view text;
  size_t at = 0;
  bool bad = false;
};

void appendVlq(std::string& text, int64_t number);

} // namespace parigot::debug

#endif // parigot_debug_source_map_h
