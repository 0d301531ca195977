// Summaries of functions that were optimised alone, which stand for their code.

#include <algorithm>

#include "alone/code_summary.h"
#include "alone/optimise_rest.h"
#include "ir/imports_and_exports.h"
#include "ir/utils.h"
#include "support.h"

using namespace parigot;
using namespace wasm;

namespace {

CodeSummary summaryOf(Module& module, const char* function) { return summarise(module, *module.getFunction(function)); }

size_t count(const CodeSummary& summary, ModuleItemKind kind, const char* name) {
  return size_t(std::count(summary.items.begin(), summary.items.end(), Item(kind, Name(name))));
}

// A function of a service, and others that it uses in several ways, or does not use.
const std::string service = R"((module
  (type $v (func))
  (type $i (func (param i32)))
  (memory $m 1)
  (memory $n 1)
  (table $t 3 3 funcref)
  (elem (table $t) (i32.const 0) func $a/void $a/int $a/other)
  (global $g (mut i32) (i32.const 5))
  (global $h (mut i32) (i32.const 5))
  (export "main" (func $a/main))
  (func $a/main
    (call $a/called)
    (call $a/called)
    (drop (i32.load $m (global.get $g)))
    (drop (i32.load $m (i32.const 8)))
    (call_indirect $t (type $v) (i32.const 0)))
  (func $a/called)
  (func $a/void (global.set $h (i32.const 1)))
  (func $a/int (param i32) (call $a/deep))
  (func $a/other (param f32) (call $a/deep))
  (func $a/deep)
  (func $a/unused (call $a/void))
  (func $a/refers (export "refers") (drop (ref.func $a/int)))))";

} // anonymous namespace

TEST_CASE("a summary names each item once", "[alone]") {
  auto module = moduleOf(service);
  auto summary = summaryOf(*module, "a/main");
  CHECK(count(summary, ModuleItemKind::Function, "a/called") == 1);
  CHECK(count(summary, ModuleItemKind::Memory, "m") == 1);
  CHECK(count(summary, ModuleItemKind::Global, "g") == 1);
  CHECK(count(summary, ModuleItemKind::Table, "t") == 1);
  CHECK(summary.items.size() == 4);
  REQUIRE(summary.body);
  CHECK(summary.body->cast<Block>()->list.size() == 4);
  CHECK(!summaryOf(*module, "a/refers").body);
}

TEST_CASE("what nothing uses is removed by summaries as by the code", "[alone]") {
  auto walked = moduleOf(service), summarised = moduleOf(service);
  std::unordered_set<Name> all;
  for (auto& function : summarised->functions) {
    all.insert(function->name);
  }
  auto nothing = [](auto&) { return false; };
  removeUnusedFunctions(*walked, nothing);
  RestOfWorld rest(*summarised, all);
  CHECK(summarised->getFunction("a/main")->body->cast<Block>()->list.size() == 4);
  removeUnusedFunctions(*summarised, nothing);
  PassOptions options;
  rest.optimise(options, {}, []() {});
  REQUIRE(walked->functions.size() == summarised->functions.size());
  for (size_t i = 0; i < walked->functions.size(); i++) {
    auto &one = *walked->functions[i], &other = *summarised->functions[i];
    CHECK(one.name == other.name);
    CHECK(ExpressionAnalyzer::equal(one.body, other.body));
  }
  CHECK(!walked->getFunctionOrNull("a/unused"));
  CHECK(walked->getFunction("a/other")->body->is<Unreachable>()); // the table has it, and nothing calls its type
}

TEST_CASE("places for bases are those of the code that is left, and loops are noted", "[alone]") {
  auto module = moduleOf(R"((module
    (memory 1)
    (func $f (param i32)
      (i32.store (i32.add (i32.add (local.get 0) (i32.const 8)) (i32.const 65536)) (i32.const 1))
      (i32.store (i32.and (local.get 0) (i32.const 65535)) (i32.mul (local.get 0) (i32.const 3)))
      (loop $l
        (i32.store (i32.or (local.get 0) (i32.const 65536)) (i32.const 1))
        (br_if $l (local.get 0))))
    (func $go (param i32)
      (loop $l
        (block $b
          (br_table $b $b (local.get 0)))
        (i32.store (i32.sub (local.get 0) (i32.const 65536)) (i32.const 1))
        (br $l)))))");
  auto sums = summaryOf(*module, "f").sums;
  REQUIRE(sums.size() == 3);
  CHECK(sums[0].sum->op == AddInt32);
  CHECK(sums[0].sum->right->cast<Const>()->value.geti32() == 65544);
  CHECK(sums[1].sum->op == AndInt32);
  CHECK(sums[2].sum->op == OrInt32);
  CHECK(!sums[0].inLoop);
  CHECK(!sums[1].inLoop);
  CHECK(sums[2].inLoop);
  auto go = summaryOf(*module, "go").sums;
  REQUIRE(go.size() == 1);
  CHECK(!go[0].inLoop);
}

TEST_CASE("Binaryen's own functions need their operands, so there are no summaries", "[alone]") {
  CHECK(canSummarise(*moduleOf("(module (import \"env\" \"f\" (func $f)))")));
  CHECK(!canSummarise(*moduleOf("(module (import \"binaryen-intrinsics\" \"call.without.effects\" "
                                "(func $f (param i32 funcref) (result i32))))")));
}
