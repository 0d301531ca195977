// The recording of calls to processes (src/runtime/kernel/recording.cpp): which calls are in it, and what is kept for
// it.

#include <catch2/catch.hpp>

#include "kernel-world.h"

using namespace kernel;

namespace {

// Answers with the request behind the name; a request "fail" with error 7.
auto echo(const std::string& name) {
  return [name](Guest& guest) {
    guest.serve(name);
    while (true) {
      auto message = guest.read(50);
      if (message.isCall) {
        bool fails = message.value == "fail";
        guest.returnValue(message.bundle, fails ? "" : name + ":" + message.value, Error(fails ? 7 : 0));
      } else if (message.isExit) {
        guest.exit(0);
      }
    }
  };
}

} // namespace

TEST_CASE("kernel records the calls of one process, with their answers", "[kernel]") {
  ScriptedWorld world;
  world.recorded = {"storage"};
  world.add("storage", echo("store"));
  world.add("other", echo("other"));
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"store", "other"});
    uint32_t held = world.kernel->blocksOf(guest.number);
    guest.request(*guest.locate("store"), "first");
    guest.request(*guest.locate("other"), "not recorded");
    guest.request(*guest.locate("store"), "fail");
    guest.request(*guest.locate("store"), std::string(300, 'x'));
    Guest::Service unknown{guest.locate("store")->id, guest.locate("other")->method};
    CHECK(guest.tryDispatch(unknown, guest.newCall(), "refused") != Error::none);
    CHECK(world.kernel->blocksOf(guest.number) == held);
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  CHECK(world.recording == "storage Do first -> store:first type 0\nstorage Do fail ->  type 7\nstorage Do " +
                             std::string(300, 'x') + " -> store:" + std::string(300, 'x') + " type 0\n");
  CHECK(world.recordedTime > 0);
}

TEST_CASE("kernel records calls in the order of their answers, by their own ids", "[kernel]") {
  ScriptedWorld world;
  world.recorded = {"storage"};
  world.add("storage", [&](Guest& guest) {
    guest.serve("store");
    std::vector<Guest::Message> calls;
    while (calls.size() < 3) {
      if (auto message = guest.read(50); message.isCall) {
        calls.push_back(message);
      }
    }
    guest.returnValue(calls[1].bundle, "of second");
    guest.returnValue(calls[0].bundle, "of first");
    CHECK(guest.returnValue(calls[0].bundle, "again") == Error::badId);
    guest.exit(0); // the third call stays without an answer
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"store"});
    uint32_t held = world.kernel->blocksOf(guest.number);
    auto store = *guest.locate("store");
    for (auto* param : {"first", "second", "third"}) {
      guest.dispatch(store, param);
    }
    for (int results = 0; results < 2;) {
      results += guest.read(50).isResolved;
    }
    guest.read(50);
    CHECK(world.kernel->blocksOf(guest.number) == held);
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  CHECK(world.recording == "storage Do second -> of second type 0\nstorage Do first -> of first type 0\n");
}

TEST_CASE("kernel of an open world records calls from outside", "[kernel]") {
  ScriptedWorld world;
  world.open = true;
  world.recorded = {"storage"};
  std::vector<std::string> messages;
  uint64_t ids = 0;
  Id served;
  world.outside = [&](HostCall call, Text, Writer& reply) {
    if (call == registerCall || call == bindMethodCall) {
      reply.id(1, {uint64_t(call == registerCall ? 's' : 'm') << 56 | 1, ++ids});
    } else if (call == readOneCall && !messages.empty()) {
      reply.whole(textOf(messages.back()));
      messages.pop_back();
    } else if (call == readOneCall) {
      world.time += 10'000'000;
      reply.number(1, true);
    }
    return Error::none;
  };
  world.add("storage", [&](Guest& guest) {
    auto service = guest.registerService();
    served = guest.bind(service, "Do");
    messages.push_back(encode([&](Writer& to) {
      auto bundle = to.open(2);
      to.id(2, service);
      to.id(3, served);
      to.id(4, {uint64_t('c') << 56 | 2000, 1});
      to.close(bundle);
      auto any = to.open(3);
      to.text(2, textOf("from outside"));
      to.close(any);
    }));
    auto message = guest.read(50);
    guest.returnValue(message.bundle, "answer");
    guest.exit(0);
  });
  world.add("main", [](Guest& guest) {
    guest.registerService();
    guest.read(100);
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  CHECK(world.recording == "storage Do from outside -> answer type 0\n");
}

TEST_CASE("kernel keeps the requests of a recorded process within the share of the caller", "[kernel]") {
  ScriptedWorld world;
  world.recorded = {"storage"};
  world.heapBytes = 2 << 20;
  world.arenaBytes = 256 << 10;
  world.add("storage", [&](Guest& guest) {
    guest.serve("store");
    guest.sleep(1'000'000'000);
    guest.exit(0);
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"store"});
    auto store = *guest.locate("store");
    Error error = Error::none;
    for (int i = 0; i < 100000 && error == Error::none; i++) {
      error = guest.tryDispatch(store, guest.newCall(), std::string(2000, 'x'));
    }
    CHECK(error == Error::writeTimeout);
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  CHECK(world.recording.empty());
}
