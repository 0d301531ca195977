// How subcommands are added to the command line: one file for each, with its options and its help.

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
  OutputOptions* output;               // null: it writes no module, and has no optimisation levels
  std::function<wasm::Result<>()> run; // after the command line was read
};

Command addBuildCommand(CLI::App& app);
Command addStripCommand(CLI::App& app);
Command addInspectCommand(CLI::App& app);

// What every command has that writes a module. The levels are main's: CLI11 takes "-O2" for two flags.
void addOutputOptions(CLI::App& command, OutputOptions& options);
// In front of the help of such a command.
extern const char* const levelsHelp;

// PARIGOT_DEPLOYMENT, where it is set and not empty.
std::optional<std::string> environmentProfile();

} // namespace parigot

#endif // parigot_opt_command_line_h
