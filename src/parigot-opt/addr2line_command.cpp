// The command line of `parigot-opt addr2line`.

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

namespace {

constexpr const char* help = R"(
The lines come from the DWARF of the module (build -g), or of the file that its
section external_debug_info names, beside it (build -g --split-debug). That file
must have the module's build_id.

  parigot-opt addr2line one.wasm 0x1f3
  node run.mjs 2>&1 | parigot-opt addr2line one.wasm

An ADDRESS is hexadecimal, as back traces have it: an offset in the file. In a
log, frames of V8 ("wasm-function[12]:0x1f3") and of wasmtime ("1: 0x1f3 - ")
get their lines below them.)";

} // namespace

Command addAddressCommand(CLI::App& app) {
  auto shared = std::make_shared<AddressOptions>(); // as long as the command line, which fills it
  auto& options = *shared;
  auto* command = app.add_subcommand("addr2line", "Print function, file and line of addresses of a back trace");
  command->add_option("FILE", options.file, "The module that was running")->required();
  command->add_option("ADDRESS", options.addresses, "Offsets in the file; default: a log on standard input");
  command->add_option("-e,--debug-file", options.debugFile, "Take the debug information of this file");
  command->add_flag("-j,--code-section",
                    options.inCodeSection,
                    "ADDRESSes count from the begin of the code section's content, as those of DWARF");
  command->add_flag("--json", options.json, "For a program to read");
  command->footer(help);
  return {command, nullptr, [shared]() { return addressesToLines(*shared); }};
}

} // namespace parigot
