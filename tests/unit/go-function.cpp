// The shape of functions that Go's compiler makes. That real ones have it is seen by what -O2 makes of them
// (scripts/bench/wind.py).

#include "go/go_function.h"
#include "support.h"

namespace {

bool isGo(const std::string& function) {
  auto module = moduleOf("(module " + function + " (global $sp (mut i32) (i32.const 0)))");
  return parigot::gojs::isGoFunction(*module->functions.back());
}

const std::string jump = "(block $b (block $a (br_table $a $b (local.get 0))))";

} // namespace

TEST_CASE("Go's functions are recognised by their first jump", "[go]") {
  // runtime.main of Go 1.26, as wasm-dis shows it, without what follows the jump.
  CHECK(isGo("(func (param i32) (result i32) (local i32) (local.set 1 (global.get $sp)) "
             "(block $unwind (loop $entry " +
             jump + " (br $entry))) (i32.const 1))"));
  CHECK(isGo("(func (param i32) (result i32) (loop $entry " + jump + " (br $entry)))"));
  CHECK(isGo("(func (param i32) (result i32) " + jump + " (i32.const 0))"));
}

TEST_CASE("other functions are not taken for Go's", "[go]") {
  CHECK_FALSE(isGo("(func (param i32) (result i32) (local.get 0))"));
  CHECK_FALSE(isGo("(func (import \"a\" \"b\") (param i32) (result i32))"));
  CHECK_FALSE(isGo("(func (param i64) (result i32) (block $b (block $a (br_table $a $b (i32.wrap_i64 (local.get 0))))) "
                   "(i32.const 0))"));
  CHECK_FALSE(isGo("(func (param i32) " + jump + ")"));
  CHECK_FALSE(isGo("(func (param i32) (result i32) (call 0 (local.get 0)) (drop) " + jump + " (i32.const 0))"));
  CHECK_FALSE(isGo("(func (param i32) (result i32) (local i32) (block $b (block $a (br_table $a $b (local.get 1)))) "
                   "(i32.const 0))"));
  CHECK_FALSE(isGo("(func (param i32) (result i32) (block $b (block $a (br_table $a $b (i32.load8_u (local.get 0))))) "
                   "(i32.const 0)) (memory 1)"));
}
