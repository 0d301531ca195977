#include <cstdlib>

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

const char* const levelsHelp = "Optimisation levels, as wasm-opt has them: -O0 -O1 -O2 -O3 "
                               "-O4 -Os -Oz, -O is -Os.\nDefault: none.\n";

void addOutputOptions(CLI::App& command, OutputOptions& options) {
  command.add_option("-o,--output", options.output, "The module to write; - is stdout")->required();
  command.add_flag("-S,--emit-text", options.emitText, "Write text instead of a binary");
  command.add_flag_callback(
    "-g,--debuginfo", [&options]() { options.stripDebug = false; }, "Keep the names of functions (the default)");
  command.add_flag("--strip-debug", options.stripDebug, "Leave the names of functions out");
  command.add_flag("-q,--quiet", options.quiet, "No progress on the terminal, and no notes");
}

std::optional<std::string> environmentProfile() {
  auto* profile = std::getenv("PARIGOT_DEPLOYMENT");
  return profile && *profile ? std::optional<std::string>(profile) : std::nullopt;
}

} // namespace parigot
