// Provides the three exports of coroutines.h by means of Asyncify.
//
// A module `(import "m" "wait" (func $wait ..))`, `(export "_start" (func $main))`
// gets:
//
//  $parigot.blocking.wait    $wait's callers call it instead of $wait. It ends a
//                            rewind that has arrived, calls $wait, and begins to
//                            unwind if parigot.yield was called inside
//  $parigot.begin_unwind     with a buffer that is allocated the first time
//  $parigot.run              calls $main; ends the unwind if $main returned by one
//  $parigot.entry            exported as _start in $main's place: $parigot.run
//  $parigot.resume           begins to rewind; $parigot.run
//  $parigot.yield, $parigot.yielded
//
// Binaryen's pass (asyncify.h) instruments every function between $main and $wait. One global holds the stage:
//
//   idle -> running -> blocking -> asked -> unwinding -> idle
//              ^          |                                |
//              '----------'<------- rewinding <------------'
//
// An import that ends the program (coroutines.h) is no blocking one: the functions that reach it are left by leaving.h,
// with another global, and need no buffer. Functions that can be on the stack of both kinds have both.
//
// An exported function that can reach a blocking import, and is not the entry, is exported through a function that sets
// the stage to `idle` during the call. Its callers cannot be unwound, and a yield inside traps in a function with a
// name that says so. A host that calls such a function through a table bypasses this.
//
// malloc is called in the stage `asked`, in which a blocking import behaves as in such a function: TinyGo's malloc can
// reach proc_exit through a panic.
//
// The program's stack pointer stays where it was at the yield, so that functions that are called meanwhile have their
// frames below those that wait.

#include "coroutines/asyncify_coroutines.h"

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "coroutines/asyncify.h"
#include "coroutines/asyncify_plan.h"
#include "coroutines/leaving.h"
#include "ir/function_builder.h"
#include "ir/imports_and_exports.h"
#include "ir/names.h"
#include "ir/redirect_functions.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

// Far more than the engines' own stacks hold.
constexpr uint32_t maxStackBytes = 256 << 20;

enum class Stage : uint32_t { Idle, Running, Blocking, Asked, Unwinding, Rewinding };

class CoroutineBuilder {
public:
  CoroutineBuilder(Module& module, const AsyncifyOptions& options) : module(module), options(options), builder(module) {
    stage = addVariable(module, "parigot.stage");
    yielded = addVariable(module, "parigot.has_yielded");
    buffer = addVariable(module, "parigot.unwound");
    leaving = addVariable(module, "parigot.leaving");
  }

  Result<> build(const AsyncifyPlan& plan) {
    addYield();
    addYielded();
    waits = !plan.instrumented.empty();
    if (!waits && plan.left.empty()) {
      FunctionBuilder resume(module, fresh("parigot.resume"), nothing);
      finish(resume, resumeExport);
      return Ok{};
    }
    if (waits) {
      asyncify = importAsyncify(module);
      addBeginUnwind(plan.malloc);
    }
    auto ends = addCallsOf(plan.ending, [&](Function& import, Name name) { fillEndingCall(import, name); });
    CHECK_ERR(letLeave(module, plan.left, ends, leaving));
    auto runtime = addCallsOf(plan.blocking, [&](Function& import, Name name) { fillBlockingCall(import, name); });
    addRun(*plan.entry->getInternalName());
    addEntry(plan.entry);
    addResume();
    for (auto* item : plan.guarded) {
      guard(item);
    }
    if (!waits) {
      return Ok{};
    }
    auto beyond = runAsyncify(module, asyncify, plan.instrumented, runtime);
    if (auto* error = beyond.getErr()) {
      return Err{error->msg};
    }
    allocated->value = Literal(uint32_t(asyncifyHeaderBytes + options.stackBytes + *beyond));
    return Ok{};
  }

private:
  Module& module;
  const AsyncifyOptions& options;
  wasm::Builder builder;
  AsyncifyImports asyncify;
  Name stage, yielded, buffer, leaving; // globals
  Name beginUnwind, run;
  bool waits = false;         // whether anything can be unwound and resumed
  Const* allocated = nullptr; // the size of the buffer is known last
  const Signature nothing{Type::none, Type::none};

  Name fresh(const std::string& name) { return Names::getValidFunctionName(module, name); }

  Expression* get(Name global) { return builder.makeGlobalGet(global, Type::i32); }
  Expression* put(Name global, Expression* value) { return builder.makeGlobalSet(global, value); }
  Expression* number(Stage value) { return builder.makeConst(int32_t(value)); }
  Expression* isAt(Stage value) { return builder.makeBinary(EqInt32, get(stage), number(value)); }
  Expression* goTo(Stage value) { return put(stage, number(value)); }

  Name finish(FunctionBuilder& code, const char* exported = nullptr) {
    code.finish();
    if (exported) {
      module.addExport(wasm::Builder::makeExport(exported, code.function->name, ExternalKind::Function));
    }
    return code.function->name;
  }

  void addYield() {
    FunctionBuilder code(module, fresh("parigot.yield"), nothing);
    // A second run does no harm.
    auto legal = code.binary(OrInt32, isAt(Stage::Blocking), isAt(Stage::Asked));
    code.add(code.ifThen(builder.makeUnary(EqZInt32, legal), code.trap("yield_outside_of_a_blocking_import")));
    code.add(goTo(Stage::Asked));
    finish(code, yieldExport);
  }

  void addYielded() {
    FunctionBuilder code(module, fresh("parigot.yielded"), Signature(Type::none, Type::i32));
    code.add(get(yielded));
    finish(code, yieldedExport);
  }

  void addBeginUnwind(Name malloc) {
    FunctionBuilder code(module, fresh("parigot.begin_unwind"), nothing);
    auto memory = module.memories[0]->name;
    auto store = [&](uint32_t offset, Expression* value) {
      code.add(builder.makeStore(4, offset, 4, get(buffer), value, Type::i32, memory));
    };
    allocated = builder.makeConst(int32_t(0));
    code.add(code.ifThen(builder.makeUnary(EqZInt32, get(buffer)), code.block([&]() {
      code.add(put(buffer, code.call(malloc, {allocated})));
      code.add(code.ifThen(builder.makeUnary(EqZInt32, get(buffer)), code.trap("coroutine_stack_not_allocated")));
      store(4, code.plus(get(buffer), code.number(asyncifyHeaderBytes + options.stackBytes)));
    })));
    store(0, code.plus(get(buffer), code.number(asyncifyHeaderBytes)));
    code.add(code.call(asyncify.startUnwind, {get(buffer)}));
    code.add(goTo(Stage::Unwinding));
    beginUnwind = finish(code);
  }

  // The functions that are called in place of imports.
  std::unordered_set<Name> addCallsOf(const std::vector<Function*>& imports,
                                      const std::function<void(Function& import, Name name)>& fill) {
    std::unordered_map<Name, Name> calls;
    std::unordered_set<Name> names;
    for (auto* import : imports) {
      auto name = fresh("parigot.blocking." + import->base.toString());
      module.addFunction(wasm::Builder::makeFunction(name, import->type.getHeapType(), {}, builder.makeUnreachable()));
      calls[import->name] = name;
      names.insert(name);
    }
    redirectFunctions(module, calls);
    for (auto* import : imports) {
      fill(*import, calls[import->name]);
    }
    return names;
  }

  void fillBlockingCall(Function& import, Name name) {
    FunctionBuilder code(module, name, import.getSig());
    code.add(code.ifThen(isAt(Stage::Rewinding), code.block([&]() {
      code.add(code.call(asyncify.stopRewind, {}));
      code.add(goTo(Stage::Running));
    })));
    callImport(code, import, code.call(beginUnwind, {}));
  }

  void fillEndingCall(Function& import, Name name) {
    FunctionBuilder code(module, name, import.getSig());
    callImport(code, import, leave(Leaving::Now));
  }

  // Calls the import, and runs `whenAsked` if parigot.yield was called inside. Ends the function.
  void callImport(FunctionBuilder& code, Function& import, Expression* whenAsked) {
    auto before = code.local(Type::i32);
    code.set(before, get(stage));
    code.add(put(stage, builder.makeSelect(isAt(Stage::Running), number(Stage::Blocking), number(Stage::Idle))));
    auto* answered = put(stage, code.get(before));
    passOn(code, import.name, builder.makeIf(isAt(Stage::Asked), whenAsked, answered));
    finish(code);
  }

  Expression* leave(Leaving value) { return put(leaving, builder.makeConst(int32_t(value))); }
  Expression* isLeaving(Leaving value) {
    return builder.makeBinary(EqInt32, get(leaving), builder.makeConst(int32_t(value)));
  }

  void addRun(Name entry) {
    FunctionBuilder code(module, fresh("parigot.run"), Signature(Type::i32, Type::none));
    code.add(code.ifThen(get(stage), code.trap("entry_called_within_itself")));
    code.add(put(yielded, code.number(0)));
    code.add(leave(Leaving::No));
    code.add(put(stage, code.get(0)));
    code.add(code.call(entry, {}));
    if (waits) {
      code.add(code.ifThen(isAt(Stage::Unwinding), code.block([&]() {
        code.add(code.call(asyncify.stopUnwind, {}));
        code.add(put(yielded, code.number(1)));
      })));
    }
    code.add(code.ifThen(isLeaving(Leaving::Now), code.block([&]() {
      code.add(leave(Leaving::Done));
      code.add(put(yielded, code.number(1)));
    })));
    code.add(goTo(Stage::Idle));
    run = finish(code);
  }

  void addEntry(Export* entry) {
    FunctionBuilder code(module, fresh("parigot.entry"), nothing);
    code.add(code.call(run, {number(Stage::Running)}));
    entry->setInternalName(finish(code));
  }

  void addResume() {
    FunctionBuilder code(module, fresh("parigot.resume"), nothing);
    if (waits) {
      auto has = code.binary(GtUInt32, get(yielded), isLeaving(Leaving::Done));
      code.add(code.ifThen(has, code.block([&]() {
        code.add(code.call(asyncify.startRewind, {get(buffer)}));
        code.add(code.call(run, {number(Stage::Rewinding)}));
      })));
    }
    finish(code, resumeExport);
  }

  void guard(Export* item) {
    auto* function = module.getFunction(*item->getInternalName());
    auto name = fresh("parigot.export." + item->name.toString());
    module.addFunction(wasm::Builder::makeFunction(name, function->type.getHeapType(), {}, nullptr));
    FunctionBuilder code(module, name, function->getSig());
    auto before = code.local(Type::i32);
    code.set(before, get(stage));
    code.add(goTo(Stage::Idle));
    passOn(code, function->name, put(stage, code.get(before)));
    item->setInternalName(finish(code));
  }

  // Calls a function of the same type with the same arguments, runs more code, and returns the results.
  static void passOn(FunctionBuilder& code, Name target, Expression* afterwards) {
    auto result = code.addCall(code.forward(target));
    code.add(afterwards);
    if (result) {
      code.add(code.get(*result));
    }
  }
};

} // namespace

Result<>
addAsyncifyCoroutines(Module& module, const std::vector<ImportName>& blocking, const AsyncifyOptions& options) {
  if (options.stackBytes < 16 || options.stackBytes > maxStackBytes) {
    return Err{"a stack of " + std::to_string(options.stackBytes) + " bytes; 16 to " + std::to_string(maxStackBytes) +
               " are possible"};
  }
  auto plan = planAsyncify(module, blocking, options);
  if (auto* error = plan.getErr()) {
    return Err{error->msg};
  }
  return CoroutineBuilder(module, options).build(*plan);
}

} // namespace parigot::coroutines
