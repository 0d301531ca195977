// Finds the code that Binaryen's Asyncify cannot handle before the pass runs. The pass would end the process, fail an
// assertion, or, worst, generate wrong code.

#include "coroutines/asyncify.h"
#include "ir/module-utils.h"
#include "wasm-traversal.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

bool isNumeric(Type type) {
  for (auto part : type) {
    if (!part.isNumber()) {
      return false;
    }
  }
  return true;
}

// The first reason why one function cannot be instrumented.
struct LimitWalker : public PostWalker<LimitWalker, UnifiedExpressionVisitor<LimitWalker>> {
  const char* found = nullptr;

  void note(const char* what) {
    if (!found) {
      found = what;
    }
  }

  void visitExpression(Expression* curr) {
    if (auto* call = curr->dynCast<Call>()) {
      noteIf(call->isReturn, tailCall);
    } else if (auto* call = curr->dynCast<CallIndirect>()) {
      noteIf(call->isReturn, tailCall);
    } else if (curr->is<CallRef>()) {
      note("calls a function by its reference (call_ref)");
    } else if (curr->is<Try>() || curr->is<TryTable>()) {
      note("catches exceptions");
    }
    noteIf(curr->type.isConcrete() && !isNumeric(curr->type), "uses references");
  }

private:
  static constexpr const char* tailCall = "makes a tail call";

  void noteIf(bool condition, const char* what) {
    if (condition) {
      note(what);
    }
  }
};

// The code that upstream examines in every function, instrumented or not.
struct AnywhereWalker : public PostWalker<AnywhereWalker, UnifiedExpressionVisitor<AnywhereWalker>> {
  const char* found = nullptr;

  void visitExpression(Expression* curr) {
    bool isCall = curr->is<Call>() || curr->is<CallIndirect>();
    if (isCall && curr->type.isConcrete() && !curr->type.isDefaultable()) {
      found = "calls a function that returns a reference that cannot be null";
    } else if (curr->is<ContNew>()) {
      found = "switches stacks";
    }
  }
};

Err refusal(const Function& function, const std::string& what) {
  return Err{"function " + function.name.toString() + " " + what +
             ", and Asyncify cannot make a coroutine of such code"};
}

} // namespace

Result<> checkForAsyncify(Module& module, const std::unordered_set<Name>& functions) {
  ModuleUtils::ParallelFunctionAnalysis<const char*> anywhere(module, [](Function* function, const char*& found) {
    if (!function->imported()) {
      AnywhereWalker walker;
      walker.walk(function->body);
      found = walker.found;
    }
  });
  for (auto& function : module.functions) {
    if (auto* found = anywhere.map[function.get()]) {
      return refusal(*function, found);
    }
    if (!functions.count(function->name)) {
      continue;
    }
    LimitWalker walker;
    walker.walk(function->body);
    for (Index i = 0; i < function->getNumLocals(); i++) {
      if (!isNumeric(function->getLocalType(i))) {
        walker.note("has local variables that are references");
      }
    }
    if (!isNumeric(function->getResults())) {
      walker.note("returns references");
    }
    if (walker.found) {
      return refusal(*function, std::string(walker.found) + " and can be on the stack of a blocking import");
    }
  }
  return Ok{};
}

} // namespace parigot::coroutines
