// Turns the paths of a program into paths for WASI. It knows the current directory, and the directories that the host
// gives to the program (preopens).

#ifndef parigot_runtime_gojs_directory_h
#define parigot_runtime_gojs_directory_h

#include "error_codes.h"
#include "path.h"
#include "runtime.h"

namespace gojs {

// A path in the form that WASI takes.
struct Location {
  uint32_t preopen = 0;         // the file descriptor of a directory
  Characters path;              // relative to the preopen, with a zero at the end
  uint64_t rights = 0;          // what the host permits for files in the preopen
  Ending ending = Ending::name; // how the program's path ended; `path` has only the name
  bool aboveAll = false;        // it is a directory only because there are preopens below it; nothing else is set then

  const char* text() const { return path.begin(); }
};

// statAt() says what is at a location, readLinkAt() where a link there leads.
Errno statAt(const Location& at, bool followLinks, __wasi_filestat_t& stat);
Errno readLinkAt(const Location& at, Characters& target);

class Directory {
public:
  // Asks the host for its preopens. To be called once, before anything else.
  void open();

  // The current directory, absolute and without links.
  Text current() const { return cwd; }
  // Makes another directory the current one. An error if there is no directory at the path.
  Errno change(Text path);

  // Finds where a path is. It is taken relative to the preopen with the longest path that contains it. The host follows
  // links; only those before ".." are followed here, since hosts differ in that. Errors: ENOENT if no preopen contains
  // the path, EINVAL for text that is no path, and the errors of following links.
  Errno locate(Text path, Location& to) const;
  // Node's path.resolve(path): the absolute form of a path.
  Characters absolute(Text path) const;

  // Whether a file descriptor is that of a preopen. Node has no such descriptors, so a program must not use them.
  bool isPreopen(uint32_t fd) const;
  // Adds the names that are directly below a path whose location is `aboveAll`.
  void addNamesAbove(Text path, List<Characters>& names) const;

private:
  struct Preopen {
    uint32_t fd;
    Characters path; // absolute
    uint64_t rights;
  };

  // Like locate(), for a path that resolvePath has made.
  Errno locateWhole(Text whole, Location& to) const;
  // Moves from the directory `at`, whose path has no links, to the directory that `path` leads to. `at` becomes that.
  Errno follow(Characters& at, Text path) const;

  Characters cwd;
  List<Preopen> preopens; // in the host's order
};

} // namespace gojs

#endif // parigot_runtime_gojs_directory_h
