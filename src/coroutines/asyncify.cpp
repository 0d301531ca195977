#include "coroutines/asyncify.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/branch-utils.h"
#include "ir/effects.h"
#include "ir/function_builder.h"
#include "ir/names.h"
#include "ir/redirect_functions.h"
#include "pass.h"
#include "wasm-traversal.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

constexpr const char* importModule = "asyncify";
// The names of upstream's own items, and of items that it expects not to exist.
constexpr const char* dataGlobal = "__asyncify_data";
constexpr const char* stateGlobal = "__asyncify_state";
constexpr const char* fakeGlobalPrefix = "asyncify_fake_call_global_";
constexpr std::array controls = {
  "asyncify_start_unwind", "asyncify_stop_unwind", "asyncify_start_rewind", "asyncify_stop_rewind"};
constexpr const char* getState = "asyncify_get_state";
constexpr const char* unwindLabel = "__asyncify_unwind";
constexpr std::array intrinsics = {unwindLabel, "__asyncify_get_call_index", "__asyncify_check_call_index"};

bool isReservedFunction(Name name) {
  auto is = [&](const char* other) { return name == Name(other); };
  return std::any_of(controls.begin(), controls.end(), is) || is(getState) ||
         std::any_of(intrinsics.begin(), intrinsics.end(), is);
}

bool isReservedGlobal(Name name) {
  return name == Name(dataGlobal) || name == Name(stateGlobal) || name.view().starts_with(fakeGlobalPrefix);
}

// The list of functions is a text, in which other characters can have a meaning.
bool isPlain(Name name) {
  auto plain = [](unsigned char c) { return c < 128 && (std::isalnum(c) || c == '.' || c == '_'); };
  return std::all_of(name.view().begin(), name.view().end(), plain);
}

using Renaming = std::unordered_map<Name, Name>;

Renaming inverse(const Renaming& renaming) {
  Renaming result;
  for (auto& [from, to] : renaming) {
    result[to] = from;
  }
  return result;
}

void renameFunctions(Module& module, const Renaming& renaming) {
  if (renaming.empty()) {
    return;
  }
  for (auto& [from, to] : renaming) {
    module.getFunction(from)->name = to;
  }
  module.updateMaps();
  redirectFunctions(module, renaming);
}

struct GlobalRenamer : public WalkerPass<PostWalker<GlobalRenamer>> {
  const Renaming& renaming;

  explicit GlobalRenamer(const Renaming& renaming) : renaming(renaming) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<GlobalRenamer>(renaming); }

  void rename(Name& name) {
    if (auto found = renaming.find(name); found != renaming.end()) {
      name = found->second;
    }
  }
  void visitGlobalGet(GlobalGet* curr) { rename(curr->name); }
  void visitGlobalSet(GlobalSet* curr) { rename(curr->name); }
};

void renameGlobals(Module& module, const Renaming& renaming) {
  if (renaming.empty()) {
    return;
  }
  for (auto& [from, to] : renaming) {
    module.getGlobal(from)->name = to;
  }
  module.updateMaps();
  GlobalRenamer renamer(renaming);
  PassRunner runner(&module);
  renamer.run(&runner, &module);
  renamer.runOnModuleCode(&runner, &module);
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Global) {
      auto name = *item->getInternalName();
      renamer.rename(name);
      item->setInternalName(name);
    }
  }
}

// The body that Asyncify leaves can still have the label of its block. Breaks inside would then be taken for breaks to
// the new block.
void renameLabels(Function& function) {
  struct Labels : public PostWalker<Labels, UnifiedExpressionVisitor<Labels>> {
    std::unordered_set<Name> found;
    Name to;

    void visitExpression(Expression* curr) {
      auto visit = [&](Name& name) {
        if (!to) {
          found.insert(name);
        } else if (name == Name(unwindLabel)) {
          name = to;
        }
      };
      BranchUtils::operateOnScopeNameDefs(curr, visit);
      BranchUtils::operateOnScopeNameUses(curr, visit);
    }
  } labels;
  labels.walk(function.body);
  if (labels.found.count(unwindLabel)) {
    labels.to = Names::getValidNameGivenExisting("parigot.unwind", labels.found);
    labels.walk(function.body);
  }
}

// Keeps the program's own items out of the pass's way while the object lives.
class Hidden {
public:
  Hidden(Module& module, const std::unordered_set<Name>& functionsToList, const std::unordered_set<Name>& ours)
    : module(module) {
    for (auto& function : module.functions) {
      auto name = function->name;
      if (isReservedFunction(name) || (functionsToList.count(name) && !isPlain(name))) {
        functions[name] = Names::getValidFunctionName(module, "parigot.hidden." + std::to_string(functions.size()));
      }
      if (function->module == Name(importModule) && !ours.count(name)) {
        function->module = "parigot.hidden";
        imports.push_back(function.get());
      }
    }
    for (auto& global : module.globals) {
      if (isReservedGlobal(global->name)) {
        globals[global->name] = Names::getValidGlobalName(module, "parigot.hidden." + std::to_string(globals.size()));
      }
    }
    for (auto& item : module.exports) {
      if (isReservedFunction(item->name)) {
        exports.emplace_back(item.get(), item->name);
        item->name = Names::getValidExportName(module, "parigot.hidden." + std::to_string(exports.size()));
      }
    }
    module.updateMaps();
    renameFunctions(module, functions);
    renameGlobals(module, globals);
    hideTailCalls(functionsToList);
  }

  Hidden(const Hidden&) = delete;

  // NOLINTNEXTLINE(bugprone-exception-escape): only for want of memory, which ends the process in any case
  ~Hidden() {
    for (auto* isReturn : tailCalls) {
      *isReturn = true;
    }
    renameGlobals(module, inverse(globals));
    renameFunctions(module, inverse(functions));
    for (auto& [item, name] : exports) {
      item->name = name;
    }
    for (auto* import : imports) {
      import->module = importModule;
    }
    module.updateMaps();
  }

  Name nameOf(Name function) const {
    auto found = functions.find(function);
    return found == functions.end() ? function : found->second;
  }

private:
  Module& module;
  Renaming functions;
  Renaming globals;
  std::vector<std::pair<Export*, Name>> exports;
  std::vector<Function*> imports;
  std::vector<bool*> tailCalls;

  // Upstream refuses a module that has one, even in code that it does not touch.
  void hideTailCalls(const std::unordered_set<Name>& functionsToList) {
    struct Finder : public PostWalker<Finder> {
      std::vector<bool*> found;
      void note(bool& isReturn) {
        if (isReturn) {
          found.push_back(&isReturn);
        }
      }
      void visitCall(Call* curr) { note(curr->isReturn); }
      void visitCallIndirect(CallIndirect* curr) { note(curr->isReturn); }
    } finder;
    if (!module.features.hasTailCall()) {
      return;
    }
    for (auto& function : module.functions) {
      if (!function->imported() && !functionsToList.count(function->name)) {
        finder.walk(function->body);
      }
    }
    tailCalls = std::move(finder.found);
    for (auto* isReturn : tailCalls) {
      *isReturn = false;
    }
  }
};

// Whether a store writes the word that holds the buffer's top. The pass adds the global, so no store of the program
// matches.
bool movesTop(const Store& store, Name data) {
  auto* address = store.ptr->dynCast<GlobalGet>();
  return address && address->name == data && store.offset == 0;
}

// The number of bytes; no value unless the code shows it plainly.
std::optional<int32_t> distance(const Store& store) {
  auto* sum = store.value->dynCast<Binary>();
  auto* amount = sum ? sum->right->dynCast<Const>() : nullptr;
  if (!amount || (sum->op != AddInt32 && sum->op != SubInt32)) {
    return {};
  }
  return sum->op == AddInt32 ? amount->value.geti32() : -amount->value.geti32();
}

// Turns each push of one function into a call.
struct PushChecker : public PostWalker<PushChecker> {
  Name data;
  Name push;
  std::unordered_set<Name> unwinding; // functions that can unwind
  bool calls = false;                 // the function calls one of them, or an unknown function
  uint32_t pushes = 0;
  uint32_t largest = 0;
  bool unknown = false;

  // The load of the top could trap, but is removed all the same.
  PushChecker() { options.trapsNeverHappen = true; }

  void visitCall(Call* curr) { calls |= unwinding.count(curr->target) > 0; }
  void visitCallIndirect(CallIndirect*) { calls = true; }

  void visitStore(Store* curr) {
    if (!movesTop(*curr, data)) {
      return;
    }
    auto bytes = distance(*curr);
    if (!bytes) {
      unknown = true;
      return;
    }
    if (*bytes <= 0) {
      return;
    }
    pushes++;
    largest = std::max(largest, uint32_t(*bytes));
    Builder builder(*getModule());
    auto* top = curr->value->cast<Binary>()->left;
    Expression* call = builder.makeCall(push, {builder.makeConst(*bytes)}, Type::none);
    if (EffectAnalyzer(options, *getModule(), top).hasUnremovableSideEffects()) {
      call = builder.makeSequence(builder.makeDrop(top), call); // a local.tee
    }
    replaceCurrent(call);
  }

private:
  PassOptions options;
};

// (param $bytes i32): adds the bytes to data[0], unless the sum exceeds data[1].
Name addPush(Module& module, Name data) {
  FunctionBuilder code(
    module, Names::getValidFunctionName(module, "parigot.coroutine_push"), Signature(Type::i32, Type::none));
  auto memory = module.memories[0]->name;
  auto buffer = [&]() { return code.builder.makeGlobalGet(data, Type::i32); };
  auto load = [&](uint32_t offset) { return code.builder.makeLoad(4, false, offset, 4, buffer(), Type::i32, memory); };
  auto top = code.local(Type::i32);
  code.set(top, code.plus(load(0), code.get(0)));
  code.add(code.ifThen(code.binary(GtUInt32, code.get(top), load(4)), code.trap("coroutine_stack_exhausted")));
  code.add(code.builder.makeStore(4, 0, 4, buffer(), code.get(top), Type::i32, memory));
  code.finish();
  return code.function->name;
}

Result<uint32_t> checkPushes(Module& module, const std::vector<Name>& functions, std::unordered_set<Name> unwinding) {
  PushChecker checker;
  checker.data = dataGlobal;
  checker.push = addPush(module, dataGlobal);
  checker.unwinding = std::move(unwinding);
  for (auto& name : functions) {
    checker.pushes = 0;
    checker.calls = false;
    checker.walkFunctionInModule(module.getFunction(name), &module);
    // A function that unwinds pushes the index of a call, and its locals, if it has any. A function in which all calls
    // turned out to be dead code pushes nothing.
    if (checker.unknown || (checker.calls && checker.pushes == 0)) {
      return Err{"function " + name.toString() +
                 " pushes its frame in a way that is not as Asyncify of Binaryen 132 does it"};
    }
  }
  return checker.largest;
}

// The exports would be visible outside, and nothing inside needs the last one.
void takeInControls(Module& module) {
  Renaming renaming;
  for (auto* name : controls) {
    module.removeExport(name);
    module.getFunction(name)->hasExplicitName = true;
    renaming[name] = Names::getValidFunctionName(module, std::string("parigot.") + name);
  }
  module.removeExport(getState);
  module.removeFunction(getState);
  renameFunctions(module, renaming);
  renameGlobals(module,
                {{dataGlobal, Names::getValidGlobalName(module, "parigot.asyncify_data")},
                 {stateGlobal, Names::getValidGlobalName(module, "parigot.asyncify_state")}});
}

} // namespace

AsyncifyImports importAsyncify(Module& module) {
  Builder builder(module);
  auto import = [&](const char* base, Type params) {
    auto name = Names::getValidFunctionName(module, std::string("parigot.import.") + base);
    auto function = Builder::makeFunction(name, Type(Signature(params, Type::none), NonNullable, Inexact), {});
    function->module = importModule;
    function->base = base;
    return module.addFunction(std::move(function))->name;
  };
  return {import("start_unwind", Type::i32),
          import("stop_unwind", Type::none),
          import("start_rewind", Type::i32),
          import("stop_rewind", Type::none)};
}

Result<uint32_t> runAsyncify(Module& module,
                             const AsyncifyImports& imports,
                             const std::unordered_set<Name>& functions,
                             const std::unordered_set<Name>& runtime) {
  auto listed = functions;
  listed.insert(runtime.begin(), runtime.end());
  Hidden hidden(module, listed, {imports.startUnwind, imports.stopUnwind, imports.startRewind, imports.stopRewind});
  std::unordered_set<Name> names;
  std::string list;
  for (auto& name : functions) {
    names.insert(hidden.nameOf(name));
  }
  std::vector<Name> instrumented;
  for (auto& function : module.functions) {
    if (names.count(function->name)) {
      instrumented.push_back(function->name);
      renameLabels(*function);
    }
  }
  for (auto& name : runtime) {
    names.insert(hidden.nameOf(name));
  }
  for (auto& name : names) {
    list += name.toString() + "\n";
  }

  PassOptions options;
  options.optimizeLevel = 2;
  options.shrinkLevel = 1;
  options.arguments["asyncify-ignore-imports"] = "1";
  options.arguments["asyncify-onlylist"] = list;
  PassRunner runner(&module, options);
  runner.setIsNested(true);
  runner.add("asyncify");
  runner.run();

  auto largest = checkPushes(module, instrumented, std::move(names));
  takeInControls(module);
  return largest;
}

} // namespace parigot::coroutines
