#include "directory.h"

#include "path.h"
#include "program.h"
#include "runtime.h"

namespace gojs {

namespace {

// The first file descriptor that may be a preopen (wasi-libc, libc-bottom-half/sources/preopens.c).
constexpr uint32_t firstPreopen = 3;

// Linux has no longer paths (PATH_MAX).
constexpr uint32_t longestPath = 4096;

// Linux follows no more links than this in one path (MAXSYMLINKS).
constexpr uint32_t mostLinks = 40;

Errno checkPath(Text path) {
  if (path.size == 0) {
    return __WASI_ERRNO_NOENT;
  }
  if (path.size >= longestPath) {
    return __WASI_ERRNO_NAMETOOLONG;
  }
  return memchr(path.data, 0, path.size) ? __WASI_ERRNO_INVAL : 0;
}

} // namespace

Errno statAt(const Location& at, bool followLinks, __wasi_filestat_t& stat) {
  return __wasi_path_filestat_get(
    int(at.preopen), followLinks ? __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW : 0, at.text(), &stat);
}

// Reads the target of a link. A target that fills its buffer may have been cut off, so it is read again with more room.
Errno readLinkAt(const Location& at, Characters& target) {
  for (uint32_t room = 256;; room *= 4) {
    target.resize(room);
    __wasi_size_t size = 0;
    Errno error =
      __wasi_path_readlink(int(at.preopen), at.text(), reinterpret_cast<uint8_t*>(target.begin()), room, &size);
    if (error && !(error == __WASI_ERRNO_RANGE && room < 65536)) {
      return error;
    }
    if (!error && (size < room || room >= 65536)) {
      target.shrink(uint32_t(size));
      return 0;
    }
  }
}

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
      name.pop(); // some hosts count the zero at the end
    }
    // A name that does not begin with a slash is relative to the directory in which the program starts.
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

Errno Directory::locateWhole(Text whole, Location& to) const {
  const Preopen* found = nullptr;
  Text below;
  bool isAbove = whole.size == 1;
  for (auto& preopen : preopens) {
    Text rest = pathBelow(preopen.path, whole);
    if (rest.size && (!found || preopen.path.size() > found->path.size())) {
      found = &preopen;
      below = rest;
    }
    isAbove |= pathBelow(whole, preopen.path).size != 0;
  }
  to.aboveAll = !found && isAbove;
  if (!found) {
    return to.aboveAll ? 0 : __WASI_ERRNO_NOENT;
  }
  to.preopen = found->fd;
  to.rights = found->rights;
  to.path.clear();
  to.path << below << '\0';
  return 0;
}

Errno Directory::follow(Characters& at, Text path) const {
  Characters pathOfLink; // owns the text of `path` once a link has been followed
  uint32_t links = 0;
  if (path[0] == '/') {
    at.shrink(1);
  }
  while (path.size) {
    Text name = nextName(path);
    if (name == "..") {
      toParent(at);
    }
    if (name.size == 0 || name == "." || name == "..") {
      continue;
    }
    append(at, name);
    Location there;
    __wasi_filestat_t stat;
    if (Errno error = locateWhole(at, there)) {
      return error;
    }
    if (there.aboveAll) {
      continue;
    }
    if (Errno error = statAt(there, false, stat)) {
      return error;
    }
    if (stat.filetype == __WASI_FILETYPE_SYMBOLIC_LINK) {
      Characters target;
      if (Errno error = ++links > mostLinks ? __WASI_ERRNO_LOOP : readLinkAt(there, target)) {
        return error;
      }
      toParent(at);
      if (target.text().startsWith("/")) {
        at.shrink(1);
      }
      target << '/' << path;
      pathOfLink = static_cast<Characters&&>(target);
      path = pathOfLink;
    } else if (stat.filetype != __WASI_FILETYPE_DIRECTORY) {
      return __WASI_ERRNO_NOTDIR;
    }
  }
  return 0;
}

Errno Directory::locate(Text path, Location& to) const {
  if (Errno error = checkPath(path)) {
    return error;
  }
  to.ending = endingOf(path);
  Characters whole;
  whole << cwd;
  if (uint32_t size = sizeToFollow(path)) {
    if (Errno error = follow(whole, {path.data, size})) {
      return error;
    }
    // The rest may begin with more slashes; that does not make it an absolute path.
    path = path.from(size);
    while (path.size && path[0] == '/') {
      path = path.from(1);
    }
  }
  resolvePath(whole, path);
  return locateWhole(whole, to);
}

Errno Directory::change(Text path) {
  Characters to;
  to << cwd;
  Errno error = checkPath(path);
  error = error ? error : follow(to, path);
  if (!error) {
    cwd = static_cast<Characters&&>(to);
  }
  return error;
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
