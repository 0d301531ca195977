// The descriptors as a wasm module: its imports and exports.
//
// The first parameter of an export is the number of the service. The world has an entry for each service that gives it
// (src/merge/descriptors.h). Addresses are the module's own: adapters carry the bytes from and to the service.

#include "../common/facts.h"
#include "../common/wasi.h"
#include "descriptors.h"

namespace runtime {

Text failPrefix() { return "parigot: descriptors: "; }

} // namespace runtime

namespace descriptors {

// That of wasi-libc takes strings that end with a 0.
__attribute__((import_module("wasi_snapshot_preview1"), import_name("path_symlink"))) uint32_t
path_symlink_of_host(const char* target, uint32_t targetBytes, int32_t fd, const char* path, uint32_t bytes);

// Writes the facts, and at most 7 bytes more, if they fit; returns their size.
__attribute__((import_module("world"), import_name("describe"))) uint32_t describe(char* to, uint32_t capacity);

namespace {

using runtime::take;
using runtime::takeText;

static_assert(badDescriptor == __WASI_ERRNO_BADF && fault == __WASI_ERRNO_FAULT);
static_assert(tooManyFiles == __WASI_ERRNO_MFILE && nameTooLong == __WASI_ERRNO_NAMETOOLONG);
static_assert(notSupported == __WASI_ERRNO_NOTSUP && readOnlyFiles == __WASI_ERRNO_ROFS);
static_assert(notCapable == __WASI_ERRNO_NOTCAPABLE && characterDevice == __WASI_FILETYPE_CHARACTER_DEVICE);
static_assert(fdWrite == __WASI_RIGHTS_FD_WRITE && pathUnlinkFile == __WASI_RIGHTS_PATH_UNLINK_FILE);
static_assert(sizeof(Fdstat) == sizeof(__wasi_fdstat_t) && sizeof(Filestat) == sizeof(__wasi_filestat_t));
static_assert(sizeof(Prestat) == sizeof(__wasi_prestat_t) && sizeof(Event) == sizeof(__wasi_event_t));
static_assert(sizeof(Buffer) == sizeof(__wasi_ciovec_t) && subscriptionBytes == sizeof(__wasi_subscription_t));

template<typename To, typename From> To* as(From* from) { return reinterpret_cast<To*>(from); }

class ModuleHost final : public Host {
public:
  uint32_t close(int32_t fd) override { return __wasi_fd_close(fd); }
  uint32_t setRights(int32_t fd, uint64_t rights, uint64_t inheriting) override {
    return __wasi_fd_fdstat_set_rights(fd, rights, inheriting);
  }
  uint32_t fdstat(int32_t fd, Fdstat& to) override { return __wasi_fd_fdstat_get(fd, as<__wasi_fdstat_t>(&to)); }
  uint32_t filestat(int32_t fd, Filestat& to) override {
    return __wasi_fd_filestat_get(fd, as<__wasi_filestat_t>(&to));
  }
  uint32_t prestat(int32_t fd, Prestat& to) override { return __wasi_fd_prestat_get(fd, as<__wasi_prestat_t>(&to)); }
  uint32_t prestatName(int32_t fd, char* to, uint32_t bytes) override {
    return __wasi_fd_prestat_dir_name(fd, as<uint8_t>(to), bytes);
  }
  uint32_t write(int32_t fd, const Buffer* buffers, uint32_t count, uint32_t* written) override {
    __wasi_size_t some = 0;
    auto error = __wasi_fd_write(fd, as<const __wasi_ciovec_t>(buffers), count, &some);
    *written = some;
    return error;
  }
  uint32_t symlink(Text target, int32_t fd, Text path) override {
    return path_symlink_of_host(target.data, target.size, fd, path.data, path.size);
  }
  uint32_t poll(const char* in, char* out, uint32_t count, uint32_t* happened) override {
    __wasi_size_t some = 0;
    auto error = __wasi_poll_oneoff(as<const __wasi_subscription_t>(in), as<__wasi_event_t>(out), count, &some);
    *happened = some;
    return error;
  }
  void say(Text line) override {
    runtime::writeAll(2, line);
    runtime::writeAll(2, "\n");
  }
};

Facts readFacts() {
  Characters buffer;
  buffer.resize(describe(nullptr, 0) + uint64_t(8));
  Text bytes{buffer.begin(), describe(buffer.begin(), buffer.size())};
  Facts facts;
  auto count = take<uint32_t>(bytes);
  facts.labels = take<uint32_t>(bytes) & 1;
  for (uint32_t i = 0; i < count; i++) {
    Facts::Service service;
    service.name << takeText(bytes);
    auto flags = take<uint32_t>(bytes);
    for (uint32_t stream = 0; stream < 3; stream++) {
      service.streams[stream] = !(flags >> stream & 1);
    }
    service.restricted = flags & 8;
    service.readOnly = flags & 16;
    auto folders = take<uint32_t>(bytes);
    for (uint32_t j = 0; j < folders; j++) {
      Facts::Folder folder;
      folder.host << takeText(bytes);
      folder.seen << takeText(bytes);
      folder.readOnly = take<uint32_t>(bytes);
      service.folders.push(static_cast<Facts::Folder&&>(folder));
    }
    facts.services.push(static_cast<Facts::Service&&>(service));
  }
  return facts;
}

ModuleHost moduleHost;
alignas(Descriptors) char place[sizeof(Descriptors)];
bool made = false;

__attribute__((noinline)) void make() {
  new (place) Descriptors(moduleHost, readFacts());
  made = true;
}

// Services call before anything is initialised, so the first call makes the tables.
Descriptors& all() {
  if (!made) {
    make();
  }
  return *as<Descriptors>(place);
}

// An adapter gives an address from here on for bytes that the service does not have (src/adapters/host_call.h).
template<typename T> bool isNowhere(T* address) { return uintptr_t(address) >= uintptr_t(-8); }

} // namespace

#define PARIGOT_EXPORT(name) __attribute__((export_name(#name))) extern "C"

PARIGOT_EXPORT(use) int32_t use(uint32_t service, uint32_t fd, uint32_t changes) {
  return all().use(service, fd, changes);
}

PARIGOT_EXPORT(use_to_open)
int32_t use_to_open(uint32_t service, uint32_t fd, uint32_t flags, uint64_t rights) {
  return all().useToOpen(service, fd, flags, rights);
}

PARIGOT_EXPORT(rights_through) uint64_t rights_through(uint32_t service, uint32_t fd) {
  return all().rightsThrough(service, fd);
}

PARIGOT_EXPORT(opened) uint32_t opened(uint32_t service, uint32_t through, int32_t host) {
  return all().opened(service, through, host);
}

PARIGOT_EXPORT(fd_close) uint32_t fd_close(uint32_t service, uint32_t fd) { return all().close(service, fd); }

PARIGOT_EXPORT(fd_renumber) uint32_t fd_renumber(uint32_t service, uint32_t from, uint32_t to) {
  return all().renumber(service, from, to);
}

PARIGOT_EXPORT(fd_fdstat_set_rights)
uint32_t fd_fdstat_set_rights(uint32_t service, uint32_t fd, uint64_t rights, uint64_t inheriting) {
  return all().setRights(service, fd, rights, inheriting);
}

PARIGOT_EXPORT(fd_fdstat_get) uint32_t fd_fdstat_get(uint32_t service, uint32_t fd, Fdstat* to) {
  return isNowhere(to) ? uint32_t(fault) : all().fdstat(service, fd, *to);
}

PARIGOT_EXPORT(fd_filestat_get) uint32_t fd_filestat_get(uint32_t service, uint32_t fd, Filestat* to) {
  return isNowhere(to) ? uint32_t(fault) : all().filestat(service, fd, *to);
}

PARIGOT_EXPORT(fd_prestat_get) uint32_t fd_prestat_get(uint32_t service, uint32_t fd, Prestat* to) {
  return isNowhere(to) ? uint32_t(fault) : all().prestat(service, fd, *to);
}

PARIGOT_EXPORT(fd_prestat_dir_name)
uint32_t fd_prestat_dir_name(uint32_t service, uint32_t fd, char* to, uint32_t bytes) {
  return isNowhere(to) ? uint32_t(fault) : all().prestatName(service, fd, to, bytes);
}

PARIGOT_EXPORT(path_symlink)
uint32_t path_symlink(
  uint32_t service, const char* target, uint32_t targetBytes, uint32_t fd, const char* path, uint32_t bytes) {
  return isNowhere(target) || isNowhere(path) ? uint32_t(fault)
                                              : all().symlink(service, {target, targetBytes}, fd, {path, bytes});
}

PARIGOT_EXPORT(fd_write)
uint32_t fd_write(uint32_t service, uint32_t fd, const Buffer* buffers, uint32_t count, uint32_t* written) {
  if (isNowhere(buffers) || isNowhere(written)) {
    return fault;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (isNowhere(buffers[i].data)) {
      return fault;
    }
  }
  return all().write(service, fd, buffers, count, written);
}

namespace {

uint32_t poll(uint32_t service, uint32_t stride, char* in, char* out, uint32_t count, uint32_t* happened) {
  return isNowhere(in) || isNowhere(out) || isNowhere(happened) ? uint32_t(fault)
                                                                : all().poll(service, stride, in, out, count, happened);
}

} // namespace

PARIGOT_EXPORT(poll_oneoff)
uint32_t poll_oneoff(uint32_t service, char* in, char* out, uint32_t count, uint32_t* happened) {
  return poll(service, subscriptionBytes, in, out, count, happened);
}

// Of preview0.
PARIGOT_EXPORT(wasi_unstable.poll_oneoff)
uint32_t poll_oneoff0(uint32_t service, char* in, char* out, uint32_t count, uint32_t* happened) {
  return poll(service, subscriptionBytes0, in, out, count, happened);
}

} // namespace descriptors
