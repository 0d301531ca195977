// The command line of `parigot-opt build`.

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

namespace {

constexpr const char* buildHelp = R"(
WORLD.toml names the services and what their binaries do not say:

  [world]
  main = "hello"                 # its _start is the program
  layout = "single"              # or "multi"; as --memory
  isolate = "contain"            # or "none", "exact"; as --isolate
  shared_descriptors = false     # as --shared-descriptors
  label_output = false           # lines begin with the service's name
  open = false                   # parigot services outside are the host's

  [service.hello]
  wasm = "hello.wasm"            # relative to the manifest

  [service.greet]
  wasm = "greet.wasm"
  provides = ["greeting"]        # more names that imports may use
  memory = "64MiB"               # its share; "fit": what it starts with
  arena = "4MiB"                 # of that, for the bytes of calls
  args = ["greet", "-v"]         # served in the module; so is env
  env = ["LOG=debug"]
  files = ["/data:ro"]           # the folders of the host that it sees
  stdin = "none"                 # or "main", the world's
  # wasi = "vfs"                 # the service that answers its WASI calls

  [[call]]                       # only where names are not enough
  client = "hello"
  import = "greeting.fetch_greeting_"
  service = "greet"
  abi = "parigot"                # see below

  [[reply]]                      # greet is not wound, and this answers
  service = "greet"
  method = "fetch_greeting_"
  text = "Hello"                 # or hex, file, json; error, after, request

  [[host]]                       # imports that the host provides
  import = "env.log"
  abi = "scalar"                 # all parameters are numbers
  [[host]]
  import = "env.send"            # or each is described: in, out, inout
  params = ["data: in [len]", "len", "result: out 8"]

Imports bind by themselves where their module is the name of a service, or one
that it provides. docs/manifest.md has every key.

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

std::string helpOfAbis() {
  std::string text = "\n\nCall ABIs, which say what the parameters of a [[call]] or [[host]] mean:\n\n";
  for (auto& row : callAbis()) {
    if (row.inManifests) {
      text += "  " + std::string(row.name) + std::string(12 - row.name.size(), ' ') + std::string(row.help) + "\n";
    }
  }
  text.pop_back();
  return text;
}

// What stands in for services.
void addStandInOptions(CLI::App& command, StandInChoice& choice) {
  auto add = [&](const char* name, std::vector<std::string>& values, const char* help) {
    command.add_option(name, values, help)->allow_extra_args(false);
  };
  add(
    "--cut",
    choice.cut,
    "NAME or NAME=ANSWER: wind without this service, whose file is not needed; its calls get ANSWER, an error (default "
    "3), trap, or host: the imports stay. NAME=refused: launches of processes that require it fail");
  add("--replace", choice.replace, "NAME=FILE: wind this module in place of the service's");
  add("--replies", choice.replies, "Cut the services that the [[reply]] tables of this file are for, and answer so");
  add("--descriptors", choice.descriptors, "The FileDescriptorSet with the messages of replies with json");
  add("--record",
      choice.record,
      "NAME=FILE: the world writes the calls to this service to the file, in its first folder");
  add("--provides", choice.provides, "NAME=PACKAGE.SERVICE: a full name that the process NAME, if it is cut, exports");
}

// The cache of builds.
void addCacheOptions(CLI::App& command, BuildOptions& options) {
  command.add_option("--cache",
                     options.cache.folder,
                     "Keep results of builds in this folder, and take what has not changed from there; default: "
                     "PARIGOT_OPT_CACHE of the environment, or parigot-opt/builds in the user's cache folder "
                     "(docs/building.md)");
  command.add_flag("--no-cache", options.cache.off, "Neither keep results nor take any");
  command.add_option("--cache-limit",
                     options.cache.limit,
                     "The most that the folder keeps, such as 512MiB: what was not used for longest is removed; "
                     "default 2GiB");
  command.add_flag("--whole-program",
                   options.wholeProgram,
                   "With an optimisation level: optimise all services at once, as wasm-opt would. Default: large "
                   "services each alone, which the cache remembers");
  command.add_flag("-v,--verbose", options.verbose, "Say what was taken from the cache, and what was not, and why");
}

// The options that say where results go, and those that have no influence on them.
bool hasNoInfluence(const std::string& name) {
  static constexpr std::string_view names[] = {
    "--output", "--depfile", "--cache", "--no-cache", "--cache-limit", "--verbose"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// BuildOptions::given
std::string givenOptions(const CLI::App& command) {
  std::string text;
  for (auto* option : command.get_options()) {
    auto name = option->get_name();
    if (option->count() > 0 && !hasNoInfluence(name)) {
      text += name;
      for (auto& value : option->results()) {
        text += ' ' + std::to_string(value.size()) + ':' + value;
      }
      text += '\n';
    }
  }
  return text;
}

} // namespace

Command addBuildCommand(CLI::App& app) {
  auto shared = std::make_shared<BuildOptions>(); // as long as the command line, which fills it
  auto& options = *shared;
  auto* command = app.add_subcommand("build", "Wind the services of a world into one module");
  command
    ->add_option("WORLD", options.manifest, "The world's manifest, or parigot's deployment file; - is standard input")
    ->required();
  command->add_option("--depfile", options.depfile, "Write the files that went in to this file, for make and ninja");
  command->add_option(
    "--profile",
    options.choice.profile,
    "Of a deployment file: the profile to wind; default PARIGOT_DEPLOYMENT of the environment, or dev");
  options.choice.environmentProfile = environmentProfile();
  command->add_option("--main", options.choice.main, "The service that is the program, instead of what the file says");
  command->add_flag("--test", options.choice.test, "Of a deployment file: wind its tests instead of its mains");
  command
    ->add_option("--service",
                 options.choice.services,
                 "Wind only this service of the file, and others given so; services that are left out are reached "
                 "through the host")
    ->allow_extra_args(false);
  addStandInOptions(*command, options.choice.standIns);
  command
    ->add_option(
      "--group",
      options.groups,
      "NAME=SERVICE,SERVICE or NAME=*: wind these services of a deployment file into NAME.wasm, other groups "
      "into theirs, and write the deployment file that runs the groups; -o is a folder")
    ->allow_extra_args(false);
  command->add_flag("--kernel-stats",
                    options.kernelStats,
                    "Print statistics of parigot's kernel to standard error when the world ends");
  static const std::map<std::string, Layout> layouts{{"single", Layout::Single}, {"multi", Layout::Multi}};
  command
    ->add_option_function<std::string>(
      "--memory",
      [&options](const std::string& name) { options.layout = layouts.at(name); },
      "single: one memory, for every engine. multi: one for each service. "
      "Default: what the manifest says, or single")
    ->check(CLI::IsMember(layouts));
  command
    ->add_flag(
      "--isolate{exact}",
      options.isolation,
      "contain: services cannot touch each other's memory. exact, or no value: and trap where they would have trapped "
      "alone. none: neither. Default: what the manifest says, or contain if there are several services")
    ->check(CLI::IsMember({"contain", "exact", "none"}));
  auto* verified = command->add_flag("--verified",
                                     options.verified,
                                     "Write nothing unless services are isolated. It is then always proved of the "
                                     "finished module that they touch nothing but their own");
  command
    ->add_flag("--unverified",
               options.unverified,
               "Write an isolated world though that is not proved: a warning instead of an error")
    ->excludes(verified);
  command->add_flag("--open",
                    options.open,
                    "parigot services outside of the world are reached through the host's kernel, and reach those "
                    "in it: a part of a deployment");
  command->add_flag("--shared-descriptors",
                    options.sharedDescriptors,
                    "Services share the host's descriptors of files and streams, as numbers: one can use, close and "
                    "move those of another");
  command->add_option("--government",
                      options.laws,
                      "A file of laws, [government] and [[law]]: what each service may call, and what of the host it "
                      "may touch; the manifest may have them, too (docs/government.md)");
  command->add_flag("--raw-host-imports",
                    options.rawHostImports,
                    "Hand over the parameters of undeclared host imports as "
                    "they are, with a warning for each");
  command->add_flag("--fold-bases",
                    options.foldBases,
                    "Fold the bases of address spaces into offsets: "
                    "smaller code, slower on wasmtime");
  command->add_flag_callback(
    "--no-compact-bases",
    [&options]() { options.compactBases = false; },
    "Keep bases and masks as constants: larger code that is a little faster on Node");
  addCacheOptions(*command, options);
  addOutputOptions(*command, options);
  command->add_option("--debug-service",
                      options.debugService,
                      "With -g: place this service first in the memory, so that debuggers can follow its pointers");
  command->add_flag("--strip-world", options.stripWorld, "Leave the section parigot.world out");
  command->footer(std::string(levelsHelp) + buildHelp + helpOfAbis());
  return {command, &options, [shared, command]() {
            shared->given = givenOptions(*command);
            return shared->groups.empty() ? build(*shared) : buildGroups(*shared);
          }};
}

} // namespace parigot
