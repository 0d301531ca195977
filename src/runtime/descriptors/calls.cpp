// The calls of WASI that the tables alone cannot answer: what a descriptor is, waiting, and labelled output.

#include "descriptors.h"

namespace descriptors {

namespace {

template<typename T> T load(const char* from) {
  T value;
  memcpy(&value, from, sizeof value);
  return value;
}

template<typename T> void store(char* to, T value) { memcpy(to, &value, sizeof value); }

// The places of fields in a subscription: userdata is first.
constexpr uint32_t tagAt = 8, unionAt = 16;

// How many bytes of labelled output are written at once.
constexpr uint32_t pieceBytes = 4096;

// Whether a path begins at the root, or has a step upwards.
bool climbs(Text path) {
  if (path.startsWith("/")) {
    return true;
  }
  uint32_t begin = 0;
  for (uint32_t at = 0; at <= path.size; at++) {
    if (at < path.size && path[at] != '/') {
      continue;
    }
    if (at - begin == 2 && path[begin] == '.' && path[begin + 1] == '.') {
      return true;
    }
    begin = at + 1;
  }
  return false;
}

uint32_t errnoOf(int32_t refused) { return uint32_t(-refused) % uint32_t(emptyInput); }

} // namespace

// The host would restrict a shared descriptor for all services.
uint32_t Descriptors::setRights(uint32_t service, uint32_t fd, uint64_t rights, uint64_t inheriting) {
  auto used = use(service, fd, 0);
  if (used < 0) {
    return errnoOf(used);
  }
  return find(service, fd)->kind == Kind::Own ? host.setRights(used, rights, inheriting) : uint32_t(notSupported);
}

uint32_t Descriptors::fdstat(uint32_t service, uint32_t fd, Fdstat& to) {
  auto* entry = find(service, fd);
  if (entry && entry->kind == Kind::Empty) {
    to = {};
    to.filetype = characterDevice;
    to.rights = readingRights | pollingRights;
    return success;
  }
  auto used = use(service, fd, 0);
  if (used < 0) {
    return errnoOf(used);
  }
  auto error = host.fdstat(used, to);
  if (error == success && entry->readOnly) {
    // What may be asked of path_open stays: a program that asks for more gets EROFS, and not a file that it cannot
    // write. wasi-libc asks for no more than what this says.
    to.rights &= ~changingRights;
  }
  return error;
}

uint32_t Descriptors::filestat(uint32_t service, uint32_t fd, Filestat& to) {
  auto* entry = find(service, fd);
  if (entry && entry->kind == Kind::Empty) {
    to = {};
    to.filetype = characterDevice;
    to.links = 1;
    return success;
  }
  auto used = use(service, fd, 0);
  return used < 0 ? errnoOf(used) : host.filestat(used, to);
}

uint32_t Descriptors::prestat(uint32_t service, uint32_t fd, Prestat& to) {
  auto* entry = find(service, fd);
  if (!entry || !entry->folder) {
    return badDescriptor;
  }
  to.tag = 0;
  to.nameBytes = facts.services[service].folders[entry->folder - 1].seen.size();
  return success;
}

uint32_t Descriptors::prestatName(uint32_t service, uint32_t fd, char* to, uint32_t bytes) {
  auto* entry = find(service, fd);
  if (!entry || !entry->folder) {
    return badDescriptor;
  }
  auto& name = facts.services[service].folders[entry->folder - 1].seen;
  if (bytes < name.size()) {
    return nameTooLong;
  }
  memcpy(to, name.begin(), name.size());
  return success;
}

uint32_t Descriptors::symlink(uint32_t service, Text target, uint32_t fd, Text path) {
  auto used = use(service, fd, 1);
  if (used < 0) {
    return errnoOf(used);
  }
  return climbs(target) ? uint32_t(notCapable) : host.symlink(target, used, path);
}

uint32_t Descriptors::write(uint32_t service, uint32_t fd, const Buffer* buffers, uint32_t count, uint32_t* written) {
  auto used = use(service, fd, 1);
  if (used < 0) {
    return errnoOf(used);
  }
  if (find(service, fd)->kind != Kind::Shared || used < 1 || used > 2) {
    return host.write(used, buffers, count, written);
  }
  uint32_t all = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t some = 0;
    auto error = writeLabelled(service, uint32_t(used), {buffers[i].data, buffers[i].size}, some);
    all += some;
    if (error != success && all == 0) {
      return error;
    }
    if (error != success) {
      break;
    }
  }
  *written = all;
  return success;
}

// A line that another service interrupts ends there, and goes on with its label again.
uint32_t Descriptors::writeLabelled(uint32_t service, uint32_t stream, Text text, uint32_t& written) {
  auto& line = lines[stream];
  Characters piece;
  auto flush = [&]() -> uint32_t {
    Text rest = piece;
    while (rest.size) {
      Buffer buffer{rest.data, rest.size};
      uint32_t some = 0;
      auto error = host.write(int32_t(stream), &buffer, 1, &some);
      if (error != success || some == 0 || some > rest.size) {
        return error;
      }
      rest = rest.from(some);
    }
    piece.clear();
    return success;
  };
  for (uint32_t at = 0; at < text.size;) {
    if (line.isOpen && line.writer != service) {
      piece << '\n';
      line.isOpen = false;
    }
    if (!line.isOpen) {
      piece << '[' << facts.services[service].name << "] ";
    }
    uint32_t end = at;
    while (end < text.size && text[end] != '\n' && end - at < pieceBytes) {
      end++;
    }
    bool ends = end < text.size && text[end] == '\n';
    end += ends;
    piece << Text{text.data + at, end - at};
    line = {service, !ends};
    at = end;
    if (piece.size() >= pieceBytes || at == text.size) {
      auto error = flush();
      if (error != success) {
        return error;
      }
      written = at;
    }
  }
  return success;
}

uint32_t Descriptors::poll(uint32_t service, uint32_t stride, char* in, char* out, uint32_t count, uint32_t* happened) {
  uint32_t ready = 0;
  for (uint32_t i = 0; i < count; i++) {
    auto* from = in + uint64_t(i) * stride;
    auto* to = in + uint64_t(i) * subscriptionBytes;
    auto userdata = load<uint64_t>(from);
    auto tag = load<uint8_t>(from + tagAt);
    if (tag == readEvent || tag == writeEvent) {
      auto fd = load<uint32_t>(from + unionAt);
      auto* entry = find(service, fd);
      if (entry && entry->kind == Kind::Empty && tag == readEvent) {
        Event event{};
        event.userdata = userdata;
        event.type = readEvent;
        memcpy(out + ready * sizeof event, &event, sizeof event);
        ready++;
      }
      // The host says what it says of a descriptor that nobody has.
      auto used = use(service, fd, 0);
      memmove(to, from, unionAt);
      store<int32_t>(to + unionAt, used < 0 ? -1 : used);
    } else if (stride == subscriptionBytes0) {
      memmove(to, from, unionAt);
      memmove(to + unionAt, from + unionAt + 8, subscriptionBytes - unionAt);
    }
  }
  if (ready) {
    *happened = ready;
    return success;
  }
  return host.poll(in, out, count, happened);
}

} // namespace descriptors
