// Paths as text. Nothing here looks at files.

#ifndef parigot_runtime_gojs_path_h
#define parigot_runtime_gojs_path_h

#include "runtime.h"

namespace gojs {

// How a path ends, after its last name. Most operations on names need a path that ends with a name (Linux, fs/namei.c:
// last_type). If a path has more after the name, the name must be that of a directory.
enum class Ending : uint8_t { name, slash, dot, above, root }; // "a", "a/", "a/." and ".", "a/.." and "..", "/"

Ending endingOf(Text path);

// The size of the part of a path that has to be followed link by link: up to the end of the last ".." that comes after
// a name. If that name is a link, ".." does not lead to the directory that has the link. The result is 0 for most
// paths.
uint32_t sizeToFollow(Text path);

// Takes the next name away from `path`, which must have one. The name is the text before the next slash, so it may be
// empty.
Text nextName(Text& path);

// Changes a path that resolvePath has made to that of the directory that contains it. "/" stays as it is.
void toParent(Characters& path);
// Appends a name to a path that resolvePath has made.
void append(Characters& path, Text name);

// Node's path.resolve: `to` is the directory from which `path` is resolved, and becomes the result. Both are absolute
// paths without ".", "..", and slashes other than the one in front of each name. ".." is removed together with the name
// before it, also if that name is a symbolic link.
void resolvePath(Characters& to, Text path);

// The rest of `path` below `directory`; resolvePath has made both. The result is "." for the directory itself, and
// empty (size 0) if the path is not below the directory.
Text pathBelow(Text directory, Text path);

} // namespace gojs

#endif // parigot_runtime_gojs_path_h
