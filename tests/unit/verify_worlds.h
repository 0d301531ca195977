// Worlds for tests of the verifier, written as text.

#ifndef parigot_tests_unit_verify_worlds_h
#define parigot_tests_unit_verify_worlds_h

#include <string>

#include <catch2/catch.hpp>

#include "parser/wat-parser.h"
#include "verify/proof.h"

namespace parigot::verify {

// Services a, at 0, and b, at 256 KiB. Each has 64 KiB of memory and can have 128; its arena is the last 64 of 256 KiB.
inline constexpr const char* exactServices = R"(
  "isolate": true, "services": [
    {"name": "a", "file": "a.wasm", "exports": [], "memory": {"initialPages": 1, "maxPages": 2, "accesses": 1,
     "region": {"base": 0, "bytes": 262144, "arena": 65536}}},
    {"name": "b", "file": "b.wasm", "exports": [], "memory": {"initialPages": 1, "maxPages": 2, "accesses": 1,
     "region": {"base": 262144, "bytes": 262144, "arena": 65536}}}])";

// The same contained: 64 KiB of nobody around each; c is the last.
inline constexpr const char* containedServices = R"(
  "isolate": "contain", "services": [
    {"name": "a", "file": "a.wasm", "exports": [], "memory": {"initialPages": 1, "maxPages": 2, "accesses": 1,
     "region": {"base": 0, "bytes": 262144, "arena": 65536, "window": 262144, "gapBelow": 65536, "gapAbove": 65536}}},
    {"name": "b", "file": "b.wasm", "exports": [], "memory": {"initialPages": 1, "maxPages": 2, "accesses": 1,
     "region": {"base": 524288, "bytes": 262144, "arena": 65536, "window": 262144, "gapBelow": 65536, "gapAbove": 65536}}},
    {"name": "c", "file": "c.wasm", "exports": [], "memory": {"initialPages": 1, "maxPages": 2, "accesses": 1,
     "region": {"base": 1048576, "bytes": 262144, "arena": 65536, "window": 262144, "gapBelow": 65536, "gapAbove": 65536,
                "last": true}}}])";

inline constexpr const char* gates = R"(
  "gates": [{"kind": "check", "function": "a/check", "client": "a"},
            {"kind": "check", "function": "b/check", "client": "b"},
            {"kind": "entry", "function": "a/f", "services": ["a"]},
            {"kind": "entry", "function": "b/f", "services": ["b"]},
            {"kind": "entry", "function": "b/called", "client": "a", "services": ["b"]},
            {"kind": "import", "function": "host", "client": "a"},
            {"kind": "call", "function": "a/import", "client": "a", "services": ["b"]}])";

inline std::string checkFunction(const std::string& name) {
  return "(func $" + name + R"(/check (param $p i32) (param $n i64) (local $end i64)
    (local.set $end (i64.add (i64.extend_i32_u (local.get $p)) (local.get $n)))
    (if (i32.or
          (i64.le_u (local.get $end) (i64.extend_i32_u (global.get $)" +
         name + R"(/memory.bytes)))
          (i32.and (i32.ge_u (local.get $p) (i32.const 196608))
                   (i64.le_u (local.get $end) (i64.extend_i32_u (global.get $)" +
         name + R"(/arena)))))
      (then (return)))
    (unreachable))
  (global $)" +
         name + R"(/memory.bytes (mut i32) (i32.const 65536))
  (global $)" +
         name + R"(/arena (mut i32) (i32.const 196608))
  (global $)" +
         name + "/count (mut i32) (i32.const 7))\n";
}

// The world with these items, and functions of a and b that are entries.
inline WorldProof prove(const std::string& text, const std::string& services, const std::string& extra) {
  wasm::Module module;
  module.features = wasm::FeatureSet::All;
  auto parsed = wasm::WATParser::parseModule(module, text);
  if (auto* error = parsed.getErr()) {
    FAIL(error->msg << "\n" << text);
  }
  // The function that the host calls is of the service that its name says.
  std::string entries = gates;
  if (services.find("\"name\": \"c\"") != std::string::npos) {
    entries.insert(entries.rfind(']'), R"(, {"kind": "entry", "function": "c/f", "services": ["c"]})");
  }
  auto json =
    std::string(R"({"version": 1, "stage": "sealed", "main": "a", "layout": "single", "init": [], "calls": [], )") +
    services + ", " + (extra.empty() ? entries : extra) + "}";
  module.customSections.push_back({"parigot.world", {json.begin(), json.end()}});
  auto proof = proveIsolation(module);
  if (auto* error = proof.getErr()) {
    return {{{"", {wasm::Name(), 0, "", error->msg, nullptr}}}, {}, 0, 0, 0};
  }
  return *proof;
}

inline std::string world(const std::string& items) {
  return "(module (import \"env\" \"host\" (func $host (param i32))) (memory 32 32)\n" + checkFunction("a") +
         checkFunction("b") + R"((func $b/called (export "called") (param i32))
    (func $other)
  )" + items +
         ")";
}

inline std::string exactly(const std::string& body, const std::string& service = "a") {
  return world("(func $" + service + R"(/f (export "f") (param $p i32) (param $q i32) (param $n i32) (param $l i64)
                  (local $r i32) )" +
               body + ")");
}

inline std::string reasonsOf(const WorldProof& proof) {
  std::string text;
  for (auto& [service, issue] : proof.unproved) {
    text += service + ": " + issue.function.toString() + ": " + issue.reason + "\n";
  }
  return text;
}

inline void accepts(const std::string& text, const char* services = exactServices) {
  INFO(text);
  auto proof = prove(text, services, "");
  CHECK(reasonsOf(proof) == "");
}

inline void refuses(const std::string& text, const char* services = exactServices) {
  INFO(text);
  CHECK(!prove(text, services, "").unproved.empty());
}

} // namespace parigot::verify

#endif // parigot_tests_unit_verify_worlds_h
