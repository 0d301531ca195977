// The verifier, against escapes written by hand: what it accepts, and what it must not.

#include "verify_worlds.h"

using namespace parigot::verify;

namespace {

const std::string check = "(if (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then "
                          "(call $a/check (local.get $p) (i64.const 12))))";
const std::string checkB = "(if (i32.gt_u (local.get $p) (i32.sub (global.get $b/memory.bytes) (i32.const 12))) (then "
                           "(call $b/check (local.get $p) (i64.const 12))))";
const std::string load = "(drop (i32.load offset=8 (local.get $p)))";
const std::string loadB = "(drop (i32.load offset=8 (i32.add (local.get $p) (i32.const 262144))))";

} // namespace

TEST_CASE("verify: checked accesses") {
  accepts(exactly(check + load));
  accepts(exactly(checkB + loadB, "b"));
  accepts(exactly(checkB + "(drop (i32.load offset=262152 (local.get $p)))", "b"));
  accepts(exactly("(drop (i32.load (i32.const 65532)))"));
  accepts(exactly("(drop (i32.load (i32.const 131068)))")); // it can have these bytes
  accepts(exactly("(call $a/check (local.get $p) (i64.const 12))" + load));
  accepts(exactly("(if (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 5000)))"
                  " (then (call $a/check (local.get $p) (i64.const 5000))))"
                  "(drop (i64.load offset=4992 (local.get $p)))"));
  accepts(
    exactly(check + "(local.set $r (i32.add (local.get $p) (i32.const 4))) (drop (i32.load offset=4 (local.get $r)))"));
  accepts(exactly("(if (i32.gt_u (i32.wrap_i64 (local.get $l)) (i32.sub (global.get $a/memory.bytes) (i32.const 12)))"
                  " (then (call $a/check (i32.wrap_i64 (local.get $l)) (i64.const 12))))"
                  "(drop (i32.load offset=8 (i32.wrap_i64 (local.get $l))))"));
  accepts(
    exactly("(block $far (br_if $far (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))))" +
            load + ")"));
  accepts(exactly("(call $a/check (local.get $p) (i64.extend_i32_u (local.get $n)))"
                  "(memory.fill (local.get $p) (i32.const 0) (local.get $n))"));
  accepts(exactly("(drop (i32.load (i32.and (local.get $p) (i32.const 65535))))"));
  // A load of its last bytes that would pass 4 GiB traps.
  accepts(exactly("(drop (i32.load (i32.const -1)))"));
  accepts(exactly("(loop $l " + check + load +
                  "(local.set $p (i32.add (local.get $p) (i32.const 4))) (br_if $l (local.get $n)))"));
}

TEST_CASE("verify: several checks of sums with one variable") {
  auto below = [](int constant, const std::string& op = "i32.gt_u") {
    auto sum = "(i32.add (local.get $p) (i32.const " + std::to_string(constant) + "))";
    return "(if (" + op + " " + sum +
           " (i32.sub (global.get $a/memory.bytes) (i32.const 4))) (then (call $other) (unreachable)))"
           "(drop (i32.load " +
           sum + "))";
  };
  // Each says something new of the variable, whatever the one before said.
  accepts(exactly(below(36) + below(32) + below(-16) + below(48)));
  refuses(exactly(below(36, "i32.gt_s")));
  refuses(exactly(below(36) + "(drop (i32.load (i32.add (local.get $p) (i32.const 40))))"));
}

TEST_CASE("verify: escapes from checks") {
  refuses(exactly(load));
  refuses(exactly(load + check));
  refuses(exactly(check + "(drop (i32.load offset=8 (local.get $q)))"));
  refuses(exactly(check + "(drop (i32.load offset=1024 (local.get $p)))"));
  refuses(exactly(check + "(drop (i64.load offset=8 (local.get $p)))")); // 16 bytes, checked 12
  refuses(exactly(check + "(local.set $p (local.get $q))" + load));
  refuses(exactly(check + "(local.set $p (i32.add (local.get $p) (i32.const 4)))" + load));
  refuses(exactly(check + "(local.set $p (i32.sub (local.get $p) (i32.const 4)))" + load)); // below 0
  refuses(exactly(check + "(local.set $p (i32.mul (local.get $p) (i32.const 2)))" + load));
  refuses(exactly("(if (local.get $n) (then " + check + "))" + load));
  refuses(exactly("(if (local.get $n) (then " + check + ") (else (local.set $p (local.get $q)) ))" + load));
  refuses(exactly(check + "(loop $l " + load +
                  "(local.set $p (i32.add (local.get $p) (i32.const 4))) (br_if $l (local.get $n)))"));
  refuses(exactly("(block $b (br_if $b (local.get $n)) " + check + ")" + load));
  refuses(exactly("(if (i32.gt_s (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then (call "
                  "$a/check (local.get $p) (i64.const 12))))" +
                  load));
  refuses(exactly("(if (i32.lt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then (call "
                  "$a/check (local.get $p) (i64.const 12))))" +
                  load));
  refuses(exactly("(if (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then (call "
                  "$a/check (local.get $q) (i64.const 12))))" +
                  load));
  refuses(exactly("(if (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then (call "
                  "$a/check (local.get $p) (i64.const 11))))" +
                  load));
  refuses(exactly(
    "(if (i32.gt_u (local.get $p) (global.get $a/arena)) (then (call $a/check (local.get $p) (i64.const 12))))" +
    load));
  refuses(exactly(
    "(if (i32.gt_u (local.get $p) (global.get $a/count)) (then (call $a/check (local.get $p) (i64.const 12))))" +
    load));
  refuses(exactly(
    "(if (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then (call $other)))" +
    load));
  refuses(exactly("(call $a/check (local.get $p) (i64.extend_i32_u (local.get $n)))"
                  "(memory.fill (local.get $p) (i32.const 0) (local.get $q))"));
  refuses(exactly("(call $a/check (local.get $p) (i64.extend_i32_s (local.get $n)))"
                  "(memory.fill (local.get $p) (i32.const 0) (local.get $n))"));
  refuses(exactly("(call $a/check (local.get $p) (i64.extend_i32_u (local.get $n)))"
                  "(memory.copy (local.get $p) (local.get $q) (local.get $n))"));
  refuses(exactly("(call $a/check (local.get $p) (i64.const -8))" + load)); // 2^64 - 8 bytes, whose end wraps
  refuses(exactly("(if (i32.gt_u (i32.wrap_i64 (local.get $l)) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) "
                  "(then (return)))"
                  "(drop (i32.load offset=8 (i32.wrap_i64 (i64.shr_u (local.get $l) (i64.const 1)))))"));
  refuses(exactly("(drop (i32.load (i32.and (local.get $p) (i32.const 262143))))"));
  refuses(exactly("(drop (i32.load (i32.and (local.get $p) (i32.const -65536))))"));
}

TEST_CASE("verify: escapes to other memories") {
  refuses(exactly(check + loadB));     // b's base
  refuses(exactly(check + load, "b")); // no base
  refuses(exactly(checkB + load, "b"));
  refuses(exactly(checkB + loadB)); // b's check and memory, by a
  refuses(exactly("(drop (i32.load (i32.const 262144)))"));
  refuses(exactly("(drop (i32.load (i32.const 131069)))")); // beyond what it can have
  refuses(exactly("(drop (i32.load (i32.const 196608)))")); // its arena
  refuses(exactly("(v128.store offset=8 (local.get $p) (v128.const i32x4 0 0 0 0))"));
  refuses(exactly("(drop (i32.atomic.rmw.add (local.get $p) (i32.const 1)))"));
  refuses(exactly("(drop (v128.load8_lane 0 (local.get $p) (v128.const i32x4 0 0 0 0)))"));
  refuses(exactly("(drop (memory.grow (i32.const 1)))", "other"));
}

TEST_CASE("verify: globals, functions, tables, segments") {
  accepts(exactly("(global.set $a/count (local.get $p))"));
  accepts(exactly("(call $b/called (local.get $p)) (call $host (local.get $p)) (call $other)"));
  refuses(exactly("(global.set $a/memory.bytes (local.get $p))" + check + load));
  refuses(
    exactly("(global.set $a/memory.bytes (i32.const 300000)) (call $a/check (local.get $p) (i64.const 12))" + load));
  refuses(exactly("(global.set $a/arena (local.get $p)) (call $a/check (local.get $p) (i64.const 12))" + load));
  auto both = [](const std::string& a, const std::string& b) {
    return world("(func $a/f (export \"f\") " + a + ") (func $b/f (export \"g\") " + b +
                 ")"
                 "(table $t 2 funcref) (elem $e (table $t) (i32.const 0) func $a/g) (data $d \"secret\")"
                 "(type $v (func)) (func $a/g (drop (i32.load (i32.const 8)))) "
                 "(func $b/g (drop (i32.load (i32.const 262152))))");
  };
  refuses(both("(global.set $b/count (i32.const 1))", "(global.set $b/count (i32.const 2))"));
  refuses(both("(drop (global.get $b/count))", "(global.set $b/count (i32.const 2))"));
  accepts(both("(drop (global.get $a/count))", "(global.set $b/count (i32.const 2))"));
  refuses(both("(call $b/f)", "(drop (i32.load (i32.const 262144)))"));
  refuses(both("(call $b/g)", ""));
  accepts(both("(call $a/g)", "(call $b/g)"));
  accepts(both("(call_indirect (type $v) (i32.const 0))", ""));
  refuses(both("", "(call_indirect (type $v) (i32.const 0))"));
  refuses(both("(call_indirect (type $v) (i32.const 0))", "(table.set $t (i32.const 0) (ref.func $b/g))"));
  refuses(both("", "(call $host (i32.const 1))"));
  refuses(both("(memory.init $d (i32.const 0) (i32.const 0) (i32.const 6))",
               "(memory.init $d (i32.const 262144) (i32.const 0) (i32.const 6))"));
  accepts(both("(memory.init $d (i32.const 0) (i32.const 0) (i32.const 6))", ""));
  refuses(both("(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))",
               "(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))"));
}

TEST_CASE("verify: adapters") {
  auto with = [](const std::string& body, const std::string& caller = "a") {
    auto text = exactly("(call $a/import)", caller);
    text.pop_back();
    return text + R"((func $inner (i32.store (i32.const 8) (i32.const 1)))
                      (func $a/own (export "own") (call $a/import) (drop (global.get $a/count)))
                      (func $a/import )" +
           body + "))";
  };
  const std::string copy = "(i32.store (i32.const 8) (i32.load (i32.const 262152)))";
  accepts(with(copy));
  refuses(with("(i32.store (i32.const 600000) (i32.const 1))")); // in the memory of neither
  // It is not b's. What it does as b's code must be what b may do.
  accepts(with("", "b"));
  accepts(with("(i32.store (i32.const 262152) (i32.const 1)) (call $b/called (i32.const 1))", "b"));
  auto refused = prove(with(copy, "b"), exactServices, "");
  CHECK_THAT(reasonsOf(refused), Catch::Contains("b: b/f: it calls a/import, which carries calls of another service"));
  refuses(with("(drop (i32.load (i32.const 8)))", "b"));
  refuses(with("(call $host (i32.const 1))", "b"));
  refuses(with("(call $inner)", "b"));
  refuses(with("(global.set $a/count (i32.const 1))", "b"));
  refuses(with("(drop (memory.grow (i32.const 1)))", "b"));
}

TEST_CASE("verify: check functions that check too little") {
  auto weakened = [](const std::string& from, const std::string& to) {
    auto text = exactly(check + load);
    auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  accepts(weakened("(unreachable)", "(unreachable)"));
  refuses(weakened("(unreachable)", "(return)"));
  refuses(weakened("(then (return))", "(then (nop))\n (else (return))"));
  refuses(weakened("i64.le_u", "i64.le_s"));
  refuses(weakened("i64.le_u", "i64.ge_u"));
  refuses(weakened("i32.ge_u", "i32.le_u"));
  refuses(weakened("(i32.const 196608)", "(i32.const 131072)"));
  refuses(weakened("(i32.const 196608)", "(i32.const 0)"));
  refuses(weakened("$a/memory.bytes)", "$b/arena)"));
  refuses(weakened("i32.and", "i32.or"));
  refuses(weakened("i64.extend_i32_u (local.get $p)", "i64.extend_i32_s (local.get $p)"));
  refuses(weakened("(local.get $n)))", "(i64.const 0)))"));
  refuses(weakened("(mut i32) (i32.const 65536)", "(mut i32) (i32.const 262145)"));
}

TEST_CASE("verify: growth") {
  auto grow = [](const std::string& condition, const std::string& size) {
    return exactly("(local.set $r (global.get $a/memory.bytes)) (if " + condition +
                   " (then (return)))"
                   "(global.set $a/memory.bytes " +
                   size + ")" + check + load);
  };
  auto good = "(i32.gt_u (local.get $n) (i32.shr_u (i32.sub (i32.const 131072) (local.get $r)) (i32.const 16)))";
  auto sum = "(i32.add (local.get $r) (i32.shl (local.get $n) (i32.const 16)))";
  accepts(grow(good, sum));
  refuses(grow("(local.get $q)", sum));
  refuses(grow(good, "(i32.add (local.get $r) (i32.shl (local.get $q) (i32.const 16)))"));
  refuses(grow(good, "(i32.add (local.get $r) (i32.shl (local.get $n) (i32.const 17)))"));
  refuses(
    grow("(i32.gt_s (local.get $n) (i32.shr_u (i32.sub (i32.const 131072) (local.get $r)) (i32.const 16)))", sum));
  refuses(
    grow("(i32.gt_u (local.get $n) (i32.shr_u (i32.sub (i32.const 262144) (local.get $r)) (i32.const 16)))", sum));
  refuses(
    grow("(i32.gt_u (local.get $n) (i32.shr_u (i32.sub (i32.const 131072) (local.get $q)) (i32.const 16)))", sum));
}

TEST_CASE("verify: contained accesses") {
  auto in = [](const std::string& service, const std::string& body, const std::string& init) {
    return "(module (memory 32 32) (global $" + service + "/sp (mut i32) (i32.const " + init + ")) (func $" + service +
           R"(/f (export "f") (param $p i32) (param $q i32) (param $n i32) (local $r i32) (local $s i32) )" + body +
           "))";
  };
  auto a = [&](const std::string& body) { return in("a", body, "65536"); };
  auto b = [&](const std::string& body) { return in("b", body, "589824"); };
  auto c = [&](const std::string& body) { return in("c", body, "1114112"); };
  auto ok = [](const std::string& text) { accepts(text, containedServices); };
  auto no = [](const std::string& text) { refuses(text, containedServices); };

  ok(a("(drop (i32.load offset=65520 (i32.and (local.get $p) (i32.const 262143))))"));
  no(a("(drop (i32.load offset=65536 (i32.and (local.get $p) (i32.const 262143))))"));
  no(a("(drop (i32.load (i32.and (local.get $p) (i32.const 524287))))"));
  no(a("(drop (i32.load (i32.and (local.get $p) (i32.const -1))))"));
  no(a("(drop (i32.load (local.get $p)))"));
  ok(b("(drop (i32.load offset=65520 (i32.add (i32.and (local.get $p) (i32.const 262143)) (i32.const 524288))))"));
  no(b("(drop (i32.load (i32.add (i32.and (local.get $p) (i32.const 262143)) (i32.const 262144))))"));
  no(b("(drop (i32.load (i32.add (i32.and (local.get $p) (i32.const 524287)) (i32.const 524288))))"));
  no(b("(drop (i32.load (i32.and (i32.add (local.get $p) (i32.const 524288)) (i32.const 262143))))"));
  ok(b("(drop (i32.load offset=524296 (i32.and (local.get $p) (i32.const 262143))))"));
  ok(c("(drop (i32.load offset=65520 (i32.or (local.get $p) (i32.const 1048576))))"));
  no(c("(drop (i32.load offset=65520 (i32.or (local.get $p) (i32.const 524288))))"));
  no(c("(drop (i32.load (i32.add (i32.or (local.get $p) (i32.const 1048576)) (i32.const 8))))")); // can pass 4 GiB
  no(c("(drop (i32.load (i32.xor (local.get $p) (i32.const 1048576))))"));

  // stack pointers
  const std::string frame = "(local.set $r (i32.sub (global.get $b/sp) (i32.const 48)))";
  const std::string mask =
    "(i32.add (i32.and (i32.sub (local.get $r) (i32.const 524288)) (i32.const 262143)) (i32.const 524288))";
  ok(b(frame + "(i32.store offset=40 (local.get $r) (i32.const 1))"));
  ok(b(frame + "(global.set $b/sp " + mask + ") (i32.store offset=40 (local.get $r) (i32.const 1))"));
  no(b(frame + "(global.set $b/sp (local.get $r)) (i32.store offset=40 (local.get $r) (i32.const 1))"));
  no(b("(global.set $b/sp (local.get $p)) (i32.store (global.get $b/sp) (i32.const 1))"));
  no(b("(local.set $r (i32.sub (global.get $b/sp) (i32.const 80000))) (i32.store (local.get $r) (i32.const 1))"));
  no(b("(local.set $r (i32.add (global.get $b/sp) (local.get $n))) (i32.store (local.get $r) (i32.const 1))"));
  ok(b(frame + "(loop $l (i32.store offset=40 (local.get $r) (i32.const 1))"
               "(local.set $r (global.get $b/sp)) (br_if $l (local.get $n)))"));
  ok(b(frame +
       "(loop $l (i32.store (local.get $r) (i32.const 1)) (if (local.get $p) (then (local.set $r (i32.sub (global.get "
       "$b/sp) (i32.const 64))))) (br_if $l (local.get $n)))"));
  no(b(frame +
       "(loop $l (i32.store (local.get $r) (i32.const 1)) (local.set $r (i32.sub (local.get $r) (i32.const 48)))"
       "(br_if $l (local.get $n)))"));
  no(b(frame +
       "(loop $l (i32.store (local.get $r) (i32.const 1)) (local.set $r (local.get $s)) (local.set $s (local.get $p))"
       "(br_if $l (local.get $n)))"));
  ok(c("(local.set $r (i32.sub (global.get $c/sp) (i32.const 48))) (global.set $c/sp (i32.or (local.get $r) (i32.const "
       "1048576)))"
       "(i32.store offset=8 (local.get $r) (i32.const 1))"));
  no(c("(global.set $c/sp (i32.or (local.get $p) (i32.const 65536))) (i32.store (global.get $c/sp) (i32.const 1))"));
}

TEST_CASE("verify: sections that lie") {
  auto text = exactly(check + load);
  auto says = [&](const std::string& services, const std::string& extra = "") {
    return reasonsOf(prove(text, services, extra));
  };
  auto changed = [&](const std::string& from, const std::string& to) {
    std::string services = exactServices;
    auto at = services.find(from);
    REQUIRE(at != std::string::npos);
    return says(services.replace(at, from.size(), to));
  };
  CHECK(says(exactServices) == "");
  CHECK_THAT(changed("\"base\": 262144", "\"base\": 131072"), Catch::Contains("overlap"));
  CHECK_THAT(changed("\"base\": 262144", "\"base\": 4294901760"), Catch::Contains("beyond 4 GiB"));
  CHECK_THAT(changed("\"bytes\": 262144", "\"bytes\": 524288"), Catch::Contains("overlap"));
  CHECK_THAT(changed("\"isolate\": true", "\"isolate\": false"), Catch::Contains("does not isolate"));
  CHECK_THAT(changed("\"isolate\": true", "\"isolate\": 7"), Catch::Contains("does not isolate"));
  CHECK_THAT(changed("\"name\": \"b\"", "\"name\": \"a\""), Catch::Contains("two services"));
  CHECK_THAT(changed("\"bytes\": 262144", "\"bytes\": -1"), Catch::Contains("a number up to"));
  // a's code is said to be b's, or that of the host, or nobody's
  auto gate = [](const std::string& entry) {
    return R"("gates": [{"kind": "check", "function": "a/check", "client": "a"}, )" + entry + "]";
  };
  CHECK(says(exactServices, gate(R"({"kind": "entry", "function": "a/f", "services": ["a"]})")) == "");
  CHECK(says(exactServices, gate(R"({"kind": "entry", "function": "a/f", "services": ["b"]})")) != "");
  CHECK(says(exactServices, gate(R"({"kind": "check", "function": "a/f", "client": "a"})")) != "");
  CHECK(says(exactServices, gate(R"({"kind": "entry", "function": "a/f", "services": ["z"]})")) != "");
  CHECK(says(exactServices, gate(R"({"kind": "entry", "function": 99, "services": ["a"]})")) != "");
  CHECK(says(exactServices, gate(R"({"kind": "door", "function": "a/f", "services": ["a"]})")) != "");
  CHECK(says(exactServices, R"("gates": [{"kind": "check", "function": "other", "client": "a"}])") != "");
  CHECK(says(exactServices, R"("gates": 5)") != "");
}
