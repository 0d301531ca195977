// The audit: the verdicts on small programs.

#include "audit/audit.h"
#include "support.h"

using namespace parigot::gojs;

namespace {

// A TinyGo program with this code in its exported function `run`. Strings are at:
// 16 document, 24 fs, 26 x, 32 size, 40 fetch.
Audit audited(const std::string& code, const std::string& more = "", const std::string& name = "run") {
  auto module = moduleOf(R"((module
    (import "gojs" "syscall/js.valueGet" (func $get (param i64 i32 i32) (result i64)))
    (import "gojs" "syscall/js.valueSet" (func $set (param i64 i32 i32 i64)))
    (import "gojs" "syscall/js.valueDelete" (func $delete (param i64 i32 i32)))
    (import "gojs" "syscall/js.valueInvoke" (func $invoke (param i32 i64 i32 i32 i32)))
    (import "gojs" "syscall/js.valueNew" (func $new (param i32 i64 i32 i32 i32)))
    (import "gojs" "syscall/js.valueInstanceOf" (func $instanceOf (param i64 i64) (result i32)))
    (global $sp (mut i32) (i32.const 65536))
    (memory 2)
    (data (i32.const 16) "documentfsx     size    fetch")
    )" + more + "(func $\"" +
                         name + "\" (export \"run\") (param $c i32) (param $v i64) (local $p i32) (local $n i32) " +
                         code + "))");
  return auditModule(*module);
}

std::string get(const std::string& address, const std::string& length, const std::string& object = "(local.get $v)") {
  return "(drop (call $get " + object + " " + address + " " + length + "))";
}
std::string number(int value) { return "(i32.const " + std::to_string(value) + ")"; }

const std::string document = get(number(16), number(8)), fs = get(number(24), number(2));

std::vector<std::string> namesOf(const Audit& audit) {
  std::vector<std::string> names;
  for (auto& name : audit.names) {
    names.push_back(std::string(toString(name.operation)) + " " + (name.onGlobal ? "global." : "") + name.name);
  }
  return names;
}

using Strings = std::vector<std::string>;

} // anonymous namespace

TEST_CASE("a name outside of the closed set needs a browser", "[gojs-audit]") {
  auto audit = audited(document + fs);
  CHECK(audit.need == Need::Browser);
  CHECK(audit.because == Strings{"gets document, in run"});
  CHECK(namesOf(audit) == Strings{"get document", "get fs"});
  CHECK(audited(fs).need == Need::Runtime);
}

TEST_CASE("code that is never reached asks for nothing", "[gojs-audit]") {
  CHECK(namesOf(audited("(return) " + document)).empty());
  CHECK(namesOf(audited("(if (i32.const 0) (then " + document + "))")).empty());
  CHECK(namesOf(audited("(block $b (br $b) " + document + ")")).empty());
}

TEST_CASE("code behind any branch that may be taken counts", "[gojs-audit]") {
  for (auto code : {"(block $b (br_if $b (local.get $c)) (return))",
                    "(block $b (block $a (br_table $a $b (local.get $c))) (return))",
                    "(if (local.get $c) (then (return)))",
                    "(block $b (loop $l (br_if $b (local.get $c)) (br $l)))",
                    "(if (local.get $c) (then (unreachable)) (else (nop)))",
                    "(try (do (return)) (catch_all))",
                    "(block $b (try_table (catch_all $b) (return)) (unreachable))"}) {
    CHECK(namesOf(audited(code + document)) == Strings{"get document"});
  }
}

TEST_CASE("a name follows locals, and is computed where two ways disagree", "[gojs-audit]") {
  auto name = get("(local.get $p)", "(local.get $n)");
  std::string set = "(local.set $p (i32.const 16)) (local.set $n (i32.const 8)) ";
  CHECK(namesOf(audited(set + name)) == Strings{"get document"});
  CHECK(namesOf(audited(set + "(if (local.get $c) (then (local.set $v (i64.const 1)))) " + name)) ==
        Strings{"get document"});
  CHECK(namesOf(audited(set + "(loop $l " + name + " (br_if $l (local.get $c)))")) == Strings{"get document"});
  for (auto& code : {set + "(if (local.get $c) (then (local.set $p (i32.const 24)))) " + name,
                     set + "(block $b (br_if $b (local.get $c)) (local.set $n (i32.const 2))) " + name,
                     set + "(loop $l " + name + " (local.set $p (i32.const 24)) (br_if $l (local.get $c)))",
                     get("(i32.load (i32.const 8))", number(4))}) {
    auto audit = audited(code);
    CHECK(audit.names.empty());
    REQUIRE(audit.computed.size() == 1);
    CHECK(audit.computed[0].calls == 1);
    CHECK(audit.need == Need::Runtime);
  }
}

TEST_CASE("an operand is what it was when it was evaluated", "[gojs-audit]") {
  CHECK(namesOf(audited("(local.set $p (i32.const 24)) (drop (call $get (local.get $v) (local.get $p) "
                        "(local.tee $p (i32.const 2))))")) == Strings{"get fs"});
}

TEST_CASE("a function that hands a parameter on makes its callers' constants names", "[gojs-audit]") {
  auto audit =
    audited("(call $helper (i32.const 1) (i32.const 24) (i32.const 2)) "
            "(call $helper (i32.const 2) (i32.const 16) (i32.const 8))",
            "(func $helper (param i32 i32 i32) (drop (call $get (i64.const 0) (local.get 1) (local.get 2))))");
  CHECK(namesOf(audit) == Strings{"get document", "get fs"});
  CHECK(audit.computed.empty());
  CHECK(audit.because == Strings{"gets document, in run"});
}

TEST_CASE("a parameter of a function that may be called unseen can be anything", "[gojs-audit]") {
  auto audit = audited("(call $helper (i32.const 24) (i32.const 2))",
                       "(table 1 funcref) (elem (i32.const 0) $helper)"
                       "(func $helper (param i32 i32) (drop (call $get (i64.const 0) (local.get 0) (local.get 1))))");
  CHECK(namesOf(audit) == Strings{"get fs"});
  REQUIRE(audit.computed.size() == 1);
  CHECK(audit.functions[audit.computed[0].function].name == "helper");
}

TEST_CASE("bytes that cannot be a name are none", "[gojs-audit]") {
  for (auto& code : {get(number(3000000), number(8)),
                     get(number(16), number(4000)),
                     get(number(16), number(-1)),
                     get(number(14), number(4))}) {
    auto audit = audited(code);
    CHECK(audit.names.empty());
    CHECK(audit.computed.size() == 1);
  }
}

TEST_CASE("what a program sets on objects of its own it may get and delete", "[gojs-audit]") {
  std::string set = "(call $set (local.get $v) (i32.const 26) (i32.const 1) (i64.const 1)) ";
  CHECK(audited(set + get(number(26), number(1))).need == Need::Runtime);
  CHECK(audited(set + "(call $delete (local.get $v) (i32.const 26) (i32.const 1))").need == Need::Runtime);
  CHECK(audited(get(number(26), number(1))).need == Need::Browser);
}

TEST_CASE("a property set on the global object is for other JavaScript", "[gojs-audit]") {
  auto audit = audited("(call $set (i64.const 0x7ff8000100000005) (i32.const 26) (i32.const 1) (i64.const 1))");
  CHECK(audit.because == Strings{"sets x of the global object, in run"});
  CHECK(audit.registers.empty());
}

TEST_CASE("operations without a name count when nothing else tells of them", "[gojs-audit]") {
  CHECK(audited("(call $new (i32.const 0) (local.get $v) (i32.const 0) (i32.const 0) (i32.const 0))").need ==
        Need::Runtime);
  CHECK(audited("(drop (call $instanceOf (local.get $v) (local.get $v)))").need == Need::Runtime);
  auto audit = audited("(call $invoke (i32.const 0) (local.get $v) (i32.const 0) (i32.const 0) (i32.const 0))");
  CHECK(audit.because == Strings{"invokes a JavaScript function, in run"});
}

TEST_CASE("net/http does without fetch, other functions may not", "[gojs-audit]") {
  CHECK(audited(document, "", "(*net/http.Transport).RoundTrip").need == Need::Runtime);
  CHECK(audited(document, "", "net/http.(*Transport).RoundTrip").need == Need::Runtime);
  CHECK(audited(document, "", "net/httpx.Do").need == Need::Browser);
  CHECK(audited(get(number(40), number(5))).need == Need::Runtime);
}

TEST_CASE("a global that is only looked up is no need for a browser", "[gojs-audit]") {
  const std::string lookup = get(number(16), number(8), "(i64.const 0x7ff8000100000005)");
  const std::string object = "(i32.const 0) (local.get $v) (i32.const 0) (i32.const 0) (i32.const 0)";
  auto audit = audited(lookup);
  CHECK(audit.need == Need::Runtime);
  CHECK(namesOf(audit) == Strings{"get global.document"});
  CHECK(audit.names[0].served == Served::Guarded);
  // What is served and has another name may be done elsewhere, but not in the function that looks it up.
  const std::string getsFs = "(func $other (export \"other\") (param $v i64) " + fs + ")";
  CHECK(audited(lookup, getsFs).need == Need::Runtime);
  CHECK(audited(lookup + fs).because == Strings{"gets document of the global object, in run"});
  // What needs no name, or one that is the program's own, could be done with it anywhere.
  for (auto& use : Strings{"(call $new " + object + ")",
                           "(drop (call $instanceOf (local.get $v) (local.get $v)))",
                           "(call $set (local.get $v) (i32.const 26) (i32.const 1) (i64.const 1))",
                           "(call $delete (local.get $v) (i32.const 26) (i32.const 1))",
                           "(drop (call $get (local.get $v) (i32.load (i32.const 8)) (i32.const 4)))"}) {
    const std::string other = "(func $other (export \"other\") (param $v i64) " + use + ")";
    CHECK(audited(lookup, other).because == Strings{"gets document of the global object, in run"});
  }
  // Where others are no lookups, they may be what is done with it.
  const std::string invokes = "(func $other (export \"other\") (param $v i64) (call $invoke " + object + "))";
  CHECK(audited(lookup, invokes).because.size() == 2);
}

TEST_CASE("the functions that lead to a name are told from an export on", "[gojs-audit]") {
  auto audit = audited("(call $middle)", "(func $middle (call $last)) (func $last (local $v i64)" + document + ")");
  REQUIRE(audit.functions.size() == 1);
  auto& function = audit.functions[0];
  CHECK(function.exportName == "run");
  REQUIRE(function.chain.size() == 3);
  CHECK(function.chain[1].name == "middle");
  CHECK_FALSE(function.chain[2].indirectly);
  auto unreached = audited("", "(func $alone (local $v i64)" + document + ")");
  REQUIRE(unreached.functions.size() == 1);
  CHECK(unreached.functions[0].chain.empty());
  CHECK(unreached.need == Need::Browser);
}

TEST_CASE("a binary that needs more than is given is refused with reasons", "[gojs-audit]") {
  auto browser = audited(document + fs);
  CHECK_FALSE(checkNeed(browser, Need::Browser).getErr());
  CHECK(errorOf(checkNeed(browser, Need::Runtime)) == "needs a browser, because it\n  gets document, in run");
  auto runtime = audited(fs);
  CHECK_FALSE(checkNeed(runtime, Need::Runtime).getErr());
  CHECK(errorOf(checkNeed(runtime, Need::Nothing)) == "needs the runtime, because it\n  gets fs, in run");
  std::string many;
  for (int i = 1; i < 8; i++) {
    many += get(number(16), number(i));
  }
  CHECK(errorOf(checkNeed(audited(many), Need::Runtime))
          .ends_with("\n  and 2 more; `parigot-opt inspect --browser` says all"));
}

TEST_CASE("who calls the functions of a library has no need of a browser for them", "[gojs-audit]") {
  Audit audit;
  audit.need = Need::Browser;
  audit.because = {"is a library: it registers functions for JavaScript to call (f)", "gets document, in run"};
  grantRegistrations(audit);
  CHECK(audit.because == Strings{"gets document, in run"});
  CHECK(audit.need == Need::Browser);
  audit.because = {"is a library: it registers functions for JavaScript to call (f)"};
  grantRegistrations(audit);
  CHECK(audit.because.empty());
  CHECK(audit.need == Need::Runtime);
}

TEST_CASE("a program that only looks at objects registers nothing", "[gojs-audit]") {
  CHECK_FALSE(changesObjects(audited(fs + document)));
  const std::string set = "(call $set (i64.const 0x7ff8000100000005) (i32.const 26) (i32.const 1) (i64.const 1))";
  CHECK(changesObjects(audited(set)));
  CHECK_FALSE(changesObjects(audited(set, "", "syscall/js.handleEvent")));
  CHECK(changesObjects(audited("(call $set (local.get $v) (i32.load (i32.const 8)) (i32.const 4) (i64.const 1))")));
}

TEST_CASE("a shim without syscall/js needs nothing", "[gojs-audit]") {
  auto module = moduleOf(R"((module (import "gojs" "runtime.nanotime1" (func (param i32)))))");
  auto audit = auditModule(*module);
  CHECK(audit.need == Need::Nothing);
  CHECK(audit.compiler == "Go 1.21 or later");
  CHECK(toString(Need::Nothing) == "needs nothing");
  CHECK((Need::Nothing < Need::Runtime && Need::Runtime < Need::Browser));
}
