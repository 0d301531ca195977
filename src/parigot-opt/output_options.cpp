#include <cstdlib>

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

const char* const levelsHelp = "Optimisation levels, as wasm-opt has them: -O0 -O1 -O2 -O3 "
                               "-O4 -Os -Oz, -O is -Os.\nDefault: none.\n";

namespace {

void addDebugOptions(CLI::App& command, DebugOptions& options) {
  command.add_option("--split-debug",
                     options.splitFile,
                     "With -g: write the debug information to this file, with a copy of the module, and the module "
                     "without it and without names; both have the same build_id");
  command.add_option("-m,--source-map", options.sourceMap, "Write a source map to this file");
  command.add_option("-u,--source-map-url",
                     options.sourceMapUrl,
                     "Where the module says that its source map is; default: its file name");
  command.add_flag("--embed-sources", options.embedSources, "Put the text of the sources into the source map");
  command
    .add_option("--debug-prefix-map",
                options.prefixMaps,
                "OLD=NEW: replace the prefix OLD of the paths of sources by NEW; can be given more than once")
    ->allow_extra_args(false);
}

} // namespace

void addOutputOptions(CLI::App& command, OutputOptions& options) {
  command.add_option("-o,--output", options.output, "The module to write; - is stdout")->required();
  command.add_flag("-S,--emit-text", options.emitText, "Write text instead of a binary");
  command.add_flag("-g,--debuginfo",
                   options.debug.dwarf,
                   "Write debug information (DWARF 4): the sources' files and lines, functions and inlined calls. "
                   "Default: the names of functions only");
  command.add_flag("--strip-debug", options.stripDebug, "Leave the names of functions out");
  addDebugOptions(command, options.debug);
  command.add_flag("-q,--quiet", options.quiet, "No progress on the terminal, and no notes");
}

std::optional<std::string> environmentProfile() {
  auto* profile = std::getenv("PARIGOT_DEPLOYMENT");
  return profile && *profile ? std::optional<std::string>(profile) : std::nullopt;
}

} // namespace parigot
