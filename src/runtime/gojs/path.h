// Paths as text. Nothing here looks at files.

#ifndef parigot_runtime_gojs_path_h
#define parigot_runtime_gojs_path_h

#include "runtime.h"

namespace gojs {

// How a path ends, behind the name of what it is about. Most operations on names want a name (Linux, fs/namei.c:
// last_type), and whatever has more behind it must be a directory.
enum class Ending : uint8_t { name, slash, dot, above, root }; // "a", "a/", "a/." and ".", "a/.." and "..", "/"

Ending endingOf(Text path);

// How much of a path has to be followed link by link, since ".." may lead elsewhere than to where its name was: up to
// behind the last ".." that comes after a name. 0 for most.
uint32_t sizeToFollow(Text path);

// Takes the next name away from `path`, which has one: what comes before the next slash, so it may be empty.
Text nextName(Text& path);

// The directory that a path as resolvePath makes them is in; "/" is in itself.
void toParent(Characters& path);
// Appends a name to a path as resolvePath makes them.
void append(Characters& path, Text name);

// Node's path.resolve: `to`, an absolute path without ".", "..", and slashes beyond those between names, becomes what
// `path` is when it is where one starts. ".." is taken away together with the name before it, also where that is a
// symbolic link.
void resolvePath(Characters& to, Text path);

// What is left of `path` below `directory`, both as resolvePath makes them: "." for the directory itself, nothing (size
// 0) if it is not below it.
Text pathBelow(Text directory, Text path);

} // namespace gojs

#endif // parigot_runtime_gojs_path_h
