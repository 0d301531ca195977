#include "ir/module-utils.h"
#include "ir/used_features.h"
#include "wasm-traversal.h"

namespace parigot {

using wasm::FeatureSet;

namespace {

struct Collector : public wasm::PostWalker<Collector, wasm::UnifiedExpressionVisitor<Collector>> {
  FeatureSet features;
  void visitExpression(wasm::Expression* curr) { features |= featuresOf(curr); }
};

} // namespace

FeatureSet featuresUsed(wasm::Module& module) {
  wasm::ModuleUtils::ParallelFunctionAnalysis<FeatureSet> analysis(module,
                                                                   [](wasm::Function* function, FeatureSet& features) {
                                                                     features = featuresOf(*function);
                                                                     if (!function->imported()) {
                                                                       Collector collector;
                                                                       collector.walk(function->body);
                                                                       features |= collector.features;
                                                                     }
                                                                   });
  auto features = featuresOfItems(module);
  for (auto& [function, some] : analysis.map) {
    features |= some;
  }
  return completed(features, module);
}

FeatureSet completed(FeatureSet features, wasm::Module& module) {
  features = closed(features);
  return features.hasGC() ? closed(features | featuresOfTypes(module)) : features;
}

} // namespace parigot
