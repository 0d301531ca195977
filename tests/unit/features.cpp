// The features that a module needs: all of them, and no others.

#include "ir/read_module.h"
#include "ir/used_features.h"
#include "support.h"
#include "wasm-traversal.h"

using wasm::FeatureSet;

namespace {

struct Collector : public wasm::PostWalker<Collector, wasm::UnifiedExpressionVisitor<Collector>> {
  FeatureSet features;
  void visitExpression(wasm::Expression* curr) { features |= parigot::featuresOf(curr); }
};

// In the order in which MergeWorld joins them.
FeatureSet needed(wasm::Module& module) {
  auto features = parigot::featuresOfItems(module);
  for (auto& function : module.functions) {
    if (!function->imported()) {
      features |= parigot::featuresOf(*function);
      Collector collector;
      collector.walkFunctionInModule(function.get(), &module);
      features |= collector.features;
    }
  }
  if (features.hasGC()) {
    features |= parigot::featuresOfTypes(module);
  }
  return features;
}

bool validWith(wasm::Module& module, FeatureSet features) {
  module.features = features;
  return !parigot::validate(module).getErr();
}

std::string shown(FeatureSet features) {
  std::string text;
  features.iterFeatures(
    [&](FeatureSet::Feature feature) { text += (text.empty() ? "" : " ") + FeatureSet::toString(feature); });
  return text;
}

struct Example {
  const char* features; // as shown() prints them, without those that closed() adds
  const char* text;     // the text of the module
  // A feature that engines demand, and Binaryen's validator does not.
  const char* unchecked = "";
};

// One line for each kind of instruction, type or item that a feature introduced.
const Example examples[] = {
  {"", ""},
  {"",
   "(memory 1) (table 1 funcref) (func $f (export \"f\") (param i32 i64) (result f32) (local f64)"
   " (f32.const 1)) (elem (i32.const 0) $f) (data (i32.const 0) \"x\")"},
  {"", "(global $g (mut i32) (i32.const 0)) (func (global.set $g (i32.const 1)))"},
  {"", "(memory 1) (func (drop (memory.grow (memory.size))) (i32.store (i32.const 0) (i32.load8_s (i32.const 1))))"},
  {"", "(func (param i32 i32 f32 f64) (drop (i32.trunc_f32_s (local.get 2))))"},
  {"",
   "(type $t (func (param i32 i32))) (table 1 1 funcref) (func (call_indirect (type $t) (i32.const 0)"
   " (i32.const 0) (i32.const 0)))"},

  {"mutable-globals", "(global (import \"e\" \"g\") (mut i32))"},
  {"mutable-globals", "(global (export \"g\") (mut i32) (i32.const 0))"},
  {"", "(global (import \"e\" \"g\") i32)"},

  {"sign-ext", "(func (result i32) (i32.extend8_s (i32.const 1)))"},
  {"sign-ext", "(func (result i64) (i64.extend32_s (i64.const 1)))"},
  {"nontrapping-float-to-int", "(func (result i32) (i32.trunc_sat_f32_s (f32.const 1)))"},
  {"nontrapping-float-to-int", "(func (result i64) (i64.trunc_sat_f64_u (f64.const 1)))"},

  {"bulk-memory-opt", "(memory 1) (func (memory.copy (i32.const 0) (i32.const 1) (i32.const 2)))"},
  {"bulk-memory-opt", "(memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const 2)))"},
  {"bulk-memory", "(memory 1) (data $d \"x\") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))"},
  {"bulk-memory", "(memory 1) (data $d (i32.const 0) \"x\") (func (data.drop $d))"},
  {"bulk-memory", "(memory 1) (data \"x\")"},
  {"bulk-memory", "(table 1 funcref) (func (table.copy (i32.const 0) (i32.const 0) (i32.const 1)))"},

  {"multivalue", "(func (result i32 i64) (tuple.make 2 (i32.const 0) (i64.const 0)))"},
  {"multivalue", "(func (export \"f\") (result i32 i64) unreachable)"},
  {"multivalue", "(import \"e\" \"f\" (func (result i32 i64)))"},
  {"multivalue", "(func (local $t (tuple i32 i64)) (drop (tuple.extract 2 0 (local.get $t))))"},

  {"reference-types", "(func (param externref))"},
  {"reference-types", "(func (local funcref))"},
  {"reference-types", "(func (drop (ref.null extern)))"},
  {"reference-types", "(func (result i32) (ref.is_null (ref.null func)))"},
  {"reference-types", "(func $f (drop (ref.func $f))) (elem declare func $f)"},
  {"reference-types", "(table 1 externref)"},
  {"reference-types", "(table 1 funcref) (table 1 funcref)"},
  {"reference-types", "(table 1 funcref) (func (result i32) (table.size 0))"},
  {"reference-types", "(table 1 funcref) (func (result i32) (table.grow 0 (ref.null func) (i32.const 1)))"},
  {"reference-types", "(table 1 funcref) (func (drop (table.get 0 (i32.const 0))))"},
  {"reference-types", "(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))"},
  {"reference-types", "(global funcref (ref.null func))"},
  {"reference-types", "(global (import \"e\" \"g\") externref)"},
  {"reference-types bulk-memory",
   "(table 1 funcref) (func $f) (elem $e func $f) (func (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)))"},
  {"reference-types bulk-memory",
   "(table 1 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 1)))"},

  {"tail-call", "(func $f (return_call $f))"},
  {"tail-call", "(table 1 funcref) (func (return_call_indirect (i32.const 0)))"},

  {"exception-handling", "(tag $t (param i32)) (func (throw $t (i32.const 0)))"},
  {"exception-handling", "(tag (import \"e\" \"t\"))"},
  {"exception-handling", "(tag $t) (func (try (do (nop)) (catch $t (nop))))"},
  {"exception-handling", "(tag $t) (func (try $l (do (nop)) (catch_all (rethrow $l))))"},
  {"exception-handling", "(tag $t) (func (block $b (try_table (catch $t $b) (nop))))"},
  {"exception-handling multivalue", "(tag $t (param i32 i32))"},

  {"simd", "(func (param v128))"},
  {"simd", "(func (drop (v128.const i32x4 0 0 0 0)))"},
  {"simd", "(memory 1) (func (drop (v128.load (i32.const 0))))"},
  {"simd", "(memory 1) (func (param v128) (v128.store (i32.const 0) (local.get 0)))"},
  {"simd", "(memory 1) (func (drop (v128.load8_splat (i32.const 0))))"},
  {"simd", "(memory 1) (func (param v128) (v128.store8_lane 0 (i32.const 0) (local.get 0)))"},
  {"simd", "(func (param v128) (result i32) (i8x16.extract_lane_s 0 (local.get 0)))"},
  {"simd", "(func (param v128) (result i32) (v128.any_true (local.get 0)))"},
  {"simd", "(func (param v128) (drop (i32x4.add (local.get 0) (local.get 0))))"},
  {"simd", "(func (param v128) (drop (i32x4.shl (local.get 0) (i32.const 1))))"},
  {"simd", "(func (param v128) (drop (v128.bitselect (local.get 0) (local.get 0) (local.get 0))))"},
  {"simd",
   "(func (param v128) (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0)"
   " (local.get 0))))"},
  {"simd relaxed-simd", "(func (param v128) (drop (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))"},
  {"simd relaxed-simd", "(func (param v128) (drop (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))"},
  {"simd relaxed-simd", "(func (param v128) (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0))))"},
  {"simd fp16", "(func (param v128) (result f32) (f16x8.extract_lane 0 (local.get 0)))"},
  {"simd fp16", "(func (drop (f16x8.splat (f32.const 1))))", "simd"},
  {"simd fp16", "(func (param v128) (drop (f16x8.replace_lane 1 (local.get 0) (f32.const 1))))"},
  {"simd fp16", "(func (param v128) (drop (f16x8.convert_i16x8_s (local.get 0))))", "fp16"},
  {"simd fp16", "(func (param v128) (drop (f16x8.add (local.get 0) (local.get 0))))"},
  {"simd fp16", "(func (param v128) (drop (f16x8.eq (local.get 0) (local.get 0))))"},
  {"simd fp16", "(func (param v128) (drop (f16x8.sqrt (local.get 0))))"},
  {"simd fp16", "(func (param v128) (drop (f16x8.madd (local.get 0) (local.get 0) (local.get 0))))"},
  {"fp16", "(memory 1) (func (result f32) (f32.load_f16 (i32.const 0)))", "fp16"},
  {"fp16", "(memory 1) (func (f32.store_f16 (i32.const 0) (f32.const 1)))", "fp16"},

  {"threads", "(memory 1 1 shared)"},
  {"threads", "(memory 1) (func (result i32) (i32.atomic.load (i32.const 0)))"},
  {"threads", "(memory 1) (func (i64.atomic.store (i32.const 0) (i64.const 0)))"},
  {"threads", "(memory 1) (func (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 0)))"},
  {"threads", "(memory 1) (func (result i32) (i32.atomic.rmw8.cmpxchg_u (i32.const 0) (i32.const 0) (i32.const 0)))"},
  {"threads", "(memory 1) (func (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))"},
  {"threads", "(memory 1) (func (result i32) (memory.atomic.notify (i32.const 0) (i32.const 0)))"},
  {"threads", "(func (atomic.fence))"},

  {"extended-const", "(global i32 (i32.add (i32.const 1) (i32.const 2)))"},
  {"extended-const",
   "(global $g (import \"e\" \"g\") i32) (memory 1) (data (offset (i32.add (global.get $g) (i32.const 2))) \"x\")"},
  {"extended-const", "(global i64 (i64.mul (i64.const 1) (i64.const 2)))"},
  {"extended-const",
   "(global $g (import \"e\" \"g\") i32) (table 1 funcref) (func $f)"
   " (elem (offset (i32.sub (global.get $g) (i32.const 2))) func $f)"},
  {"", "(func (result i32) (i32.add (i32.const 1) (i32.const 2)))"},

  {"memory64", "(memory i64 1)"},
  {"memory64 reference-types", "(table i64 1 externref)"},
  {"multimemory", "(memory 1) (memory 1)"},
  {"custom-page-sizes", "(memory 1 (pagesize 1))"},
  {"wide-arithmetic multivalue",
   "(func (result i64 i64) (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)))"},
  {"wide-arithmetic multivalue", "(func (result i64 i64) (i64.mul_wide_s (i64.const 0) (i64.const 0)))"},

  {"reference-types gc", "(type $s (struct (field i32))) (func (drop (struct.new $s (i32.const 0))))"},
  {"reference-types gc", "(type $s (struct (field i32))) (func (param (ref null $s)))"},
  {"reference-types gc",
   "(type $s (struct (field i32))) (func (param (ref $s)) (result i32) (struct.get $s 0 (local.get 0)))"},
  {"reference-types gc", "(type $a (array (mut i8))) (func (param (ref $a)) (result i32) (array.len (local.get 0)))"},
  {"reference-types gc bulk-memory",
   "(type $a (array i8)) (data $d \"x\") (func (drop (array.new_data $a $d (i32.const 0) (i32.const 1))))"},
  {"gc", "(global $g i32 (i32.const 1)) (global i32 (global.get $g))"},
  {"gc", "(global $g i32 (i32.const 1)) (memory 1) (data (offset (global.get $g)) \"x\")"},
  {"reference-types gc",
   "(global $g i32 (i32.const 1)) (table 1 funcref) (func $f) (elem (offset (global.get $g)) func $f)"},
  {"", "(global $g (import \"e\" \"g\") i32) (global i32 (global.get $g))"},
  {"reference-types gc", "(func (drop (ref.i31 (i32.const 0))))"},
  {"reference-types gc", "(func (param i31ref) (result i32) (i31.get_s (local.get 0)))"},
  {"reference-types gc", "(func (param eqref) (result i32) (ref.eq (local.get 0) (local.get 0)))"},
  {"reference-types gc", "(func (param anyref) (result i32) (ref.test (ref i31) (local.get 0)))"},
  {"reference-types gc", "(func (param anyref) (drop (ref.cast (ref i31) (local.get 0))))"},
  {"reference-types gc", "(func (param funcref) (drop (ref.as_non_null (local.get 0))))", "gc"},
  {"reference-types gc", "(type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0)))"},
  {"tail-call reference-types gc", "(type $t (func)) (func (param (ref $t)) (return_call_ref $t (local.get 0)))"},

  // Valid types that the writer would change without GC: references to functions, their subtypes and groups.
  {"reference-types gc", "(type $t (func)) (func (export \"f\") (result (ref $t)) unreachable)", "gc"},
  {"reference-types gc", "(type $t (func)) (import \"e\" \"f\" (func (param (ref null $t))))", "gc"},
  {"reference-types gc", "(type $t (func)) (global (ref null $t) (ref.null $t))", "gc"},
  {"reference-types gc", "(type $t (func)) (func (local (ref null $t)))", "gc"},
  {"reference-types gc", "(type $t (func)) (table 1 (ref null $t))", "gc"},
  {"reference-types gc", "(func (export \"f\") (param (ref extern)))", "gc"},
  {"reference-types gc", "(type $t (sub (func))) (func (type $t))"},
  {"reference-types gc", "(rec (type $t (func)) (type $u (func))) (func (type $u))"},
  {"reference-types gc",
   "(type $t (sub (func))) (table 1 funcref) (func (call_indirect (type $t) (i32.const 0)))",
   "gc"},
  {"exception-handling reference-types gc", "(type $t (func)) (tag (param (ref null $t)))", "gc"},
  {"reference-types", "(func $f (drop (block (result funcref) (ref.func $f)))) (elem declare func $f)"},

  {"reference-types gc", "(type $s (struct)) (func (drop (struct.new $s)))"},
  {"reference-types gc", "(type $a (array i32)) (func (drop (array.new_fixed $a 1 (i32.const 0))))"},
  {"reference-types gc", "(type $a (array i32)) (func (drop (array.new_default $a (i32.const 1))))"},
  {"reference-types gc simd", "(type $s (struct (field v128))) (func (drop (struct.new_default $s)))", "simd"},
  {"reference-types gc custom-descriptors",
   "(rec (type $s (descriptor $d) (struct)) (type $d (describes $s) (struct)))"
   " (func (param (ref $s)) (drop (ref.get_desc $s (local.get 0))))"},
  {"reference-types gc custom-descriptors",
   "(type $s (struct)) (func (param anyref) (drop (ref.test (ref (exact $s)) (local.get 0))))"},
  {"reference-types gc custom-descriptors",
   "(type $s (struct)) (func (param anyref) (drop (ref.cast (ref (exact $s)) (local.get 0))))"},
  {"reference-types gc custom-descriptors", "(type $t (func)) (import \"e\" \"f\" (func (exact (type $t))))", "gc"},
  {"threads reference-types gc shared-everything",
   "(type $s (shared (struct (field (mut i32))))) (func (param (ref $s)) (result i32)"
   " (struct.atomic.rmw.add $s 0 (local.get 0) (i32.const 1)))"},
  {"threads reference-types gc shared-everything",
   "(type $s (shared (struct (field (mut i32))))) (func (param (ref $s)) (result i32)"
   " (struct.atomic.get $s 0 (local.get 0)))"},

  {"reference-types stack-switching",
   "(type $t (func)) (type $c (cont $t)) (func $f (drop (cont.new $c (ref.func $f))))"
   " (elem declare func $f)"},
};

std::string sorted(std::string words) {
  std::istringstream in(words);
  std::vector<std::string> all;
  while (in >> words) {
    all.push_back(words);
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (auto& word : all) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

} // anonymous namespace

TEST_CASE("the features of a module are enough for it to be valid, and no fewer are", "[features]") {
  for (auto& example : examples) {
    INFO(example.text);
    auto module = moduleOf("(module " + std::string(example.text) + ")");
    auto features = needed(*module);
    CHECK(sorted(shown(features)) == sorted(example.features));
    CHECK(validWith(*module, parigot::closed(features)));
    features.iterFeatures([&](FeatureSet::Feature feature) {
      INFO("without " + FeatureSet::toString(feature));
      CHECK(validWith(*module, features - FeatureSet(feature)) == (FeatureSet::toString(feature) == example.unchecked));
    });
  }
}

TEST_CASE("a feature brings those that it presupposes", "[features]") {
  auto closed = [](uint32_t features) { return sorted(shown(parigot::closed(FeatureSet(features)))); };
  CHECK(closed(FeatureSet::MVP) == "");
  CHECK(closed(FeatureSet::GC) == "gc reference-types");
  CHECK(closed(FeatureSet::BulkMemory) == "bulk-memory bulk-memory-opt");
  CHECK(closed(FeatureSet::BulkMemoryOpt) == "bulk-memory-opt");
  CHECK(closed(FeatureSet::RelaxedSIMD) == "relaxed-simd simd");
  CHECK(closed(FeatureSet::FP16) == "fp16 simd");
  CHECK(closed(FeatureSet::StackSwitching) == "gc reference-types stack-switching");
  CHECK(closed(FeatureSet::CustomDescriptors) == "custom-descriptors gc reference-types");
}
