// parigot-opt: the driver. Reads the command line and nothing else.

#include <cstdlib>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "parigot-opt/command.h"

namespace {

constexpr const char* description = "parigot-opt winds WebAssembly services into one module, in which a service\n"
                                    "call is a function call. It edits binaries: no source, no rebuild.";

constexpr const char* examples = R"(Examples:
  parigot-opt build world.toml -o one.wasm -O2
      wind the services of world.toml, then optimise as wasm-opt -O2 does
  parigot-opt build world.toml -o one.wasm --depfile one.wasm.d
      and say for make or ninja which files it was made from
  parigot-opt build deploy.toml --profile dev -o one.wasm -O2
      wind what a parigot deployment file deploys
  parigot-opt build world.toml -S -o -
      print the module as text
  parigot-opt strip prog.wasm -o out.wasm
      a Go program that was compiled for JavaScript, for any engine with WASI
  parigot-opt inspect --browser prog.wasm
      what a Go program asks of JavaScript
  parigot-opt inspect one.wasm
      services, address spaces, call bindings and host imports of a world
  parigot-opt inspect deploy.toml
      which services a manifest or deployment file winds, and who serves their imports
  parigot-opt inspect --json service.wasm | jq .imports
      the imports of any module, for a program to read
  parigot-opt inspect --browser page.wasm
      what a Go or TinyGo binary asks of JavaScript, and who serves it

The same work step by step is in wasm-opt --load-pass libparigot-passes.so; see
the README for both.)";

constexpr const char* buildHelp = R"(
WORLD.toml names the services and what their binaries do not say:

  [world]
  main = "hello"                 # its _start is the program
  memory = "single"              # or "multi"; as --memory
  isolate = false                # as --isolate
  open = false                   # parigot services outside are the host's

  [service.hello]
  wasm = "hello.wasm"            # relative to the manifest

  [service.greet]
  wasm = "greet.wasm"
  provides = ["greeting"]        # more names that imports may use
  memory = "64MiB"               # its share of the memory; default 256MiB
  arena = "4MiB"                 # of that, for the bytes of calls
  args = ["greet", "-v"]         # served in the module; so is env
  env = ["LOG=debug"]

  [[call]]                       # only where names do not say it
  client = "hello"
  import = "greeting.fetch_greeting_"
  service = "greet"
  abi = "parigot"                # or "scalar", "bytes"

  [[host]]                       # imports that the host provides
  import = "env.log"
  abi = "scalar"                 # all parameters are numbers
  [[host]]
  import = "env.send"            # or each is described: in, out, inout
  params = ["data: in [len]", "len", "result: out 8"]

Imports bind by themselves where their module is the name of a service, or one
that it provides. The README has the whole story.

A deployment file of parigot is taken as it is:

  [config.dev]
  Timezone = "US/Eastern"        # TZ of every service

  [config.dev.microservice.greet]
  WasmPath = "greet.wasm"        # relative to the file
  Env = ["LOG=debug"]

  [config.dev.microservice.hello]
  WasmPath = "hello.wasm"
  Arg = ["-v"]
  Main = true                    # the program

  parigot-opt build deploy.toml --profile dev -o one.wasm)";

constexpr const char* stripHelp = R"(
A program of Go (GOOS=js) or TinyGo (-target=wasm) becomes one for any engine
with WASI preview1: arguments, environment, files, standard streams, clocks,
timers and random bytes are the engine's. What it asks of JavaScript beyond that
ends it with a message and exit code 70; see it before with

  parigot-opt inspect --browser FILE

A file without Go's shim is written as it is.)";

constexpr const char* levelsHelp = "Optimisation levels, as wasm-opt has them: -O0 -O1 -O2 -O3 "
                               "-O4 -Os -Oz, -O is -Os.\nDefault: none.\n";

// CLI11 takes "-O2" for the flags O and 2, so levels are recognised before it
// sees them.
std::vector<std::string> takeLevels(std::vector<std::string>& arguments) {
  std::vector<std::string> levels;
  std::erase_if(arguments, [&](const std::string& argument) {
    bool level = argument == "-O" || (argument.size() == 3 && argument.starts_with("-O") &&
                                      std::string("01234sz").find(argument[2]) != std::string::npos);
    if (level) {
      levels.push_back(argument);
    }
    return level;
  });
  return levels;
}

} // namespace

int main(int argc, char** argv) {
  auto log = spdlog::stderr_color_st("parigot-opt");
  log->set_pattern("%n: %^%l%$: %v");
  spdlog::set_default_logger(log);

  std::vector<std::string> arguments(argv + 1, argv + argc);
  auto levels = takeLevels(arguments);

  CLI::App app(description, "parigot-opt");
  app.require_subcommand(1);
  app.footer(examples);
  app.set_version_flag("--version", "parigot-opt (Binaryen 132)");

  parigot::BuildOptions build;
  auto* buildCommand = app.add_subcommand("build", "Wind the services of a world into one module");
  buildCommand->add_option("WORLD", build.manifest, "The world's manifest, or parigot's deployment file; - is standard input")->required();
  buildCommand->add_option("-o,--output", build.output, "The module to write; - is stdout")->required();
  buildCommand->add_flag("-S,--emit-text", build.emitText, "Write text instead of a binary");
  buildCommand->add_option("--depfile", build.depfile, "Write the files that went in to this file, for make and ninja");
  buildCommand->add_option("--profile", build.choice.profile, "Of a deployment file: the profile to wind; default PARIGOT_DEPLOYMENT of the environment, or dev");
  if (auto* profile = std::getenv("PARIGOT_DEPLOYMENT"); profile && *profile) {
    build.choice.environmentProfile = profile;
  }
  buildCommand->add_option("--main",
                           build.choice.main,
                           "The service that is the program, instead of what the file says");
  buildCommand->add_flag("--test", build.choice.test, "Of a deployment file: wind its tests instead of its mains");
  buildCommand
    ->add_option("--service",
                 build.choice.services,
                 "Wind only this service of the file, and others given so; services that are left out are reached "
                 "through the host")
    ->allow_extra_args(false);
  buildCommand->add_flag("--kernel-stats",
                         build.kernelStats,
                         "Print statistics of parigot's kernel to standard error when the world ends");
  std::map<std::string, parigot::Layout> layouts{{"single", parigot::Layout::Single},
                                                 {"multi", parigot::Layout::Multi}};
  buildCommand
    ->add_option_function<std::string>(
      "--memory",
      [&](const std::string& name) { build.layout = layouts.at(name); },
      "single: one memory, for every engine. multi: one for each service. "
      "Default: what the manifest says, or single")
    ->check(CLI::IsMember(layouts));
  buildCommand->add_flag("--isolate",
                         build.isolate,
                         "Services trap where they would have trapped alone, and "
                         "cannot touch each other's memory");
  buildCommand->add_flag("--open",
                         build.open,
                         "parigot services outside of the world are reached through the host's kernel, and reach those "
                         "in it: a part of a deployment");
  buildCommand->add_flag("--raw-host-imports",
                         build.rawHostImports,
                         "Hand over the parameters of undeclared host imports as "
                         "they are, with a warning for each");
  buildCommand->add_flag("--fold-bases",
                         build.foldBases,
                         "Fold the bases of address spaces into offsets: "
                         "smaller code, slower on wasmtime");
  buildCommand->add_flag_callback(
    "--no-compact-bases",
    [&build]() { build.compactBases = false; },
    "With an optimisation level: keep bases as constants, larger code that is a "
    "little faster on Node");
  buildCommand->add_flag_callback(
    "-g,--debuginfo", [&build]() { build.stripDebug = false; }, "Keep the names of functions (the default)");
  buildCommand->add_flag("--strip-debug", build.stripDebug, "Leave the names of functions out");
  buildCommand->add_flag("--strip-world", build.stripWorld, "Leave the section parigot.world out");
  buildCommand->add_flag("-q,--quiet", build.quiet, "No progress on the terminal, and no notes");
  buildCommand->footer(std::string(levelsHelp) + buildHelp);

  parigot::StripOptions strip;
  auto* stripCommand = app.add_subcommand("strip", "Make a Go program compiled for JavaScript one that needs only WASI");
  stripCommand->add_option("FILE", strip.file, "The program; - is standard input")->required();
  stripCommand->add_option("-o,--output", strip.output, "The module to write; - is stdout")->required();
  stripCommand->add_flag("-S,--emit-text", strip.emitText, "Write text instead of a binary");
  stripCommand
    ->add_option("--require",
                 strip.require,
                 "none: fail, with the list of inspect --browser, when the program asks anything of JavaScript. "
                 "runtime: when it asks for more than the runtime serves")
    ->check(CLI::IsMember({"none", "runtime"}));
  stripCommand->add_option("--memory", strip.memory, "Bytes of memory in all, as 64MiB; default 2GiB");
  stripCommand->add_option("--runtime-memory", strip.runtimeMemory, "Of these, for what serves the program; default 128MiB");
  stripCommand->add_option("--cwd", strip.cwd, "Where the program resolves relative paths from; default /");
  stripCommand->add_flag("--reactor",
                         strip.reactor,
                         "Export _initialize instead of _start: run the program until it "
                         "waits for its exported functions to be called");
  stripCommand->add_flag("--keep-shim-exports",
                         strip.keepShimExports,
                         "Keep exports that only the shim called, such as resume and go_scheduler");
  stripCommand->add_flag_callback(
    "-g,--debuginfo", [&strip]() { strip.stripDebug = false; }, "Keep the names of functions (the default)");
  stripCommand->add_flag("--strip-debug", strip.stripDebug, "Leave the names of functions out");
  stripCommand->add_flag("-q,--quiet", strip.quiet, "No progress on the terminal");
  stripCommand->footer(std::string(levelsHelp) + stripHelp);

  parigot::InspectOptions inspect;
  auto* inspectCommand = app.add_subcommand("inspect", "Print what a service, a one world or a manifest holds");
  inspectCommand->add_option("FILE", inspect.file, "A module, or a manifest or deployment file (FILE.toml); - is standard input")->required();
  inspectCommand->add_option("--profile", inspect.choice.profile, "Of a deployment file: as of build");
  inspectCommand->add_flag("--test", inspect.choice.test, "Of a deployment file: as of build");
  inspectCommand->add_option("--main", inspect.choice.main, "Of a manifest or deployment file: as of build");
  inspect.choice.environmentProfile = build.choice.environmentProfile;
  inspectCommand->add_flag("--json", inspect.json, "For a program to read");
  inspectCommand->add_flag("--browser",
                           inspect.browser,
                           "What a Go or TinyGo binary asks of JavaScript: the names, where they are used, "
                           "and whether it can run without");

  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) ? 2 : 0;
  }
  if (!levels.empty() && inspectCommand->parsed()) {
    log->error("{} is for the commands build and strip", levels[0]);
    return 2;
  }
  build.optimize = strip.optimize = std::move(levels);

  auto result = buildCommand->parsed()   ? parigot::build(build)
                : stripCommand->parsed() ? parigot::strip(strip)
                : inspect.browser        ? parigot::inspectBrowser(inspect)
                                         : parigot::inspect(inspect);
  if (auto* error = result.getErr()) {
    log->error("{}", error->msg);
    std::cout.flush();
    std::_Exit(1);
  }
  // Modules are large; the system frees them faster than destructors do.
  std::cout.flush();
  std::_Exit(std::cout ? 0 : 1);
}
