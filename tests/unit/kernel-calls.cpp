// The kernel's calls (src/runtime/kernel), made by scripts as processes: their answers, and the order of messages.

#include <catch2/catch.hpp>

#include "kernel-world.h"
#include "wire-facts.h"

using namespace kernel;

namespace {

std::string number(Error error) { return std::to_string(int(error)); }
const Id unknown{uint64_t('s') << 56 | 12345, 67890};
const Id emptyId{uint64_t('s') << 56, 0};
const Id zeroId{uint64_t('s') << 56 | 0xffffffffffff, UINT64_MAX};

void shout(Guest& guest) {
  guest.serve("shout");
  guest.answerCalls([](const std::string& text) { return text + "!"; });
}

} // namespace

TEST_CASE("kernel carries a call from a client to a server and back", "[kernel]") {
  ScriptedWorld world;
  world.statistics = true;
  world.add("shout", shout);
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"shout"});
    auto service = guest.locate("shout");
    guest.log(guest.request(*service, "hello").value);
    guest.log(guest.request(*service, "").value);
    guest.exit(7);
  });
  CHECK(world.run() == 7);
  CHECK(world.log == "main: hello!\nmain: !\n");
  CHECK(world.errors == "parigot: 2 calls, 2 direct\n");
}

TEST_CASE("kernel refuses ids that are empty, zero or unknown", "[kernel]") {
  ScriptedWorld world;
  world.add("shout", shout);
  world.add("main", [](Guest& guest) {
    auto [self, method] = guest.serve("main", {"shout"});
    for (auto& id : {Id{}, emptyId, zeroId, unknown}) {
      guest.log("export " + number(guest.exportName(id, "a", "b")));
      guest.log("require " + number(guest.require(id, "a", "b")));
      guest.log("bind " + number(guest
                                   .call(&Kernel::bindMethod, encode([&](Writer& to) {
                                     to.id(2, id);
                                     to.text(3, "Do");
                                   }))
                                   .error));
      guest.log("launch " + number(guest.launch(id)));
      guest.log("dispatch " + number(guest.tryDispatch({id, method}, guest.newCall(), "")));
      guest.log("return " + number(guest.returnValue({{}, {}, {}, id}, "")));
    }
    auto shout = guest.locate("shout");
    guest.log("not mine " + number(guest.exportName(shout->id, "a", "b")));
    guest.log("method " + number(guest.tryDispatch({self, shout->method}, guest.newCall(), "")));
    guest.log("no call " + number(guest.tryDispatch({self, method}, {}, "")));
    guest.log("no host " + number(guest.call(&Kernel::registerService, "").error));
  });
  CHECK(world.run() == 0);
  std::string expected;
  for (int i = 0; i < 4; i++) {
    for (auto call : {"export", "require", "bind", "launch", "dispatch", "return"}) {
      // parigot's kernel, too, binds a method to any service id (sys/kernel/kdata.go:231).
      expected += std::string("main: ") + call + (call == std::string("bind") ? " 0\n" : " 26\n");
    }
  }
  CHECK(world.log == expected + "main: not mine 26\nmain: method 3\nmain: no call 26\nmain: no host 0\n");
}

TEST_CASE("kernel refuses requests that are no protobuf", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    for (auto call : kernelHandlers) {
      for (std::string bytes :
           {"\x0a", "\x0a\x05", "\x0f", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x0a\x01\x08"}) {
        auto error = guest.call(call, bytes).error;
        // This call does not decode the submessage, so it can be anything.
        if (error != Error::unmarshalFailed && bytes.size() != 3) {
          guest.log(number(error));
        }
      }
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "");
}

TEST_CASE("kernel binds methods under their trimmed names, the latest id of a name counts", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto service = guest.registerService();
    guest.exportName(service, "x.v1", "x");
    auto first = guest.bind(service, " Do\n");
    auto second = guest.bind(service, "Do");
    guest.log(guest.bind(service, " \t ").isSet() ? "bound" : "refused"); // as parigot does
    auto found = guest.locate("x");
    guest.log(found->method == second && !(first == second) ? "second" : "first");
    guest.log(number(guest.tryDispatch({service, first}, guest.newCall(), "")));
    guest.log(number(guest.tryDispatch({service, second}, guest.newCall(), "to myself")));
    guest.log(guest.read(-1).value);
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: bound\nmain: second\nmain: 3\nmain: 0\nmain: to myself\n");
}

TEST_CASE("kernel refuses ids of calls that are in use, until those are answered", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main");
    auto call = guest.newCall();
    guest.log(number(guest.tryDispatch(self, call, "1")));
    guest.log(number(guest.tryDispatch(self, call, "2")));
    auto bundle = guest.read(0).bundle;
    guest.log(number(guest.returnValue(bundle, "")));
    guest.log(number(guest.returnValue(bundle, "")));
    guest.log(number(guest.tryDispatch(self, call, "3")));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 0\nmain: 32\nmain: 0\nmain: 26\nmain: 0\n");
}

TEST_CASE("kernel locates exporters of a name in turn, for those that require it", "[kernel]") {
  ScriptedWorld world;
  for (auto name : {"one", "two"}) {
    world.add(name, [name](Guest& guest) {
      guest.serve("pair");
      guest.answerCalls([&](auto&) { return name; });
    });
  }
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main", {"pair"});
    for (int i = 0; i < 4; i++) {
      guest.log(guest.request(*guest.locate("pair"), "").value);
    }
    Error error;
    guest.locate("nothing", &error);
    guest.log(number(error));
    for (auto& by : {self.id, unknown, guest.registerService()}) {
      guest.log(number(guest
                         .call(&Kernel::locate, encode([&](Writer& to) {
                           to.text(1, "pair.v1");
                           to.text(2, "pair");
                           to.id(3, by);
                         }))
                         .error));
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: one\nmain: two\nmain: one\nmain: two\nmain: 5\nmain: 0\nmain: 28\nmain: 28\n");
}

// The guest library's Exit: exit_, return_value_ of the same call, and a completer that waits for an ExitResponse.
TEST_CASE("kernel resolves an exit as a call, for whoever exits and for who asked", "[kernel]") {
  ScriptedWorld world;
  auto say = [](Guest& guest, const Guest::Message& message) {
    guest.log(message.resultType + (message.isExit ? " exit " + std::to_string(message.exit.code) : "") +
              (message.complete && message.isResolved ? "" : " incomplete") +
              (message.bundle.method == facts::id("ExitMethod") ? "" : " another method"));
  };
  kernel::Id other;
  world.add("other", [&](Guest& guest) {
    other = guest.serve("other").id;
    say(guest, guest.read(-1));
    say(guest, guest.read(-1));
  });
  world.add("main", [&](Guest& guest) {
    auto self = guest.serve("main", {"other"});
    guest.requestExit(other, 4);
    say(guest, guest.read(-1));
    guest.requestExit(self.id, 5, true);
    auto message = guest.read(-1);
    say(guest, message);
    guest.log(number(guest.returnValue({{}, {}, {}, message.bundle.call}, ""))); // this call has been answered already
    guest.sleep(1000);
  });
  CHECK(world.run() == 5);
  std::string type = "type.googleapis.com/syscall.v1.ExitResponse";
  CHECK(world.log.find("main: " + type + "\n") == 0);
  CHECK(world.log.find("other: " + type + " exit 4\n") != std::string::npos);
  CHECK(world.log.find("other: " + type + " exit 5\n") != std::string::npos);
  CHECK(world.log.find("main: " + type + " exit 5\nmain: 26\n") != std::string::npos);
  CHECK(std::count(world.log.begin(), world.log.end(), '\n') == 5);
}

TEST_CASE("kernel gives exit requests first, then results, then calls, each in order", "[kernel]") {
  ScriptedWorld world;
  world.add("echo", [](Guest& guest) {
    guest.serve("echo");
    guest.answerCalls([&](const std::string& text) {
      guest.dispatch(*guest.locate("main"), "call " + text);
      return "result " + text;
    });
  });
  world.add("main", [](Guest& guest) {
    auto self = guest.serve("main", {"echo"});
    while (!guest.locate("echo")) {
      guest.read(1);
    }
    guest.dispatch(*guest.locate("echo"), "1");
    guest.dispatch(*guest.locate("echo"), "2");
    guest.sleep(1000000);
    guest.requestExit(self.id, 9);
    guest.requestExit(self.id, 500);
    for (int i = 0; i < 6; i++) {
      auto message = guest.read(0);
      guest.log(message.isExit ? "exit " + std::to_string(message.exit.code) : message.value);
    }
    guest.log(guest.read(0).timeout ? "timeout" : "more");
  });
  CHECK(world.run() == 192);
  CHECK(world.log ==
        "main: exit 9\nmain: exit 192\nmain: result 1\nmain: result 2\nmain: call 1\nmain: call 2\nmain: timeout\n");
}

TEST_CASE("kernel hands on errors of calls, and messages byte for byte", "[kernel]") {
  ScriptedWorld world;
  std::string got;
  world.add("fails", [&](Guest& guest) {
    guest.serve("fails");
    while (true) {
      auto reply = guest.call(&Kernel::readOne, guest.readRequest(-1));
      auto message = Guest::decode(reply);
      got = reply.bytes;
      guest.log(number(guest.returnValue(message.bundle, "", Error(17))));
    }
  });
  std::string sent;
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"fails"});
    auto fails = *guest.locate("fails");
    // A bundle with an unknown field, and an empty param.
    auto id = guest.newCall();
    sent = encode([&](Writer& to) {
      auto mark = to.open(2);
      to.id(1, world.hostId(guest.number));
      to.id(2, fails.id);
      to.id(3, fails.method);
      to.id(4, id);
      to.text(99, "unknown");
      to.close(mark);
      to.bytes(3, "");
    });
    auto request = sent;
    request[0] = 0x0a; // field 1 of the request
    guest.log(number(guest.call(&Kernel::dispatch, request).error));
    auto message = guest.read(-1);
    guest.log(number(message.resultError) + (message.bundle.call == id ? " mine" : " not mine"));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "fails: 0\nmain: 0\nmain: 17 mine\n");
  // Compares everything except lengths, which can be written in more than one way.
  ReadOneResponse expected, actual;
  REQUIRE(read(textOf(sent), expected));
  REQUIRE(read(textOf(got), actual));
  CHECK(stringOf(actual.bundle) == stringOf(expected.bundle));
  CHECK(actual.param.data);
}

TEST_CASE("kernel drops messages that are too large, and tells who called", "[kernel]") {
  ScriptedWorld world;
  world.add("big", [&](Guest& guest) {
    guest.serve("big");
    while (true) {
      auto message = guest.read(-1);
      guest.log(message.isCall ? "got " + std::to_string(message.value.size()) : "error " + number(message.error));
      if (message.isCall) {
        guest.returnValue(message.bundle, message.value + std::string(200, 'x'));
      }
    }
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"big"});
    auto big = *guest.locate("big");
    for (size_t size : {10, 3700, 3900, 5000}) {
      guest.dispatch(big, std::string(size, 'y'));
      auto message = guest.read(10);
      guest.log(message.isResolved ? number(message.resultError) + " " + std::to_string(message.value.size())
                                   : "error " + number(message.error));
      guest.log(guest.read(10).timeout ? "timeout" : "more");
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "big: got 10\nmain: 0 210\nmain: timeout\n"
                     "big: got 3700\nmain: 0 3900\nmain: timeout\n"
                     "big: got 3900\nmain: error 6\nmain: timeout\n"
                     "big: error 6\nmain: 6 0\nmain: timeout\n");
}

TEST_CASE("kernel accepts calls to a process that has ended, and answers to one", "[kernel]") {
  ScriptedWorld world;
  world.add("mayfly", [](Guest& guest) {
    guest.serve("mayfly");
    guest.read(-1);
    guest.exit(2);
  });
  world.add("keeper", [](Guest& guest) {
    guest.serve("keeper");
    auto message = guest.read(-1);
    guest.read(20);
    guest.log("return " + number(guest.returnValue(message.bundle, "late")));
    guest.log("again " + number(guest.returnValue(message.bundle, "late")));
  });
  world.add("caller", [](Guest& guest) {
    guest.serve("caller", {"keeper"});
    guest.dispatch(*guest.locate("keeper"), "");
  });
  world.add("main", [](Guest& guest) {
    guest.serve("main", {"mayfly"});
    auto mayfly = *guest.locate("mayfly");
    guest.dispatch(mayfly, "1");
    guest.log(number(guest.tryDispatch(mayfly, guest.newCall(), "2")));
    guest.log(guest.read(100).timeout ? "timeout" : "answer");
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: 0\nkeeper: return 8\nkeeper: again 26\nmain: timeout\n");
}

TEST_CASE("kernel makes ids that are set, of their letter, and all different", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    std::vector<Id> ids;
    for (int i = 0; i < 50; i++) {
      ids.push_back(guest.registerService());
      ids.push_back(guest.bind(ids.back(), "Do"));
    }
    for (size_t i = 0; i < ids.size(); i++) {
      if (!ids[i].isSet() || ids[i].high >> 56 != (i % 2 ? 'm' : 's')) {
        guest.log("not set");
      }
      for (size_t j = 0; j < i; j++) {
        if (ids[i] == ids[j] || ids[i].low == ids[j].low) {
          guest.log("same");
        }
      }
    }
    // All bits but the letter and byte 6 are random.
    uint64_t high = 0, low = 0;
    for (auto& id : ids) {
      high |= (id.high ^ ids[id.high >> 56 == 's' ? 0 : 1].high);
      low |= id.low ^ ids[0].low;
    }
    if (high != (uint64_t(1) << 48) - 1 || ~low) {
      guest.log("some bits are always the same");
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "");
}

TEST_CASE("kernel finds each of many services by its id", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    std::vector<Id> ids;
    for (int i = 0; i < 300; i++) {
      ids.push_back(guest.registerService());
    }
    for (auto& id : ids) {
      for (auto& other : {id, Id{id.high ^ 1, id.low}, Id{id.high, id.low ^ 1}}) {
        auto answer = guest.call(&Kernel::exportNames, encode([&](Writer& to) {
          to.id(1, other);
          to.id(3, guest.world.hostId(guest.number));
        }));
        if ((answer.error == Error::none) != (other == id)) {
          guest.log("found another service, or none");
        }
      }
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "");
}

TEST_CASE("kernel lets nobody answer, bind or require for another process", "[kernel]") {
  ScriptedWorld world;
  Id call;
  world.add("server", [&](Guest& guest) {
    guest.serve("server");
    while (true) {
      auto message = guest.read(-1);
      if (message.isCall) {
        call = message.bundle.call;
      }
    }
  });
  world.add("main", [&](Guest& guest) {
    guest.serve("main", {"server"});
    auto server = *guest.locate("server");
    auto asked = guest.dispatch(server, "hello");
    guest.read(1);
    guest.log(asked == call ? "server has it" : "server has it not");
    guest.log("answer: " + number(guest.returnValue({{}, {}, {}, asked}, "")));
    guest.log("bind: " + number(guest
                                  .call(&Kernel::bindMethod, encode([&](Writer& to) {
                                    to.id(2, server.id);
                                    to.text(3, "mine");
                                  }))
                                  .error));
    guest.log("require: " + number(guest.require(server.id, "a", "b")));
    guest.exit(0);
  });
  CHECK(world.run() == 0);
  // BadId: api/proto/syscall/v1/syscall.proto:117.
  CHECK(world.log == "main: server has it\nmain: answer: 26\nmain: bind: 26\nmain: require: 26\n");
}
