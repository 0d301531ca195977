// Functions that write the first contents of memories: the verifier trusts where they write, and proves that they do
// nothing else, and run while the world starts only.

#include "verify_worlds.h"

namespace parigot::verify {
namespace {

constexpr const char* writes = R"(
  (data $packed "abc")
  (func $unpack (param $p i32)
    (memory.init $packed (local.get $p) (i32.const 0) (i32.const 3))
    (i64.store (local.get $p) (i64.load offset=8 (local.get $p))))
  (func $write (call $unpack (i32.load (i32.const 4))) (data.drop $packed)))";

std::string dataGates(const std::string& more = "") {
  std::string all = gates;
  all.insert(all.rfind(']'),
             R"(, {"kind": "data", "function": "unpack", "services": ["a", "b"]},
    {"kind": "data", "function": "write", "services": ["a", "b"]})" +
               more);
  return all;
}

WorldProof proveData(const std::string& items, const std::string& more = "") {
  return prove(world(writes + items), exactServices, dataGates(more));
}

bool isRefused(const WorldProof& proof, const std::string& reason) {
  return std::any_of(proof.unproved.begin(), proof.unproved.end(), [&](auto& each) {
    return each.issue.reason.find(reason) != std::string::npos;
  });
}

} // namespace

TEST_CASE("the start may write the first data, and that is trusted", "[verify-data]") {
  auto proof = proveData("(start $write)");
  CHECK(proof.unproved.empty());
  size_t data = 0;
  for (auto& function : proof.trusted) {
    data += function.kind == "data" && function.services == std::vector<std::string>{"a", "b"};
  }
  CHECK(data == 2);
}

TEST_CASE("a start may call what writes the first data, and what started before", "[verify-data]") {
  constexpr const char* start = "(func $old (i32.store (i32.const 64) (i32.const 1))) "
                                "(func $start (call $write) (call $old)) (start $start)";
  CHECK(proveData(start).unproved.empty()); // as code of main
  constexpr const char* gate = R"(, {"kind": "world", "function": "start"})";
  // The world itself has no memory, so that what it calls must be a gate.
  CHECK(!proveData(start, gate).unproved.empty());
  CHECK(proveData(start, std::string(gate) + R"(, {"kind": "entry", "function": "old", "services": ["a"]})")
          .unproved.empty());
}

TEST_CASE("without the gate the same is not proved", "[verify-data]") {
  CHECK(!prove(world(std::string(writes) + "(start $write)"), exactServices, gates).unproved.empty());
}

TEST_CASE("nothing but the start writes the first data", "[verify-data]") {
  for (const char* caller : {
         "(func $b/f (export \"b/f\") (call $write))",
         "(func $b/f (export \"b/f\") (call $unpack (i32.const 5)))",
         "(export \"again\" (func $write))",
         "(export \"again\" (func $unpack))",
         "(table $t 1 funcref) (elem (table $t) (i32.const 0) func $write) (export \"t\" (table $t))",
         "(table $t 1 funcref) (elem (table $t) (i32.const 0) func $unpack)"
         "(func $b/f (export \"b/f\") (call_indirect $t (param i32) (i32.const 70000) (i32.const 0)))",
       }) {
    INFO(caller);
    CHECK(!proveData(std::string("(start $write)") + caller).unproved.empty());
    CHECK(!proveData(std::string("(func $start (call $write)) (start $start)") + caller).unproved.empty());
  }
}

TEST_CASE("nobody calls a start that writes the first data", "[verify-data]") {
  std::string start = "(func $start (call $write)) (start $start)";
  CHECK(proveData(start).unproved.empty());
  CHECK(isRefused(proveData(start + "(func $b/f (export \"b/f\") (call $start))"), "it calls the start of the world"));
  CHECK(isRefused(proveData(start + "(export \"again\" (func $start))"), "the host can call it again"));
  CHECK(isRefused(proveData("(start $write) (export \"again\" (func $write))"), ""));
}

TEST_CASE("a function that writes the first data does nothing else", "[verify-data]") {
  auto with = [](const std::string& code) {
    return proveData("(start $more) (global $g (mut i32) (i32.const 0)) (func $idle) (func $more (call $write) " +
                       code + ")",
                     R"(, {"kind": "data", "function": "more", "services": ["a"]})");
  };
  CHECK(with("").unproved.empty());
  CHECK(isRefused(with("(call $idle)"), "calls idle besides"));
  CHECK(isRefused(with("(global.set $g (i32.const 1))"), "uses g besides"));
  CHECK(isRefused(with("(drop (memory.grow (i32.const 1)))"), "may not grow"));
}

} // namespace parigot::verify
