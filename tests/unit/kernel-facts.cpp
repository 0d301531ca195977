// Compares the kernel (src/runtime/kernel) with the listing of parigot's facts (wire-facts.h). The tests observe the
// messages and imports that the kernel uses, and none of its constants. kernel-facts-errors.cpp has codes and ids.

#include <algorithm>

#include "abi/call_abi.h"
#include "kernel-facts.h"
#include "kernel/kernel_calls.h"

using namespace facts;

TEST_CASE("kernel imports are those of parigot's guest library", "[kernel][facts]") {
  auto& signature = facts::listing()["signature"];
  CHECK(std::string(parigot::kernel::kernelModule) == signature["module"].get<std::string>());
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
    auto found = std::find_if(
      calls.begin(), calls.end(), [&](auto& call) { return call.name == fact["name"].get<std::string>(); });
    REQUIRE(found != calls.end());
    CHECK_FALSE(found->generation1);
    auto& size = facts::find("numbers", "GuestReceiveBufferSize");
    checkSame(size, "reply of", std::to_string(found->replyBytes), std::to_string(size["value"].get<int>()));
  }
}

// The kernel refuses a value of the wrong type in a field that it knows. This shows the fields that it knows, and their
// types.
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
    returned(1, "BadId"); // the call has ended
    auto read = readOne(guest);
    checkExit(read, main, 5);
    checkId(read.message("resolved"), "ResolvedCall", "call_id", callId(1));
    guest.log("alone");
    // An exit of all processes, with a code that is too large.
    call(guest,
         "exit_",
         request(Message("ExitPair").id("service_id", main).number("code", 200), 2).number("shutdown_all", 1));
    checkExit(readOne(guest), main, 192);
    readOne(guest, 20);
  });
  CHECK(world.run() == 192);
  CHECK(world.log == "main: alone\nother: exits\n");
}
