// What Node's fs does to files, on WASI. Paths are as the program writes them. What WASI has not is done as Go's own
// port to WASI does it (syscall/fs_wasip1.go), said at each function.

#ifndef parigot_runtime_gojs_files_h
#define parigot_runtime_gojs_files_h

#include "error_codes.h"
#include "objects.h"

namespace gojs {

// Flags of open: Linux's, which Node has on Linux.
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

// Types of files in `mode`: Linux's.
enum FileType : uint32_t {
  typeMask = 0170000,
  typeSocket = 0140000,
  typeLink = 0120000,
  typeRegular = 0100000,
  typeBlock = 0060000,
  typeDirectory = 0040000,
  typeCharacter = 0020000,
};

// Permissions of what is created are the host's affair.
Errno openFile(Text path, uint32_t flags, uint32_t& fd);
Errno closeFile(uint32_t fd);
// False of a standard one that the program has closed.
bool isOpen(uint32_t fd);

// A position of -1 is the file's own, which moves. EAGAIN of a pipe or terminal is waited for when writing, not when
// reading.
Errno readFile(uint32_t fd, uint8_t* to, uint32_t size, int64_t position, uint32_t& done);
Errno writeFile(uint32_t fd, const uint8_t* from, uint32_t size, int64_t position, uint32_t& done);

// There are no permissions: 0700 for directories, else 0600. Owner and group are those of process.getuid().
Errno statPath(Text path, bool follow, Stat& stat);
Errno statFile(uint32_t fd, Stat& stat);

// Without "." and "..", sorted by bytes as libuv's scandir does.
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
