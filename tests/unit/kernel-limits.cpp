// The data that the kernel holds for processes, and the requests that it refuses (src/runtime/kernel/store.h). The
// tests count, and measure no times.

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "kernel-world.h"

using namespace kernel;

namespace {

// parigot's numbers, not the kernel's names for them: api/proto/syscall/v1/syscall.proto:39, 46, 134.
constexpr int namespaceExhausted = 4, dataTooLarge = 6, writeTimeout = 31;

std::string number(Error error) { return std::to_string(int(error)); }

// Launches, and then only waits for time.
void sink(Guest& guest) {
  guest.serve("sink");
  guest.sleep(1000000000000);
}

void echo(Guest& guest) {
  guest.serve("echo");
  guest.answerCalls([](const std::string& text) { return text; });
}

// Sends calls until one is refused. Returns the number of accepted ones, and the error.
std::pair<uint32_t, Error> flood(Guest& guest, Guest::Service service, uint32_t most, const std::string& param = "x") {
  for (uint32_t i = 0; i < most; i++) {
    auto error = guest.tryDispatch(service, guest.newCall(), param);
    if (error != Error::none) {
      return {i, error};
    }
  }
  return {most, Error::none};
}

} // namespace

TEST_CASE("kernel's store holds texts of any length in blocks of one account", "[kernel]") {
  constexpr uint32_t share = 40;
  Store store(2, share);
  for (uint32_t size : {0, 1, 111, 112, 113, 299, 300, 301, 488, 489, 4096}) {
    uint32_t blocks = 1 + (size > 112 ? (size - 112 + 187) / 188 : 0);
    std::string text(size, ' ');
    for (uint32_t i = 0; i < size; i++) {
      text[i] = char(i * 7 + i / 256);
    }
    Call call;
    call.caller = 1;
    uint32_t block = store.add(call);
    REQUIRE(block != noBlock);
    REQUIRE(store.fill(store[block], textOf(text)));
    CHECK(store.heldBy(1) == blocks);
    CHECK(store.heldBy(0) == 0);
    std::string copy(size, ' ');
    Writer writer(copy.data(), size);
    CHECK(store.copy(store[block], writer));
    CHECK(copy == text);
    store.remove(block);
    CHECK(store.heldBy(1) == 0);
  }
  CHECK(store.most() == 23); // the most at one time: free blocks are used again
}

TEST_CASE("kernel's store gives an account its share, and leaves the others theirs", "[kernel]") {
  Store store(3, 5);
  std::vector<uint32_t> blocks;
  for (uint32_t account = 0; account < 3; account++) {
    Call call;
    call.caller = account;
    for (int i = 0; i < 5; i++) {
      blocks.push_back(store.add(call));
      CHECK(blocks.back() != noBlock);
    }
    CHECK(store.add(call) == noBlock);
  }
  std::sort(blocks.begin(), blocks.end());
  CHECK(std::adjacent_find(blocks.begin(), blocks.end()) == blocks.end());
  // All or nothing: the text needs two blocks, and one is free.
  store.remove(blocks[0]);
  store.remove(blocks[1]);
  uint32_t account = 0;
  Call call;
  while (store.left(account) < 2) {
    call.caller = ++account;
  }
  uint32_t block = store.add(call);
  CHECK_FALSE(store.fill(store[block], textOf(std::string(112 + 188 + 1, 'x'))));
  CHECK(store.left(account) == 1);
  CHECK(store.fill(store[block], textOf(std::string(112 + 188, 'x'))));
  CHECK(store.left(account) == 0);
}

TEST_CASE("kernel's shares add up to no more than its memory", "[kernel]") {
  for (uint64_t mebibytes : {4, 8, 64, 1024, 3584}) {
    for (uint32_t accounts : {1, 2, 3, 20, 100}) {
      auto limits = Limits::of(mebibytes << 20, 1 << 20, accounts, accounts);
      // A piece of 512 blocks takes 97 pages of the allocator. Each block takes two words in tables that double. A name
      // costs the bytes that claim() charges for it.
      uint64_t blocks = uint64_t(limits.blocks) * accounts;
      CHECK((blocks + 511) / 512 * 97 * 1024 + blocks * 8 + uint64_t(limits.nameBytes) * accounts <= mebibytes << 20);
      CHECK((mebibytes < 64 || limits.blocks > 1000));
    }
  }
  // The figures for the default in store.h and docs/parigot.md.
  CHECK(Limits::of((56 << 20) - (300 << 10), 8 << 20, 2, 2).blocks / 1000 == 134);
}

TEST_CASE("kernel refuses calls beyond the share of who makes them, and everybody else goes on", "[kernel]") {
  ScriptedWorld world;
  world.heapBytes = 4 << 20;
  world.add("sink", sink);
  world.add("echo", echo);
  world.add("flood", [](Guest& guest) {
    guest.serve("flood", {"sink"});
    auto service = *guest.locate("sink");
    auto [sent, error] = flood(guest, service, 1000000);
    guest.log(std::to_string(sent == guest.world.kernel->limitsOfEach().blocks) + " " + number(error));
    // Requests that keep data are refused too; others are answered.
    guest.log("launch " + number(guest.launch(service.id)));
    guest.log(guest.locate("sink") ? "located" : "not located");
    guest.log(guest.read(0).timeout ? "timeout" : "message");
    guest.read(1000);
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"echo", "sink"});
    guest.sleep(100000000);
    guest.log(guest.request(*guest.locate("echo"), "alive").value);
    guest.log(number(guest.tryDispatch(*guest.locate("sink"), guest.newCall(), "")));
  });
  CHECK(world.run() == 0);
  auto code = std::to_string(writeTimeout);
  CHECK(world.log ==
        "flood: 1 " + code + "\nflood: launch " + code + "\nflood: located\nflood: timeout\nmain: alive\nmain: 0\n");
}

TEST_CASE("kernel stands 1,000,000 calls that nobody reads", "[kernel]") {
  ScriptedWorld world;
  world.add("sink", sink);
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"sink"});
    auto service = *guest.locate("sink");
    uint32_t accepted = 0, refused = 0;
    for (int i = 0; i < 1000000; i++) {
      auto error = guest.tryDispatch(service, {uint64_t('c') << 56, uint64_t(i) + 1}, "x");
      accepted += error == Error::none;
      refused += int(error) == writeTimeout;
    }
    guest.log(std::to_string(accepted + refused));
    guest.log(std::to_string(accepted == guest.world.kernel->limitsOfEach().blocks));
    guest.log(std::to_string(accepted > 120000));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 1000000\nmain: 1\nmain: 1\n");
}

TEST_CASE("kernel holds one block for each of 100,000 outstanding calls, and none when who was asked has ended",
          "[kernel]") {
  ScriptedWorld world;
  constexpr int count = 100000;
  world.add("keeper", [](Guest& guest) {
    guest.serve("keeper");
    for (int i = 0; i < count; i++) {
      while (!guest.read(100).isCall) {
      }
    }
    guest.log("has all");
    guest.sleep(1000);
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"keeper"});
    auto held = [&]() { return guest.world.kernel->blocksOf(guest.number); };
    auto service = *guest.locate("keeper");
    // Two blocks each, until they are read.
    uint32_t most = 0;
    for (int i = 0; i < count; i += 1000) {
      guest.log(flood(guest, service, 1000, std::string(100, 'x')).second == Error::none ? "" : "refused");
      most = std::max(most, held());
      guest.read(1);
    }
    guest.log(most > count ? "much" : "little");
    guest.log(std::to_string(held()));
    guest.sleep(1000000);
    guest.log(std::to_string(held()));
  });
  CHECK(world.run() == 0);
  std::string log;
  for (size_t at = 0; at < world.log.size();) {
    auto end = world.log.find('\n', at) + 1;
    auto line = world.log.substr(at, end - at);
    log += line == "main: \n" ? "" : line;
    at = end;
  }
  INFO(log);
  CHECK(log.find("refused") == std::string::npos);
  CHECK(log.find("keeper: has all\n") != std::string::npos);
  CHECK(log.find("main: 0\n") != std::string::npos);
}

TEST_CASE("kernel lets callers of one service take turns, however many calls one has made", "[kernel]") {
  ScriptedWorld world;
  uint32_t answered = 0, whenMain = 0;
  world.add("echo", [&](Guest& guest) {
    guest.serve("echo");
    guest.answerCalls([&](const std::string& text) {
      answered++;
      if (text == "main") {
        whenMain = answered;
      }
      return text;
    });
  });
  world.add("flood", [](Guest& guest) {
    guest.serve("flood", {"echo"});
    flood(guest, *guest.locate("echo"), 5000);
    for (int i = 0; i < 5000; i++) {
      guest.read(0);
    }
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"echo"});
    while (answered == 0) {
      guest.read(0);
    }
    auto before = answered;
    guest.log(guest.request(*guest.locate("echo"), "main").value);
    guest.log(whenMain - before <= 64 ? "soon" : std::to_string(whenMain - before));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: main\nmain: soon\n");
}

TEST_CASE("kernel keeps the order of each caller's calls", "[kernel]") {
  ScriptedWorld world;
  std::map<char, int> last;
  bool ordered = true;
  world.add("server", [&](Guest& guest) {
    guest.serve("server");
    guest.answerCalls([&](const std::string& text) {
      ordered &= std::stoi(text.substr(1)) == ++last[text[0]];
      return text;
    });
  });
  for (std::string name : {"a", "b", "main"}) {
    world.add(name, [=](Guest& guest) {
      guest.serve(name, {"server"});
      for (int i = 1; i <= 200; i++) {
        guest.dispatch(*guest.locate("server"), name.substr(0, 1) + std::to_string(i));
        if (i % 7 == 0) {
          guest.read(0);
        }
      }
      guest.read(100);
      guest.sleep(1000000);
    });
  }
  CHECK(world.run() == 0);
  CHECK(ordered);
  CHECK((last['a'] == 200 && last['b'] == 200 && last['m'] == 200));
}

TEST_CASE("kernel does not hold what nobody could read", "[kernel]") {
  ScriptedWorld world;
  world.statistics = true;
  world.arenaBytes = 64 * 1000; // a request of 1,000 bytes may run its target
  world.add("server", [](Guest& guest) {
    guest.serve("server");
    guest.sleep(1000);
    guest.log(number(guest.read(-1).error));
    guest.read(-1);
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"server"});
    auto service = *guest.locate("server");
    guest.log(number(guest.tryDispatch(service, guest.newCall(), std::string(12000, 'x'))));
    guest.log(std::to_string(guest.world.kernel->blocksOf(guest.number)));
    guest.log(number(guest.read(-1).resultError));
    guest.sleep(1000);
    // The call is read, but not within dispatch_: it would stay in the arena until then.
    guest.log(number(guest.tryDispatch(service, guest.newCall(), std::string(1500, 'x'))));
    guest.sleep(1000);
  });
  CHECK(world.run() == 0);
  auto code = std::to_string(dataTooLarge);
  CHECK(world.log == "main: 0\nmain: 1\nserver: " + code + "\nmain: " + code + "\nmain: 0\n");
  CHECK(world.errors == "parigot: 2 calls, 0 direct\n");
}

TEST_CASE("kernel ends a call by DataTooLarge whose caller has no room for the result", "[kernel]") {
  ScriptedWorld world;
  world.heapBytes = 4 << 20;
  world.add("sink", sink);
  world.add("late", [](Guest& guest) {
    guest.serve("late");
    auto bundle = guest.read(-1).bundle;
    guest.sleep(1000000);
    guest.log(number(guest.returnValue(bundle, std::string(1000, 'x'))));
    guest.read(-1);
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"sink", "late"});
    auto call = guest.dispatch(*guest.locate("late"), "");
    guest.log(number(flood(guest, *guest.locate("sink"), 1000000).second));
    auto message = guest.read(-1);
    guest.log(number(message.resultError) + (message.bundle.call == call ? " mine" : " not mine"));
  });
  CHECK(world.run() == 0);
  CHECK(world.log ==
        "main: " + std::to_string(writeTimeout) + "\nlate: 0\nmain: " + std::to_string(dataTooLarge) + " mine\n");
}

TEST_CASE("kernel takes the answer to a call that was not read yet", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main");
    for (int i = 0; i < 3; i++) {
      auto call = guest.dispatch(self, "call");
      guest.log(number(guest.returnValue({{}, {}, {}, call}, "result")));
      guest.log(number(guest.returnValue({{}, {}, {}, call}, "again")));
      guest.log(guest.read(0).value);
      guest.log(guest.read(0).value);
      guest.log(std::to_string(guest.world.kernel->blocksOf(guest.number)));
    }
  });
  CHECK(world.run() == 0);
  std::string once = "main: 0\nmain: 26\nmain: result\nmain: call\nmain: 0\n";
  CHECK(world.log == once + once + once);
}

TEST_CASE("kernel refuses names beyond the share of who has them, and all of a request", "[kernel]") {
  ScriptedWorld world;
  world.heapBytes = 4 << 20;
  world.add("greedy", [](Guest& guest) {
    auto service = guest.serve("greedy").id;
    auto many = [&](KernelCall call, uint32_t field, uint32_t count) {
      std::string request = encode([&](Writer& to) {
        to.id(1, service);
        to.id(3, guest.world.hostId(guest.number));
      });
      std::string name = encode([&](Writer& to) {
        auto mark = to.open(field);
        to.text(1, "p");
        to.text(2, "s");
        to.close(mark);
      });
      for (uint32_t i = 0; i < count; i++) {
        request += name;
      }
      return number(guest.call(call, request).error);
    };
    guest.log("export " + many(&Kernel::exportNames, 2, 100000));
    guest.log("export " + many(&Kernel::exportNames, 2, 10));
    int methods = 0;
    while (guest.bind(service, "method" + std::to_string(methods)).isSet()) {
      methods++;
    }
    guest.log(methods > 100 && methods < 2000 ? "bound" : std::to_string(methods));
    // A name that exists already stays, and gets another id.
    guest.log(guest.bind(service, "method7").isSet() ? "bound" : "not bound");
    guest.log(guest.registerService().isSet() ? "registered" : "not registered");
    guest.log("require " + number(guest.require(service, "a", "b")));
    guest.sleep(1000000);
  });
  world.add("main", [](Guest& guest) {
    guest.sleep(1000);
    auto self = guest.serve("main");
    guest.log(guest.bind(self.id, "Other").isSet() ? "bound" : "not bound");
    guest.log(guest.locate("main") ? "located" : "not located");
  });
  CHECK(world.run() == 0);
  auto code = std::to_string(namespaceExhausted);
  CHECK(world.log == "greedy: export " + code +
                       "\ngreedy: export 0\ngreedy: bound\ngreedy: bound\ngreedy: not registered\n"
                       "greedy: require " +
                       code + "\nmain: bound\nmain: located\n");
}

TEST_CASE("kernel refuses exit requests beyond the share of who asks", "[kernel]") {
  ScriptedWorld world;
  world.heapBytes = 4 << 20;
  world.add("sink", sink);
  world.add("asks", [](Guest& guest) {
    guest.serve("asks", {"sink"});
    auto sink = *guest.locate("sink");
    Error error = Error::none;
    uint32_t asked = 0;
    while (error == Error::none && asked < 1000000) {
      asked++;
      error = guest
                .call(&Kernel::exit, encode([&](Writer& to) {
                  auto mark = to.open(1);
                  to.id(1, sink.id);
                  to.close(mark);
                  to.id(2, guest.newCall());
                  to.id(3, guest.world.hostId(guest.number));
                }))
                .error;
    }
    guest.log(number(error));
    guest.sleep(1000000);
  });
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main");
    guest.sleep(1000);
    guest.dispatch(self, "alive");
    guest.log(guest.read(-1).value);
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "asks: " + std::to_string(writeTimeout) + "\nmain: alive\n");
}
