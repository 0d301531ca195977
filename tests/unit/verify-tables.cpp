// One table with slots of several services.

#include "verify_worlds.h"

namespace parigot::verify {

namespace {

// The slots 0 to 9 are those of a, 10 to 29 those of b; each has a function of its service, which touches a global.
std::string joined(const std::string& ofA, const std::string& ofB, const std::string& more = "") {
  return world("(table $t 30 30 funcref) (type $v (func))"
               "(global $a/g (mut i32) (i32.const 0)) (global $b/g (mut i32) (i32.const 0))"
               "(func $a/own (global.set $a/g (i32.const 1))) (func $b/own (global.set $b/g (i32.const 1)))"
               "(elem (table $t) (i32.const 9) func $a/own) (elem (table $t) (i32.const 10) func $b/own)"
               "(func $a/f (export \"a\") (param $p i32) (local $i i32) " +
               ofA + ") (func $b/f (export \"b\") (param $p i32) (local $i i32) " + ofB + ")" + more);
}

std::string call(const std::string& slot) { return "(call_indirect $t (type $v) " + slot + ")"; }

// A slot of a service, or one that no table has.
std::string within(uint32_t first, uint32_t count, const std::string& nowhere = "-1") {
  return "(select (i32.add (local.tee $i (local.get $p)) (i32.const " + std::to_string(first) + ")) (i32.const " +
         nowhere + ") (i32.lt_u (local.get $i) (i32.const " + std::to_string(count) + ")))";
}

const std::string own = call(within(10, 20));

} // namespace

TEST_CASE("verify: services with slots of their own in one table") {
  accepts(joined(call(within(0, 10)), own));
  accepts(joined(call(within(0, 1)) + call("(i32.const 9)") + call("(i32.const 2)"), own));
  accepts(joined("", own + call(within(29, 1)) + call("(i32.const 10)")));
  // As -O2 may write it.
  accepts(joined("(local.set $i " + within(0, 10) + ")" + call("(local.get $i)"), own));
  accepts(joined("(if (i32.gt_u (local.get $p) (i32.const 9)) (then (unreachable))) " + call("(local.get $p)"), own));
  accepts(joined(
    call("(if (result i32) (i32.lt_u (local.get $p) (i32.const 10)) (then (local.get $p)) (else (i32.const 30)))"),
    own));
  // Beyond the table is nothing.
  accepts(joined(call(within(0, 10, "30")) + call("(i32.const 30)"), own));
}

TEST_CASE("verify: services that reach slots of another in one table") {
  refuses(joined(call("(local.get $p)"), own));
  refuses(joined(call(within(0, 11)), own));
  refuses(joined(call(within(0, 10)), call(within(9, 20))));
  refuses(joined(call(within(0, 10, "29")), own));
  refuses(joined(call("(i32.const 10)"), own));
  refuses(joined(call(within(0, 10)) + call("(i32.const 29)"), own));
  // The other comparison, and none of the same number.
  refuses(joined(call("(select (local.get $p) (i32.const -1) (i32.gt_u (local.get $p) (i32.const 10)))"), own));
  refuses(joined(call("(select (local.get $p) (i32.const -1) (i32.lt_u (local.get $i) (i32.const 10)))"), own));
  refuses(joined(call("(select (local.get $p) (i32.const -1) (i32.lt_s (local.get $p) (i32.const 10)))"), own));
  // A function of the other service in the own slots.
  refuses(joined(call(within(0, 10)), own, "(elem (table $t) (i32.const 4) func $b/own)"));
  refuses(
    joined(call(within(0, 10)), own, "(global $o i32 (i32.const 4)) (elem (table $t) (global.get $o) func $b/own)"));
  // Who writes to the table may write to all of it.
  refuses(joined(call(within(0, 10)), own + "(table.set $t (i32.const 12) (ref.null func))"));
  refuses(joined(call(within(0, 10)), own + "(drop (table.grow $t (ref.null func) (i32.const 1)))"));
}

// What is known where a choice is made need not hold where its result is used.
TEST_CASE("verify: choices of slots that are none") {
  auto known = [](const std::string& condition, const std::string& then) {
    return "(if " + condition + " (then " + then + "))";
  };
  auto below = "(i32.lt_u (local.get $p) (i32.const 10))", above = "(i32.ge_u (local.get $p) (i32.const 10))";
  auto choice = "(select (local.get $p) (i32.const -1) (i32.lt_u (local.get $p) (i32.const 10)))";
  auto dropped = std::string("(drop ") + choice + ")";
  accepts(joined(known(below, call(choice)), own));
  refuses(joined(known(below, dropped) + call("(local.get $p)"), own));
  refuses(joined(known(below, dropped) + call("(i32.add (local.get $p) (i32.const 1))"), own));
  refuses(joined(known(above, dropped) + call("(i32.const 10)"), own));
  refuses(joined(known(above, dropped) + call("(i32.const 29)"), own));
  // The number changes after the choice, and the other way round.
  refuses(joined(dropped + "(local.set $p (i32.const 12))" + call(choice) + call("(local.get $p)"), own));
  accepts(
    joined("(local.set $i " + std::string(choice) + ") (local.set $p (i32.const 12))" + call("(local.get $i)"), own));
  refuses(joined("(local.set $i " + std::string(choice) + ")" + call("(i32.add (local.get $i) (i32.const 2))"), own));
  refuses(joined("(loop $l (local.set $p (i32.add (local.get $p) (i32.const 1))) " + call("(local.get $i)") +
                   "(local.set $i (local.get $p)) " + dropped + " (br_if $l (local.get $p)))",
                 own));
}

TEST_CASE("verify: a table that grows has slots beyond its size") {
  auto growing = [](const std::string& text) {
    auto copy = text;
    copy.replace(copy.find("30 30 funcref"), 13, "30 funcref");
    return copy;
  };
  accepts(growing(joined(call(within(0, 10)), "")));
  refuses(growing(joined(call(within(0, 10)), own)));
}

} // namespace parigot::verify
