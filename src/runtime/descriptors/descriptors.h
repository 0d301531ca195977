// The descriptors of a world's services: each service has a table of its own, from its descriptors to the host's.
//
//   service 0: 0 1 2 3       4 (a.txt)          service 1: 0 1 2 3       4 (b.txt)
//   host:      0 1 2 3       4                             0 1 2 3       5
//
// A table begins as an engine's does: the standard streams, then the preopened folders from 3 on. A new descriptor gets
// the lowest free number, as in uvwasi (src/fd_table.c, uvwasi_fd_table_insert) and wazero
// (internal/descriptor/table.go, Insert). The standard streams and the preopened folders of the host are shared: a
// service that closes one closes it for itself only. What a service has opened is its own, and nobody else has a number
// for it.
//
// Functions with the name of one of WASI's do what that does for one service; errors are preview1's errno. World.cpp
// has the imports and exports. Everything else is free of wasm, so that tests run it natively.

#ifndef parigot_runtime_descriptors_descriptors_h
#define parigot_runtime_descriptors_descriptors_h

#include <stdint.h>

#include "../common/text.h"

namespace descriptors {

using runtime::Characters;
using runtime::List;
using runtime::Text;

// The most that one service can have open. Beyond it, opening fails with EMFILE.
constexpr uint32_t mostDescriptors = 1024;

// errno and filetype of preview1's typenames.witx.
enum Errno : uint32_t {
  success = 0,
  badDescriptor = 8,
  fault = 21,
  tooManyFiles = 33,
  nameTooLong = 37,
  notSupported = 58,
  readOnlyFiles = 69,
  notCapable = 76,
};
constexpr uint8_t characterDevice = 2;

// Rights of preview1 that change files or folders: what a read-only descriptor lacks. fd_datasync, fd_sync and
// fd_fdstat_set_flags change no file.
enum Rights : uint64_t {
  fdWrite = 1 << 6,
  fdAllocate = 1 << 8,
  pathCreateDirectory = 1 << 9,
  pathCreateFile = 1 << 10,
  pathLinkSource = 1 << 11,
  pathLinkTarget = 1 << 12,
  pathRenameSource = 1 << 16,
  pathRenameTarget = 1 << 17,
  pathFilestatSetSize = 1 << 19,
  pathFilestatSetTimes = 1 << 20,
  fdFilestatSetSize = 1 << 22,
  fdFilestatSetTimes = 1 << 23,
  pathSymlink = 1 << 24,
  pathRemoveDirectory = 1 << 25,
  pathUnlinkFile = 1 << 26,
};
constexpr uint64_t changingRights = fdWrite | fdAllocate | pathCreateDirectory | pathCreateFile | pathLinkSource |
                                    pathLinkTarget | pathRenameSource | pathRenameTarget | pathFilestatSetSize |
                                    pathFilestatSetTimes | fdFilestatSetSize | fdFilestatSetTimes | pathSymlink |
                                    pathRemoveDirectory | pathUnlinkFile;
constexpr uint64_t readingRights = 1 << 1, pollingRights = 1 << 27; // fd_read, poll_fd_readwrite

// Flags of path_open that change a folder or a file.
constexpr uint32_t createFlag = 1, truncateFlag = 8;

// Structures of preview1, as they lie in memory.
struct Fdstat {
  uint8_t filetype;
  uint8_t padding;
  uint16_t flags;
  uint32_t padding2;
  uint64_t rights, inheriting;
};
struct Prestat {
  uint32_t tag; // 0: a folder
  uint32_t nameBytes;
};
struct Filestat {
  uint64_t device, inode;
  uint64_t filetype; // a byte, and padding
  uint64_t links, size, accessed, modified, changed;
};
struct Buffer {
  const char* data;
  uint32_t size;
};
// A subscription has 48 bytes, of preview0 56: its clocks have an identifier of 8 bytes in front.
constexpr uint32_t subscriptionBytes = 48, subscriptionBytes0 = 56;
enum EventType : uint8_t { clockEvent = 0, readEvent = 1, writeEvent = 2 };
struct Event {
  uint64_t userdata;
  uint16_t error;
  uint8_t type;
  uint8_t padding[5];
  uint64_t bytes;
  uint64_t flags; // 16 bits, and padding
};
static_assert(sizeof(Fdstat) == 24 && sizeof(Prestat) == 8 && sizeof(Filestat) == 64 && sizeof(Event) == 32);

// The host, whose descriptors are numbers of its own table.
class Host {
public:
  virtual uint32_t close(int32_t fd) = 0;
  virtual uint32_t setRights(int32_t fd, uint64_t rights, uint64_t inheriting) = 0;
  virtual uint32_t fdstat(int32_t fd, Fdstat& to) = 0;
  virtual uint32_t filestat(int32_t fd, Filestat& to) = 0;
  virtual uint32_t prestat(int32_t fd, Prestat& to) = 0;
  virtual uint32_t prestatName(int32_t fd, char* to, uint32_t bytes) = 0;
  virtual uint32_t write(int32_t fd, const Buffer* buffers, uint32_t count, uint32_t* written) = 0;
  virtual uint32_t symlink(Text target, int32_t fd, Text path) = 0;
  virtual uint32_t poll(const char* in, char* out, uint32_t count, uint32_t* happened) = 0;
  virtual void say(Text line) = 0; // to standard error
};

// What the world says of its services.
struct Facts {
  struct Folder {
    Characters host, seen;
    bool readOnly = false;
  };
  struct Service {
    Characters name;
    bool streams[3] = {true, true, true}; // whether it has the world's
    bool restricted = false;              // whether it sees `folders` only
    bool readOnly = false;                // whether it may change nothing in any folder
    List<Folder> folders;
  };
  bool labels = false; // lines on the standard streams begin with the service's name
  List<Service> services;
};

// What use() gives for a standard input without a stream: less errno, less this.
constexpr int32_t emptyInput = 0x10000;

class Descriptors {
public:
  Descriptors(Host& host, Facts facts);

  // The host's number for a descriptor of the service; an error as its negative errno. `changes`: whether it is for a
  // change of files or folders.
  int32_t use(uint32_t service, uint32_t fd, uint32_t changes) {
    auto& table = tables[service];
    if (fd < table.entries.size()) {
      auto& entry = table.entries[fd];
      if (entry.host >= 0 && !(changes & entry.readOnly)) {
        return entry.host;
      }
    }
    return refuse(service, fd);
  }
  // The same for a descriptor by which another will be opened: there must be room for it, and the flags of path_open
  // and the rights must be allowed.
  int32_t useToOpen(uint32_t service, uint32_t fd, uint32_t flags, uint64_t rights);
  // Which rights may be asked of the host for what is opened by this descriptor.
  uint64_t rightsThrough(uint32_t service, uint32_t fd);
  // Gives the host's new descriptor a number of the service, which has opened it by `through`.
  uint32_t opened(uint32_t service, uint32_t through, int32_t host);

  uint32_t close(uint32_t service, uint32_t fd);
  uint32_t renumber(uint32_t service, uint32_t from, uint32_t to);
  uint32_t setRights(uint32_t service, uint32_t fd, uint64_t rights, uint64_t inheriting);
  uint32_t fdstat(uint32_t service, uint32_t fd, Fdstat& to);
  uint32_t filestat(uint32_t service, uint32_t fd, Filestat& to);
  uint32_t prestat(uint32_t service, uint32_t fd, Prestat& to);
  uint32_t prestatName(uint32_t service, uint32_t fd, char* to, uint32_t bytes);
  // Makes a link that stays in the folder of the service, wherever it is moved: not each host keeps who follows a link
  // in the folder (wazero does not), and behind its border may be what the service must not see or change.
  uint32_t symlink(uint32_t service, Text target, uint32_t fd, Text path);
  // Writes with the service's name in front of each line, if that goes to a standard stream.
  uint32_t write(uint32_t service, uint32_t fd, const Buffer* buffers, uint32_t count, uint32_t* written);
  // `stride`: the bytes of a subscription. The subscriptions are changed.
  uint32_t poll(uint32_t service, uint32_t stride, char* in, char* out, uint32_t count, uint32_t* happened);

private:
  enum class Kind : uint8_t {
    Free,
    Own,    // opened by the service
    Shared, // a standard stream, or what the host has preopened
    Empty,  // a standard input without bytes
    Refused // a standard stream that the service may not use
  };
  struct Entry {
    int32_t host = -1; // negative: nothing to ask the host about
    Kind kind = Kind::Free;
    uint8_t readOnly = 0;
    uint16_t folder = 0; // of a restricted service: the number of its folder, plus 1
  };
  struct Table {
    List<Entry> entries;
    uint32_t lowestFree = 0; // no free number is lower
  };
  struct Preopen {
    int32_t host;
    bool isFolder;
    Characters name;
  };
  // The place of a standard stream: who wrote last, and whether the line has ended.
  struct Line {
    uint32_t writer = 0;
    bool isOpen = false;
  };

  Host& host;
  Facts facts;
  List<Preopen> preopens;
  List<Table> tables; // by service
  Line lines[3];

  void findPreopens();
  void fill(uint32_t service);
  void addFolders(uint32_t service);
  Entry* find(uint32_t service, uint32_t fd);
  bool hasRoom(Table& table);
  [[gnu::noinline]] int32_t refuse(uint32_t service, uint32_t fd); // rare
  uint32_t end(Entry& entry);
  uint32_t writeLabelled(uint32_t service, uint32_t stream, Text text, uint32_t& written);
};

} // namespace descriptors

#endif // parigot_runtime_descriptors_descriptors_h
