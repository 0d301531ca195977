// Optimising what a world has besides services that were optimised alone.

#include "alone/levels.h"
#include "alone/optimise_rest.h"
#include "ir/find_all.h"
#include "ir/read_module.h"
#include "support.h"

using namespace parigot;
using namespace wasm;

namespace {

// Optimises all but the functions whose names begin with "a/" or "b/".
std::unique_ptr<Module> rested(const std::string& text, const std::string& level = "-O2") {
  auto module = moduleOf(text);
  std::unordered_set<Name> optimised;
  for (auto& function : module->functions) {
    if (!function->imported() && (function->name.view().starts_with("a/") || function->name.view().starts_with("b/"))) {
      optimised.insert(function->name);
    }
  }
  PassOptions options;
  RestOfWorld(*module, optimised).optimise(options, {level}, []() {});
  valueOf(validate(*module));
  return module;
}

std::vector<std::string> callsOf(Module& module, const char* function) {
  std::vector<std::string> targets;
  for (auto* call : FindAll<Call>(module.getFunction(function)->body).list) {
    targets.push_back(call->target.toString());
  }
  return targets;
}

// A function that -O2 makes a constant.
const std::string sum = "(drop (i32.add (i32.const 1) (i32.const 2)))";

} // anonymous namespace

TEST_CASE("functions that are optimised stay, and the others are optimised", "[alone]") {
  auto module = rested(R"((module
    (import "env" "f" (func $env (param i32)))
    (export "main" (func $a/main))
    (func $a/main )" + sum +
                       R"( (call $adapter (i32.const 7)))
    (func $adapter (param i32) )" +
                       sum + R"( (call $env (local.get 0)) (call $env (local.get 0))
      (call $env (local.get 0)) (call $env (local.get 0)) (call $env (local.get 0)))))");
  CHECK(FindAll<Binary>(module->getFunction("a/main")->body).list.size() == 1);
  CHECK(FindAll<Binary>(module->getFunction("adapter")->body).list.empty());
  CHECK(callsOf(*module, "a/main") == std::vector<std::string>{"adapter"});
  CHECK(module->exports.size() == 1);
}

TEST_CASE("equal functions and equal imports are merged, also for those that call them", "[alone]") {
  auto module = rested(R"((module
    (import "env" "f" (func $one (param i32)))
    (import "env" "f" (func $two (param i32)))
    (export "main" (func $a/main))
    (export "other" (func $b/other))
    (func $a/main (call $adapter.1 (i32.const 7)) (call $one (i32.const 1)) (call $two (i32.const 2)))
    (func $b/other (call $adapter.2 (i32.const 8)) (drop (ref.func $adapter.2)))
    (func $adapter.1 (param i32) (call $one (local.get 0)) (call $two (local.get 0)) (call $one (i32.const 3)))
    (func $adapter.2 (param i32) (call $one (local.get 0)) (call $two (local.get 0)) (call $one (i32.const 3)))
    (elem declare func $adapter.2)))");
  auto ofMain = callsOf(*module, "a/main");
  REQUIRE(ofMain.size() == 3);
  CHECK(ofMain[1] == ofMain[2]);
  CHECK(ofMain[0] == callsOf(*module, "b/other").at(0));
  auto references = FindAll<RefFunc>(module->getFunction("b/other")->body).list;
  REQUIRE(references.size() == 1);
  CHECK(references[0]->func.toString() == ofMain[0]);
  CHECK(module->functions.size() == 4);
}

TEST_CASE("what only optimised functions use stays, and what nothing uses goes", "[alone]") {
  auto module = rested(R"((module
    (memory $m 1)
    (data $passive "abc")
    (table $t 2 2 funcref)
    (elem (table $t) (i32.const 0) func $b/slot)
    (elem $late func $adapter)
    (global $g (mut i32) (i32.const 5))
    (global $unused (mut i32) (i32.const 6))
    (tag $e)
    (type $v (func))
    (export "main" (func $a/main))
    (func $a/main
      (call_indirect $t (type $v) (i32.load (global.get $g)))
      (throw $e))
    (func $a/initialises (export "init")
      (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 3))
      (table.init $t $late (i32.const 1) (i32.const 0) (i32.const 1)))
    (func $a/unused (call $b/unused))
    (func $b/unused (global.set $unused (i32.const 1)))
    (func $b/slot (global.set $g (i32.const 8)))
    (func $adapter (global.set $g (i32.const 9)))))");
  CHECK(module->getGlobalOrNull("g"));
  CHECK(!module->getGlobalOrNull("unused"));
  CHECK(module->getFunctionOrNull("b/slot"));
  CHECK(!module->getFunctionOrNull("a/unused"));
  CHECK(!module->getFunctionOrNull("b/unused"));
  CHECK(module->dataSegments.size() == 1);
  CHECK(module->elementSegments.size() == 2);
  CHECK(module->tags.size() == 1);
  // The value of a global that hidden code writes is not taken for a constant.
  CHECK(FindAll<GlobalGet>(module->getFunction("a/main")->body).list.size() == 1);
  CHECK(module->exports.size() == 2);
}

TEST_CASE("constants that bases were added to are added up", "[alone]") {
  auto module = rested(R"((module
    (memory 1)
    (export "main" (func $a/main))
    (func $a/main (param i32) (result i32)
      (i32.store (i32.add (i32.add (local.get 0) (i32.const 8)) (i32.const 65536)) (i32.const 1))
      (i32.store (i32.add (i32.sub (local.get 0) (i32.const 8)) (i32.const 8)) (i32.const 2))
      (i32.store (i32.add (i32.mul (local.get 0) (i32.const 8)) (i32.const 8)) (i32.const 3))
      (i32.sub (i32.add (i32.add (local.get 0) (i32.const -1)) (i32.const -1)) (i32.const 3)))))");
  auto* main = module->getFunction("a/main");
  auto stores = FindAll<Store>(main->body).list;
  REQUIRE(stores.size() == 3);
  auto* sum = stores[0]->ptr->cast<Binary>();
  CHECK(sum->left->is<LocalGet>());
  CHECK(sum->right->cast<Const>()->value.geti32() == 65544);
  CHECK(stores[1]->ptr->is<LocalGet>());
  CHECK(FindAll<Binary>(stores[2]->ptr).list.size() == 2);
  auto* result = main->body->cast<Block>()->list.back()->cast<Binary>();
  CHECK(result->op == AddInt32);
  CHECK(result->left->is<LocalGet>());
  CHECK(result->right->cast<Const>()->value.geti32() == -5);
}

TEST_CASE("the level stays set, and -O0 runs no passes", "[alone]") {
  auto module = moduleOf("(module (func (export \"f\") " + sum + "))");
  PassOptions options;
  runLevel(*module, options, "-O3");
  CHECK(options.optimizeLevel == 3);
  CHECK(options.passesToSkip.empty());
  CHECK(FindAll<Binary>(module->functions[0]->body).list.empty());
  auto other = moduleOf("(module (func (export \"f\") " + sum + "))");
  runLevel(*other, options, "-O0");
  CHECK(options.optimizeLevel == 0);
  CHECK(FindAll<Binary>(other->functions[0]->body).list.size() == 1);
  auto skipping = moduleOf("(module (func $unused (param f32)) (func (export \"f\")))");
  runLevel(*skipping, options, "-O2", {"remove-unused-module-elements"});
  CHECK(skipping->functions.size() == 2);
  CHECK(anyPasses({"-O0", "-O1"}));
  CHECK(!anyPasses({"-O0"}));
  CHECK(!anyPasses({}));
}
