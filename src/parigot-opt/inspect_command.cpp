// The command line of `parigot-opt inspect`.

#include <CLI/CLI.hpp>

#include "parigot-opt/command_line.h"

namespace parigot {

Command addInspectCommand(CLI::App& app) {
  auto shared = std::make_shared<InspectOptions>(); // as long as the command line, which fills it
  auto& options = *shared;
  auto* command = app.add_subcommand("inspect", "Print what a service, a one world or a manifest holds");
  command
    ->add_option("FILE", options.file, "A module, or a manifest or deployment file (FILE.toml); - is standard input")
    ->required();
  command->add_option("--profile", options.choice.profile, "Of a deployment file: as of build");
  command->add_flag("--test", options.choice.test, "Of a deployment file: as of build");
  command->add_option("--main", options.choice.main, "Of a manifest or deployment file: as of build");
  options.choice.environmentProfile = environmentProfile();
  command->add_flag("--json", options.json, "For a program to read");
  command->add_flag("--browser",
                    options.browser,
                    "What a Go or TinyGo binary asks of JavaScript: the names, where they are used, "
                    "and whether it can run without");
  command
    ->add_flag("--government{table}",
               options.government,
               "What each service uses of others and of the host, what its laws allow, and what could be taken away; "
               "=suggest: the smallest laws that the services need, as TOML")
    ->check(CLI::IsMember({"table", "suggest"}));
  return {command, nullptr, [shared]() {
            if (!shared->government.empty()) {
              return inspectGovernment(*shared);
            }
            return shared->browser ? inspectBrowser(*shared) : inspect(*shared);
          }};
}

} // namespace parigot
