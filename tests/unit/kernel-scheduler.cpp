// The order in which processes run (src/runtime/kernel/scheduler.cpp), with scripts as processes, and a number as
// clock.

#include <catch2/catch.hpp>

#include "kernel-world.h"

using namespace kernel;

namespace {

constexpr uint64_t millisecond = 1000000;

std::string number(Error error) { return std::to_string(int(error)); }

auto echo(const std::string& name) {
  return [name](Guest& guest) {
    guest.serve(name);
    guest.answerCalls([](const std::string& text) { return text; });
  };
}

} // namespace

TEST_CASE("kernel ends a world with the code of its main process", "[kernel]") {
  SECTION("of proc_exit") {
    ScriptedWorld world;
    world.add("main", [](Guest& guest) { guest.exit(3); });
    CHECK(world.run() == 3);
  }
  SECTION("of its exit request, when it returns") {
    ScriptedWorld world;
    world.add("main", [](Guest& guest) { guest.requestExit(guest.registerService(), 5); });
    CHECK(world.run() == 5);
  }
  SECTION("when it returns within another's dispatch_") {
    ScriptedWorld world;
    world.add("caller", [](Guest& guest) {
      guest.serve("caller", {"main"});
      guest.dispatch(*guest.locate("main"), "");
      guest.log("must not go on");
    });
    world.add("main", [](Guest& guest) {
      auto self = guest.serve("main");
      guest.read(-1);
      guest.requestExit(self.id, 6);
    });
    CHECK(world.run() == 6);
    CHECK(world.log == "");
  }
  SECTION("not with that of others") {
    ScriptedWorld world;
    world.add("other", [](Guest& guest) { guest.exit(9); });
    world.add("main", [](Guest& guest) { guest.read(10); });
    CHECK(world.run() == 0);
  }
}

TEST_CASE("kernel ends a world without a program when all have ended, or can only wait", "[kernel]") {
  ScriptedWorld world;
  world.hasProgram = false;
  world.add("first", [](Guest& guest) { guest.exit(9); });
  world.add("second", [](Guest& guest) {
    guest.sleep(millisecond);
    guest.log("still here");
  });
  SECTION("ended") {
    CHECK(world.run() == 0);
    CHECK(world.errors == "");
  }
  SECTION("waiting") {
    world.add("echo", [](Guest& guest) {
      guest.serve("echo");
      for (auto message = guest.read(-1);; message = guest.read(-1)) {
        guest.returnValue(message.bundle, message.value);
      }
    });
    world.add("client", [](Guest& guest) {
      guest.serve("client", {"echo"});
      guest.log(guest.request(*guest.locate("echo"), "hello").value);
    });
    CHECK(world.run() == 0);
    CHECK(world.errors ==
          "parigot: all services wait for calls, and nothing outside of this world can call them: the world ends\n");
    CHECK_THAT(world.log, Catch::Matchers::Contains("client: hello\n"));
  }
  CHECK_THAT(world.log, Catch::Matchers::Contains("second: still here\n"));
}

TEST_CASE("kernel times out when it should, by one sleep", "[kernel]") {
  ScriptedWorld world;
  world.add("long", [](Guest& guest) {
    guest.registerService();
    guest.read(500);
    guest.log("never");
  });
  world.add("main", [](Guest& guest) {
    guest.registerService();
    for (int timeout : {50, 20}) {
      auto before = guest.world.time;
      guest.log(guest.read(timeout).timeout ? "timeout" : "message");
      auto took = guest.world.time - before;
      guest.log(took >= timeout * millisecond && took < timeout * millisecond + 1000 ? "in time"
                                                                                     : std::to_string(took));
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: timeout\nmain: in time\nmain: timeout\nmain: in time\n");
  CHECK(world.sleeps == 2);
}

TEST_CASE("kernel lets others run before it times out at once", "[kernel]") {
  ScriptedWorld world;
  world.add("worker", [](Guest& guest) {
    for (int i = 0; i < 3; i++) {
      guest.log("works");
      guest.read(0);
    }
  });
  world.add("main", [](Guest& guest) {
    for (int i = 0; i < 3; i++) {
      guest.log(guest.read(0).timeout ? "timeout" : "message");
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "worker: works\nworker: works\nmain: timeout\nworker: works\nmain: timeout\nmain: timeout\n");
  CHECK(world.sleeps == 0);
}

TEST_CASE("kernel lets processes sleep while others work", "[kernel]") {
  ScriptedWorld world;
  world.add("echo", echo("echo"));
  world.add("sleeper", [](Guest& guest) {
    for (int i = 0; i < 3; i++) {
      guest.sleep(10 * millisecond);
      guest.log("wakes");
    }
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"echo"});
    auto service = *guest.locate("echo");
    for (int i = 0; i < 6; i++) {
      auto before = guest.world.time;
      guest.read(4);
      guest.log(guest.request(service, "hi").value + (guest.world.time - before < 5 * millisecond ? "" : " late"));
    }
    guest.sleep(0);
    guest.read(10);
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: hi\nmain: hi\nsleeper: wakes\nmain: hi\nmain: hi\nsleeper: wakes\nmain: hi\nmain: hi\n"
                     "sleeper: wakes\n");
}

TEST_CASE("kernel runs a call on top of its caller, so that two processes never switch", "[kernel]") {
  ScriptedWorld world;
  world.statistics = true;
  world.add("echo", echo("echo"));
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"echo"});
    auto service = *guest.locate("echo");
    auto before = guest.world.switches;
    for (int i = 0; i < 1000; i++) {
      if (guest.request(service, std::to_string(i)).value != std::to_string(i)) {
        guest.log("wrong");
      }
    }
    guest.log(std::to_string(guest.world.switches - before));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 1000\n"); // each call resumes echo
  CHECK(world.errors == "parigot: 1000 calls, 1000 direct\n");
  CHECK(world.deepest == 2);
}

TEST_CASE("kernel looks at the clock once for many calls, and times out all the same", "[kernel]") {
  ScriptedWorld world;
  world.tick = 1000; // nanoseconds from one look to the next
  world.add("server", [](Guest& guest) {
    guest.serve("server");
    while (true) {
      auto message = guest.read(50);
      if (message.isCall) {
        guest.returnValue(message.bundle, "done");
      } else if (message.timeout) {
        guest.log("timeout");
      }
    }
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"server"});
    auto service = *guest.locate("server");
    auto before = guest.world.time;
    for (int i = 0; i < 640; i++) {
      guest.request(service, "");
    }
    auto looks = (guest.world.time - before) / guest.world.tick;
    guest.log(looks < 100 ? "seldom" : std::to_string(looks));
    before = guest.world.time;
    guest.read(80);
    auto took = guest.world.time - before;
    guest.log(took >= 80 * millisecond && took < 81 * millisecond ? "in time" : std::to_string(took));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: seldom\nserver: timeout\nmain: in time\n");
}

TEST_CASE("kernel does not put more than a few processes on top of each other", "[kernel]") {
  ScriptedWorld world;
  constexpr int count = 40;
  for (int i = 0; i < count; i++) {
    world.add("p" + std::to_string(i), [i](Guest& guest) {
      auto name = "p" + std::to_string(i);
      guest.serve(name);
      std::optional<MethodBundle> answerTo;
      while (true) {
        auto message = guest.read(50);
        if (message.isCall) {
          answerTo = message.bundle;
          if (i == 0) {
            guest.returnValue(message.bundle, "0");
          } else {
            guest.dispatch(*guest.locate("p" + std::to_string(i - 1)), "");
          }
        } else if (message.isResolved) {
          guest.returnValue(*answerTo, name + " " + message.value);
        }
      }
    });
  }
  world.add("main", [](Guest& guest) {
    auto last = "p" + std::to_string(count - 1);
    guest.serve("main", {last});
    for (int i = 0; i < 3; i++) {
      guest.log(std::to_string(guest.request(*guest.locate(last), "").value.size()));
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 148\nmain: 148\nmain: 148\n");
  CHECK(world.deepest > 10);
  CHECK(world.deepest <= 17);
}

TEST_CASE("kernel gives a process that was called directly one message only", "[kernel]") {
  ScriptedWorld world;
  world.tick = 100000;
  // The process calls itself endlessly from the first call on. Its caller must continue nevertheless.
  world.add("busy", [](Guest& guest) {
    auto self = guest.serve("busy");
    while (true) {
      auto message = guest.read(50);
      if (message.isCall) {
        guest.returnValue(message.bundle, "done");
        guest.dispatch(self, "again");
      }
    }
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"busy"});
    guest.log(guest.request(*guest.locate("busy"), "").value);
    guest.log(guest.read(20).timeout ? "timeout" : "message");
    guest.log(guest.read(20).timeout ? "timeout" : "message");
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: done\nmain: timeout\nmain: timeout\n");
}

TEST_CASE("kernel starves nobody for two that call each other all the time", "[kernel]") {
  ScriptedWorld world;
  world.tick = 100000;
  world.add("echo", echo("echo"));
  world.add("pusher", [](Guest& guest) {
    guest.serve("pusher", {"echo"});
    auto service = *guest.locate("echo");
    while (true) {
      guest.request(service, "");
    }
  });
  world.add("bystander", [](Guest& guest) {
    for (int i = 0; i < 3; i++) {
      guest.read(0);
      guest.log("takes its turn");
    }
  });
  world.add("main", [](Guest& guest) {
    guest.read(50);
    guest.log("is woken by its deadline");
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "bystander: takes its turn\nbystander: takes its turn\nbystander: takes its turn\n"
                     "main: is woken by its deadline\n");
}

TEST_CASE("kernel answers at once where it cannot wait", "[kernel]") {
  ScriptedWorld world;
  Guest* other = nullptr;
  world.add("other", [&](Guest& guest) {
    other = &guest;
    guest.serve("other");
    auto before = guest.world.time;
    auto message = guest.read(200);
    guest.log(message.timeout ? "timeout" : "message");
    guest.log(guest.world.time - before < 201 * millisecond ? "in time" : "late");
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"other"});
    guest.sleep(100 * millisecond);
    // As within a function that `other` exports and main calls.
    auto reply = other->callFromOutside(&Kernel::readOne, other->readRequest(-1));
    guest.log(Guest::decode(reply).timeout ? "timeout" : "message");
    std::string events(4096, 0), subscriptions(48, 0);
    Writer to(events.data(), 4096);
    guest.log(std::to_string(guest.world.kernel->poll(other->number, textOf(subscriptions), to)));
    guest.sleep(200 * millisecond);
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: timeout\nmain: 2147483647\nother: timeout\nother: in time\n");
}

TEST_CASE("kernel ends the world for proc_exit in a function that another process called", "[kernel]") {
  ScriptedWorld world;
  Guest* other = nullptr;
  world.add("other", [&](Guest& guest) {
    other = &guest;
    guest.read(-1);
  });
  world.add("main", [&](Guest& guest) {
    guest.read(1);
    guest.world.kernel->exitProcess(other->number, 4);
    guest.log("must not go on");
  });
  CHECK(world.run() == 4);
  CHECK(world.log == "");
}

TEST_CASE("kernel polls clocks, and leaves everything else to the host", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto poll = [&](const std::vector<std::string>& subscriptions) {
      std::string request, events(4096, '\xee');
      for (auto& subscription : subscriptions) {
        request += subscription;
      }
      auto before = guest.world.time;
      while (true) {
        Writer reply(events.data(), 4096);
        auto error = guest.world.kernel->poll(guest.number, textOf(request), reply);
        if (!guest.world.wantsYield(guest.number)) {
          std::string users;
          for (uint32_t i = 0; i < reply.size(); i += 32) {
            users += events[i];
            users += events.substr(i + 1, 31) == std::string(31, '\0') ? "" : "?";
          }
          return std::to_string(error) + " " + users + " " + std::to_string((guest.world.time - before) / millisecond);
        }
        guest.world.switchOut(guest.number);
      }
    };
    auto clock = [&](char user, uint32_t id, uint64_t timeout, uint16_t flags, char tag = 0) {
      std::string bytes(48, '\0');
      bytes[0] = user;
      bytes[8] = tag;
      memcpy(&bytes[16], &id, 4);
      memcpy(&bytes[24], &timeout, 8);
      memcpy(&bytes[40], &flags, 2);
      return bytes;
    };
    auto ms = millisecond;
    guest.log(poll({clock('a', 1, 5 * ms, 0)}));
    guest.log(poll({clock('a', 0, 5 * ms, 0), clock('b', 1, 3 * ms, 0), clock('c', 1, 3 * ms, 0)}));
    guest.log(poll({clock('a', 1, guest.world.time + 7 * ms, 1)}));
    guest.log(poll({clock('a', 0, guest.world.realtime() + 4 * ms, 1), clock('b', 1, UINT64_MAX, 0)}));
    guest.log(poll({clock('a', 0, 1, 1), clock('b', 1, 0, 0)}));
    guest.log(poll({clock('a', 2, 1, 0)}));
    guest.log(poll({clock('a', 1, 1, 0), clock('b', 1, 1, 0, 1)}));
    guest.log(poll(std::vector<std::string>(129, clock('a', 1, 1, 0))));
    guest.log(poll(std::vector<std::string>(128, clock('a', 1, ms, 0))).substr(0, 4));
    guest.log(poll({}));
    guest.log(poll({"short"}));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 0 a 5\nmain: 0 bc 3\nmain: 0 a 7\nmain: 0 a 4\nmain: 0 ab 0\n"
                     "main: 2147483647  0\nmain: 2147483647  0\nmain: 2147483647  0\nmain: 0 aa\n"
                     "main: 28  0\nmain: 28  0\n");
}

TEST_CASE("kernel says who waits for what when nothing can happen any more", "[kernel]") {
  ScriptedWorld dead;
  dead.add("server", [](Guest& guest) { guest.read(-1); });
  dead.add("gone", [](Guest&) {});
  dead.add("main", [](Guest& guest) { guest.read(-1); });
  CHECK(dead.run() == 70);
  CHECK(dead.errors.find("server waits in read_one_") != std::string::npos);
  CHECK(dead.errors.find("main waits in read_one_") != std::string::npos);
  CHECK(dead.errors.find("gone has ended") != std::string::npos);
}

TEST_CASE("kernel fails the launches of a cycle, and says which", "[kernel]") {
  ScriptedWorld world;
  world.add("a", [](Guest& guest) {
    guest.serve("a", {"b"});
    guest.exit(0);
  });
  world.add("b", [](Guest& guest) {
    guest.serve("b", {"a"});
    guest.exit(0);
  });
  world.add("main", [](Guest& guest) {
    auto self = guest.registerService();
    guest.require(self, "a.v1", "a");
    guest.log(number(guest.launch(self)));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "a: launch failed: 11\nb: launch failed: 11\nmain: 11\n");
  CHECK(world.errors == "parigot: cycle of requirements: a (a.v1.a) -> b (b.v1.b) -> a\n");
}

TEST_CASE("kernel fails launches that require what nobody exports, but not before all wait", "[kernel]") {
  ScriptedWorld world;
  world.add("late", [](Guest& guest) {
    guest.sleep(300 * millisecond);
    guest.serve("late");
    guest.read(-1);
  });
  world.add("main", [](Guest& guest) {
    auto self = guest.registerService();
    guest.require(self, "late.v1", "late");
    guest.log(number(guest.launch(self)));
    guest.require(self, "foo.v1", "foo");
    guest.log(number(guest.launch(self)));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 0\nmain: 5\n");
  CHECK(world.errors == "parigot: service main requires foo.v1.foo, which no service of this world exports\n");
}

TEST_CASE("kernel finds no cycle where there are many ways to the same missing service", "[kernel]") {
  // 24 layers of two services; each service requires both of the next layer: 2^24 paths.
  ScriptedWorld world;
  for (int layer = 0; layer < 24; layer++) {
    for (auto side : {"l", "r"}) {
      auto name = side + std::to_string(layer);
      world.add(name, [=](Guest& guest) {
        auto next = std::to_string(layer + 1);
        guest.serve(name, {"l" + next, "r" + next});
        guest.exit(0);
      });
    }
  }
  world.add("main", [](Guest& guest) {
    auto self = guest.registerService();
    guest.require(self, "l0.v1", "l0");
    guest.log(number(guest.launch(self)));
  });
  CHECK(world.run() == 0);
  CHECK(world.log.substr(world.log.size() - 8) == "main: 5\n");
}

TEST_CASE("kernel forgets calls to a process that has ended", "[kernel]") {
  ScriptedWorld world;
  world.add("gone", [](Guest& guest) { guest.serve("gone"); });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"gone"});
    auto gone = *guest.locate("gone");
    auto call = guest.newCall();
    // The id is not in use, so an answer cannot come.
    for (int i = 0; i < 3; i++) {
      guest.log(number(guest.tryDispatch(gone, call, std::string(3000, 'x'))));
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 0\nmain: 0\nmain: 0\n");
}

TEST_CASE("kernel asks all processes to exit, or the one that has the service", "[kernel]") {
  auto server = [](const std::string& name) {
    return [name](Guest& guest) {
      guest.serve(name);
      while (true) {
        auto message = guest.read(-1);
        if (message.isExit) {
          guest.log("asked to exit with " + std::to_string(message.exit.code));
          guest.exit(uint32_t(message.exit.code));
        }
      }
    };
  };
  ScriptedWorld world;
  world.add("a", server("a"));
  world.add("b", server("b"));
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main", {"a", "b"});
    guest.requestExit(guest.locate("a")->id, 1);
    guest.log(guest.read(1).isResolved ? "told so" : "not told so");
    guest.read(1);
    guest.requestExit({uint64_t('s') << 56 | 5, 5}, -1);
    guest.log("me: " + std::to_string(guest.read(1).exit.code));
    guest.requestExit(self.id, 3, true);
    guest.read(1);
    guest.read(1);
  });
  CHECK(world.run() == 3);
  CHECK(world.log == "main: told so\na: asked to exit with 1\nmain: me: 192\nb: asked to exit with 3\n");
}
