// parigot-opt: the driver. Reads the command line and nothing else.

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <CLI/CLI.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "parigot-opt/command_line.h"
#include "support/memory_limit.h"
#include "support/nearest.h"
#include "support/printable.h"

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
  parigot-opt build world.toml -O2 -g --split-debug one.debug.wasm -o one.wasm
      and keep files and lines of the sources in a file of their own
  parigot-opt addr2line one.wasm 0x1f3
      the function, file and line at an offset of a back trace
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
  parigot-opt inspect --government=suggest world.toml
      the smallest laws that the services need: who may call whom, and touch what
  parigot-opt check one.wasm --government laws.toml
      whether a world keeps the laws of a file; lists what breaks them
  parigot-opt check isolated.wasm --isolation
      whether every instruction of an isolated world is proved to stay in its service
  parigot-opt inspect --browser page.wasm
      what a Go or TinyGo binary asks of JavaScript, and who serves it

The same work step by step is in wasm-opt --load-pass libparigot-passes.so; see
docs/passes.md of the sources.)";

// The message of a log line. It can contain names from files.
class PrintableMessage : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& to) override {
    auto text = parigot::printableLines({message.payload.data(), message.payload.size()});
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<PrintableMessage>(); }
};

// CLI11 takes "-O2" for the flags O and 2, so the levels are recognised before CLI11 sees them.
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

// The names of the subcommands, or the long options of one.
std::vector<std::string> knownWords(const CLI::App& app) {
  std::vector<std::string> words;
  for (auto* command : app.get_subcommands({})) {
    words.push_back(command->get_name());
  }
  for (auto* option : app.get_options()) {
    for (auto& name : option->get_lnames()) {
      words.push_back("--" + name);
    }
  }
  return words;
}

// The first long option that is none of the command; empty if there is none.
std::string unknownOption(const std::vector<std::string>& arguments, const std::vector<std::string>& known) {
  for (auto& argument : arguments) {
    auto option = argument.substr(0, argument.find('='));
    if (option.size() > 2 && option.starts_with("--") && std::find(known.begin(), known.end(), option) == known.end()) {
      return option;
    }
  }
  return "";
}

// Reports an error in the command line, and the command that prints help.
void sayUsage(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  auto parsed = app.get_subcommands();
  auto& command = parsed.empty() ? app : *parsed.front();
  std::string text = error.what();
  auto unknown = std::find_if(arguments.begin(), arguments.end(), [](auto& word) { return !word.starts_with('-'); });
  if (parsed.empty() && unknown != arguments.end()) {
    text = "there is no command '" + *unknown + "'" + parigot::didYouMean(*unknown, knownWords(app));
  } else if (auto option = unknownOption(arguments, knownWords(command)); !option.empty()) {
    // An option that is missing is often one that is misspelt.
    bool isMissing = error.get_exit_code() == int(CLI::ExitCodes::RequiredError);
    text = (isMissing ? "there is no option " + option : text) + parigot::didYouMean(option, knownWords(command));
  }
  spdlog::error("{}\n  {} --help says what is possible",
                text,
                parsed.empty() ? "parigot-opt" : "parigot-opt " + command.get_name());
}

// The exit code of a command that has printed. Reports an error if the output could not be written.
int flushed(int code) {
  std::cout.flush();
  if (std::cout) {
    return code;
  }
  spdlog::error("<standard output>: cannot be written{}", errno ? std::string(": ") + std::strerror(errno) : "");
  return 1;
}

} // namespace

int main(int argc, char** argv) {
#if !defined(__SANITIZE_ADDRESS__) // whose shadow takes any amount of addresses
  parigot::limitMemory();
#endif
  auto log = spdlog::stderr_color_st("parigot-opt");
  auto format = std::make_unique<spdlog::pattern_formatter>();
  format->add_flag<PrintableMessage>('*').set_pattern("%n: %^%l%$: %*");
  log->set_formatter(std::move(format));
  spdlog::set_default_logger(log);

  std::vector<std::string> arguments(argv + 1, argv + argc);
  auto levels = takeLevels(arguments);

  CLI::App app(description, "parigot-opt");
  app.require_subcommand(1);
  app.footer(examples);
  app.set_version_flag("--version", "parigot-opt " PARIGOT_OPT_VERSION " (Binaryen 132)");
  std::vector<parigot::Command> commands{parigot::addBuildCommand(app),
                                         parigot::addStripCommand(app),
                                         parigot::addInspectCommand(app),
                                         parigot::addCheckCommand(app),
                                         parigot::addAddressCommand(app)};

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) { // the user asked for help, or for the version
      return flushed(app.exit(error));
    }
    sayUsage(app, error, arguments);
    return 2;
  }
  auto& command = *std::find_if(commands.begin(), commands.end(), [](auto& each) { return each.app->parsed(); });
  if (!levels.empty() && !command.output) {
    log->error("{} is for the commands build and strip", levels[0]);
    return 2;
  }
  if (command.output) {
    command.output->optimize = std::move(levels);
  }
  auto result = command.run();
  if (auto* error = result.getErr()) {
    log->error("{}", error->msg);
    std::cout.flush();
    std::_Exit(1);
  }
  // Modules are large, and the system frees them faster than destructors do.
  std::_Exit(flushed(0));
}
