// What the verifier finds out about numbers, in loops and over calls, against escapes that rely on it finding too much.

#include "verify/bounds.h"
#include "verify_worlds.h"

using namespace parigot::verify;
using namespace wasm;

namespace {

// a has 262144 bytes at 0, with 65536 of nobody behind them; so 327672 is the last address at which it may load 8.
std::string contained(const std::string& body, const std::string& items = "") {
  return "(module (memory 32 32) (type $v (func (param i32))) (func $a/f (export \"f\") (param $p i32) (param $q i64) "
         "(local $i i32) (local $n i64) (local $m i64) " +
         body + ")" + items + ")";
}
void ok(const std::string& body, const std::string& items = "") { accepts(contained(body, items), containedServices); }
void no(const std::string& body, const std::string& items = "") { refuses(contained(body, items), containedServices); }

const std::string loadI = "(drop (i64.load (local.get $i)))";
const std::string loadN = "(drop (i64.load (i32.wrap_i64 (local.get $n))))";
const std::string again = "(br_if $l (local.get $p))";

// All that is ever written to $n, or $i, in a loop after it is used.
std::string writtenN(const std::string& value) {
  return "(loop $l " + loadN + "(local.set $n " + value + ") " + again + ")";
}
std::string writtenI(const std::string& value) {
  return "(loop $l " + loadI + "(local.set $i " + value + ") " + again + ")";
}

// A dispatcher, as Go's compiler makes them: $n is an address in the block that the 1 leads to, and something else
// before.
std::string dispatched(const std::string& first, const std::string& second) {
  return "(loop $l (block $b (block $a (br_table $a $b (local.get $p)))"
         "(local.set $n (i64.load (i32.const 8))) (i64.store (i32.const 16) (local.get $n))"
         "(local.set $n " +
         first + ") (if (i32.load (i32.const 32)) (then (local.set $p (i32.const 1)) (br $l))) (local.set $n " +
         second + ")) (i64.store (i32.wrap_i64 (local.get $n)) (local.get $q)))";
}

} // namespace

TEST_CASE("verify: what is ever written to a local") {
  ok(writtenN("(i64.load8_u (i32.const 8))"));
  ok(writtenN("(i64.load16_u (i32.const 8))"));
  ok(writtenN("(i64.shr_u (i64.load32_u (i32.const 8)) (i64.const 14))"));
  ok(writtenN("(i64.extend8_s (i64.shr_u (i64.load8_u (i32.const 8)) (i64.const 1)))"));
  ok(writtenN("(i64.add (i64.shl (i64.load8_u (i32.const 8)) (i64.const 4)) (i64.const 1024))"));
  ok(writtenN("(i64.clz (local.get $q))"));
  ok(writtenN("(i64.rem_u (local.get $q) (i64.const 327673))"));
  ok(writtenN("(i64.extend_i32_u (i64.lt_s (local.get $q) (i64.const 7)))"));
  ok(writtenN("(select (i64.const 7) (i64.load8_u (i32.const 8)) (local.get $p))"));
  ok(writtenI("(i32.load16_u (i32.const 8))"));
  ok(writtenI("(i32.div_s (i32.load8_u (i32.const 8)) (i32.const 2))"));
  ok("(local.set $m (i64.load8_u (i32.const 8)))" + writtenN("(local.get $m)"));

  no(writtenN("(i64.load32_u (i32.const 8))"));
  no(writtenN("(i64.load8_s (i32.const 8))"));
  no(writtenN("(i64.load (i32.const 8))"));
  no(writtenN("(i64.shr_u (i64.load32_u (i32.const 8)) (i64.const 13))"));
  no(writtenN("(i64.shr_s (local.get $q) (i64.const 60))"));
  no(writtenN("(i64.shl (i64.load8_u (i32.const 8)) (i64.const 11))"));
  no(writtenN("(i64.shl (i64.load8_u (i32.const 8)) (i64.const 75))")); // 75 modulo 64 is 11
  no(writtenN("(i64.extend8_s (i64.load8_u (i32.const 8)))"));
  no(writtenN("(i64.extend32_s (i64.load32_u (i32.const 8)))"));
  no(writtenN("(i64.sub (i64.load8_u (i32.const 8)) (i64.const 1))"));
  no(writtenN("(i64.mul (i64.load16_u (i32.const 8)) (i64.const 6))"));
  no(writtenN("(i64.mul (i64.load16_u (i32.const 8)) (i64.const 0x1000000000000))"));
  no(writtenN("(i64.rem_u (local.get $q) (i64.const 327674))"));
  no(writtenN("(i64.rem_u (local.get $q) (i64.load32_u (i32.const 8)))"));
  no(writtenN("(i64.rem_s (local.get $q) (i64.const 8))"));
  no(writtenN("(i64.div_s (local.get $q) (i64.const 0x7fffffffffffffff))")); // -1 is negative
  no(writtenN("(i64.div_s (i64.load8_u (i32.const 8)) (i64.const -1))"));
  no(writtenN("(i64.rotl (i64.load8_u (i32.const 8)) (i64.const 62))"));
  no(writtenN("(i64.xor (i64.load8_u (i32.const 8)) (i64.const -1))"));
  no(writtenN("(select (local.get $q) (i64.const 7) (local.get $p))"));
  no(writtenN("(local.get $q)"));
  no(writtenI("(i32.load8_s (i32.const 8))"));
  no(writtenI("(i32.shr_s (local.get $p) (i32.const 31))"));
  no(writtenI("(i32.extend8_s (i32.load8_u (i32.const 8)))"));
  no(writtenI("(block $v (result i32) (drop (br_if $v (local.get $p) (local.get $p))) (i32.const 8))"));
  no("(local.set $m (local.get $q))" + writtenN("(local.get $m)"));
  no(writtenN("(local.tee $m (local.get $q))"));
  no(writtenN("(i64.const 327673)"));
  ok(writtenN("(i64.const 327672)"));
  // Two writes, one of them too large; and a parameter, whatever is written to it.
  no(writtenN("(i64.load8_u (i32.const 8))") + "(local.set $n (local.get $q))" + loadN);
  no("(loop $l (drop (i64.load (local.get $p))) (local.set $p (i32.load8_u (i32.const 8))) " + again + ")");
}

TEST_CASE("verify: numbers of loops") {
  // What $n is at the begin of a turn is not all that is ever written to it.
  ok(dispatched("(i64.load8_u (i32.const 24))", "(i64.const 8)"));
  ok(dispatched("(i64.add (i64.shl (i64.load8_u (i32.const 24)) (i64.const 4)) (i64.const 1024))", "(i64.const 8)"));
  no(dispatched("(i64.load (i32.const 24))", "(i64.const 8)"));
  no(dispatched("(i64.load8_u (i32.const 24))", "(i64.load32_u (i32.const 8))"));
  no(dispatched("(i64.load8_s (i32.const 24))", "(i64.const 8)"));
  no(dispatched("(local.get $n)", "(i64.const 8)"));
  no(dispatched("(i64.and (local.get $n) (i64.const 0x7ffff))", "(i64.const 8)"));

  // Numbers that grow from turn to turn: by a little, twofold, round another loop, and through each other.
  auto grows = [](const std::string& step) { return "(loop $l " + loadI + step + again + ")"; };
  no(grows("(local.set $i (i32.add (local.get $i) (i32.const 8)))"));
  no(grows("(local.set $i (i32.add (i32.mul (local.get $i) (i32.const 2)) (i32.const 1)))"));
  no(grows("(local.set $i (i32.sub (local.get $i) (i32.const 1)))"));
  no(grows("(if (local.get $p) (then (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l)))"));
  no("(loop $l " + writtenN("(i64.add (local.get $n) (i64.const 8))") + "(br_if $l (local.get $p)))");
  no("(loop $o (loop $l " + loadN + again +
     ") (local.set $n (i64.add (local.get $n) (i64.const 8))) (br_if $o (local.get $p)))");
  no(writtenN("(i64.add (local.get $m) (i64.const 8)) (local.set $m (local.get $n))"));
  ok(grows("(local.set $i (i32.and (i32.add (local.get $i) (i32.const 8)) (i32.const 4095)))"));
  ok("(loop $l (br_if $l (i32.gt_u (local.get $i) (i32.const 4096))) " + loadI +
     "(local.set $i (i32.and (i32.add (local.get $i) (i32.const 8)) (i32.const 8191))) " + again + ")");
}

namespace {

constexpr const char* callee = "(func $g (param $x i32) (drop (i64.load (local.get $x))))";

} // namespace

TEST_CASE("verify: what functions are called with") {
  ok("(call $g (i32.const 64)) (call $g (i32.const 8192))", callee);
  ok("(call $g (i32.and (local.get $p) (i32.const 262143)))", callee);
  no("(call $g (i32.const 64)) (call $g (i32.const 327673))", callee);
  no("(call $g (i32.const 64)) (call $g (local.get $p))", callee);
  no("(call $g (i32.const 64)) (return_call $g (local.get $p))", callee);
  no("(if (local.get $p) (then (call $g (i32.const 524288)))) (call $g (i32.const 64))", callee);
  // Other ways to the function: an export, a table, a reference, the start.
  std::string g = callee;
  no("(call $g (i32.const 64))", g + "(export \"g\" (func $g))");
  no("(call $g (i32.const 64)) (call_indirect (type $v) (local.get $p) (i32.const 0))",
     g + "(table $t 1 funcref) (elem (table $t) (i32.const 0) func $g)");
  no("(call $g (i32.const 64)) (call_ref $v (local.get $p) (ref.func $g))", g + "(elem declare func $g)");
  no("(call $g (i32.const 64)) (call_ref $v (local.get $p) (global.get $r))", g + "(global $r (ref $v) (ref.func $g))");
  // Through another function, and round itself.
  std::string h = "(func $h (param $x i32) (call $g (i32.add (local.get $x) (i32.const 8))))";
  ok("(call $h (i32.const 64))", g + h);
  no("(call $h (i32.const 64)) (call $h (local.get $p))", g + h);
  no("(call $h (i32.const 327672))", g + h);
  no("(call $r (i32.const 64))",
     "(func $r (param $x i32) (drop (i64.load (local.get $x))) (call $r (i32.add (local.get $x) (i32.const 8))))");
  no("(call $r (i32.const 64))",
     g + "(func $r (param $x i32) (call $g (local.get $x)) (call $r (i32.add (local.get $x) (i32.const 8))))");
  // The parameter is another number afterwards.
  no("(call $g (i32.const 64))",
     "(func $g (param $x i32) (local.set $x (i32.load (local.get $x))) (drop (i64.load (local.get $x))))");
  ok("(call $w (i64.const 64))", "(func $w (param $x i64) (drop (i64.load (i32.wrap_i64 (local.get $x)))))");
  no("(call $w (i64.const 64)) (call $w (i64.const -1))",
     "(func $w (param $x i64) (drop (i64.load (i32.wrap_i64 (local.get $x)))))");
}

TEST_CASE("verify: what functions of several services are called with") {
  // As -Oz merges functions of two services into one: what is a base in one of them, is a parameter.
  auto both = [](const std::string& fromA, const std::string& fromB) {
    return "(module (memory 32 32) (func $a/f (export \"f\") (param $p i32) (call $g (local.get $p) (i32.const " +
           fromA + "))) (func $b/f (export \"g\") (param $p i32) (call $g (local.get $p) (i32.const " + fromB +
           "))) (func $g (param $p i32) (param $base i32) (drop (i64.load (i32.add (i32.and (local.get $p) (i32.const "
           "262143)) (local.get $base))))))";
  };
  accepts(both("0", "524288"), containedServices);
  refuses(both("524288", "524288"), containedServices);
  refuses(both("0", "0"), containedServices);
  refuses(both("524288", "0"), containedServices);
}

TEST_CASE("verify: check functions that do more") {
  auto with = [](const std::string& more, const std::string& items = "") {
    auto text = world("(func $a/f (export \"f\") (param $p i32) (call $a/check (local.get $p) (i64.const 12)) "
                      "(drop (i32.load offset=8 (local.get $p)))) " +
                      items);
    const std::string begin = "(func $a/check (param $p i32) (param $n i64) (local $end i64)";
    auto at = text.find(begin);
    REQUIRE(at != std::string::npos);
    return text.insert(at + begin.size(), more);
  };
  accepts(with(""));
  accepts(with("(drop (i32.load (i32.const -1)))")); // traps
  refuses(with("(drop (i32.load (local.get $p)))"));
  refuses(with("(drop (i32.load (i32.const 196608)))")); // the arena
  refuses(with("(global.set $b/count (i32.const 1))"));
  refuses(with("(global.set $a/arena (i32.const -1))"));
  refuses(with("(call $b/called (i32.const 1))"));
  refuses(with("(call $steal)", "(func $steal (drop (i32.load (i32.const 262144))))"));
  refuses(with("(table.set $t (i32.const 0) (ref.null func))", "(table $t 1 funcref)"));
}

TEST_CASE("verify: bounds of operations hold") {
  // Each operation on small and large numbers, against what the bound of its operands says.
  const uint64_t numbers[] = {0, 1, 2, 7, 31, 63, 127, 128, 255, 32767, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
  const uint64_t wide[] = {0x100000000, 0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX};
  auto check = [](BinaryOp op, const Literal& left, const Literal& right, const Literal& result) {
    auto number = [](const Literal& it) {
      return it.type == Type::i32 ? uint32_t(it.geti32()) : uint64_t(it.geti64());
    };
    INFO("operation " << op << " of " << number(left) << " and " << number(right) << ": " << number(result));
    auto constant = number(right);
    CHECK(number(result) <= mostOfBinary(op, number(left), number(right), nullptr));
    CHECK(number(result) <= mostOfBinary(op, number(left), number(right), &constant));
  };
  auto both = [&](const Literal& a, const Literal& b, bool is32) {
    check(is32 ? AddInt32 : AddInt64, a, b, a.add(b));
    check(is32 ? SubInt32 : SubInt64, a, b, a.sub(b));
    check(is32 ? MulInt32 : MulInt64, a, b, a.mul(b));
    check(is32 ? AndInt32 : AndInt64, a, b, a.and_(b));
    check(is32 ? OrInt32 : OrInt64, a, b, a.or_(b));
    check(is32 ? XorInt32 : XorInt64, a, b, a.xor_(b));
    check(is32 ? ShlInt32 : ShlInt64, a, b, a.shl(b));
    check(is32 ? ShrUInt32 : ShrUInt64, a, b, a.shrU(b));
    check(is32 ? ShrSInt32 : ShrSInt64, a, b, a.shrS(b));
    check(is32 ? RotLInt32 : RotLInt64, a, b, a.rotL(b));
    check(is32 ? RotRInt32 : RotRInt64, a, b, a.rotR(b));
    check(is32 ? GtSInt32 : GtSInt64, a, b, a.gtS(b));
    if (!b.isZero()) {
      check(is32 ? DivUInt32 : DivUInt64, a, b, a.divU(b));
      check(is32 ? RemUInt32 : RemUInt64, a, b, a.remU(b));
      bool overflows = is32 ? b.geti32() == -1 && a.geti32() == INT32_MIN : b.geti64() == -1 && a.geti64() == INT64_MIN;
      if (!overflows) {
        check(is32 ? DivSInt32 : DivSInt64, a, b, a.divS(b));
        check(is32 ? RemSInt32 : RemSInt64, a, b, a.remS(b));
      }
    }
  };
  std::vector<uint64_t> all(std::begin(numbers), std::end(numbers));
  all.insert(all.end(), std::begin(wide), std::end(wide));
  for (auto a : all) {
    for (auto b : all) {
      both(Literal(int64_t(a)), Literal(int64_t(b)), false);
      if (a <= UINT32_MAX && b <= UINT32_MAX) {
        both(Literal(int32_t(uint32_t(a))), Literal(int32_t(uint32_t(b))), true);
      }
    }
  }
}

TEST_CASE("verify: check functions whose number of bytes has become part of the limit") {
  auto with = [](const std::string& body) {
    return "(module (memory 32 32) (func $a/f (export \"f\") (param $p i32) (call $a/check (local.get $p)) "
           "(drop (i32.load offset=8 (local.get $p)))) (func $a/check (param $p i32) " +
           body + "))";
  };
  auto low = [](const std::string& condition) { return "(if " + condition + " (then (return))) (unreachable)"; };
  accepts(with(low("(i64.le_u (i64.extend_i32_u (local.get $p)) (i64.const 131060))")));
  accepts(with(low("(i32.lt_u (local.get $p) (i32.const 131060))")));
  accepts(with("(if (i32.gt_u (local.get $p) (i32.const 131060)) (then (unreachable)))"));
  accepts(with("(if (i64.lt_u (i64.const 131060) (i64.extend_i32_u (local.get $p))) (then (unreachable)))"));
  refuses(with(low("(i64.le_u (i64.extend_i32_u (local.get $p)) (i64.const 131061))")));
  refuses(with(low("(i64.le_s (i64.extend_i32_s (local.get $p)) (i64.const 131060))")));
  refuses(with(low("(i64.ge_u (i64.extend_i32_u (local.get $p)) (i64.const 131060))")));
  refuses(with(low("(i32.lt_s (local.get $p) (i32.const 131060))")));
  refuses(with(low("(i64.le_u (i64.extend_i32_u (i32.sub (local.get $p) (i32.const 8))) (i64.const 131060))")));
  refuses(with("(if (i32.gt_u (local.get $p) (i32.const 131060)) (then (return))) (unreachable)"));
  refuses(
    with(low("(i32.or (i32.lt_u (local.get $p) (i32.const 131060)) (i32.eq (local.get $p) (i32.const 262144)))")));
  // Of several ways to return, the one that knows least counts.
  const std::string few =
    "(if (local.get $p) (then (if (i32.le_u (local.get $p) (i32.const 131072)) (then (return)))))";
  const std::string none = "(if (local.get $p) (then (if (i64.le_u (i64.add (i64.extend_i32_u (local.get $p)) "
                           "(i64.const 0)) (i64.const 131072)) (then (return)))))";
  const std::string enough = low("(i32.lt_u (local.get $p) (i32.const 131060))");
  accepts(with(enough));
  refuses(with(few + enough));
  refuses(with(none + enough));
  refuses(with("(if (local.get $p) (then (return)))" + enough));
  // No bytes at all may be checked.
  accepts("(module (memory 32 32) (func $a/f (export \"f\") (param $p i32) (call $a/check (local.get $p)) "
          "(memory.fill (local.get $p) (i32.const 7) (i32.const 0))) (func $a/check (param $p i32) " +
          low("(i32.le_u (local.get $p) (i32.const 131072))") + "))");
}

TEST_CASE("verify: check functions whose address is always the same") {
  auto with = [](const std::string& body, const std::string& operand = "(i64.extend_i32_u (local.get $p))") {
    return "(module (memory 32 32) (func $a/f (export \"f\") (param $p i32) (param $l i64) (call $a/check " + operand +
           ") (memory.fill (i32.const 3000) (i32.const 7) (local.get $p))) (func $a/check (param $n i64) " + body +
           "))";
  };
  auto low = [](const std::string& condition) { return "(if " + condition + " (then (return))) (unreachable)"; };
  accepts(with(low("(i64.le_u (local.get $n) (i64.const 128072))")));
  accepts(with(low("(i64.le_u (i64.add (local.get $n) (i64.const 3000)) (i64.const 131072))")));
  accepts(with(low("(i64.gt_u (i64.const 131072) (i64.add (local.get $n) (i64.const 3000)))")));
  accepts(with("(if (i64.gt_u (local.get $n) (i64.const 128072)) (then (unreachable)))"));
  refuses(with(low("(i64.le_u (local.get $n) (i64.const 328073))")));
  refuses(with(low("(i64.le_s (local.get $n) (i64.const 128072))")));
  refuses(with(low("(i64.ge_u (local.get $n) (i64.const 128072))")));
  refuses(with(low("(i64.le_u (i64.sub (local.get $n) (i64.const 3000)) (i64.const 128072))")));
  refuses(with(low("(i64.le_u (i64.shr_u (local.get $n) (i64.const 1)) (i64.const 1000))")));
  refuses(with("(if (i64.gt_u (local.get $n) (i64.const 128072)) (then (return))) (unreachable)"));
  refuses(with("(nop)"));
  // What is checked is not the number of bytes, or only a part of it.
  refuses(with(low("(i64.le_u (local.get $n) (i64.const 128072))"), "(local.get $l)"));
  refuses(with(low("(i64.le_u (local.get $n) (i64.const 128072))"), "(i64.and (local.get $l) (i64.const 255))"));
  refuses(with(low("(i64.le_u (local.get $n) (i64.const 128072))"),
               "(i64.extend_i32_u (i32.shr_u (local.get $p) (i32.const 1)))"));
  // Both parameters are gone: nothing is known of what is touched.
  refuses("(module (memory 32 32) (func $a/f (export \"f\") (param $p i32) (call $a/check) "
          "(memory.fill (i32.const 3000) (i32.const 7) (local.get $p))) (func $a/check (unreachable)))" +
          std::string());
}

TEST_CASE("verify: growth by a constant") {
  auto grow = [](const std::string& condition, const std::string& size) {
    return exactly("(local.set $r (global.get $a/memory.bytes)) (if " + condition +
                   " (then (return))) (global.set $a/memory.bytes " + size +
                   ")"
                   "(if (i32.gt_u (local.get $p) (i32.sub (global.get $a/memory.bytes) (i32.const 12))) (then (call "
                   "$a/check (local.get $p) "
                   "(i64.const 12)))) (drop (i32.load offset=8 (local.get $p)))");
  };
  const std::string pages = "(i32.shr_u (i32.sub (i32.const 131072) (local.get $r)) (i32.const 16))";
  const std::string sum = "(i32.add (local.get $r) (i32.const 65536))";
  accepts(grow("(i32.lt_u " + pages + " (i32.const 1))", sum));
  accepts(grow("(i32.eqz " + pages + ")", sum));
  accepts(grow("(i32.gt_u (local.get $r) (i32.const 65536))", sum));
  refuses(grow("(i32.gt_u (local.get $r) (i32.const 65537))", sum));
  refuses(grow("(i32.lt_s " + pages + " (i32.const 1))", "(i32.add (local.get $r) (i32.const 131072))"));
  refuses(grow("(i32.lt_u " + pages + " (i32.const 1))", "(i32.add (local.get $r) (i32.const 65552))"));
  refuses(grow("(i32.gt_u " + pages + " (i32.const 1))", sum));
  refuses(grow("(i32.eqz (i32.shr_u (i32.sub (i32.const 196608) (local.get $r)) (i32.const 16)))", sum));
  refuses(grow("(i32.eqz (i32.shr_s (i32.sub (i32.const 131072) (local.get $r)) (i32.const 16)))", sum));
  refuses(grow("(i32.eqz (i32.shr_u (i32.sub (i32.const 131072) (local.get $q)) (i32.const 16)))", sum));
  refuses(grow("(i32.eqz (i32.shr_u (i32.sub (local.get $r) (i32.const 131072)) (i32.const 16)))", sum));
}

TEST_CASE("verify: aligned stack pointers") {
  auto in = [](const std::string& body) {
    return "(module (memory 32 32) (global $b/sp (mut i32) (i32.const 589824)) (func $b/f (export \"f\") (param $p "
           "i32) " +
           body + "))";
  };
  auto store = [](const std::string& address) { return "(i64.store " + address + " (i64.const 7))"; };
  const std::string sp = "(global.get $b/sp)";
  auto below = [&](const std::string& bytes) { return "(i32.sub " + sp + " (i32.const " + bytes + "))"; };
  auto at = [](const std::string& value, const std::string& with) {
    return "(i32.and " + value + " (i32.const " + with + "))";
  };
  accepts(in(store(at(sp, "-16"))), containedServices);
  accepts(in(store(at(below("65536"), "-16"))), containedServices);
  accepts(in(store(at(below("61440"), "-4096"))), containedServices);
  accepts(in(store(at(below("65520"), "-32768"))), containedServices); // 589824 - 65536 is aligned so
  refuses(in(store(at(below("65552"), "-16"))), containedServices);
  refuses(in(store(at(below("65536"), "-131072"))), containedServices);
  refuses(in(store(at(sp, "16"))), containedServices);
  refuses(in(store(at(sp, "-24"))), containedServices);
  refuses(in(store(at("(local.get $p)", "-16"))), containedServices);
  refuses(in(store("(i32.and (local.get $p) " + sp + ")")), containedServices);
}

TEST_CASE("verify: check functions with what bounds the arena twice") {
  auto with = [](const std::string& top) {
    auto text = exactly("(call $a/check (local.get $p) (i64.const 12)) (drop (i32.load offset=8 (local.get $p)))");
    const std::string arena = "(global.get $a/arena)";
    auto at = text.find(arena);
    REQUIRE(at != std::string::npos);
    return text.replace(at, arena.size(), top);
  };
  auto lesser = [](const std::string& op, const std::string& first, const std::string& second) {
    return "(select " + first + " " + second + " (" + op + " (global.get $a/arena) (i32.const -1)))";
  };
  const std::string top = "(global.get $a/arena)", all = "(i32.const -1)";
  accepts(with(lesser("i32.lt_u", top, all)));
  accepts(with("(i32.const 196608)")); // none of the arena is in use
  refuses(with(lesser("i32.lt_u", all, top)));
  refuses(with(lesser("i32.gt_u", top, all)));
  refuses(with(lesser("i32.lt_s", top, all)));
  refuses(with(lesser("i32.ne", all, top)));
  refuses(with("(i32.const 196620)"));
  refuses(with("(i32.const -1)"));
}

TEST_CASE("verify: locals that a loop sets when it is left") {
  const std::string check = "(call $a/check (local.get $p) (i64.const 12))";
  const std::string load = "(drop (i32.load offset=8 (local.get $p)))";
  auto loop = [&](const std::string& end) {
    return exactly(check + "(block $out (loop $next " + load + "(br_if $out (local.get $n)) " + end + "))");
  };
  const std::string other = "(local.set $p (local.get $q))", again = "(br_if $next (i32.wrap_i64 (local.get $l)))";
  accepts(loop("(if (local.get $q) (then " + other + " (br $out))) (br $next)"));
  accepts(loop(again + other));
  refuses(loop(other + "(br $next)"));
  refuses(loop("(if (local.get $q) (then " + other + ")) (br $next)"));
  refuses(loop(again + other + "(br $next)"));
  refuses(loop("(br_if $next (local.tee $p (local.get $q)))"));
  refuses(loop(again + other + load));
  // Set in a loop within: what the loop around has at the end of its turn is another value.
  refuses(loop("(loop $inner (br_if $inner (local.tee $p (local.get $q)))) (br $next)"));
  accepts(loop("(loop $inner " + load + "(br_if $inner (local.get $q)) (br_if $next (i32.wrap_i64 (local.get $l))) " +
               other + ")"));
  // Back to what it was.
  accepts(loop("(local.set $r (local.get $p)) " + other + "(local.set $p (local.get $r)) (br $next)"));
}
