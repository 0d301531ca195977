// The kernel for processes of parigot's first generation (src/runtime/kernel/generation1.cpp), with scripts.

#include <catch2/catch.hpp>

#include "kernel-world.h"
#include "runtime/kernel/frame.h"
#include "runtime/kernel/messages1.h"

using namespace kernel;

namespace {

std::string number(Error error) { return std::to_string(int(error)); }

void writeName(Writer& to, uint32_t field, const std::string& name) {
  auto mark = to.open(field);
  to.text(1, textOf(name + ".v1"));
  to.text(2, textOf(name));
  to.close(mark);
}

std::string names(const std::vector<std::string>& list) {
  return encode([&](Writer& to) {
    for (auto& name : list) {
      writeName(to, 1, name);
    }
  });
}

// DispatchResponse and BlockUntilCallResponse have these fields, in one order or another.
struct Response1 {
  Text first, second, third, fourth;
  int64_t timedOut = 0;
  static constexpr Field fields[] = {{1, Kind::bytes, 0},
                                     {2, Kind::bytes, sizeof(Text)},
                                     {3, Kind::bytes, 2 * sizeof(Text)},
                                     {4, Kind::bytes, 3 * sizeof(Text)},
                                     {5, Kind::number, 4 * sizeof(Text)}};
};

// A process of generation 1.
struct Guest1 {
  Guest& guest;

  Error exportAll(const std::vector<std::string>& list) { return guest.call1(&Kernel::export1, names(list)).error; }
  Error requireAll(const std::vector<std::string>& list) { return guest.call1(&Kernel::require1, names(list)).error; }
  Error run(bool wait = true) {
    return guest.call1(&Kernel::run1, encode([&](Writer& to) { to.number(1, wait); })).error;
  }
  Error bind(const std::string& name, const std::string& method) {
    return guest.call1(&Kernel::bindMethod1, encode([&](Writer& to) {
      to.text(1, textOf(name + ".v1"));
      to.text(2, textOf(name));
      to.text(3, textOf(method));
    })).error;
  }
  // A ServiceId.
  std::string locate(const std::string& name) {
    auto answer = guest.call1(&Kernel::locate1, encode([&](Writer& to) {
      to.text(1, textOf(name + ".v1"));
      to.text(2, textOf(name));
    }));
    Response1 response;
    return answer.error == Error::none && read(textOf(answer.bytes), response) ? stringOf(response.first)
                                                                              : "error " + number(answer.error);
  }
  std::string dispatch(const std::string& service, const std::string& method, const std::string& param) {
    auto answer = guest.call1(&Kernel::dispatch1, encode([&](Writer& to) {
      to.bytes(1, textOf(service));
      to.text(2, textOf(method));
      to.text(3, "caller");
      to.bytes(4, "pctx");
      auto any = to.open(5);
      to.text(2, textOf(param));
      to.close(any);
    }));
    Response1 response;
    if (answer.error != Error::none || !read(textOf(answer.bytes), response)) {
      return "error " + number(answer.error);
    }
    Id call, bound;
    bool ids = readId1(response.third, call) && readId1(response.fourth, bound) && call.high >> 56 == 'c' &&
               bound.high >> 56 == 'm';
    return value(response.second) + " " + stringOf(response.first) + (ids ? "" : " without ids");
  }
  std::string call(const std::string& name, const std::string& method, const std::string& param) {
    return dispatch(locate(name), method, param);
  }
  static std::string value(Text any) {
    FullyQualifiedService fields; // the same shape
    return read(any, fields) ? stringOf(fields.service) : "malformed";
  }

  struct Incoming {
    bool timedOut;
    std::string param, pctx, call;
    Error error;
  };
  Incoming block(bool canTimeout) {
    auto answer =
      guest.call1(&Kernel::blockUntilCall1, encode([&](Writer& to) { to.number(1, canTimeout); }));
    Response1 response;
    read(textOf(answer.bytes), response);
    return {response.timedOut != 0, value(response.first), stringOf(response.second), stringOf(response.fourth),
            answer.error};
  }
  Error returnValue(const Incoming& incoming, const std::string& result, std::function<void(Writer&)> more = {}) {
    return guest.call1(&Kernel::returnValue1, encode([&](Writer& to) {
      to.bytes(1, textOf(incoming.call));
      auto any = to.open(3);
      to.text(2, textOf(result));
      to.close(any);
      to.bytes(4, "out");
      if (more) {
        more(to);
      }
    })).error;
  }
};

void upper(Guest& guest) {
  Guest1 self{guest};
  self.bind("upper", "Do");
  self.exportAll({"upper"});
  self.run();
  while (true) {
    auto incoming = self.block(false);
    for (auto& c : incoming.param) {
      c = char(toupper(c));
    }
    self.returnValue(incoming, incoming.param + incoming.pctx);
  }
}

} // namespace

TEST_CASE("kernel's frames have Go's crc32.Koopman", "[kernel]") {
  CHECK(crcKoopman("123456789") == 0x2d3dd0ae);
  CHECK(crcKoopman({}) == 0);
  std::string frame(frameHeaderBytes, '\0');
  frame += "hello";
  frame += std::string(frameTrailerBytes, '\0');
  REQUIRE(closeFrame(frame.data(), 5) == frame.size());
  CHECK(frame.substr(0, 12) == std::string("\x04\x07\x76\x17\x14\x07\x89\x17\x05\0\0\0", 12));
  Text message;
  REQUIRE(openFrame(textOf(frame), message));
  CHECK(stringOf(message) == "hello");
  for (size_t bit = 0; bit < frame.size() * 8; bit++) {
    auto damaged = frame;
    damaged[bit / 8] = char(damaged[bit / 8] ^ 1 << bit % 8);
    CHECK(!openFrame(textOf(damaged), message));
  }
  for (uint32_t size = 0; size < frame.size(); size++) {
    CHECK(!openFrame({frame.data(), size}, message));
  }
}

TEST_CASE("kernel of generation 1 carries a call, which waits for its result", "[kernel]") {
  ScriptedWorld world;
  world.statistics = true;
  world.add("upper", upper);
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"upper"});
    guest.log(number(self.run()));
    guest.log(self.call("upper", "Do", "hello"));
    guest.log(self.call("upper", " Do ", "again"));
    guest.log(self.call("upper", "Other", ""));
    guest.log(self.locate("nothing"));
    guest.log(self.dispatch(encode([](Writer& to) { writeId1(to, 1, {1, 2}); }).substr(3), "Do", ""));
    guest.call1(&Kernel::log1, encode([](Writer& to) { to.text(3, "to standard error\n"); }));
    guest.call1(&Kernel::exit1, encode([](Writer& to) { to.number(1, 300); }));
  });
  CHECK(world.run() == 192);
  CHECK(world.log == "main: 0\nmain: HELLOpctx out\nmain: AGAINpctx out\nmain: error 3\nmain: error 5\nmain: error 26\n");
  CHECK(world.errors == "to standard error\nparigot: 2 calls, 2 direct\n");
}

TEST_CASE("kernel of generation 1 refuses what is in no frame, or no protobuf", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    Kernel::Handler1 calls[] = {&Kernel::locate1, &Kernel::dispatch1, &Kernel::bindMethod1, &Kernel::blockUntilCall1,
                                &Kernel::returnValue1, &Kernel::require1, &Kernel::export1, &Kernel::run1,
                                &Kernel::exit1, &Kernel::log1};
    for (auto call : calls) {
      for (auto error : {guest.callWithFrame(call, "").error, guest.callWithFrame(call, "no frame at all").error,
                         guest.call1(call, "\x0a\x05").error}) {
        if (error != Error::unmarshalFailed) {
          guest.log(number(error));
        }
      }
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "");
}

TEST_CASE("kernel of generation 1 hands on what went wrong", "[kernel]") {
  ScriptedWorld world;
  world.add("fails", [](Guest& guest) {
    Guest1 self{guest};
    self.exportAll({"fails"});
    self.bind("fails", "Do");
    self.run();
    auto answer = [&](std::function<void(Writer&)> more) { self.returnValue(self.block(false), "", more); };
    answer([](Writer& to) { to.text(5, "marshal"); });
    answer([](Writer& to) { to.text(6, "exec"); });
    answer([](Writer& to) {
      auto mark = to.open(7);
      to.number(3, 77);
      to.close(mark);
    });
    self.block(false);
    guest.exit(2); // without an answer
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"fails"});
    self.run();
    for (int i = 0; i < 5; i++) {
      guest.log(self.call("fails", "Do", ""));
    }
  });
  // As with parigot's own kernel, nobody answers for a process that has ended: main waits for ever.
  CHECK(world.run() == 70);
  CHECK(world.log == "main: error 7\nmain: error 18\nmain: error 77\n");
}

TEST_CASE("kernel of generation 1 waits in run_ for what is required, and in block_until_call_ as told", "[kernel]") {
  ScriptedWorld world;
  world.add("eager", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"slow"});
    guest.log("does not wait " + number(self.run(false)));
    guest.log("waits " + number(self.run()));
    self.block(false);
  });
  world.add("slow", [](Guest& guest) {
    Guest1 self{guest};
    guest.sleep(30000000);
    self.exportAll({"slow"});
    guest.log("runs " + number(self.run()));
    self.block(false);
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    auto before = guest.world.time;
    guest.log(self.block(true).timedOut ? "timed out" : "call");
    guest.log(std::to_string((guest.world.time - before) / 1000000));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "eager: does not wait 0\nslow: runs 0\neager: waits 0\nmain: timed out\nmain: 50\n");
}

TEST_CASE("kernel of generation 1 fails a run_ that can never end", "[kernel]") {
  ScriptedWorld world;
  auto member = [](const std::string& mine, const std::string& other) {
    return [=](Guest& guest) {
      Guest1 self{guest};
      self.exportAll({mine});
      self.requireAll({other});
      guest.log(number(self.run()));
    };
  };
  world.add("a", member("a", "b"));
  world.add("b", member("b", "a"));
  world.add("main", member("main", "nothing"));
  CHECK(world.run() == 0);
  CHECK(world.log == "a: 11\nb: 11\nmain: 5\n");
  CHECK(world.errors == "parigot: cycle of requirements: a (a.v1.a) -> b (b.v1.b) -> a\n"
                        "parigot: service main requires nothing.v1.nothing, which no service of this world exports\n");
}

TEST_CASE("kernel carries calls between the generations", "[kernel]") {
  ScriptedWorld world;
  world.add("upper", upper);
  world.add("second", [](Guest& guest) {
    guest.serve("second", {"upper"});
    auto upper = *guest.locate("upper");
    guest.answerCalls([&](const std::string& text) { return "second " + guest.request(upper, text).value; });
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"second"});
    self.run();
    guest.log(self.call("second", "Do", "hi"));
    // A process speaks one of them.
    guest.log(number(guest.call(&Kernel::readOne, "").error));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: second HI \nmain: 27\n");
}

TEST_CASE("kernel ends processes of generation 1 that are asked to exit", "[kernel]") {
  ScriptedWorld world;
  world.add("upper", upper);
  world.add("second", [](Guest& guest) {
    guest.serve("second");
    while (true) {
      auto message = guest.read(-1);
      if (message.isCall) {
        guest.requestExit({}, 8, true);
        guest.returnValue(message.bundle, "");
      }
    }
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"second", "upper"});
    self.run();
    guest.log(self.call("second", "Do", ""));
    self.block(true);
    guest.log("must not go on");
  });
  CHECK(world.run() == 8);
  CHECK(world.log == "main:  \n");
}
