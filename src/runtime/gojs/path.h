// Paths as text. Nothing here looks at files.

#ifndef parigot_runtime_gojs_path_h
#define parigot_runtime_gojs_path_h

#include "runtime.h"

namespace gojs {

// Node's path.resolve: `to`, an absolute path without ".", "..", and slashes beyond those between names, becomes what
// `path` is when it is where one starts. ".." is taken away together with the name before it, also where that is a
// symbolic link.
void resolvePath(Characters& to, Text path);

// What is left of `path` below `directory`, both as resolvePath makes them: "." for the directory itself, nothing (size
// 0) if it is not below it.
Text pathBelow(Text directory, Text path);

} // namespace gojs

#endif // parigot_runtime_gojs_path_h
