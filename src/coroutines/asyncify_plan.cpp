#include "coroutines/asyncify_plan.h"

#include <algorithm>
#include <string>

#include "coroutines/asyncify.h"
#include "coroutines/leaving.h"
#include "ir/imports_and_exports.h"
#include "ir/reachability.h"
#include "wasm-traversal.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

Result<> checkMemory(const Module& module) {
  if (module.memories.size() != 1) {
    return Err{"the module has " + std::to_string(module.memories.size()) +
               " memories, and a program that yields keeps its locals in the only memory"};
  }
  auto& memory = *module.memories[0];
  if (memory.imported() || memory.shared || memory.is64()) {
    return Err{std::string("the memory is ") +
               (memory.imported() ? "imported"
                : memory.shared   ? "shared"
                                  : "a 64-bit one") +
               "; it must be the module's own, not shared, with 32-bit addresses"};
  }
  return Ok{};
}

const Signature mallocSignature(Type::i32, Type::i32);

// LLVM's linker exports a function of a command through another one, which runs the constructors before the call, and
// the destructors (and the functions given to atexit) after it:
//
//   (func $malloc.command_export (param i32) (result i32)
//     (call $ctors) (call $malloc (local.get 0)) (call $dtors))
//
// Calls from within the program must go to the function in the middle. If the code does not have this shape, the
// exported function is called.
Function* withinCommandExport(Module& module, Function* exported) {
  struct Finder : public PostWalker<Finder, UnifiedExpressionVisitor<Finder>> {
    Function* found = nullptr;
    bool other = false;

    void visitExpression(Expression* curr) {
      if (auto* call = curr->dynCast<Call>()) {
        auto* target = getModule()->getFunction(call->target);
        if (!found && target->getSig() == mallocSignature && call->operands[0]->is<LocalGet>()) {
          found = target;
        } else {
          other |= target->getSig() != Signature(Type::none, Type::none);
        }
      } else if (!curr->is<Block>() && !curr->is<LocalGet>() && !curr->is<LocalSet>() && !curr->is<Return>()) {
        other = true;
      }
    }
  } finder;
  if (exported->imported()) {
    return exported;
  }
  finder.walkFunctionInModule(exported, &module);
  return finder.found && !finder.other ? finder.found : exported;
}

Result<Name> findMalloc(Module& module, const Reachability::Names& blocking) {
  // Looks for malloc by its name first. The export of a command calls constructors and destructors around it, and a
  // program that Asyncify has processed before does not show that shape. If the name belongs to another function, only
  // the program itself is affected.
  auto* malloc = module.getFunctionOrNull("malloc");
  if (!malloc || malloc->getSig() != mallocSignature) {
    malloc = exportedFunction(module, "malloc");
    if (!malloc) {
      return Err{"the program exports no malloc, from which the buffer for its locals comes; have its linker "
                 "export it (clang: -Wl,--export=malloc)"};
    }
    if (malloc->getSig() != mallocSignature) {
      return Err{"the program's malloc is not of type (i32) -> i32 but " + malloc->getSig().toString()};
    }
    malloc = withinCommandExport(module, malloc);
  }
  if (blocking.count(malloc->name)) {
    return Err{"the program's malloc is a blocking import itself"};
  }
  return malloc->name;
}

// Finds the imports with these names, and in `found` their functions. Gives the names of these.
Reachability::Names
findImports(Module& module, const std::vector<ImportName>& names, bool ending, std::vector<Function*>& found) {
  Reachability::Names functions;
  for (auto& function : module.functions) {
    if (function->imported() && endsProgram(*function) == ending &&
        std::any_of(names.begin(), names.end(), [&](auto& name) { return name.matches(*function); })) {
      found.push_back(function.get());
      functions.insert(function->name);
    }
  }
  return functions;
}

// The program's malloc, and that Asyncify can handle the program.
Result<> planUnwinding(Module& module, const Reachability::Names& blocking, AsyncifyPlan& plan) {
  auto memory = checkMemory(module);
  if (auto* error = memory.getErr()) {
    return Err{error->msg};
  }
  auto malloc = findMalloc(module, blocking);
  if (auto* error = malloc.getErr()) {
    return Err{error->msg};
  }
  plan.malloc = *malloc;
  return checkForAsyncify(module, plan.instrumented);
}

} // namespace

Result<AsyncifyPlan>
planAsyncify(Module& module, const std::vector<ImportName>& names, const AsyncifyOptions& options) {
  AsyncifyPlan plan;
  for (auto* name : {yieldExport, resumeExport, yieldedExport}) {
    if (module.getExportOrNull(name)) {
      return Err{"the module has an export " + std::string(name) + " already"};
    }
  }
  auto blocking = findImports(module, names, false, plan.blocking);
  auto ending = findImports(module, names, true, plan.ending);
  if (blocking.empty() && ending.empty()) {
    return plan;
  }
  // What a host calls within a blocking import is no edge: such a function cannot yield (coroutines.h).
  Reachability reachability(module);
  auto reaching = reachability.whatReaches(blocking), toEnd = reachability.whatReaches(ending);
  auto* entry = exportedFunction(module, options.entry);
  if (!entry) {
    return Err{"there is no exported function '" + options.entry + "' to run the program by, which imports " +
               importName(plan.blocking.empty() ? *plan.ending[0] : *plan.blocking[0])};
  }
  if (entry->imported() || entry->getSig() != Signature(Type::none, Type::none)) {
    return Err{"the exported function '" + options.entry +
               "' is no entry to run the program by: it must be the module's own, and of type () -> ()"};
  }
  plan.entry = module.getExport(options.entry);
  for (auto& name : reachability.reachedFrom(entry->name)) {
    if (reaching.count(name)) {
      plan.instrumented.insert(name);
    }
    if (toEnd.count(name)) {
      plan.left.insert(name);
    }
  }
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Function && item.get() != plan.entry &&
        (reaching.count(*item->getInternalName()) || toEnd.count(*item->getInternalName()))) {
      plan.guarded.push_back(item.get());
    }
  }
  if (!blocking.empty()) {
    CHECK_ERR(planUnwinding(module, blocking, plan));
  }
  CHECK_ERR(checkForLeaving(module, plan.left));
  return plan;
}

} // namespace parigot::coroutines
