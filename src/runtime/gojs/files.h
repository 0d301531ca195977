// What Node's fs does to files, on WASI. Paths are as the program writes them. All functions return WASI's errno, 0 for
// success. Where WASI lacks something, they do what Go's own port to WASI does (syscall/fs_wasip1.go); each function
// says so.

#ifndef parigot_runtime_gojs_files_h
#define parigot_runtime_gojs_files_h

#include "error_codes.h"
#include "objects.h"

namespace gojs {

// The flags of open. They have Linux's values, as in Node on Linux.
enum OpenFlags : uint32_t {
  openAccess = 3, // 0 read, 1 write, 2 both
  openCreate = 0100,
  openExclusive = 0200,
  openNoTerminal = 0400,
  openTruncate = 01000,
  openAppend = 02000,
  openNonblock = 04000,
  openDataSync = 010000,
  openDirectory = 0200000,
  openNoFollow = 0400000,
  openSync = 04010000,
};

// The types of files in `mode`. They have Linux's values.
enum FileType : uint32_t {
  typeMask = 0170000,
  typeSocket = 0140000,
  typeLink = 0120000,
  typeRegular = 0100000,
  typeBlock = 0060000,
  typeDirectory = 0040000,
  typeCharacter = 0020000,
};

// Opens a file, or creates it. The host decides on the permissions of a new file.
Errno openFile(Text path, uint32_t flags, uint32_t& fd);
Errno closeFile(uint32_t fd);
// Whether a descriptor is open. False for a standard one that the program has closed.
bool isOpen(uint32_t fd);

// Read and write up to `size` bytes; `done` is how many. A position of -1 means the file's own position, which moves.
// If a pipe or terminal gives EAGAIN, writing waits, and reading gives the error.
Errno readFile(uint32_t fd, uint8_t* to, uint32_t size, int64_t position, uint32_t& done);
Errno writeFile(uint32_t fd, const uint8_t* from, uint32_t size, int64_t position, uint32_t& done);

// Say what a file is. WASI has no permissions: directories have 0700, symbolic links 0777, others 0600. Owner and group
// are those of process.getuid().
Errno statPath(Text path, bool follow, Stat& stat);
Errno statFile(uint32_t fd, Stat& stat);

// Lists the names in a directory without "." and "..", sorted by bytes as libuv's scandir does.
Errno readDirectory(Text path, List<Characters>& names);
Errno readLink(Text path, Characters& target);

Errno makeDirectory(Text path);
Errno removeDirectory(Text path);
Errno removeFile(Text path);
Errno renamePath(Text from, Text to);
Errno linkPath(Text from, Text to);
Errno symlinkPath(Text target, Text path); // the target is stored as it is

Errno truncatePath(Text path, uint64_t size);
Errno truncateFile(uint32_t fd, uint64_t size);
Errno syncFile(uint32_t fd, bool dataOnly);
Errno setTimes(Text path, bool follow, uint64_t accessed, uint64_t modified); // nanoseconds since 1970
Errno setTimesOfFile(uint32_t fd, uint64_t accessed, uint64_t modified);

} // namespace gojs

#endif // parigot_runtime_gojs_files_h
