// The command line and the environment, from the host.

#ifndef parigot_runtime_gojs_arguments_h
#define parigot_runtime_gojs_arguments_h

#include "runtime.h"

namespace gojs {

// Reads the command line. The texts have no zeros at their ends.
void readArguments(List<Characters>& arguments);
// Reads the environment, as texts NAME=value. Leaves out texts that do not have this form. If two variables have one
// name, the last one counts.
void readEnvironment(List<Characters>& variables);

// Sorts texts by their bytes.
void sortTexts(List<Characters>& texts);

} // namespace gojs

#endif // parigot_runtime_gojs_arguments_h
