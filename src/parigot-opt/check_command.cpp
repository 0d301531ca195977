// The command line of `parigot-opt check`.

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

Command addCheckCommand(CLI::App& app) {
  auto shared = std::make_shared<CheckOptions>(); // as long as the command line, which fills it
  auto& options = *shared;
  auto* command = app.add_subcommand("check", "Check a world against its laws, or those of a file; or its isolation");
  command->add_option("FILE", options.file, "A one world, or a manifest or deployment file (FILE.toml)")->required();
  command->add_option("--government",
                      options.laws,
                      "The file of laws; default: those that the world was wound with, or those of the manifest");
  command->add_flag("--isolation",
                    options.isolation,
                    "Prove instead that no service of an isolated world touches what is not its own; lists the "
                    "instructions for which there is no proof, and what is trusted");
  command->add_option("--profile", options.choice.profile, "Of a deployment file: as of build");
  command->add_flag("--test", options.choice.test, "Of a deployment file: as of build");
  command->add_option("--main", options.choice.main, "Of a manifest or deployment file: as of build");
  options.choice.environmentProfile = environmentProfile();
  command->add_flag("--json", options.json, "For a program to read");
  return {command, nullptr, [shared]() { return shared->isolation ? checkIsolation(*shared) : check(*shared); }};
}

} // namespace parigot
