// From the paths of a program to those of WASI: the current directory, and the directories that the host gave.

#ifndef parigot_runtime_gojs_directory_h
#define parigot_runtime_gojs_directory_h

#include "error_codes.h"
#include "runtime.h"

namespace gojs {

// Where a path is for WASI.
struct Location {
  uint32_t preopen = 0;         // the file descriptor of a directory
  Characters path;              // relative to it, with a zero behind
  uint64_t rights = 0;          // what the host permits for files in it
  bool mustBeDirectory = false; // it was written with a slash at its end
  bool aboveAll = false;        // it is a directory only because there are preopens below; nothing else is set

  const char* text() const { return path.begin(); }
};

class Directory {
public:
  // Asks the host for its preopens. To be called once, before anything else.
  void open();

  // The current directory, absolute.
  Text current() const { return cwd; }
  void change(Text path) { resolvePathHere(cwd, path); }

  // The longest preopen that the path is below. ENOENT if there is none, EINVAL for text that is no path.
  Errno locate(Text path, Location& to) const;
  // path.resolve(path).
  Characters absolute(Text path) const;

  // Whether a file descriptor is one of the preopens, which Node does not have and a program has no business with.
  bool isPreopen(uint32_t fd) const;
  // Names directly below a path that is `aboveAll`.
  void addNamesAbove(Text path, List<Characters>& names) const;

private:
  struct Preopen {
    uint32_t fd;
    Characters path; // absolute
    uint64_t rights;
  };

  static void resolvePathHere(Characters& to, Text path);

  Characters cwd;
  List<Preopen> preopens; // as the host orders them
};

} // namespace gojs

#endif // parigot_runtime_gojs_directory_h
