#include "parigot-opt/inspect_debug.h"

#include "debug/inputs.h"
#include "support/printable.h"

namespace parigot {

using Json = nlohmann::ordered_json;

namespace {

struct SourceWords {
  const char* json;
  const char* text;
  const char* gives;
};

// What a source of lines is called, and what `build -g` makes of it.
SourceWords wordsOf(debug::LineSource source) {
  switch (source) {
    case debug::LineSource::Dwarf:
      return {"dwarf", "DWARF", "files, lines and columns, functions, inlined calls"};
    case debug::LineSource::SourceMap:
      return {"source-map", "a source map", "files, lines and columns; no inlined calls"};
    case debug::LineSource::Go:
      return {"go", "Go's function table", "files and lines, functions, inlined calls"};
    case debug::LineSource::None:
      break;
  }
  return {nullptr, "none", "names of functions"};
}

SourceWords wordsOf(const Json& description) {
  for (auto each : {debug::LineSource::Dwarf, debug::LineSource::SourceMap, debug::LineSource::Go}) {
    if (auto words = wordsOf(each); description["source"] == words.json) {
      return words;
    }
  }
  return wordsOf(debug::LineSource::None);
}

} // namespace

Json describeDebugInfo(const std::string& file, const std::vector<char>& bytes) {
  debug::Inputs inputs;
  inputs.keepsOrder = true; // nothing is written
  (void)inputs.add("", file, bytes);
  auto& input = inputs.all[0];
  auto words = wordsOf(input.source);
  return {{"source", words.json ? Json(words.json) : Json(nullptr)},
          {"units", input.lines.units.size()},
          {"files", input.lines.files.size()},
          {"functions", input.lines.functions.size()},
          {"rows", input.lines.rows.size()},
          {"faults", input.faults}};
}

std::string spokenDebugInfo(const Json& description) {
  std::string text = wordsOf(description).text;
  if (!description["source"].is_null()) {
    text += ": " + description["files"].dump() + " files, " + description["functions"].dump() + " functions, " +
            description["rows"].dump() + " places";
  }
  return text;
}

void printDebugInfo(std::ostream& out, const Json& description) {
  // Some optimisers leave debug information that speaks of no code.
  auto words = description["rows"] == 0 ? wordsOf(debug::LineSource::None) : wordsOf(description);
  out << "\ndebug information\n  " << spokenDebugInfo(description) << "\n  gives " << words.gives << '\n';
  for (auto& fault : description["faults"]) {
    out << "  damaged: " << printable(fault.get<std::string>()) << '\n';
  }
}

} // namespace parigot
