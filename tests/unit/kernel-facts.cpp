// The kernel (src/runtime/kernel) against the listing of parigot's facts (wire-facts.h): messages, codes of errors, and
// ids are read off what the kernel does, and none of its constants is used. Of its code, the processes need `World` and
// `Id`.

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "abi/call_abi.h"
#include "kernel-world.h"
#include "kernel/kernel_calls.h"
#include "wire-facts.h"

using facts::Fields;
using facts::Message;
using kernel::Id;
using kernel::Kernel;

namespace {

const std::map<std::string, KernelCall> handlers = {{"register_", &Kernel::registerService},
                                                    {"export_", &Kernel::exportNames},
                                                    {"require_", &Kernel::require},
                                                    {"bind_method_", &Kernel::bindMethod},
                                                    {"launch_", &Kernel::launch},
                                                    {"locate_", &Kernel::locate},
                                                    {"dispatch_", &Kernel::dispatch},
                                                    {"read_one_", &Kernel::readOne},
                                                    {"return_value_", &Kernel::returnValue},
                                                    {"exit_", &Kernel::exit}};

void checkSame(const nlohmann::json& fact,
               const std::string& what,
               const std::string& actual,
               const std::string& expected) {
  INFO(what << " " << facts::describe(fact));
  CHECK(actual == expected);
}

void checkId(const Fields& message, const std::string& name, const std::string& field, const Id& expected) {
  checkSame(facts::field(name, field), name, facts::describe(message.id(field)), facts::describe(expected));
}

void checkNumber(const Fields& message, const std::string& name, const std::string& field, int64_t expected) {
  checkSame(facts::field(name, field), name, std::to_string(message.number(field)), std::to_string(expected));
}

void checkText(const Fields& message, const std::string& name, const std::string& field, const std::string& expected) {
  checkSame(facts::field(name, field), name, message.text(field), expected);
}

void checkError(const std::string& what, int64_t actual, const std::string& name) {
  auto& fact = facts::find("numbers", "KernelErr." + name);
  checkSame(fact, what + ":", std::to_string(actual), std::to_string(facts::error(name)));
}

// A kernel call that has to end with this error; the response where it is none.
Fields call(Guest& guest, const std::string& name, const Message& request, const std::string& error = "NoError") {
  auto answer = guest.call(handlers.at(name), request.bytes);
  checkError(name, int(answer.error), error);
  return {facts::find("calls", name)["response"].get<std::string>(), answer.bytes};
}

Id hostOf(const Guest& guest) { return guest.world.hostId(guest.number); }
uint64_t letter(const std::string& kind) { return uint64_t(facts::number(kind + "Id.Letter")) << 56; }
Id callId(uint64_t number) { return {letter("Call") | 5, number}; }

void checkLetter(const std::string& kind, const Id& id) {
  checkSame(
    facts::find("numbers", kind + "Id.Letter"), "", std::to_string(id.high >> 56), std::to_string(letter(kind) >> 56));
}

Message serviceName(const std::string& name) {
  return Message("FullyQualifiedService").text("package_path", name + ".v1").text("service", name);
}

// Of a message that does not come, a test fails, and goes on.
Fields readOne(Guest& guest, int32_t timeout = 1000, const std::string& error = "NoError") {
  return call(guest,
              "read_one_",
              Message("ReadOneRequest").number("timeout_in_millis", timeout).id("host_id", hostOf(guest)),
              error);
}

Message bundle(Guest& guest, const Id& service, const Id& method, const Id& call) {
  return Message("MethodBundle")
    .id("host_id", hostOf(guest))
    .id("service_id", service)
    .id("method_id", method)
    .id("call_id", call);
}

Id registerAs(Guest& guest, const std::string& name) {
  auto id = call(guest, "register_", Message("RegisterRequest").id("host_id", hostOf(guest)).text("debug_name", name))
              .id("service_id");
  checkLetter("Service", id);
  return id;
}

Id bind(Guest& guest, const Id& service, const std::string& name) {
  auto id = call(guest,
                 "bind_method_",
                 Message("BindMethodRequest")
                   .id("host_id", hostOf(guest))
                   .id("service_id", service)
                   .text("method_name", name)
                   .number("direction", facts::number("MethodDirection.METHOD_DIRECTION_BOTH")))
              .id("method_id");
  checkLetter("Method", id);
  return id;
}

void exportAs(Guest& guest, const Id& service, const std::string& name) {
  call(guest,
       "export_",
       Message("ExportRequest")
         .id("service_id", service)
         .message("service", serviceName(name))
         .id("host_id", hostOf(guest)));
}

Message launchRequest(Guest& guest, const Id& service, const Id& call) {
  return Message("LaunchRequest")
    .id("service_id", service)
    .id("call_id", call)
    .id("host_id", hostOf(guest))
    .id("method_id", facts::id("LaunchMethod"));
}

// The call that was resolved, with what comes besides.
Fields readResolved(Guest& guest, const Id& id, const std::string& error) {
  auto read = readOne(guest);
  CHECK(read.has("bundle"));
  CHECK(read.has("exit"));
  auto resolved = read.message("resolved");
  checkId(resolved, "ResolvedCall", "call_id", id);
  checkError("ResolvedCall.result_error", resolved.number("result_error"), error);
  return resolved;
}

void launch(Guest& guest, const Id& service, const std::string& error = "NoError") {
  auto id = callId(1000 + guest.number);
  call(guest, "launch_", launchRequest(guest, service, id));
  auto resolved = readResolved(guest, id, error);
  checkId(resolved, "ResolvedCall", "host_id", hostOf(guest));
  checkSame(facts::find("ids", "LaunchMethod"),
            "ResolvedCall",
            facts::describe(resolved.id("method_id")),
            facts::describe(facts::id("LaunchMethod")));
  checkText(resolved, "ResolvedCall", "result", facts::wrapped(Message("LaunchResponse")).bytes);
}

} // namespace

TEST_CASE("kernel imports are those of parigot's guest library", "[kernel][facts]") {
  auto& signature = facts::listing()["signature"];
  CHECK(std::string(parigot::kernel::kernelModule) == signature["module"]);
  auto types = [](wasm::Type type) {
    nlohmann::json names = nlohmann::json::array();
    for (auto each : type) {
      names.push_back(each.toString());
    }
    return names;
  };
  auto ours = parigot::signatureOf(parigot::CallAbi::Parigot);
  CHECK(types(ours->params) == signature["parameters"]);
  CHECK(types(ours->results) == signature["results"]);
  for (auto& fact : facts::listing()["calls"]) {
    INFO(facts::describe(fact));
    auto calls = parigot::kernel::kernelCalls();
    auto found = std::find_if(calls.begin(), calls.end(), [&](auto& call) { return call.name == fact["name"]; });
    REQUIRE(found != calls.end());
    CHECK_FALSE(found->generation1);
    auto& size = facts::find("numbers", "GuestReceiveBufferSize");
    checkSame(size, "reply of", std::to_string(found->replyBytes), std::to_string(size["value"].get<int>()));
  }
}

// Of a field that the kernel knows, it refuses a value of another type. That tells which it knows, and as what.
TEST_CASE("kernel reads requests by the numbers and types of parigot's fields", "[kernel][facts]") {
  using facts::tag, facts::varint;
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto refuses = [&](KernelCall call, const std::string& bytes) {
      return int(guest.call(call, bytes).error) == facts::error("UnmarshalFailed");
    };
    for (auto& call : facts::listing()["calls"]) {
      auto name = call["request"].get<std::string>();
      auto handler = handlers.at(call["name"].get<std::string>());
      uint32_t known = 0;
      for (uint32_t number = 1; number < 32; number++) {
        std::string actual = "nothing";
        if (refuses(handler, tag(number, facts::asBytes) + varint(0))) {
          actual = "number";
        } else if (refuses(handler, tag(number, facts::asNumber) + varint(1))) {
          // A message that is an id has numbers as its fields.
          bool isId = refuses(handler, tag(number, facts::asBytes) + varint(2) + tag(1, facts::asBytes) + varint(0));
          actual = isId ? "id" : "bytes";
        }
        if (actual == "nothing") {
          continue;
        }
        known++;
        std::string expected = "nothing", source = name + " has no field " + std::to_string(number);
        for (auto& field : facts::find("messages", name)["fields"]) {
          if (field["number"] == number) {
            std::string type = field["type"];
            bool isNumber = type == "int32" || type == "bool" || type == "syscall.v1.MethodDirection";
            expected = isNumber ? "number" : type == "protosupport.v1.IdRaw" ? "id" : "bytes";
            source = name + "." + facts::describe(field);
          }
        }
        INFO(source);
        CHECK(actual == expected);
      }
      INFO(name);
      CHECK(known > 0);
    }
  });
  world.run();
}

TEST_CASE("kernel answers in parigot's messages, from register_ to exit_", "[kernel][facts]") {
  ScriptedWorld world;
  world.add("main", [](Guest& guest) {
    auto host = hostOf(guest);
    auto self = registerAs(guest, "main");
    exportAs(guest, self, "a");
    auto method = bind(guest, self, "Do");
    auto stranger = registerAs(guest, "stranger");
    auto locate = [&](const std::string& package, const std::string& service, const Id& by, const std::string& error) {
      return call(
        guest,
        "locate_",
        Message("LocateRequest").text("package_name", package).text("service_name", service).id("called_by", by),
        error);
    };
    launch(guest, self);
    locate("a.v1", "a", self, "NotRequired");
    locate("a", "a.v1", self, "NotFound");
    call(guest, "require_", Message("RequireRequest").message("dest", serviceName("a")).id("source", self));
    auto located = locate("a.v1", "a", self, "NoError");
    checkId(located, "LocateResponse", "host_id", host);
    checkId(located, "LocateResponse", "service_id", self);
    CHECK(located.all("binding").size() == 1);
    auto binding = located.message("binding");
    checkText(binding, "MethodBinding", "method_name", "Do");
    checkId(binding, "MethodBinding", "method_id", method);

    auto param = Message("google.protobuf.Any").text("type_url", "t").text("value", "param");
    auto asked = bundle(guest, self, method, callId(2));
    auto dispatched =
      call(guest, "dispatch_", Message("DispatchRequest").message("bundle", asked).message("param", param));
    checkId(dispatched, "DispatchResponse", "call_id", callId(2));
    checkId(dispatched, "DispatchResponse", "target_host_id", host);
    call(guest,
         "dispatch_",
         Message("DispatchRequest").message("bundle", bundle(guest, stranger, method, callId(3))),
         "IdDispatch");
    auto incoming = readOne(guest);
    checkText(incoming, "ReadOneResponse", "bundle", asked.bytes);
    checkText(incoming, "ReadOneResponse", "param_or_result", param.bytes);

    call(guest,
         "return_value_",
         Message("ReturnValueRequest").message("bundle", asked).message("result", param).number("result_error", 77));
    auto read = readOne(guest);
    auto resolved = read.message("resolved");
    checkId(resolved, "ResolvedCall", "host_id", host);
    checkId(resolved, "ResolvedCall", "call_id", callId(2));
    checkId(resolved, "ResolvedCall", "method_id", method);
    checkText(resolved, "ResolvedCall", "result", param.bytes);
    checkNumber(resolved, "ResolvedCall", "result_error", 77);
    checkNumber(readOne(guest, 0), "ReadOneResponse", "timeout", 1);
    auto before = guest.world.time;
    checkNumber(readOne(guest, 20), "ReadOneResponse", "timeout", 1);
    INFO(facts::describe(facts::field("ReadOneRequest", "timeout_in_millis")));
    CHECK(guest.world.time - before >= 20000000);
    CHECK(guest.world.time - before < 40000000);
  });
  CHECK(world.run() == 0);
}

TEST_CASE("kernel's exits are parigot's messages", "[kernel][facts]") {
  auto checkPair = [](const Fields& pair, const Id& service, int64_t code) {
    checkId(pair, "ExitPair", "service_id", service);
    checkNumber(pair, "ExitPair", "code", code);
  };
  auto checkExit = [&](const Fields& read, const Id& service, int64_t code) {
    checkPair(read.message("exit"), service, code);
    auto resolved = read.message("resolved");
    checkSame(facts::find("ids", "ExitMethod"),
              "ResolvedCall",
              facts::describe(resolved.id("method_id")),
              facts::describe(facts::id("ExitMethod")));
    auto result = resolved.message("result");
    checkText(result, "google.protobuf.Any", "type_url", facts::text("type_url prefix") + "syscall.v1.ExitResponse");
    checkPair(Fields("ExitResponse", result.text("value")).message("pair"), service, code);
  };
  ScriptedWorld world;
  Id main;
  world.add("other", [&](Guest& guest) {
    registerAs(guest, "other");
    auto read = readOne(guest); // main registers meanwhile
    checkExit(read, main, 192);
    guest.log("exits");
  });
  world.add("main", [&](Guest& guest) {
    main = registerAs(guest, "main");
    auto request = [&](const Message& pair, uint64_t number) {
      return Message("ExitRequest")
        .message("pair", pair)
        .id("call_id", callId(number))
        .id("host_id", hostOf(guest))
        .id("method_id", facts::id("ExitMethod"));
    };
    auto returned = [&](uint64_t number, const std::string& error) {
      call(
        guest,
        "return_value_",
        Message("ReturnValueRequest").message("bundle", bundle(guest, main, facts::id("ExitMethod"), callId(number))),
        error);
    };
    auto pair = Message("ExitPair").id("service_id", main).number("code", 5);
    checkPair(call(guest, "exit_", request(pair, 1)).message("pair"), main, 5);
    returned(1, "NoError");
    returned(1, "BadId"); // it is over
    auto read = readOne(guest);
    checkExit(read, main, 5);
    checkId(read.message("resolved"), "ResolvedCall", "call_id", callId(1));
    guest.log("alone");
    // All, with a code that is too large.
    call(guest,
         "exit_",
         request(Message("ExitPair").id("service_id", main).number("code", 200), 2).number("shutdown_all", 1));
    checkExit(readOne(guest), main, 192);
    readOne(guest, 20);
  });
  CHECK(world.run() == 192);
  CHECK(world.log == "main: alone\nother: exits\n");
}

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
    readOne(guest);
    dispatch(3, method, std::string(5000, 'x'), "NoError");
    readOne(guest, 1000, "DataTooLarge");
    readResolved(guest, callId(3), "DataTooLarge");
    checkError("of generation 1", int(guest.call1(&Kernel::locate1, "").error), "NotReady");
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
      // Which letter it has does not count.
      for (auto letter : {uint64_t(0), uint64_t('h'), uint64_t(0xff)}) {
        auto id = facts::id(name);
        id.high |= letter << 56;
        checkError("export_ with " + facts::describe(fact), exported(id), isNone ? "BadId" : "NoError");
      }
    }
    // Each bit of the launch method counts.
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
  std::vector<std::string> messages; // that wait outside, the last first
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
    // The host that the kernel outside says that our own service has.
    call(guest, "locate_", Message("LocateRequest").text("package_name", "a.v1").text("service_name", "a"));
    auto ours =
      call(guest, "dispatch_", Message("DispatchRequest").message("bundle", bundle(guest, service, method, callId(2))));
    checkId(ours, "DispatchResponse", "target_host_id", otherHost);
    checkId(readOne(guest).message("bundle"), "MethodBundle", "call_id", callId(2));
    // A call to another's service, and one from there.
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
    // Parigot's kernel says a timeout as an error, after it has waited. Whatever else fails would be asked again at
    // once.
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
