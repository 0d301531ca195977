// Helpers of the tests that compare the kernel with the listing of parigot's facts: kernel calls made from the
// listing's messages, and checks that name the fact that does not hold, and its source.

#ifndef parigot_unit_kernel_facts_h
#define parigot_unit_kernel_facts_h

#include <map>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "kernel-world.h"
#include "wire-facts.h"

namespace facts {

using kernel::Id;
using kernel::Kernel;

inline const std::map<std::string, KernelCall> handlers = {{"register_", &Kernel::registerService},
                                                           {"export_", &Kernel::exportNames},
                                                           {"require_", &Kernel::require},
                                                           {"bind_method_", &Kernel::bindMethod},
                                                           {"launch_", &Kernel::launch},
                                                           {"locate_", &Kernel::locate},
                                                           {"dispatch_", &Kernel::dispatch},
                                                           {"read_one_", &Kernel::readOne},
                                                           {"return_value_", &Kernel::returnValue},
                                                           {"exit_", &Kernel::exit}};

inline void
checkSame(const nlohmann::json& fact, const std::string& what, const std::string& actual, const std::string& expected) {
  INFO(what << " " << facts::describe(fact));
  CHECK(actual == expected);
}

inline void checkId(const Fields& message, const std::string& name, const std::string& field, const Id& expected) {
  checkSame(facts::field(name, field), name, facts::describe(message.id(field)), facts::describe(expected));
}

inline void checkNumber(const Fields& message, const std::string& name, const std::string& field, int64_t expected) {
  checkSame(facts::field(name, field), name, std::to_string(message.number(field)), std::to_string(expected));
}

inline void
checkText(const Fields& message, const std::string& name, const std::string& field, const std::string& expected) {
  checkSame(facts::field(name, field), name, message.text(field), expected);
}

inline void checkError(const std::string& what, int64_t actual, const std::string& name) {
  auto& fact = facts::find("numbers", "KernelErr." + name);
  checkSame(fact, what + ":", std::to_string(actual), std::to_string(facts::error(name)));
}

// Makes a kernel call that must end with this error; returns the response if there is no error.
inline Fields
call(Guest& guest, const std::string& name, const Message& request, const std::string& error = "NoError") {
  auto answer = guest.call(handlers.at(name), request.bytes);
  checkError(name, int(answer.error), error);
  return {facts::find("calls", name)["response"].get<std::string>(), answer.bytes};
}

inline Id hostOf(const Guest& guest) { return guest.world.hostId(guest.number); }
inline uint64_t letter(const std::string& kind) { return uint64_t(facts::number(kind + "Id.Letter")) << 56; }
inline Id callId(uint64_t number) { return {letter("Call") | 5, number}; }

inline void checkLetter(const std::string& kind, const Id& id) {
  checkSame(
    facts::find("numbers", kind + "Id.Letter"), "", std::to_string(id.high >> 56), std::to_string(letter(kind) >> 56));
}

inline Message serviceName(const std::string& name) {
  return Message("FullyQualifiedService").text("package_path", name + ".v1").text("service", name);
}

// If a message does not come, the test fails and continues.
inline Fields readOne(Guest& guest, int32_t timeout = 1000, const std::string& error = "NoError") {
  return call(guest,
              "read_one_",
              Message("ReadOneRequest").number("timeout_in_millis", timeout).id("host_id", hostOf(guest)),
              error);
}

inline Message bundle(Guest& guest, const Id& service, const Id& method, const Id& call) {
  return Message("MethodBundle")
    .id("host_id", hostOf(guest))
    .id("service_id", service)
    .id("method_id", method)
    .id("call_id", call);
}

inline Id registerAs(Guest& guest, const std::string& name) {
  auto id = call(guest, "register_", Message("RegisterRequest").id("host_id", hostOf(guest)).text("debug_name", name))
              .id("service_id");
  checkLetter("Service", id);
  return id;
}

inline Id bind(Guest& guest, const Id& service, const std::string& name) {
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

inline void exportAs(Guest& guest, const Id& service, const std::string& name) {
  call(guest,
       "export_",
       Message("ExportRequest")
         .id("service_id", service)
         .message("service", serviceName(name))
         .id("host_id", hostOf(guest)));
}

inline Message launchRequest(Guest& guest, const Id& service, const Id& call) {
  return Message("LaunchRequest")
    .id("service_id", service)
    .id("call_id", call)
    .id("host_id", hostOf(guest))
    .id("method_id", facts::id("LaunchMethod"));
}

// The resolved call, and the other fields of its message.
inline Fields readResolved(Guest& guest, const Id& id, const std::string& error) {
  auto read = readOne(guest);
  CHECK(read.has("bundle"));
  CHECK(read.has("exit"));
  auto resolved = read.message("resolved");
  checkId(resolved, "ResolvedCall", "call_id", id);
  checkError("ResolvedCall.result_error", resolved.number("result_error"), error);
  return resolved;
}

inline void launch(Guest& guest, const Id& service, const std::string& error = "NoError") {
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

} // namespace facts

#endif // parigot_unit_kernel_facts_h
