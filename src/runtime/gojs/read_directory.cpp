// readdir. WASI's fd_readdir fills a buffer with entries, and the last one may be cut off. The next call goes on from
// the cookie of an entry.

#include "arguments.h"
#include "directory.h"
#include "files.h"
#include "runtime.h"
#include "state.h"
#include "utf8.h"

namespace gojs {

namespace {

// The size in bytes of the first buffer. It grows if it does not hold a single entry.
constexpr uint32_t firstRoom = 4096;

Errno readEntries(int fd, List<Characters>& names) {
  List<uint8_t> buffer;
  buffer.resize(firstRoom);
  uint64_t cookie = 0;
  while (true) {
    __wasi_size_t used = 0;
    if (Errno error = __wasi_fd_readdir(fd, buffer.begin(), buffer.size(), cookie, &used)) {
      return error;
    }
    if (used > buffer.size()) {
      return __WASI_ERRNO_IO;
    }
    uint32_t at = 0;
    while (used - at >= sizeof(__wasi_dirent_t)) {
      __wasi_dirent_t entry;
      memcpy(&entry, buffer.begin() + at, sizeof entry);
      if (used - at - sizeof entry < entry.d_namlen) {
        break;
      }
      Text name{reinterpret_cast<const char*>(buffer.begin()) + at + sizeof entry, uint32_t(entry.d_namlen)};
      if (!(name == ".") && !(name == "..")) {
        names.push({});
        decodeUtf8(names.back(), name);
      }
      at += sizeof entry + name.size;
      cookie = entry.d_next;
    }
    if (used < buffer.size()) {
      return 0;
    }
    if (at == 0) {
      buffer.resize(uint64_t(buffer.size()) * 4);
    }
  }
}

} // namespace

Errno readDirectory(Text path, List<Characters>& names) {
  Location at;
  if (Errno error = state().directory.locate(path, at)) {
    return error;
  }
  if (at.aboveAll) {
    state().directory.addNamesAbove(path, names);
  } else {
    uint32_t fd;
    if (Errno error = openFile(path, openDirectory, fd)) {
      return error;
    }
    Errno error = readEntries(int(fd), names);
    Errno closing = closeFile(fd);
    if (error || closing) {
      return error ? error : closing;
    }
  }
  sortTexts(names);
  return 0;
}

} // namespace gojs
