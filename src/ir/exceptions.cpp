#include "ir/exceptions.h"

#include <atomic>

#include "ir/used_features.h"
#include "pass.h"
#include "wasm-traversal.h"

namespace parigot {

namespace {

using namespace wasm;

struct FeatureCollector : public WalkerPass<PostWalker<FeatureCollector, UnifiedExpressionVisitor<FeatureCollector>>> {
  std::atomic<uint32_t>& all;
  FeatureSet features;

  explicit FeatureCollector(std::atomic<uint32_t>& all) : all(all) {}

  bool isFunctionParallel() override { return true; }
  bool modifiesBinaryenIR() override { return false; }
  std::unique_ptr<Pass> create() override { return std::make_unique<FeatureCollector>(all); }

  void visitExpression(Expression* curr) { features |= featuresOf(curr); }
  void doWalkFunction(Function* function) {
    features = featuresOf(*function);
    walk(function->body);
    all |= uint32_t(features);
  }
};

} // namespace

void ExceptionEncodings::note(Expression* expression) {
  if (expression->is<Try>() || expression->is<Rethrow>()) {
    legacy = true;
  } else if (expression->is<TryTable>() || expression->is<ThrowRef>()) {
    standard = true;
  }
}

void ExceptionEncodings::add(const ExceptionEncodings& other) {
  legacy |= other.legacy;
  standard |= other.standard;
}

FeatureSet translateToStandardExceptions(Module& module) {
  PassRunner translation(&module);
  translation.add("translate-to-exnref");
  translation.run();
  std::atomic<uint32_t> features{0};
  FeatureCollector collector(features);
  PassRunner runner(&module);
  collector.run(&runner, &module);
  return FeatureSet(features.load());
}

} // namespace parigot
