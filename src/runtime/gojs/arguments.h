// The command line and the environment, from the host.

#ifndef parigot_runtime_gojs_arguments_h
#define parigot_runtime_gojs_arguments_h

#include "runtime.h"

namespace gojs {

// Without the zeros at their ends.
void readArguments(List<Characters>& arguments);
// NAME=value, without others that are not of this form; of two with one name the last.
void readEnvironment(List<Characters>& variables);

// Sorts by bytes.
void sortTexts(List<Characters>& texts);

} // namespace gojs

#endif // parigot_runtime_gojs_arguments_h
