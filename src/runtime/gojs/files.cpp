#include "files.h"

#include "directory.h"
#include "runtime.h"
#include "state.h"
#include "utf8.h"

namespace gojs {

namespace {

// Finds where a path is, for operations on something that is in a directory. A directory above all preopens exists, but
// no operation can change it: `above` is the error for it.
Errno locate(Text path, Location& to, Errno above = __WASI_ERRNO_PERM) {
  Errno error = state().directory.locate(path, to);
  return error || !to.aboveAll ? error : above;
}

// Checks that the program may use a file descriptor: it is that of an opened file, or a standard one.
Errno checkFd(uint32_t fd) { return isOpen(fd) && !state().directory.isPreopen(fd) ? 0 : __WASI_ERRNO_BADF; }

constexpr uint32_t standardDescriptors = 3;

// --- How paths end. Some hosts take "a/", "a/." and "a" for the same, others refuse such endings

// Checks that there is a directory at a location, after links are followed. 0: there is one.
Errno checkDirectory(const Location& at) {
  if (at.aboveAll) {
    return 0;
  }
  __wasi_filestat_t stat;
  Errno error = statAt(at, true, stat);
  return error || stat.filetype == __WASI_FILETYPE_DIRECTORY ? error : __WASI_ERRNO_NOTDIR;
}

// The error of an operation that needs a name, for a path that ends with "." or "..": `error`, if the directory exists.
Errno refuseDots(const Location& at, Errno error) {
  Errno missing = checkDirectory(at);
  return missing ? missing : error;
}

bool endsWithDots(const Location& at) { return at.ending != Ending::name && at.ending != Ending::slash; }

// Checks a path at which something will be made that is no directory. Nothing may be there, and the path must end with
// its name.
Errno checkNew(const Location& at) {
  if (endsWithDots(at)) {
    return refuseDots(at, __WASI_ERRNO_EXIST);
  }
  __wasi_filestat_t stat;
  Errno error = at.ending == Ending::slash ? statAt(at, false, stat) : 0;
  return error || at.ending == Ending::name ? error : __WASI_ERRNO_EXIST;
}

// The same for a path that ends with "/". An error of the directory that contains it comes first.
Errno refuseSlash(Location& at, Errno error) {
  uint32_t end = at.path.size();
  while (end && at.path[end - 1] != '/') {
    end--;
  }
  at.path.shrink(end);
  at.path << '.' << '\0';
  return refuseDots(at, error);
}

constexpr uint32_t follow = __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW;

// The rights that each kind of access needs. Hosts refuse to open a file with more rights than the preopen has.
constexpr uint64_t toRead = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR;
constexpr uint64_t toWrite =
  __WASI_RIGHTS_FD_DATASYNC | __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_ALLOCATE | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE;

Errno openAt(Location& at, uint32_t flags, uint32_t& fd) {
  uint32_t access = flags & openAccess;
  if (access == openAccess) {
    return __WASI_ERRNO_INVAL;
  }
  bool create = flags & openCreate, directory = flags & openDirectory;
  // A file that must be new is not looked for behind a link at the end of the path: the link exists, which is an error.
  bool exclusive = create && flags & openExclusive, followLinks = !(exclusive || flags & openNoFollow);
  if (at.ending != Ending::name) {
    if (create) {
      Errno error = exclusive && endsWithDots(at) ? __WASI_ERRNO_EXIST : __WASI_ERRNO_ISDIR;
      return endsWithDots(at) ? refuseDots(at, error) : refuseSlash(at, error);
    }
    if (access != 0) {
      return refuseDots(at, __WASI_ERRNO_ISDIR);
    }
    directory = followLinks = true;
  }
  auto oflags = uint16_t((create ? __WASI_OFLAGS_CREAT : 0) | (directory ? __WASI_OFLAGS_DIRECTORY : 0) |
                         (exclusive ? __WASI_OFLAGS_EXCL : 0) | (flags & openTruncate ? __WASI_OFLAGS_TRUNC : 0));
  auto fdflags = uint16_t(
    (flags & openAppend ? __WASI_FDFLAGS_APPEND : 0) | (flags & openNonblock ? __WASI_FDFLAGS_NONBLOCK : 0) |
    (flags & openDataSync ? __WASI_FDFLAGS_DSYNC : 0) | ((flags & openSync) == openSync ? __WASI_FDFLAGS_SYNC : 0));
  uint64_t rights = ~(toRead | toWrite);
  rights |= access != 1 ? toRead : 0;
  rights |= access != 0 ? toWrite : 0;
  __wasi_fd_t opened;
  Errno error = __wasi_path_open(
    int(at.preopen), followLinks ? follow : 0, at.text(), oflags, rights & at.rights, at.rights, fdflags, &opened);
  fd = uint32_t(opened);
  return error;
}

uint32_t modeOf(uint8_t type) {
  switch (type) {
    case __WASI_FILETYPE_DIRECTORY:
      return typeDirectory | 0700;
    case __WASI_FILETYPE_SYMBOLIC_LINK:
      return typeLink | 0777; // as on Linux
    case __WASI_FILETYPE_CHARACTER_DEVICE:
      return typeCharacter | 0600;
    case __WASI_FILETYPE_BLOCK_DEVICE:
      return typeBlock | 0600;
    case __WASI_FILETYPE_SOCKET_DGRAM:
    case __WASI_FILETYPE_SOCKET_STREAM:
      return typeSocket | 0600;
    default: // pipes too: hosts have no type for them
      return typeRegular | 0600;
  }
}

void fill(Stat& stat, const __wasi_filestat_t& from) {
  stat.device = from.dev;
  stat.inode = from.ino;
  stat.links = from.nlink;
  stat.size = from.size;
  stat.mode = modeOf(from.filetype);
  stat.accessed = from.atim;
  stat.modified = from.mtim;
  stat.changed = from.ctim;
}

// The error that Linux gives for reading or writing a file that is not open for it, or a directory. Hosts say that a
// capability is missing.
Errno explain(Errno error, uint32_t fd, bool reading) {
  if (error != __WASI_ERRNO_NOTCAPABLE && error != __WASI_ERRNO_BADF) {
    return error;
  }
  __wasi_filestat_t stat;
  bool directory = reading && __wasi_fd_filestat_get(int(fd), &stat) == 0 && stat.filetype == __WASI_FILETYPE_DIRECTORY;
  return directory ? __WASI_ERRNO_ISDIR : __WASI_ERRNO_BADF;
}

// Waits until a file can be written to. False: the host cannot wait.
bool waitToWrite(uint32_t fd) {
  __wasi_subscription_t subscription{};
  subscription.u.tag = __WASI_EVENTTYPE_FD_WRITE;
  subscription.u.u.fd_write.file_descriptor = int(fd);
  __wasi_event_t event;
  __wasi_size_t events = 0;
  return __wasi_poll_oneoff(&subscription, &event, 1, &events) == 0 && events == 1 && event.error == 0;
}

} // namespace

Errno openFile(Text path, uint32_t flags, uint32_t& fd) {
  Location at;
  Errno error = locate(path, at, __WASI_ERRNO_ACCES);
  return error ? error : openAt(at, flags, fd);
}

bool isOpen(uint32_t fd) { return fd >= standardDescriptors || !(state().closed >> fd & 1); }

Errno closeFile(uint32_t fd) {
  if (Errno error = checkFd(fd)) {
    return error;
  }
  // A standard descriptor stays open for the host. The host may need it (libuv gives up if one is gone), and other
  // services of the world use it, too.
  if (fd < standardDescriptors) {
    state().closed |= 1U << fd;
    return 0;
  }
  return __wasi_fd_close(int(fd));
}

Errno readFile(uint32_t fd, uint8_t* to, uint32_t size, int64_t position, uint32_t& done) {
  if (Errno error = checkFd(fd)) {
    return error;
  }
  __wasi_iovec_t vector = {to, size};
  __wasi_size_t read = 0;
  Errno error = position < 0 ? __wasi_fd_read(int(fd), &vector, 1, &read)
                             : __wasi_fd_pread(int(fd), &vector, 1, uint64_t(position), &read);
  done = read < size ? uint32_t(read) : size;
  return explain(error, fd, true);
}

Errno writeFile(uint32_t fd, const uint8_t* from, uint32_t size, int64_t position, uint32_t& done) {
  if (Errno error = checkFd(fd)) {
    return error;
  }
  __wasi_ciovec_t vector = {from, size};
  while (true) {
    __wasi_size_t written = 0;
    Errno error = position < 0 ? __wasi_fd_write(int(fd), &vector, 1, &written)
                               : __wasi_fd_pwrite(int(fd), &vector, 1, uint64_t(position), &written);
    if (error != __WASI_ERRNO_AGAIN || !waitToWrite(fd)) {
      done = written < size ? uint32_t(written) : size;
      return explain(error, fd, false);
    }
  }
}

Errno statPath(Text path, bool followLinks, Stat& stat) {
  Location at;
  if (Errno error = state().directory.locate(path, at)) {
    return error;
  }
  if (at.aboveAll) {
    stat.mode = modeOf(__WASI_FILETYPE_DIRECTORY);
    stat.links = 1;
    return 0;
  }
  __wasi_filestat_t from;
  bool mustBeDirectory = at.ending != Ending::name;
  Errno error = statAt(at, followLinks || mustBeDirectory, from);
  if (error) {
    return error;
  }
  fill(stat, from);
  return mustBeDirectory && from.filetype != __WASI_FILETYPE_DIRECTORY ? __WASI_ERRNO_NOTDIR : 0;
}

Errno statFile(uint32_t fd, Stat& stat) {
  if (Errno error = checkFd(fd)) {
    return error;
  }
  __wasi_filestat_t from;
  Errno error = __wasi_fd_filestat_get(int(fd), &from);
  if (!error) {
    fill(stat, from);
  }
  return error;
}

Errno readLink(Text path, Characters& target) {
  Location at;
  if (Errno error = locate(path, at, __WASI_ERRNO_INVAL)) {
    return error;
  }
  if (at.ending != Ending::name) {
    return refuseDots(at, __WASI_ERRNO_INVAL);
  }
  Characters bytes;
  Errno error = readLinkAt(at, bytes);
  decodeUtf8(target, bytes);
  return error;
}

Errno makeDirectory(Text path) {
  Location at;
  if (Errno error = locate(path, at, __WASI_ERRNO_EXIST)) {
    return error;
  }
  return endsWithDots(at) ? refuseDots(at, __WASI_ERRNO_EXIST)
                          : __wasi_path_create_directory(int(at.preopen), at.text());
}

Errno removeDirectory(Text path) {
  Location at;
  if (Errno error = locate(path, at, __WASI_ERRNO_BUSY)) {
    return error;
  }
  if (endsWithDots(at)) {
    return refuseDots(at,
                      at.ending == Ending::dot     ? __WASI_ERRNO_INVAL
                      : at.ending == Ending::above ? __WASI_ERRNO_NOTEMPTY
                                                   : __WASI_ERRNO_BUSY);
  }
  return __wasi_path_remove_directory(int(at.preopen), at.text());
}

Errno removeFile(Text path) {
  Location at;
  if (Errno error = locate(path, at, __WASI_ERRNO_ISDIR)) {
    return error;
  }
  if (endsWithDots(at)) {
    return refuseDots(at, __WASI_ERRNO_ISDIR);
  }
  if (at.ending == Ending::slash) {
    __wasi_filestat_t stat;
    Errno error = statAt(at, false, stat);
    return error ? error : stat.filetype == __WASI_FILETYPE_DIRECTORY ? __WASI_ERRNO_ISDIR : __WASI_ERRNO_NOTDIR;
  }
  return __wasi_path_unlink_file(int(at.preopen), at.text());
}

Errno renamePath(Text from, Text to) {
  Location source, target;
  if (Errno error = locate(from, source, __WASI_ERRNO_BUSY)) {
    return error;
  }
  if (Errno error = locate(to, target, __WASI_ERRNO_BUSY)) {
    return error;
  }
  if (endsWithDots(source) || endsWithDots(target)) {
    Errno error = endsWithDots(source) ? checkDirectory(source) : 0;
    return error ? error : endsWithDots(target) ? refuseDots(target, __WASI_ERRNO_BUSY) : Errno(__WASI_ERRNO_BUSY);
  }
  if (source.ending == Ending::slash || target.ending == Ending::slash) {
    __wasi_filestat_t stat;
    Errno error = statAt(source, false, stat);
    if (error || stat.filetype != __WASI_FILETYPE_DIRECTORY) {
      return error ? error : refuseSlash(target, __WASI_ERRNO_NOTDIR);
    }
  }
  return __wasi_path_rename(int(source.preopen), source.text(), int(target.preopen), target.text());
}

Errno linkPath(Text from, Text to) {
  Location source, target;
  if (Errno error = locate(from, source)) {
    return error;
  }
  if (Errno error = locate(to, target, __WASI_ERRNO_EXIST)) {
    return error;
  }
  Errno error = source.ending == Ending::name ? 0 : checkDirectory(source);
  error = error ? error : checkNew(target);
  if (error || source.ending != Ending::name) {
    return error ? error : __WASI_ERRNO_PERM; // of a directory
  }
  return __wasi_path_link(int(source.preopen), 0, source.text(), int(target.preopen), target.text());
}

Errno symlinkPath(Text target, Text path) {
  Location at;
  if (Errno error = locate(path, at, __WASI_ERRNO_EXIST)) {
    return error;
  }
  if (Errno error = checkNew(at)) {
    return error;
  }
  if (target.size == 0 || memchr(target.data, 0, target.size)) {
    return target.size ? __WASI_ERRNO_INVAL : __WASI_ERRNO_NOENT;
  }
  Characters ended;
  ended << target << '\0';
  return __wasi_path_symlink(ended.begin(), int(at.preopen), at.text());
}

Errno truncateFile(uint32_t fd, uint64_t size) {
  Errno error = checkFd(fd);
  return error ? error : __wasi_fd_filestat_set_size(int(fd), size);
}

// WASI has no call for this, so the file is opened for it, as Node does.
Errno truncatePath(Text path, uint64_t size) {
  uint32_t fd;
  if (Errno error = openFile(path, 2, fd)) {
    return error;
  }
  Errno error = __wasi_fd_filestat_set_size(int(fd), size);
  Errno closing = __wasi_fd_close(int(fd));
  return error ? error : closing;
}

Errno syncFile(uint32_t fd, bool dataOnly) {
  Errno error = checkFd(fd);
  return error ? error : dataOnly ? __wasi_fd_datasync(int(fd)) : __wasi_fd_sync(int(fd));
}

namespace {
constexpr uint16_t bothTimes = __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM;
}

Errno setTimes(Text path, bool followLinks, uint64_t accessed, uint64_t modified) {
  Location at;
  Errno error = locate(path, at);
  if (!error && at.ending != Ending::name) {
    error = checkDirectory(at);
    followLinks = true;
  }
  return error ? error
               : __wasi_path_filestat_set_times(
                   int(at.preopen), followLinks ? follow : 0, at.text(), accessed, modified, bothTimes);
}

Errno setTimesOfFile(uint32_t fd, uint64_t accessed, uint64_t modified) {
  Errno error = checkFd(fd);
  return error ? error : __wasi_fd_filestat_set_times(int(fd), accessed, modified, bothTimes);
}

} // namespace gojs
