#include "wasm-opt/arguments.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace {

// The options of wasm-opt 132 that take the next argument as their value unless they are given with "=". Upstream's
// parser has such a table, but fills it in main, where other code cannot reach it. Passes are not in it: their
// arguments need the "=".
constexpr std::string_view optionsWithValue[] = {
  "--output",
  "-o",
  "--fuzz-exec-second",
  "--extra-fuzz-command",
  "-efc",
  "--initial-fuzz",
  "-if",
  "--fuzz-import",
  "--emit-spec-wrapper",
  "--emit-wasm2c-wrapper",
  "-esw",
  "--input-source-map",
  "-ism",
  "--output-source-map",
  "-osm",
  "--output-source-map-url",
  "-osu",
  "--pass-arg",
  "-pa",
  "--optimize-level",
  "-ol",
  "--shrink-level",
  "-s",
  "--always-inline-max-function-size",
  "-aimfs",
  "--flexible-inline-max-function-size",
  "-fimfs",
  "--one-caller-inline-max-function-size",
  "-ocimfs",
  "--inline-max-combined-binary-size",
  "-imcbs",
  "--partial-inlining-ifs",
  "-pii",
  "--skip-pass",
  "-sp",
};

constexpr std::string_view option = "--load-pass";
constexpr std::string_view optionWithEqual = "--load-pass=";

bool takesValue(std::string_view argument) {
  return std::find(std::begin(optionsWithValue), std::end(optionsWithValue), argument) != std::end(optionsWithValue);
}

} // anonymous namespace

Arguments splitArguments(int argc, const char* const argv[]) {
  Arguments split;
  split.upstream.push_back(argv[0]);
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    bool hasNext = i + 1 < argc;
    if (argument == option || argument.starts_with(optionWithEqual)) {
      std::string_view file;
      if (argument != option) {
        file = argument.substr(optionWithEqual.size());
      } else if (hasNext) {
        file = argv[++i];
      }
      if (file.empty()) {
        throw std::runtime_error("--load-pass: no file given");
      }
      split.plugins.emplace_back(file);
      continue;
    }
    split.upstream.push_back(argv[i]);
    if (takesValue(argument) && hasNext) {
      split.upstream.push_back(argv[++i]);
    }
  }
  return split;
}
