#include "directory.h"

#include "path.h"
#include "program.h"
#include "runtime.h"

namespace gojs {

namespace {

// The first file descriptor that may be a preopen (wasi-libc, libc-bottom-half/sources/preopens.c).
constexpr uint32_t firstPreopen = 3;

// No path is longer on Linux (PATH_MAX).
constexpr uint32_t longestPath = 4096;

} // namespace

void Directory::resolvePathHere(Characters& to, Text path) { resolvePath(to, path); }

void Directory::open() {
  char start[longestPath];
  uint32_t length = program::cwd(start, sizeof start);
  resolvePath(cwd, {start, length < sizeof start ? length : 0});
  for (uint32_t fd = firstPreopen;; fd++) {
    __wasi_prestat_t prestat;
    if (__wasi_fd_prestat_get(int(fd), &prestat) != 0) {
      return;
    }
    if (prestat.tag != __WASI_PREOPENTYPE_DIR) {
      continue;
    }
    Characters name;
    name.resize(prestat.u.dir.pr_name_len);
    if (__wasi_fd_prestat_dir_name(int(fd), reinterpret_cast<uint8_t*>(name.begin()), name.size()) != 0) {
      continue;
    }
    while (!name.empty() && name.back() == 0) {
      name.pop(); // some hosts count the zero
    }
    // A name without a slash in front is meant to be found from where the program starts.
    Preopen preopen{fd, absolute(name), ~uint64_t(0)};
    __wasi_fdstat_t fdstat;
    if (__wasi_fd_fdstat_get(int(fd), &fdstat) == 0) {
      preopen.rights = fdstat.fs_rights_inheriting;
    }
    preopens.push(static_cast<Preopen&&>(preopen));
  }
}

Characters Directory::absolute(Text path) const {
  Characters result;
  result << cwd;
  resolvePath(result, path);
  return result;
}

Errno Directory::locate(Text path, Location& to) const {
  if (path.size == 0) {
    return __WASI_ERRNO_NOENT;
  }
  if (path.size >= longestPath) {
    return __WASI_ERRNO_NAMETOOLONG;
  }
  if (memchr(path.data, 0, path.size)) {
    return __WASI_ERRNO_INVAL;
  }
  Characters whole = absolute(path);
  const Preopen* found = nullptr;
  Text below;
  for (auto& preopen : preopens) {
    Text rest = pathBelow(preopen.path, whole);
    if (rest.size && (!found || preopen.path.size() > found->path.size())) {
      found = &preopen;
      below = rest;
    }
    to.aboveAll |= pathBelow(whole, preopen.path).size != 0;
  }
  to.aboveAll = !found && (to.aboveAll || whole.size() == 1);
  if (!found) {
    return to.aboveAll ? 0 : __WASI_ERRNO_NOENT;
  }
  to.preopen = found->fd;
  to.rights = found->rights;
  to.path.clear();
  to.path << below << '\0';
  to.mustBeDirectory = path[path.size - 1] == '/';
  return 0;
}

bool Directory::isPreopen(uint32_t fd) const {
  for (auto& preopen : preopens) {
    if (preopen.fd == fd) {
      return true;
    }
  }
  return false;
}

void Directory::addNamesAbove(Text path, List<Characters>& names) const {
  Characters whole = absolute(path);
  for (auto& preopen : preopens) {
    Text name = pathBelow(whole, preopen.path);
    for (uint32_t i = 0; i < name.size; i++) {
      if (name[i] == '/') {
        name.size = i;
      }
    }
    bool known = false;
    for (auto& other : names) {
      known |= other.text() == name;
    }
    if (name.size && !known) {
      names.push({});
      names.back() << name;
    }
  }
}

} // namespace gojs
