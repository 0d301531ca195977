#include "ir/exceptions.h"

#include <atomic>
#include <mutex>

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

struct EncodingFinder : public WalkerPass<PostWalker<EncodingFinder, UnifiedExpressionVisitor<EncodingFinder>>> {
  std::mutex& mutex;
  ExceptionEncodings& all;
  ExceptionEncodings found;

  EncodingFinder(std::mutex& mutex, ExceptionEncodings& all) : mutex(mutex), all(all) {}

  bool isFunctionParallel() override { return true; }
  bool modifiesBinaryenIR() override { return false; }
  std::unique_ptr<Pass> create() override { return std::make_unique<EncodingFinder>(mutex, all); }

  void visitExpression(Expression* curr) { found.note(curr); }
  void doWalkFunction(Function* function) {
    found = {};
    walk(function->body);
    std::lock_guard<std::mutex> lock(mutex);
    all.add(found);
  }
};

} // namespace

ExceptionEncodings exceptionEncodings(Module& module) {
  std::mutex mutex;
  ExceptionEncodings all;
  EncodingFinder finder(mutex, all);
  PassRunner runner(&module);
  finder.run(&runner, &module);
  return all;
}

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
