// What adapters put into an arena without a check, against those that put it elsewhere.

#include "verify_worlds.h"

using namespace parigot::verify;

// An adapter puts $n bytes, and 4112 before them, into the arena of b, which here is half of 256 KiB, and more than the
// gap behind it.
TEST_CASE("verify: what an adapter puts into an arena") {
  auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
    return text;
  };
  auto services = replaced(containedServices, "\"arena\": 65536", "\"arena\": 131072");
  const std::string room =
    "(if (i32.lt_u (i32.sub (i32.const 262144) (local.get $m)) (i32.const 4112)) (then (return)))";
  const std::string fits = "(i32.gt_u (local.get $n) (i32.sub (i32.const 258032) (local.get $m)))";
  const std::string top =
    "(i32.and (i32.add (i32.add (local.get $n) (local.get $m)) (i32.const 4127)) (i32.const -16))";
  const std::string copy = "(memory.copy (i32.add (local.get $m) (i32.const 528400)) (local.get $p) (local.get $n))";
  const std::string fill = "(memory.fill (i32.add (local.get $m) (i32.const 524304)) (i32.const 0) (local.get $r))";
  auto adapter = [&](const std::string& first, const std::string& tooMany, const std::string& more) {
    return replaced(world("(func $a/f (export \"f\") (param i32 i32 i32)"
                          "(call $a/import (local.get 0) (local.get 1) (local.get 2)))"
                          "(func $a/import (param $n i32) (param $p i32) (param $r i32) (local $m i32)"
                          "(local.set $m (global.get $b/arena)) " +
                          first + "(if " + tooMany + "(then (return)))" +
                          "(call $a/check (local.get $p) (i64.extend_i32_u (local.get $n)))" + more + ")"),
                    "196608",
                    "131072");
  };
  auto yes = [&](const std::string& text) { accepts(text, services.c_str()); };
  auto no = [&](const std::string& text) { refuses(text, services.c_str()); };
  auto with = [&](const std::string& from, const std::string& to, const std::string& more) {
    return replaced(adapter(room, fits, more), from, to);
  };
  const std::string release = "(global.set $b/arena (local.get $m))", most = "(i32.const 258032)";
  yes(adapter(room, fits, copy));
  yes(adapter(room, fits, "(global.set $b/arena " + top + ")" + copy + release));
  yes(adapter(room, "(i32.gt_u (local.get $r) (i32.const 4096))", fill));
  yes(with(most, "(i32.const 323568)", copy)); // up to the end of the gap behind the region

  no(with(most, "(i32.const 323569)", copy));
  no(with("i32.gt_u (local.get $n)", "i32.gt_s (local.get $n)", copy));
  no(with("i32.gt_u (local.get $n)", "i32.lt_u (local.get $n)", copy));
  no(with("i32.gt_u (local.get $n)", "i32.gt_u (local.get $p)", copy));
  no(with(most + " (local.get $m)", most + " (local.get $p)", copy));
  no(with(most + " (local.get $m)", "(local.get $m) " + most, copy));
  no(with("(local.set $m (global.get $b/arena))", "(local.set $m (local.get $r))", copy));
  no(adapter("", "(i32.const 0)", copy));
  no(adapter(room, "(i32.const 0)", copy));
  no(adapter(room, fits, "(local.set $n (local.get $r))" + copy));
  no(adapter(room, fits, "(local.set $m (local.get $r))" + copy));
  no(adapter(room, fits, fill));
  no(adapter(
    room, "(i32.gt_u (local.get $r) (i32.const 73728))", fill)); // beyond the gap, by what the copy has before it
  // The global leaves its range, and is no end of an arena any more.
  no(with("4127", "4143", "(global.set $b/arena " + top + ")" + copy));
  no(with("(i32.const -16)", "(i32.const -1)", "(global.set $b/arena " + top + ")" + copy));
  no(adapter(room, fits, "(global.set $b/arena (local.get $r))" + copy));
  no(adapter(room, fits, "(global.set $b/arena (i32.const 262145))" + copy));
  // A sum that passes 2^32 is not below the address.
  no(adapter("",
             "(i32.const 0)",
             "(memory.fill (i32.add (i32.and (local.get $r) (i32.const 1023)) (i32.const 5)) (i32.const 0)"
             "(i32.or (local.get $p) (i32.const -16)))"));
}
