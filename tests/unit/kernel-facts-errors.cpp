// Compares the kernel (src/runtime/kernel) with the listing of parigot's facts: codes of errors, and ids with a fixed
// meaning.

#include "kernel-facts.h"

using namespace facts;

TEST_CASE("kernel's errors are parigot's codes", "[kernel][facts]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto self = registerAs(guest, "main");
    exportAs(guest, self, "a");
    auto method = bind(guest, self, "Do");
    launch(guest, self);
    auto dispatch = [&](uint64_t number, const Id& method, const std::string& param, const std::string& error) {
      call(
        guest,
        "dispatch_",
        Message("DispatchRequest").message("bundle", bundle(guest, self, method, callId(number))).text("param", param),
        error);
    };
    dispatch(1, method, "", "NoError");
    dispatch(1, method, "", "BadCallId");
    call(guest, "launch_", launchRequest(guest, self, callId(1)), "BadCallId");
    dispatch(2, callId(7), "", "IdDispatch");
    call(guest, "export_", Message("ExportRequest").id("service_id", callId(7)).id("host_id", hostOf(guest)), "BadId");
    bind(guest, callId(7), "Do"); // of no service: the reply has an id all the same
    readOne(guest);
    dispatch(3, method, std::string(5000, 'x'), "NoError");
    readOne(guest, 1000, "DataTooLarge");
    readResolved(guest, callId(3), "DataTooLarge");
  });
  CHECK(world.run() == 0);
}

TEST_CASE("kernel's errors of launches are parigot's codes", "[kernel][facts]") {
  auto requires_ = [](const std::string& required, const std::string& error) {
    return [=](Guest& guest) {
      auto self = registerAs(guest, guest.name);
      exportAs(guest, self, guest.name);
      call(guest, "require_", Message("RequireRequest").message("dest", serviceName(required)).id("source", self));
      launch(guest, self, error);
      guest.log(error);
    };
  };
  ScriptedWorld world;
  SECTION("a cycle") {
    world.add("a", requires_("b", "DependencyCycle"));
    world.add("b", requires_("a", "DependencyCycle"));
    world.run();
    CHECK(world.log.find("b: DependencyCycle\n") != std::string::npos);
  }
  SECTION("nobody exports it") {
    world.add("main", requires_("nobody", "NotFound"));
    world.run();
    CHECK(world.log == "main: NotFound\n");
  }
}

TEST_CASE("kernel's error about a caller that has gone is parigot's code", "[kernel][facts]") {
  ScriptedWorld world;
  world.add("keeper", [](Guest& guest) {
    auto self = registerAs(guest, "keeper");
    exportAs(guest, self, "keeper");
    bind(guest, self, "Do");
    launch(guest, self);
    auto asked = readOne(guest).text("bundle");
    readOne(guest, 50);
    call(guest, "return_value_", Message("ReturnValueRequest").text("bundle", asked), "CallerUnavailable");
    guest.log("done");
  });
  world.add("caller", [](Guest& guest) {
    auto self = registerAs(guest, "caller");
    call(guest, "require_", Message("RequireRequest").message("dest", serviceName("keeper")).id("source", self));
    launch(guest, self);
    auto located =
      call(guest, "locate_", Message("LocateRequest").text("package_name", "keeper.v1").text("service_name", "keeper"));
    auto method = located.message("binding").id("method_id");
    call(guest,
         "dispatch_",
         Message("DispatchRequest").message("bundle", bundle(guest, located.id("service_id"), method, callId(1))));
    guest.exit(0);
  });
  world.add("main", [](Guest& guest) { guest.sleep(200000000); });
  CHECK(world.run() == 0);
  CHECK(world.log == "keeper: done\n");
}

TEST_CASE("kernel knows parigot's ids that mean nothing, and those of launch and exit", "[kernel][facts]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto self = registerAs(guest, "main");
    auto exported = [&](const Id& host) {
      return int(
        guest.call(&Kernel::exportNames, Message("ExportRequest").id("service_id", self).id("host_id", host).bytes)
          .error);
    };
    for (auto& fact : facts::listing()["ids"]) {
      auto name = fact["name"].get<std::string>();
      bool isNone = name.find("Value") != std::string::npos;
      // Any letter is accepted.
      for (auto letter : {uint64_t(0), uint64_t('h'), uint64_t(0xff)}) {
        auto id = facts::id(name);
        id.high |= letter << 56;
        checkError("export_ with " + facts::describe(fact), exported(id), isNone ? "BadId" : "NoError");
      }
    }
    // Each bit of the launch method matters.
    for (int bit = 0; bit < 128; bit++) {
      auto method = facts::id("LaunchMethod");
      (bit < 64 ? method.high : method.low) ^= uint64_t(1) << bit % 64;
      auto request = Message("LaunchRequest")
                       .id("service_id", self)
                       .id("call_id", callId(1))
                       .id("host_id", hostOf(guest))
                       .id("method_id", method);
      call(guest, "launch_", request, "BadId");
    }
    launch(guest, self);
  });
  CHECK(world.run() == 0);
}

TEST_CASE("kernel in a part speaks parigot's messages with the kernel outside", "[kernel][facts]") {
  const Id service{letter("Service") | 1, 1}, method{letter("Method") | 1, 1}, stranger{letter("Service") | 2, 2};
  const Id otherHost{letter("Host") | 9, 9};
  ScriptedWorld world;
  std::vector<std::string> messages; // messages that wait outside, in reverse order
  int32_t error = 0;
  world.open = true;
  world.outside = [&](kernel::HostCall number, kernel::Text bytes, kernel::Writer& reply) {
    auto& call = facts::listing()["calls"][number]; // in the same order
    Fields request(call["request"].get<std::string>(), stringOf(bytes));
    Message response(call["response"].get<std::string>());
    auto name = call["name"].get<std::string>();
    if (name == "register_") {
      response.id("service_id", service);
    } else if (name == "bind_method_") {
      response.id("method_id", method);
    } else if (name == "locate_") {
      response.id("host_id", otherHost).id("service_id", service);
    } else if (name == "launch_") {
      messages.push_back(Message("ReadOneResponse")
                           .message("resolved",
                                    Message("ResolvedCall")
                                      .id("call_id", request.id("call_id"))
                                      .message("result", facts::wrapped(Message("LaunchResponse"))))
                           .bytes);
    } else if (name == "dispatch_") {
      messages.push_back(
        Message("ReadOneResponse")
          .message(
            "resolved",
            Message("ResolvedCall").id("call_id", request.message("bundle").id("call_id")).number("result_error", 78))
          .bytes);
    } else if (name == "read_one_") {
      checkId(request, "ReadOneRequest", "host_id", world.hostId(0));
      if (messages.empty()) {
        world.time += 20000000;
        response.number("timeout", 1);
      } else {
        response.bytes = messages.back();
        messages.pop_back();
      }
    }
    if (name == "read_one_" && error) {
      return kernel::Error(error);
    }
    reply.whole(textOf(response.bytes));
    return kernel::Error::none;
  };
  world.add("main", [&](Guest& guest) {
    CHECK(facts::describe(registerAs(guest, "main")) == facts::describe(service));
    CHECK(facts::describe(bind(guest, service, "Do")) == facts::describe(method));
    call(guest, "launch_", launchRequest(guest, service, callId(1)));
    checkId(readOne(guest).message("resolved"), "ResolvedCall", "call_id", callId(1));
    // The host of our own service, according to the kernel outside.
    call(guest, "locate_", Message("LocateRequest").text("package_name", "a.v1").text("service_name", "a"));
    auto ours =
      call(guest, "dispatch_", Message("DispatchRequest").message("bundle", bundle(guest, service, method, callId(2))));
    checkId(ours, "DispatchResponse", "target_host_id", otherHost);
    checkId(readOne(guest).message("bundle"), "MethodBundle", "call_id", callId(2));
    // A call to a service outside, and one from there.
    call(guest, "dispatch_", Message("DispatchRequest").message("bundle", bundle(guest, stranger, method, callId(3))));
    checkNumber(readOne(guest).message("resolved"), "ResolvedCall", "result_error", 78);
    messages.push_back(Message("ReadOneResponse")
                         .message("bundle", bundle(guest, service, method, callId(4)))
                         .text("param_or_result", "p")
                         .bytes);
    auto incoming = readOne(guest);
    checkId(incoming.message("bundle"), "MethodBundle", "call_id", callId(4));
    checkText(incoming, "ReadOneResponse", "param_or_result", "p");
    messages.push_back(Message("ReadOneResponse")
                         .message("exit", Message("ExitPair").id("service_id", service).number("code", 9))
                         .message("resolved", Message("ResolvedCall").id("call_id", callId(5)))
                         .bytes);
    auto exit = readOne(guest);
    checkNumber(exit.message("exit"), "ExitPair", "code", 9);
    checkId(exit.message("resolved"), "ResolvedCall", "call_id", callId(5));
    // parigot's kernel reports a timeout as an error, after it has waited. Other errors would lead to another request
    // at once.
    for (auto name : {"ReadOneTimeout", "NotFound"}) {
      error = facts::error(name);
      auto sleeps = world.sleeps;
      readOne(guest, 15);
      INFO(facts::describe(facts::find("numbers", std::string("KernelErr.") + name)));
      CHECK((world.sleeps > sleeps) == (std::string(name) == "NotFound"));
    }
  });
  CHECK(world.run() == 9);
}
