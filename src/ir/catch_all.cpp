#include "ir/catch_all.h"

namespace parigot {

using namespace wasm;

void catchAll(FunctionBuilder& code,
              const ExceptionEncodings& exceptions,
              const std::function<void()>& restore,
              const std::string& suffix) {
  Name unwinding("parigot.unwinding" + suffix), caughtHere("parigot.caught" + suffix), done("parigot.done" + suffix);
  auto& builder = code.builder;
  auto* function = code.function;
  auto results = function->getResults();
  code.module.features |= FeatureSet(FeatureSet::ExceptionHandling);
  if (exceptions.legacy) {
    auto* handler = code.block([&]() {
      restore();
      code.add(builder.makeRethrow(unwinding));
    });
    code.add(builder.makeTry(unwinding, function->body, std::vector<Name>{}, {handler}, results));
    return;
  }
  code.module.features |= FeatureSet(FeatureSet::ReferenceTypes);
  auto reference = Type(HeapType::exn, Nullable);
  auto caught = code.local(reference);
  Expression* tried = builder.makeTryTable(function->body, {Name()}, {caughtHere}, {true});
  if (results.isConcrete()) {
    tried = builder.makeBreak(done, tried);
  } else {
    tried = builder.makeSequence(tried, builder.makeBreak(done));
  }
  auto* handler = code.block([&]() {
    code.set(caught, builder.makeBlock(caughtHere, {tried}, reference));
    restore();
    code.add(builder.makeThrowRef(code.get(caught)));
  });
  handler->name = done;
  handler->finalize(results);
  code.add(handler);
}

} // namespace parigot
