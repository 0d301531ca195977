// The kernel in an open world (src/runtime/kernel/open_world.cpp), with a script in place of the kernel outside.

#include <algorithm>
#include <deque>
#include <optional>

#include <catch2/catch.hpp>

#include "kernel-world.h"
#include "wire-facts.h"

using namespace kernel;

namespace {

// The kernel outside: it makes ids, reports success, and has messages for the world.
struct Outside {
  explicit Outside(ScriptedWorld& world) : world(world) {
    world.open = true;
    world.outside = [this](HostCall call, Text request, Writer& reply) { return answer(call, request, reply); };
  }

  Error answer(HostCall call, Text request, Writer& reply) {
    static const char* names[] = {
      "register", "export", "require", "bind", "launch", "locate", "dispatch", "read", "return", "exit"};
    if (call != readOneCall) {
      log += std::string(names[call]) + "\n";
      requests.push_back(stringOf(request));
    }
    if (refuse == call) {
      return Error::badId;
    }
    if (call == registerCall || call == bindMethodCall) {
      reply.id(1, {uint64_t(call == registerCall ? 's' : 'm') << 56 | 1000, next++});
    } else if (call == launchCall) {
      LaunchRequest launch;
      REQUIRE(read(request, launch));
      resolve(launch.call, "");
    } else if (call == dispatchCall) {
      DispatchRequest dispatch;
      MethodBundle bundle;
      REQUIRE(read(request, dispatch));
      REQUIRE(read(dispatch.bundle, bundle));
      resolve(bundle.call, "from outside");
    } else if (call == exitCall) {
      messages.push_back(encode([&](Writer& to) {
        ExitRequest exitRequest;
        REQUIRE(read(request, exitRequest));
        to.bytes(6, exitRequest.pair);
      }));
    } else if (call == readOneCall) {
      ReadOneRequest readOne;
      REQUIRE(read(request, readOne));
      timeouts.push_back(int32_t(readOne.timeout));
      hosts.push_back(facts::Fields("ReadOneRequest", stringOf(request)).id("host_id"));
      if (messages.empty()) {
        world.time += readOne.timeout > 0 ? uint64_t(readOne.timeout) * 1000000 : 0;
        reply.number(1, true);
      } else {
        reply.whole(textOf(messages.front()));
        messages.pop_front();
      }
    }
    return Error::none;
  }

  void resolve(const Id& call, const std::string& result) {
    messages.push_back(encode([&](Writer& to) {
      to.bytes(2, {});
      auto mark = to.open(5);
      to.id(1, world.hostId(0));
      to.id(2, call);
      auto any = to.open(4);
      to.text(1, "type.googleapis.com/syscall.v1.LaunchResponse"); // guests check the results of launches only
      to.text(2, textOf(result));
      to.close(any);
      to.close(mark);
      to.bytes(6, {});
    }));
  }

  void call(const Id& service, const std::string& param) {
    messages.push_back(encode([&](Writer& to) {
      auto mark = to.open(2);
      to.id(2, service);
      to.id(4, {uint64_t('c') << 56 | 2000, next++});
      to.close(mark);
      auto any = to.open(3);
      to.text(2, textOf(param));
      to.close(any);
    }));
  }

  void exit(const Id& service, int32_t code) {
    messages.push_back(encode([&](Writer& to) {
      auto mark = to.open(6);
      to.id(1, service);
      to.number(2, code);
      to.close(mark);
    }));
  }

  ScriptedWorld& world;
  std::optional<HostCall> refuse;
  uint64_t next = 1;
  std::string log;
  std::vector<std::string> requests;
  std::deque<std::string> messages;
  std::vector<int32_t> timeouts;
  std::vector<Id> hosts;
};

} // namespace

TEST_CASE("kernel of an open world asks outside, and keeps calls within the world inside", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  world.statistics = true;
  Guest::Service shout;
  world.add("shout", [&](Guest& guest) {
    shout = guest.serve("shout");
    guest.answerCalls([](const std::string& text) { return text + "!"; });
  });
  world.add("main", [&](Guest& guest) {
    auto self = guest.serve("main", {"shout"});
    guest.log(guest.request(shout, "inside").value);
    Guest::Service other{{uint64_t('s') << 56 | 5, 5}, {uint64_t('m') << 56 | 5, 5}};
    guest.log(guest.request(other, "").value);
    guest.log(std::to_string(int(guest.tryDispatch({self.id, other.method}, guest.newCall(), ""))));
    guest.exit(3);
  });
  CHECK(world.run() == 3);
  CHECK(world.log == "main: inside!\nmain: from outside\nmain: 3\n");
  CHECK(outside.log == "register\nexport\nbind\nlaunch\nregister\nexport\nrequire\nbind\nlaunch\ndispatch\n");
  CHECK(world.errors == "parigot: 1 calls, 1 direct\n");
  CHECK(std::all_of(outside.hosts.begin(), outside.hosts.end(), [&](auto& id) { return id == world.hostId(0); }));
}

TEST_CASE("kernel of an open world gives what comes from outside to whom it is for", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  Id a, b;
  auto server = [&](Id& id) {
    return [&](Guest& guest) {
      id = guest.serve(guest.name).id;
      while (true) {
        auto message = guest.read(-1);
        if (message.isExit) {
          guest.log("exit " + std::to_string(message.exit.code));
          guest.exit(0);
        }
        guest.log(message.value);
        guest.log("return " + std::to_string(int(guest.returnValue(message.bundle, "result"))));
      }
    };
  };
  world.add("a", server(a));
  world.add("b", server(b));
  world.add("main", [&](Guest& guest) {
    guest.read(10);
    outside.log.clear();
    outside.call(b, "for b");
    outside.call(a, "for a");
    outside.call({uint64_t('s') << 56 | 9, 9}, "for nobody");
    outside.exit(a, 4);
    outside.call(a, "too late");
    outside.messages.push_back("\xff malformed");
    outside.resolve({uint64_t('c') << 56 | 9, 9}, "of no call");
    guest.read(10);
    outside.exit({uint64_t('s') << 56 | 9, 9},
                 5); // the exit request that was made for all, under the name of a service outside
    guest.log(std::to_string(guest.read(10).exit.code));
    guest.read(10);
  });
  CHECK(world.run() == 5);
  CHECK(world.log == "b: for b\nb: return 0\na: for a\na: return 0\na: exit 4\nb: exit 5\nmain: 5\n");
  CHECK(outside.log == "return\nreturn\n");
}

TEST_CASE("kernel of an open world asks all of its own to exit when one wants that", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  world.add("other", [](Guest& guest) {
    guest.serve("other");
    guest.log("exit " + std::to_string(guest.read(-1).exit.code));
  });
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main");
    guest.requestExit(self.id, 3, true);
    guest.log("exit " + std::to_string(guest.read(-1).exit.code));
    guest.read(1);
  });
  CHECK(world.run() == 3);
  CHECK(world.log == "other: exit 3\nmain: exit 3\n");
}

TEST_CASE("kernel of an open world waits outside, as long as nothing is due inside", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  world.add("server", [](Guest& guest) { guest.read(-1); });
  world.add("main", [](Guest& guest) {
    guest.read(25);
    guest.read(50);
  });
  CHECK(world.run() == 0);
  CHECK(outside.timeouts == std::vector<int32_t>{25, 50});
  CHECK(world.sleeps == 0);
}

TEST_CASE("kernel of an open world hears from outside while its own are busy", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  Guest::Service echo;
  world.add("echo", [&](Guest& guest) {
    echo = guest.serve("echo");
    guest.answerCalls([](const std::string& text) { return text; });
  });
  world.add("pusher", [&](Guest& guest) {
    guest.serve("pusher");
    while (true) {
      guest.request(echo, "");
    }
  });
  world.add("main", [&](Guest& guest) {
    auto self = guest.serve("main");
    outside.call(self.id, "hello");
    guest.log(guest.read(-1).value);
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: hello\n");
}

TEST_CASE("kernel of an open world hands on what is refused outside", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  world.add("main", [&](Guest& guest) {
    outside.refuse = registerCall;
    guest.log(guest.registerService().isSet() ? "registered" : "refused");
    outside.refuse = bindMethodCall;
    auto service = guest.registerService();
    guest.log(guest.bind(service, "Do").isSet() ? "bound" : "refused");
    outside.refuse = launchCall;
    guest.log(std::to_string(int(guest.launch(service))));
    outside.refuse = dispatchCall;
    guest.log(std::to_string(int(guest.tryDispatch({{uint64_t('s') << 56 | 5, 5}, service}, guest.newCall(), ""))));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: refused\nmain: refused\nmain: 26\nmain: 26\n");
}

TEST_CASE("kernel of an open world does not spin where read_one_ outside fails", "[kernel]") {
  ScriptedWorld world;
  Outside outside(world);
  outside.refuse = readOneCall;
  world.add("main", [&](Guest& guest) { guest.read(1000); });
  CHECK(world.run() == 0);
  CHECK(world.sleeps > 0);
  CHECK(world.sleeps < 1000);
}

TEST_CASE("kernel of an open world refuses calls from outside that it has no room for, and lives on", "[kernel]") {
  ScriptedWorld world;
  world.heapBytes = 2 << 20;
  Outside outside(world);
  constexpr uint32_t count = 20000;
  world.add("main", [&](Guest& guest) {
    auto self = guest.serve("main");
    outside.log.clear();
    outside.requests.clear();
    for (uint32_t i = 0; i < count; i++) {
      outside.call(self.id, "call");
    }
    while (!outside.messages.empty()) {
      guest.sleep(1); // and does not read
    }
    uint32_t held = guest.world.kernel->blocksOf(1);
    guest.log(std::to_string(held + outside.requests.size() == count));
    guest.log(std::to_string(held > 1000 && held < guest.world.kernel->limitsOfEach().blocks));
    guest.log(std::to_string(guest.world.kernel->blocksOf(0)));
    for (uint32_t i = 0; i < held; i++) {
      if (!guest.read(0).isCall) {
        guest.log("no call");
      }
    }
    guest.log(std::to_string(guest.world.kernel->blocksOf(1)));
    outside.call(self.id, "another");
    guest.log(guest.read(10).value);
    outside.exit(self.id, 6);
    guest.log(std::to_string(guest.read(10).exit.code));
  });
  CHECK(world.run() == 6);
  CHECK(world.log == "main: 1\nmain: 1\nmain: 0\nmain: 0\nmain: another\nmain: 6\n");
  for (auto& request : outside.requests) {
    ReturnValueRequest refused;
    MethodBundle bundle;
    // WriteTimeout: api/proto/syscall/v1/syscall.proto:134.
    REQUIRE((read(textOf(request), refused) && refused.error == 31));
    REQUIRE((read(refused.bundle, bundle) && bundle.call.isSet()));
  }
}
