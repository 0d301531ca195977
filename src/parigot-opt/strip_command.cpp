// The command line of `parigot-opt strip`.

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

namespace {

constexpr const char* stripHelp = R"(
A program of Go (GOOS=js) or TinyGo (-target=wasm) becomes one for any engine
with WASI preview1: arguments, environment, files, standard streams, clocks,
timers and random bytes are the engine's. What it asks of JavaScript beyond that
ends it with a message and exit code 70; see it before with

  parigot-opt inspect --browser FILE

A file without Go's shim is written as it is, or refused with --library.)";

} // namespace

Command addStripCommand(CLI::App& app) {
  auto shared = std::make_shared<StripOptions>(); // as long as the command line, which fills it
  auto& options = *shared;
  auto* command = app.add_subcommand("strip", "Make a Go program compiled for JavaScript run with WASI alone");
  command->add_option("FILE", options.file, "The program; - is standard input")->required();
  command
    ->add_option("--require",
                 options.require,
                 "none: fail, with the list of inspect --browser, when the program asks anything of JavaScript. "
                 "runtime: when it asks for more than the runtime serves")
    ->check(CLI::IsMember({"none", "runtime"}));
  command->add_option("--memory", options.memory, "Bytes of memory in all, as 64MiB; default 2GiB");
  command->add_option(
    "--runtime-memory", options.runtimeMemory, "Of these, for what serves the program; default 128MiB");
  command->add_option("--cwd", options.cwd, "Where the program resolves relative paths from; default /");
  auto* reactor = command->add_flag("--reactor",
                                    options.reactor,
                                    "Export _initialize instead of _start: run the program until it "
                                    "waits for its exported functions to be called");
  auto* library =
    command
      ->add_flag("--library",
                 options.library,
                 "The program registers functions for JavaScript and waits: export parigot_call, which calls them with "
                 "JSON by the ABI bytes, malloc, free, and _initialize")
      ->excludes(reactor);
  command
    ->add_option("--global",
                 options.globals,
                 "With --library, an object that JavaScript puts on its global object before the program starts, which "
                 "registers functions on it; can be repeated")
    ->allow_extra_args(false)
    ->needs(library);
  command->add_flag("--keep-shim-exports",
                    options.keepShimExports,
                    "Keep exports that only the shim called, such as resume and go_scheduler");
  addOutputOptions(*command, options);
  command->footer(std::string(levelsHelp) + stripHelp);
  return {command, &options, [shared]() { return strip(*shared); }};
}

} // namespace parigot
