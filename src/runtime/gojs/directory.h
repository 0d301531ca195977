// From the paths of a program to those of WASI: the current directory, and the directories that the host gave.

#ifndef parigot_runtime_gojs_directory_h
#define parigot_runtime_gojs_directory_h

#include "error_codes.h"
#include "path.h"
#include "runtime.h"

namespace gojs {

// Where a path is for WASI.
struct Location {
  uint32_t preopen = 0;         // the file descriptor of a directory
  Characters path;              // relative to it, with a zero behind
  uint64_t rights = 0;          // what the host permits for files in it
  Ending ending = Ending::name; // how it was written; the path has only the name
  bool aboveAll = false;        // it is a directory only because there are preopens below; nothing else is set

  const char* text() const { return path.begin(); }
};

// What is at a location, and where a link there leads.
Errno statAt(const Location& at, bool followLinks, __wasi_filestat_t& stat);
Errno readLinkAt(const Location& at, Characters& target);

class Directory {
public:
  // Asks the host for its preopens. To be called once, before anything else.
  void open();

  // The current directory, absolute and without links.
  Text current() const { return cwd; }
  // To a directory.
  Errno change(Text path);

  // Where a path is: below the longest preopen that it is below. Links are the host's to follow, but for those before
  // "..", since hosts differ in that. ENOENT where there is no preopen, EINVAL for text that is no path, and what
  // following links gives.
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

  // The same of a path that resolvePath has made.
  Errno locateWhole(Text whole, Location& to) const;
  // From the directory `at`, which has no links in it, to the directory that `path` leads to.
  Errno follow(Characters& at, Text path) const;

  Characters cwd;
  List<Preopen> preopens; // as the host orders them
};

} // namespace gojs

#endif // parigot_runtime_gojs_directory_h
