// The tables of descriptors of src/runtime/descriptors on this machine, with a host that is a map.

#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "runtime/descriptors/descriptors.h"

using namespace descriptors;

namespace {

std::string stringOf(Text text) { return {text.data, text.size}; }

// A host with the descriptors 0 to 2, the given folders from 3 on, and whatever is opened.
class MapHost final : public Host {
public:
  explicit MapHost(std::vector<std::string> folders) : folders(std::move(folders)) {
    for (int32_t fd = 0; fd < int32_t(3 + this->folders.size()); fd++) {
      open.insert(fd);
    }
  }

  std::vector<std::string> folders;
  std::set<int32_t> open;
  std::string written[3], said;
  std::vector<uint32_t> polled;
  std::vector<std::string> links;
  uint32_t mostBytes = UINT32_MAX; // that one write takes

  int32_t openNew() {
    int32_t fd = 100;
    while (open.count(fd)) {
      fd++;
    }
    open.insert(fd);
    return fd;
  }

  uint32_t close(int32_t fd) override { return open.erase(fd) ? success : badDescriptor; }
  uint32_t setRights(int32_t fd, uint64_t, uint64_t) override { return open.count(fd) ? success : badDescriptor; }
  uint32_t fdstat(int32_t fd, Fdstat& to) override {
    to = {};
    to.filetype = 4;
    to.rights = to.inheriting = ~uint64_t(0) >> 34;
    return open.count(fd) ? success : badDescriptor;
  }
  uint32_t filestat(int32_t fd, Filestat& to) override {
    to = {};
    to.size = uint64_t(fd);
    return open.count(fd) ? success : badDescriptor;
  }
  uint32_t prestat(int32_t fd, Prestat& to) override {
    if (fd < 3 || fd >= int32_t(3 + folders.size())) {
      return badDescriptor;
    }
    to = {0, uint32_t(folders[fd - 3].size())};
    return success;
  }
  uint32_t prestatName(int32_t fd, char* to, uint32_t bytes) override {
    memcpy(to, folders[fd - 3].data(), bytes);
    return success;
  }
  uint32_t write(int32_t fd, const Buffer* buffers, uint32_t count, uint32_t* all) override {
    *all = 0;
    for (uint32_t i = 0; i < count; i++) {
      auto bytes = std::min(buffers[i].size, mostBytes - *all);
      if (fd < 3) {
        written[fd] += std::string(buffers[i].data, bytes);
      }
      *all += bytes;
    }
    return success;
  }
  uint32_t symlink(Text target, int32_t fd, Text path) override {
    links.push_back(stringOf(path) + "@" + std::to_string(fd) + " -> " + stringOf(target));
    return success;
  }
  uint32_t poll(const char* in, char*, uint32_t count, uint32_t* happened) override {
    for (uint32_t i = 0; i < count; i++) {
      uint32_t fd;
      memcpy(&fd, in + size_t(i) * subscriptionBytes + 16, 4);
      polled.push_back(fd);
    }
    *happened = 0;
    return success;
  }
  void say(Text line) override { said += stringOf(line) + "\n"; }
};

Facts factsOf(uint32_t services) {
  Facts facts;
  for (uint32_t i = 0; i < services; i++) {
    Facts::Service service;
    std::string name = "service" + std::to_string(i);
    service.name << Text{name.data(), uint32_t(name.size())};
    facts.services.push(std::move(service));
  }
  return facts;
}

void allow(Facts::Service& service, const std::string& host, const std::string& seen, bool readOnly) {
  Facts::Folder folder;
  folder.host << Text{host.data(), uint32_t(host.size())};
  folder.seen << Text{seen.data(), uint32_t(seen.size())};
  folder.readOnly = readOnly;
  service.restricted = true;
  service.folders.push(std::move(folder));
}

uint32_t write(Descriptors& tables, uint32_t service, uint32_t fd, const std::string& text) {
  Buffer buffer{text.data(), uint32_t(text.size())};
  uint32_t written = 0;
  return tables.write(service, fd, &buffer, 1, &written) == success ? written : UINT32_MAX;
}

} // namespace

TEST_CASE("descriptors: a table begins with the streams and the folders of the host") {
  MapHost host({"/a", "/b"});
  Descriptors tables(host, factsOf(2));
  for (uint32_t fd = 0; fd < 5; fd++) {
    CHECK(tables.use(0, fd, 1) == int32_t(fd));
  }
  CHECK(tables.use(0, 5, 0) == -8);
  CHECK(tables.use(0, UINT32_MAX, 0) == -8);
}

// The model: each service has a map from its numbers to the host's, and takes the lowest that is free.
TEST_CASE("descriptors: random calls of several services, against a map for each") {
  constexpr uint32_t services = 3;
  MapHost host({"/a"});
  Descriptors tables(host, factsOf(services));
  std::map<uint32_t, int32_t> model[services];
  for (auto& table : model) {
    table = {{0, 0}, {1, 1}, {2, 2}, {3, 3}};
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20000; i++) {
    uint32_t service = random() % services;
    auto& table = model[service];
    uint32_t fd = random() % 14, to = random() % 14;
    bool isOpen = table.count(fd);
    switch (random() % 4) {
      case 0: {
        if (table.size() > 12 || !isOpen) {
          break;
        }
        REQUIRE(tables.useToOpen(service, fd, 0, 0) == table[fd]);
        uint32_t lowest = 0;
        while (table.count(lowest)) {
          lowest++;
        }
        int32_t opened = host.openNew();
        REQUIRE(tables.opened(service, fd, opened) == lowest);
        table[lowest] = opened;
        break;
      }
      case 1:
        REQUIRE(tables.close(service, fd) == (isOpen ? success : badDescriptor));
        table.erase(fd);
        break;
      case 2:
        REQUIRE(tables.renumber(service, fd, to) == (isOpen && table.count(to) ? success : badDescriptor));
        if (isOpen && table.count(to) && fd != to) {
          table[to] = table[fd];
          table.erase(fd);
        }
        break;
      default:
        REQUIRE(tables.use(service, fd, 1) == (isOpen ? table[fd] : -8));
    }
  }
  // The host has what is shared, and what somebody has open; nothing else stays.
  std::set<int32_t> open = {0, 1, 2, 3};
  for (auto& table : model) {
    for (auto& [fd, opened] : table) {
      open.insert(opened);
    }
  }
  CHECK(host.open == open);
}

TEST_CASE("descriptors: a service that leaks gets EMFILE, before the host opens") {
  MapHost host({"/a"});
  Descriptors tables(host, factsOf(2));
  uint32_t last = 0;
  while (tables.useToOpen(0, 3, 0, 0) == 3) {
    last = tables.opened(0, 3, host.openNew());
  }
  CHECK(last == mostDescriptors - 1);
  CHECK(tables.useToOpen(0, 3, 0, 0) == -33);
  CHECK(tables.useToOpen(1, 3, 0, 0) == 3);
  CHECK(tables.close(0, 17) == success);
  CHECK(tables.useToOpen(0, 3, 0, 0) == 3);
  CHECK(tables.opened(0, 3, host.openNew()) == 17);
  CHECK(tables.useToOpen(0, 3, 0, 0) == -33);
}

TEST_CASE("descriptors: a read-only folder refuses changes, and so does what is opened in it") {
  MapHost host({"/data", "/tmp"});
  auto facts = factsOf(2);
  allow(facts.services[0], "/tmp", "/work", false);
  allow(facts.services[0], "/data", "/data", true);
  Descriptors tables(host, std::move(facts));
  Prestat prestat{};
  char name[10] = {};
  REQUIRE(tables.prestat(0, 3, prestat) == success);
  CHECK(prestat.nameBytes == 5);
  CHECK(tables.prestatName(0, 3, name, 4) == nameTooLong);
  CHECK(tables.prestatName(0, 3, name, 5) == success);
  CHECK(std::string(name) == "/work");
  CHECK(tables.prestat(0, 5, prestat) == badDescriptor);
  CHECK(tables.use(0, 3, 1) == 4); // the host's /tmp
  CHECK(tables.use(0, 4, 0) == 3);
  CHECK(tables.use(0, 4, 1) == -69);
  CHECK(tables.useToOpen(0, 4, createFlag, 0) == -69);
  CHECK(tables.useToOpen(0, 4, truncateFlag, 0) == -69);
  CHECK(tables.useToOpen(0, 4, 0, fdWrite) == -69);
  CHECK(tables.useToOpen(0, 3, createFlag | truncateFlag, fdWrite) == 4);
  REQUIRE(tables.useToOpen(0, 4, 0, ~changingRights) == 3);
  CHECK(tables.rightsThrough(0, 3) == ~uint64_t(0));
  CHECK((tables.rightsThrough(0, 4) & changingRights) == 0);
  auto folder = tables.opened(0, 4, host.openNew());
  CHECK(tables.use(0, folder, 0) == 100);
  CHECK(tables.use(0, folder, 1) == -69);
  Fdstat stat{};
  REQUIRE(tables.fdstat(0, folder, stat) == success);
  CHECK((stat.rights & changingRights) == 0);
  // It stays read-only under another number.
  CHECK(tables.renumber(0, folder, 3) == success);
  CHECK(tables.use(0, 3, 1) == -69);
}

TEST_CASE("descriptors: links that a service makes lead down") {
  MapHost host({"/data", "/tmp"});
  auto facts = factsOf(1);
  allow(facts.services[0], "/tmp", "/work", false);
  allow(facts.services[0], "/data", "/data", true);
  Descriptors tables(host, std::move(facts));
  auto link = [&](const std::string& target, uint32_t fd = 3) {
    return tables.symlink(0, {target.data(), uint32_t(target.size())}, fd, {"l", 1});
  };
  for (std::string target : {"..", "../data", "a/..", "a/../b", "a/b/..", "../..", "/", "/a", "//", "a/../"}) {
    INFO(target);
    CHECK(link(target) == notCapable);
  }
  CHECK(host.links.empty());
  for (std::string target : {"a", "a/b", "...", "..a/b", "a..", "a/..b", ".", "./a", "a//b", "a/", ""}) {
    INFO(target);
    CHECK(link(target) == success);
    CHECK(host.links.back() == "l@4 -> " + target);
  }
  CHECK(link("a", 4) == readOnlyFiles);
  CHECK(link("a", 9) == badDescriptor);
}

TEST_CASE("descriptors: a folder that the host does not have is absent, and a line says so") {
  MapHost host({"/data"});
  auto facts = factsOf(1);
  allow(facts.services[0], "/nowhere", "/nowhere", true);
  allow(facts.services[0], "/data", "/data", true);
  Descriptors tables(host, std::move(facts));
  CHECK(host.said == "parigot: service 'service0' may use the folder '/nowhere', and the host has none of this name; "
                     "start the world with one (--dir)\n");
  CHECK(tables.use(0, 3, 0) == 3);
  CHECK(tables.use(0, 4, 0) == -8);
}

TEST_CASE("descriptors: streams that a service does not have") {
  MapHost host({});
  auto facts = factsOf(2);
  facts.services[0].streams[0] = facts.services[0].streams[1] = false;
  Descriptors tables(host, std::move(facts));
  CHECK(tables.use(0, 0, 0) == -8 - emptyInput);
  CHECK(tables.use(0, 1, 1) == -76);
  CHECK(tables.use(0, 2, 1) == 2);
  Fdstat stat{};
  CHECK(tables.fdstat(0, 0, stat) == success);
  CHECK(stat.filetype == characterDevice);
  // The end is there at once.
  char in[2 * subscriptionBytes] = {}, out[64] = {};
  in[0] = 5;
  in[8] = 1;
  uint32_t happened = 0;
  CHECK(tables.poll(0, subscriptionBytes, in, out, 2, &happened) == success);
  CHECK(happened == 1);
  CHECK(out[0] == 5);
  CHECK(host.polled.empty());
}

TEST_CASE("descriptors: polling asks the host about its own numbers, and about none for those of others") {
  for (uint32_t stride : {subscriptionBytes, subscriptionBytes0}) {
    MapHost host({"/a"});
    Descriptors tables(host, factsOf(2));
    tables.opened(1, 3, host.openNew());
    CHECK(tables.opened(0, 3, host.openNew()) == 4);
    std::vector<char> in(size_t(3) * stride);
    for (uint32_t i = 0; i < 3; i++) {
      in[i * stride + 8] = 2;
      in[i * stride + 16] = char(3 + i);
    }
    char out[96];
    uint32_t happened = 0;
    CHECK(tables.poll(0, stride, in.data(), out, 3, &happened) == success);
    CHECK(host.polled == std::vector<uint32_t>{3, 101, UINT32_MAX});
  }
}

TEST_CASE("descriptors: a shared descriptor keeps its rights for the others") {
  MapHost host({"/a"});
  Descriptors tables(host, factsOf(1));
  CHECK(tables.setRights(0, 1, 0, 0) == notSupported);
  auto fd = tables.opened(0, 3, host.openNew());
  CHECK(tables.setRights(0, fd, 0, 0) == success);
  CHECK(tables.setRights(0, 9, 0, 0) == badDescriptor);
}

TEST_CASE("descriptors: labelled output") {
  MapHost host({});
  auto facts = factsOf(2);
  facts.labels = true;
  Descriptors tables(host, std::move(facts));
  CHECK(write(tables, 0, 1, "one\ntwo\n") == 8);
  CHECK(write(tables, 1, 1, "begun, ") == 7);
  CHECK(write(tables, 1, 1, "ended\n") == 6);
  CHECK(write(tables, 0, 1, "interrupted") == 11);
  CHECK(write(tables, 1, 2, "another stream\n") == 15);
  CHECK(write(tables, 1, 1, "\n") == 1);
  CHECK(write(tables, 0, 1, " and on\n") == 8);
  CHECK(write(tables, 0, 1, "") == 0);
  CHECK(host.written[1] ==
        "[service0] one\n[service0] two\n[service1] begun, ended\n[service0] interrupted\n[service1] "
        "\n[service0]  and on\n");
  CHECK(host.written[2] == "[service1] another stream\n");
}

TEST_CASE("descriptors: long labelled lines, and a host that writes little at once") {
  MapHost host({});
  host.mostBytes = 7;
  auto facts = factsOf(1);
  facts.labels = true;
  Descriptors tables(host, std::move(facts));
  std::string line(20000, 'x');
  CHECK(write(tables, 0, 1, line + "\n") == 20001);
  CHECK(host.written[1] == "[service0] " + line + "\n");
}
