// The laws in the kernel (src/runtime/kernel/rights.cpp): which calls a process may make, and that it can neither guess
// what it may not find, nor answer what it was not asked.

#include <catch2/catch.hpp>

#include "kernel-world.h"

using namespace kernel;

namespace {

auto echo(const std::string& name) {
  return [name](Guest& guest) {
    guest.serve(name);
    guest.answerCalls([name](const std::string& text) { return name + ":" + text; });
  };
}

// What main gets of a service under these laws: the answer, or the error of locate_.
std::string asked(std::optional<std::vector<std::string>> laws, const std::string& name = "store") {
  ScriptedWorld world;
  if (laws) {
    world.laws["main"] = *laws;
  }
  world.add("storage", echo("store"));
  world.add("other", echo("store2"));
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"store", "store2"});
    Error error{};
    auto found = guest.locate(name, &error);
    guest.log(found ? guest.request(*found, "x").value : std::to_string(int(error)));
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  return world.log;
}

} // namespace

TEST_CASE("kernel lets a process call what its laws allow", "[kernel][laws]") {
  CHECK(asked(std::nullopt) == "main: store:x\n");
  for (std::string pattern : {"*",
                              "storage.*",
                              "storage.Do",
                              "store.v1.store.*",
                              "store.v1.store.Do",
                              "stor*",
                              "store.v1.*",
                              "storage.D*",
                              "store.*"}) {
    INFO(pattern);
    CHECK(asked({{pattern}}) == "main: store:x\n");
    CHECK(asked({{"nobody.*", pattern}}) == "main: store:x\n");
  }
}

TEST_CASE("kernel does not show a process what no law allows it to call", "[kernel][laws]") {
  constexpr auto notFound = "main: 5\n"; // KernelErr_NotFound of parigot's syscall.proto
  CHECK(asked({{}}) == notFound);
  for (std::string pattern : {"stor",
                              "storage",
                              "storage2.*",
                              "storag.*",
                              "store.v1.stor.Do",
                              "store.v1.store2.*",
                              "main.*",
                              "other.*",
                              "store2.v1.store2.Do",
                              "Storage.Do"}) {
    INFO(pattern);
    CHECK(asked({{pattern}}) == notFound);
  }
  CHECK(asked({{"storage.*"}}, "store2") == notFound);
  CHECK(asked({{"store.v1.store.*"}}, "store2") == notFound);
  CHECK(asked({{"store2*"}}, "store2") == "main: store2:x\n");
  CHECK(asked({{"store*"}}, "store2") == "main: store2:x\n"); // it begins so
  CHECK(asked({{"other.*"}}, "store2") == "main: store2:x\n");
}

TEST_CASE("kernel gives the methods that a law allows, and refuses the ids of the others", "[kernel][laws]") {
  ScriptedWorld world;
  world.laws["main"] = {"storage.Get"};
  world.laws["free"] = {"*"};
  Guest::Service get, put; // as if they had leaked
  world.add("storage", [&](Guest& guest) {
    auto service = guest.registerService();
    guest.exportName(service, "store.v1", "store");
    put = {service, guest.bind(service, "Put")};
    get = {service, guest.bind(service, "Get")};
    guest.launch(service);
    guest.answerCalls([](const std::string& text) { return text; });
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"store"});
    auto found = guest.locate("store");
    REQUIRE(found);
    CHECK(found->method == get.method); // the only one that is shown
    CHECK(guest.tryDispatch(put, guest.newCall(), "x") == Error::idDispatch);
    CHECK(guest.tryDispatch(get, guest.newCall(), "x") == Error::none);
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  CHECK(world.errors == "");
}

TEST_CASE("kernel says which law is missing", "[kernel][laws]") {
  ScriptedWorld world;
  world.laws["main"] = {};
  world.add("storage", echo("store"));
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"store"});
    CHECK_FALSE(guest.locate("store"));
    CHECK(guest.locate("main")); // its own
    guest.exit(0);
  });
  world.run();
  CHECK(world.errors == "parigot: no law allows service main to call store.v1.store\n");
}

TEST_CASE("kernel gives one of several exporters, of those that a law allows", "[kernel][laws]") {
  ScriptedWorld world;
  world.laws["main"] = {"second.*"};
  for (std::string name : {"first", "second", "third"}) {
    world.add(name, [name](Guest& guest) {
      guest.serve("store");
      guest.answerCalls([name](const std::string&) { return name; });
    });
  }
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"store"});
    for (int i = 0; i < 4; i++) {
      guest.log(guest.request(*guest.locate("store"), "").value);
    }
    guest.exit(0);
  });
  world.run();
  CHECK(world.log == "main: second\nmain: second\nmain: second\nmain: second\n");
}

TEST_CASE("kernel lets nobody answer a call that he was not asked", "[kernel][laws]") {
  ScriptedWorld world;
  MethodBundle seen; // the whole bundle of a call, as if it had leaked
  world.add("victim", [&](Guest& guest) {
    guest.serve("victim");
    auto message = guest.read(-1);
    seen = message.bundle;
    guest.sleep(1000000);
    CHECK(guest.returnValue(message.bundle, "right") == Error::none);
    CHECK(guest.returnValue(message.bundle, "twice") == Error::badId);
    guest.read(-1);
  });
  world.add("thief", [&](Guest& guest) {
    guest.serve("thief");
    guest.sleep(1000);
    REQUIRE(seen.call.isSet());
    CHECK(guest.returnValue(seen, "wrong") == Error::badId);
    auto guessed = seen;
    guessed.call.low++;
    CHECK(guest.returnValue(guessed, "wrong") == Error::badId);
    guest.read(-1);
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"victim", "thief"});
    guest.log(guest.request(*guest.locate("victim"), "").value);
    guest.exit(0);
  });
  world.run();
  CHECK(world.log == "main: right\n");
}

TEST_CASE("kernel of an open world lets a process dispatch to what it was allowed to locate", "[kernel][laws]") {
  ScriptedWorld world;
  world.open = true;
  world.laws["main"] = {"known.v1.known.*"};
  Id known{uint64_t('s') << 56 | 1, 1}, other{uint64_t('s') << 56 | 2, 2}, method{uint64_t('m') << 56 | 1, 1};
  std::string log;
  world.outside = [&](HostCall call, Text request, Writer& reply) {
    if (call == locateCall) {
      bool asksKnown = stringOf(request).find("known") != std::string::npos;
      reply.id(1, known);
      reply.id(2, asksKnown ? known : other);
    }
    log += call == dispatchCall ? "dispatch\n" : "";
    return Error::none;
  };
  world.add("main", [&](Guest& guest) {
    auto ask = [&](const std::string& name) {
      return guest
        .call(&Kernel::locate, encode([&](Writer& to) {
          to.text(1, textOf(name + ".v1"));
          to.text(2, textOf(name));
        }))
        .error;
    };
    CHECK(guest.tryDispatch({known, method}, guest.newCall(), "x") == Error::idDispatch); // not located yet
    CHECK(ask("known") == Error::none);
    CHECK(guest.tryDispatch({known, method}, guest.newCall(), "x") == Error::none);
    CHECK(ask("other") == Error::notFound);
    CHECK(guest.tryDispatch({other, method}, guest.newCall(), "x") == Error::idDispatch);
    guest.exit(0);
  });
  world.run();
  CHECK(log == "dispatch\n");
  CHECK(world.errors == "parigot: no law allows service main to call other.v1.other\n");
}
