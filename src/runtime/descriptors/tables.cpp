// The tables: how they begin, and what opens, closes and moves descriptors.

#include "descriptors.h"

namespace descriptors {

namespace {

constexpr uint32_t streams = 3;
// So many descriptors the host may give a world at its start.
constexpr uint32_t mostPreopens = mostDescriptors / 2;
constexpr uint32_t mostNameBytes = 4096;

} // namespace

Descriptors::Descriptors(Host& host, Facts given) : host(host), facts(static_cast<Facts&&>(given)) {
  findPreopens();
  tables.resize(facts.services.size());
  for (uint32_t i = 0; i < tables.size(); i++) {
    fill(i);
  }
}

// The host's descriptors from 3 on: folders, and between them whatever else an engine hands over, such as sockets.
void Descriptors::findPreopens() {
  for (uint32_t fd = streams; fd < streams + mostPreopens; fd++) {
    Preopen found{int32_t(fd), false, {}};
    Prestat prestat{};
    Fdstat fdstat{};
    if (host.prestat(int32_t(fd), prestat) == success && prestat.tag == 0) {
      found.isFolder = true;
      found.name.resize(prestat.nameBytes < mostNameBytes ? prestat.nameBytes : mostNameBytes);
      if (host.prestatName(int32_t(fd), found.name.begin(), found.name.size()) != success) {
        found.name.clear();
      }
      // Some hosts count a zero byte behind the name.
      while (!found.name.empty() && found.name.back() == 0) {
        found.name.pop();
      }
    } else if (host.fdstat(int32_t(fd), fdstat) != success) {
      return;
    }
    preopens.push(static_cast<Preopen&&>(found));
  }
}

void Descriptors::fill(uint32_t service) {
  auto& entries = tables[service].entries;
  auto& allowed = facts.services[service].streams;
  for (uint32_t fd = 0; fd < streams; fd++) {
    auto& entry = entries.push({});
    if (allowed[fd]) {
      entry.host = int32_t(fd);
      entry.kind = Kind::Shared;
    } else {
      entry.kind = fd == 0 ? Kind::Empty : Kind::Refused;
    }
  }
  if (facts.services[service].restricted) {
    addFolders(service);
  } else {
    for (auto& preopen : preopens) {
      auto& entry = entries.push({});
      entry.host = preopen.host;
      entry.kind = Kind::Shared;
      entry.readOnly = facts.services[service].readOnly;
    }
  }
  tables[service].lowestFree = entries.size();
}

void Descriptors::addFolders(uint32_t service) {
  auto& folders = facts.services[service].folders;
  for (uint32_t i = 0; i < folders.size(); i++) {
    const Preopen* found = nullptr;
    for (auto& preopen : preopens) {
      if (!found && preopen.isFolder && preopen.name.text() == folders[i].host.text()) {
        found = &preopen;
      }
    }
    if (!found) {
      Characters line;
      line << "parigot: service '" << facts.services[service].name << "' may use the folder '" << folders[i].host
           << "', and the host has none of this name; start the world with one (--dir)";
      host.say(line);
      continue;
    }
    auto& entry = tables[service].entries.push({});
    entry.host = found->host;
    entry.kind = Kind::Shared;
    entry.readOnly = folders[i].readOnly || facts.services[service].readOnly;
    entry.folder = uint16_t(i + 1);
  }
}

Descriptors::Entry* Descriptors::find(uint32_t service, uint32_t fd) {
  auto& entries = tables[service].entries;
  return fd < entries.size() && entries[fd].kind != Kind::Free ? &entries[fd] : nullptr;
}

int32_t Descriptors::refuse(uint32_t service, uint32_t fd) {
  auto* entry = find(service, fd);
  if (!entry) {
    return -int32_t(badDescriptor);
  }
  switch (entry->kind) {
    case Kind::Empty:
      return -int32_t(badDescriptor) - emptyInput;
    case Kind::Refused:
      return -int32_t(notCapable);
    default:
      return -int32_t(readOnlyFiles);
  }
}

// Moves the hint to the lowest free number.
bool Descriptors::hasRoom(Table& table) {
  auto& entries = table.entries;
  while (table.lowestFree < entries.size() && entries[table.lowestFree].kind != Kind::Free) {
    table.lowestFree++;
  }
  return table.lowestFree < mostDescriptors;
}

int32_t Descriptors::useToOpen(uint32_t service, uint32_t fd, uint32_t flags, uint64_t rights) {
  bool changes = (flags & (createFlag | truncateFlag)) || (rights & fdWrite);
  auto found = use(service, fd, changes);
  return found >= 0 && !hasRoom(tables[service]) ? -int32_t(tooManyFiles) : found;
}

uint64_t Descriptors::rightsThrough(uint32_t service, uint32_t fd) {
  auto* entry = find(service, fd);
  return entry && entry->readOnly ? ~changingRights : ~uint64_t(0);
}

uint32_t Descriptors::opened(uint32_t service, uint32_t through, int32_t opened) {
  auto& table = tables[service];
  Entry entry;
  entry.host = opened;
  entry.kind = Kind::Own;
  auto* from = find(service, through);
  entry.readOnly = from && from->readOnly;
  hasRoom(table); // useToOpen has said so
  if (table.lowestFree < table.entries.size()) {
    table.entries[table.lowestFree] = entry;
  } else {
    table.entries.push(entry);
  }
  return table.lowestFree++;
}

// Only what the service has opened ends for the host, too.
uint32_t Descriptors::end(Entry& entry) {
  auto error = entry.kind == Kind::Own ? host.close(entry.host) : uint32_t(success);
  entry = {};
  return error;
}

uint32_t Descriptors::close(uint32_t service, uint32_t fd) {
  auto* entry = find(service, fd);
  if (!entry) {
    return badDescriptor;
  }
  auto& table = tables[service];
  table.lowestFree = fd < table.lowestFree ? fd : table.lowestFree;
  return end(*entry);
}

// Both must be open, as for uvwasi (src/fd_table.c, uvwasi_fd_table_renumber).
uint32_t Descriptors::renumber(uint32_t service, uint32_t from, uint32_t to) {
  auto *source = find(service, from), *target = find(service, to);
  if (!source || !target) {
    return badDescriptor;
  }
  if (source == target) {
    return success;
  }
  end(*target);
  *target = *source;
  *source = {};
  auto& table = tables[service];
  table.lowestFree = from < table.lowestFree ? from : table.lowestFree;
  return success;
}

} // namespace descriptors
