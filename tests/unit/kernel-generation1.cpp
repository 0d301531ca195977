// The kernel for processes of parigot's first generation (src/runtime/kernel/generation1.cpp), with scripts.

#include "kernel-guest1.h"
#include "runtime/kernel/frame.h"

using namespace kernel;
using namespace guest1;

namespace {

void upper(Guest& guest) {
  Guest1 self{guest};
  self.bind("upper", "Do");
  self.exportAll({"upper"});
  self.run();
  while (true) {
    auto incoming = self.nextCall();
    for (auto& c : incoming.param) {
      c = char(toupper(c));
    }
    self.returnValue(incoming, incoming.param + incoming.pctx);
  }
}

} // namespace

TEST_CASE("kernel's frames are parigot's, with Go's crc32.Koopman", "[kernel]") {
  CHECK(checksum("123456789") == 0x2d3dd0ae);
  CHECK(crcKoopman("123456789") == 0x2d3dd0ae);
  CHECK(crcKoopman({}) == 0);
  auto good = frame("hello");
  Text message;
  REQUIRE(openFrame(textOf(good), message));
  CHECK(stringOf(message) == "hello");
  std::string made(frontMatterSize, '\0');
  made += "hello" + std::string(trailerSize, '\0');
  REQUIRE(closeFrame(made.data(), 5) == good.size());
  CHECK(made == good);
  for (size_t bit = 0; bit < good.size() * 8; bit++) {
    auto damaged = good;
    damaged[bit / 8] = char(damaged[bit / 8] ^ 1 << bit % 8);
    CHECK(!openFrame(textOf(damaged), message));
  }
  for (uint32_t size = 0; size < good.size(); size++) {
    CHECK(!openFrame({good.data(), size}, message));
  }
  // splitutil.go:218-222: the message has to be shorter than ReadBufferSize.
  CHECK(openFrame(textOf(frame(std::string(readBufferSize - 1, 'x'))), message));
  CHECK(!openFrame(textOf(frame(std::string(readBufferSize, 'x'))), message));
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
    guest.log(self.dispatch(
      encode([](Writer& to) { to.bytes(1, textOf(baseId('s', uint64_t('s') << 56 | 1, 2))); }), "Do", ""));
    // The request has no frame: sys/syscallrw.go:318-327.
    auto line = encode([](Writer& to) { to.text(3, "to standard error\n"); });
    guest.log(number(guest.call1(&Kernel::log1, line, readBufferSize).code));
    ask(guest, &Kernel::exit1, encode([](Writer& to) { to.number(1, 300); }));
  });
  CHECK(world.run() == 192);
  CHECK(world.log == "main: 0\nmain: HELLOpctx out\nmain: AGAINpctx out\nmain: error 3\nmain: error 3\nmain: error 3\n"
                     "main: 0\n");
  CHECK(world.errors == "to standard error\nparigot: 2 calls, 2 direct\n");
}

TEST_CASE("kernel of generation 1 refuses what is in no frame, or no protobuf", "[kernel]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    Kernel::Handler1 calls[] = {&Kernel::locate1,
                                &Kernel::dispatch1,
                                &Kernel::bindMethod1,
                                &Kernel::blockUntilCall1,
                                &Kernel::returnValue1,
                                &Kernel::require1,
                                &Kernel::export1,
                                &Kernel::run1,
                                &Kernel::exit1};
    for (auto call : calls) {
      CHECK(guest.call1(call, "", readBufferSize).code == decodeError);
      CHECK(guest.call1(call, "no frame at all", readBufferSize).code == decodeError);
      CHECK(guest.call1(call, frame(std::string(readBufferSize, '\0')), readBufferSize).code == decodeError);
      CHECK(ask(guest, call, "\x0a\x05").code == unmarshalFailed);
    }
    CHECK(guest.call1(&Kernel::log1, "\x1a\x05", readBufferSize).code == unmarshalFailed);
    guest.log("done");
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: done\n");
}

TEST_CASE("kernel of generation 1 hands on what went wrong", "[kernel]") {
  ScriptedWorld world;
  std::vector<std::function<void(Writer&)>> answers;
  auto says = [&](const std::string& id) { answers.push_back([=](Writer& to) { to.bytes(7, textOf(id)); }); };
  answers.push_back([](Writer& to) { to.text(5, "marshal"); });
  answers.push_back([](Writer& to) { to.text(6, "exec"); });
  // The kernel's own codes come out unchanged. Codes of services, and codes without a name in the kernel, become
  // ExecError.
  std::string expected = "main: error 5\nmain: error 17\n";
  for (uint32_t code : {notFound,
                        dataTooLarge,
                        marshalFailed,
                        unmarshalFailed,
                        callerUnavailable,
                        alreadyExported,
                        alreadyRequired,
                        dependencyCycle,
                        decodeError,
                        execError,
                        badId,
                        dependencyFailure,
                        abortRequest}) {
    says(errorId('k', code));
    expected += "main: error " + number(code) + "\n";
  }
  for (auto& id : {errorId('k', 77), errorId('k', 0xffff), errorId('k', 21), errorId('Q', 3)}) {
    says(id);
    expected += "main: error 17\n";
  }
  // Both forms of "no error": lib/go/idconv.go:160-163 has byte 6 clear, and that of 60a54845 has it set.
  says(errorId('k', 0));
  says(baseId('k', 0x6b01000000000000, 0));
  expected += "main:  out\nmain:  out\n";
  world.add("fails", [&](Guest& guest) {
    Guest1 self{guest};
    self.exportAll({"fails"});
    self.bind("fails", "Do");
    self.run();
    for (auto& answer : answers) {
      self.returnValue(self.nextCall(), "", answer);
    }
    self.nextCall();
    guest.exit(2); // ends without an answer
  });
  world.add("main", [&](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"fails"});
    self.run();
    for (size_t i = 0; i <= answers.size(); i++) {
      guest.log(self.call("fails", "Do", ""));
    }
  });
  // As in parigot's own kernel, no answer comes from a process that has ended: main waits for ever.
  CHECK(world.run() == 70);
  CHECK(world.log == expected);
}

TEST_CASE("kernel of generation 1 tells guests of errors by codes that they know", "[kernel]") {
  ScriptedWorld world;
  world.add("second", [](Guest& guest) {
    auto service = guest.serve("second");
    (void)service;
    for (int32_t error : {1, 2, 3, 5, 6, 7, 8, 9, 11, 17, 18, 20, 26, 27, 34, 99, -1, 65536}) {
      guest.returnValue(guest.read(-1).bundle, "", Error(error));
    }
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"second"});
    self.run();
    std::string codes;
    for (int i = 0; i < 18; i++) {
      codes += self.call("second", "Do", "") + "; ";
    }
    guest.log(codes);
    guest.log(number(self.returnValue(
      {false, "", "", encode([](Writer& to) { to.bytes(1, textOf(baseId('c', uint64_t('c') << 56, 12345))); }), 0},
      "")));
  });
  CHECK(world.run() == 0);
  CHECK(world.log ==
        "main: error 17; error 6; error 3; error 3; error 4; error 5; error 7; error 8; error 10; error 16; "
        "error 17; error 20; error 18; error 19; error 17; error 17; error 17; error 17; \nmain: 7\n");
}

TEST_CASE("kernel of generation 1 locates by what is bound, and exports a name once", "[kernel]") {
  ScriptedWorld world;
  world.add("one", [](Guest& guest) {
    Guest1 self{guest};
    // parigot's generated servers bind as methodcall.v1, and export as methodcall (test/func/methodcall/main.go:30-39).
    auto method = self.bind("bound", "Do");
    guest.log(method == self.bind("bound", "Do") ? "the same" : "another");
    auto first = self.exportAll({"exported", "shared"});
    guest.log(number(first) + " " + number(self.exportAll({"exported"})));
    self.run();
    self.returnValue(self.nextCall(), "one");
    self.nextCall();
  });
  world.add("two", [](Guest& guest) {
    Guest1 self{guest};
    guest.log(number(self.exportAll({"own", "shared", "never"})));
    self.run();
    self.nextCall();
  });
  world.add("twice", [](Guest& guest) {
    Guest1 self{guest};
    auto first = self.requireAll({"exported"});
    guest.log(number(first) + " " + number(self.requireAll({"other", "other"})));
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"exported", "own"});
    auto ran = self.run();
    guest.log(number(ran) + " " + number(self.requireAll({"own"}))); // a running name can be required again
    guest.log(self.call("bound", "Do", ""));
    guest.log(self.call("exported", "Do", ""));
    guest.log(self.locate("never"));
  });
  CHECK(world.run() == 0);
  CHECK(world.log ==
        "one: the same\none: 0 8\ntwo: 8\ntwice: 0 9\nmain: 0 0\nmain: one out\nmain: error 3\nmain: error 3\n");
}

TEST_CASE("kernel of generation 1 lets go of calls that fit no buffer", "[kernel]") {
  ScriptedWorld world;
  world.add("small", [](Guest& guest) {
    Guest1 self{guest};
    self.bind("small", "Do");
    self.exportAll({"small"});
    self.run();
    self.returnValue(self.nextCall(), "");
    // The size of the whole reply: splitutil.go:184.
    guest.log(number(self.block(false, 150).code));
    guest.log(number(self.block(false, 17).code));
    guest.log(number(self.block(false, 0).code));
    self.returnValue(self.nextCall(), std::string(100, 'x'));
    self.returnValue(self.nextCall(), std::string(100, 'x'));
    self.nextCall();
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"small"});
    self.run();
    auto small = self.locate("small");
    guest.log(self.dispatch(small, "Do", ""));
    for (int i = 0; i < 3; i++) {
      guest.log(self.dispatch(small, "Do", std::string(100, 'x')));
    }
    // The lengths of ids decide whether a reply that just fits is taken. A reply that does not fit is always an error.
    guest.log(self.dispatch(small, "Do", "", 100));
    guest.log(self.dispatch(small, "Do", "", 500) == std::string(100, 'x') + " out" ? "fits" : "does not");
    guest.log(number(ask(guest, &Kernel::require1, "", 0).code)); // an empty reply needs no room
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main:  out\nsmall: 4\nmain: error 4\nsmall: 4\nmain: error 4\nsmall: 4\nmain: error 4\n"
                     "main: error 4\nmain: fits\nmain: 0\n");
}

TEST_CASE("kernel of generation 1 waits in run_ for what is required, and a second in block_until_call_", "[kernel]") {
  ScriptedWorld world;
  world.add("eager", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"slow"});
    guest.log("does not wait " + number(self.run(false)));
    guest.log("waits " + number(self.run()));
    self.nextCall();
  });
  world.add("slow", [](Guest& guest) {
    Guest1 self{guest};
    guest.sleep(30000000);
    self.exportAll({"slow"});
    guest.log("runs " + number(self.run()));
    self.nextCall();
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    for (bool canTimeout : {false, true}) { // 1 s either way: sys/nameserver.go:276-291 of 60a54845
      auto before = guest.world.time;
      guest.log(self.block(canTimeout).timedOut ? "timed out" : "call");
      guest.log(std::to_string((guest.world.time - before) / 1000000));
    }
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "eager: does not wait 0\nslow: runs 0\neager: waits 0\n"
                     "main: timed out\nmain: 1000\nmain: timed out\nmain: 1000\n");
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
  world.add("idle", [](Guest& guest) { Guest1{guest}.nextCall(); });
  world.add("main", member("main", "nothing"));
  CHECK(world.run() == 0);
  CHECK(world.log == "a: 10\nb: 10\nmain: 3\n");
  CHECK(world.errors == "parigot: cycle of requirements: a (a.v1.a) -> b (b.v1.b) -> a\n"
                        "parigot: service main requires nothing.v1.nothing, which no service of this world exports\n");
}

TEST_CASE("kernel carries calls between the generations", "[kernel]") {
  ScriptedWorld world;
  world.add("upper", upper);
  world.add("second", [](Guest& guest) {
    guest.serve("second", {"upper"});
    auto upper = *guest.locate("upper");
    guest.answerCalls([&](const std::string& text) {
      auto answer = guest.request(upper, text).value;
      // Two ids: a guest of generation 1 would clear byte 6 of one, and take the other for an error.
      for (uint64_t high : {0x6302000000000000u, 0x63ff000000000001u}) {
        Id id{high, 7};
        CHECK(guest.tryDispatch(upper, id, text) == Error::none);
        auto message = guest.read(-1);
        CHECK((message.isResolved && message.bundle.call == id));
        answer += message.value;
      }
      return "second " + answer;
    });
  });
  world.add("main", [](Guest& guest) {
    Guest1 self{guest};
    self.requireAll({"second"});
    self.run();
    guest.log(self.call("second", "Do", "hi"));
    // A process uses one of the generations.
    guest.log(std::to_string(int(guest.call(&Kernel::readOne, "").error)));
  });
  CHECK(world.run() == 0);
  CHECK(world.log == "main: second HIHIHI \nmain: 27\n");
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
