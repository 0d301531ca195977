// Adds subcommands to the command line. Each has a file with its options and its help.

#ifndef parigot_opt_command_line_h
#define parigot_opt_command_line_h

#include <functional>
#include <optional>
#include <string>

#include "parigot-opt/command.h"

namespace CLI {
class App;
}

namespace parigot {

struct Command {
  CLI::App* app;
  OutputOptions* output;               // null: the command writes no module, and has no optimisation levels
  std::function<wasm::Result<>()> run; // called after the command line was read
};

Command addBuildCommand(CLI::App& app);
Command addStripCommand(CLI::App& app);
Command addInspectCommand(CLI::App& app);
Command addCheckCommand(CLI::App& app);
Command addAddressCommand(CLI::App& app);

// Adds the options of every command that writes a module. main handles the levels: CLI11 takes "-O2" for two flags.
void addOutputOptions(CLI::App& command, OutputOptions& options);
// Introduces the levels in the help of such a command.
extern const char* const levelsHelp;

// The value of PARIGOT_DEPLOYMENT, if it is set and not empty.
std::optional<std::string> environmentProfile();

} // namespace parigot

#endif // parigot_opt_command_line_h
