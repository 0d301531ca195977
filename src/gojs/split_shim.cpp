#include "gojs/split_shim.h"

#include <algorithm>
#include <span>
#include <unordered_set>

#include "abi/wasi.h"
#include "coroutines/coroutines.h"
#include "go/shim.h"
#include "gojs/library_exports.h"
#include "gojs/named_strings.h"
#include "gojs/program_access.h"
#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "ir/utils.h"
#include "pass.h"
#include "runtime/modules.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"
#include "world/world.h"

namespace parigot::gojs {

using namespace wasm;

namespace {

// The exports that only the shim's JavaScript called, in addition to asyncify_*.
constexpr std::string_view goExports[] = {"run", "resume", "getsp"};
constexpr std::string_view tinyGoExports[] = {"_start", "resume", "go_scheduler"};

std::span<const std::string_view> shimExports(const Shim& shim) {
  if (shim.isGo()) {
    return goExports;
  }
  return tinyGoExports;
}

bool isOneOf(std::span<const std::string_view> names, Name name) {
  return std::find(names.begin(), names.end(), name.view()) != names.end();
}

constexpr const char* constructorsExport = "constructors";

std::string internalName(std::string_view name) { return internalExportPrefix + ("shim." + std::string(name)); }

class Splitter {
public:
  Splitter(Services& services, Service& program, const SplitOptions& options)
    : services(services), program(program), module(*program.module), options(options) {}

  Result<> split() {
    shim = detectShim(module, options.others);
    if (!shim.present()) {
      return options.isLibrary ? Result<>(notALibrary()) : Ok{};
    }
    CHECK_ERR(refuse());
    if (options.isLibrary) {
      CHECK_ERR(addLibraryExports(module, shim, program.quoted(), services.isMain(program)));
    }
    hasUserExports = findUserExports();
    CHECK_ERR(addRuntime());
    redirectImports();
    CHECK_ERR(turnExports());
    addEntry();
    if (shim.isTinyGo() && (hasUserExports || options.isLibrary)) {
      returnFromStart();
    }
    removeUnused();
    CHECK_ERR(serveRuntime());
    module.updateMaps();
    return Ok{};
  }

private:
  Services& services;
  Service& program;
  Module& module;
  const SplitOptions& options;
  Shim shim;
  bool hasUserExports = false;
  Service* runtime = nullptr;

  Err error(const std::string& message) { return Err{program.quoted() + ": " + message}; }

  // "it was compiled by Go 1.26.5 for JavaScript"
  std::string compiled() const { return "it was compiled by " + shim.compiler() + " for JavaScript"; }

  Err notALibrary() {
    return error(
      "it is to be a library, a program that Go or TinyGo compiled for JavaScript and that registers functions "
      "there; but it imports none of the functions of wasm_exec.js (syscall/js.valueSet of 'gojs', 'go' or "
      "'env')");
  }

  Result<> refuse() {
    if (!shim.problems.empty()) {
      auto& problem = shim.problems.front();
      auto more = shim.problems.size() - 1;
      return error(compiled() + ", and " + problem.message +
                   (more ? "; " + std::to_string(more) + " more of its imports cannot be replaced either" : ""));
    }
    if (module.memories.size() != 1 || module.memories[0]->imported()) {
      return error(compiled() + ", but has no memory of its own, which every such program has");
    }
    return Ok{};
  }

  Result<> addRuntime() {
    auto read = readRuntimeModule(runtimeModuleFor(shim, hasString(module, "Math")));
    if (auto* failed = read.getErr()) {
      return std::move(*failed);
    }
    ServiceDeclaration declaration;
    declaration.name = runtimeName(services, program.name());
    declaration.file = program.declared.file;
    declaration.regionBytes = program.declared.runtimeBytes.value_or(defaultRuntimeBytes);
    runtime = &services.add(std::move(declaration), std::move(*read), Role::Runtime);
    runtime->program = &program;
    program.runtime = runtime;
    return Ok{};
  }

  bool findUserExports() {
    // Every program of TinyGo exports its allocator.
    static constexpr std::string_view allocator[] = {"malloc", "free", "calloc", "realloc"};
    auto isAllocator = [&](Name name) { return shim.abi != ShimAbi::GoStack && isOneOf(allocator, name); };
    return std::any_of(module.exports.begin(), module.exports.end(), [&](auto& item) {
      return item->kind == ExternalKind::Function && !isOneOf(shimExports(shim), item->name) &&
             item->name != "_start" && item->name != "_initialize" && !item->name.startsWith("asyncify_") &&
             !isAllocator(item->name);
    });
  }

  void bind(const std::string& client, const std::string& from, const std::string& base, CallAbi abi) {
    ManifestCall call;
    call.client = client;
    call.module = call.service = from;
    call.base = base;
    call.abi = abi;
    services.calls.push_back(std::move(call));
  }

  void redirectImports() {
    for (auto& import : shim.imports) {
      import.function->module = runtime->name();
    }
    bind(program.name(), runtime->name(), "*", CallAbi::Scalar);
  }

  Result<> turnExports() {
    auto hidden = [&](const Export& item) {
      return isOneOf(shimExports(shim), item.name) || item.name.startsWith("asyncify_");
    };
    std::vector<std::unique_ptr<Export>> internal;
    for (auto& item : module.exports) {
      if (item->kind == ExternalKind::Memory && item->name == "mem") {
        item->name = "memory";
      } else if (item->kind == ExternalKind::Function && isOneOf(shimExports(shim), item->name)) {
        internal.push_back(Builder::makeExport(internalName(item->name.view()), *item->getInternalName(), item->kind));
      }
    }
    module.removeExports([&](Export* item) {
      return item->kind == ExternalKind::Function && hidden(*item) &&
             (!program.strip.keepShimExports || item->name == "_start");
    });
    module.updateMaps();
    for (auto& item : internal) {
      if (module.getExportOrNull(item->name)) {
        return error("it exports '" + item->name.toString() + "', and names that begin with '" + internalExportPrefix +
                     "' are parigot-opt's own; rename that export");
      }
      module.addExport(std::move(item));
    }
    return Ok{};
  }

  // As ProgramFacts has them.
  std::string globals() const {
    std::string names;
    for (auto& name : program.declared.globals) {
      names += name + '\0';
    }
    return names;
  }

  // Binds the imports of the runtime module from "go" to the program.
  Result<> serveRuntime() {
    bool any = false;
    std::vector<Function*> imports;
    for (auto& function : runtime->module->functions) {
      if (function->imported() && function->module == "go") {
        imports.push_back(function.get());
      }
    }
    for (auto* import : imports) {
      auto base = import->base.toString();
      if (defineConstant(
            *runtime->module, *import, {program.declared.cwd, globals(), hasUserExports, options.isProcess})) {
        continue;
      }
      auto name = internalName(base);
      if (base == "yielded") {
        name = coroutines::yieldedExport; // added when the program becomes a process
      } else if (!addAccess(module, base, name)) {
        CHECK_ERR(checkOwn(*import, base, name));
      }
      import->module = program.name();
      import->base = name;
      if (base == "read" || base == "write") {
        bind(runtime->name(), program.name(), name, base == "read" ? CallAbi::ReadMemory : CallAbi::WriteMemory);
      } else {
        any = true;
      }
    }
    if (any) {
      bind(runtime->name(), program.name(), "*", CallAbi::Scalar);
    }
    return Ok{};
  }

  // A function of the program itself, under its internal name.
  Result<> checkOwn(Function& import, const std::string& base, const std::string& name) {
    auto* own = exportedFunction(module, name);
    if (!own && shim.isTinyGo() && base != "_start") {
      // A scheduler that never waits has neither of these.
      addExportedFunction(module, name, import.getSig(), Builder(module).makeNop());
      return Ok{};
    }
    if (!own) {
      return error(compiled() + ", but does not export '" + base + "', as every such program does");
    }
    if (own->getSig() != import.getSig()) {
      return error("it exports '" + base + "' as " + describe(own->getSig()) + ", and " + shim.compiler() +
                   " has it as " + describe(import.getSig()));
    }
    return Ok{};
  }

  // A call of a function () -> () of the runtime module.
  Expression* callRuntime(Name base) {
    auto import = importFrom(module, runtime->name(), base.view(), Signature(Type::none, Type::none));
    return Builder(module).makeCall(import, {}, Type::none);
  }

  // TinyGo 0.35 and later end `_start` with proc_exit(0), after which the user's exports could not be called. Its
  // JavaScript continues after that call, and so does this code.
  void returnFromStart() {
    struct Returner : public PostWalker<Returner> {
      void visitCall(Call* curr) {
        auto* target = getModule()->getFunction(curr->target);
        auto* code = curr->operands.size() == 1 ? curr->operands[0]->dynCast<Const>() : nullptr;
        if (target->imported() && isWasiModule(target->module.view()) && target->base == "proc_exit" && code &&
            code->value.isZero()) {
          replaceCurrent(Builder(*getModule()).makeReturn());
        }
      }
    };
    if (auto* start = exportedFunction(module, internalName("_start")); start && !start->imported()) {
      Returner returner;
      returner.walkFunctionInModule(start, &module);
      ReFinalize().walkFunctionInModule(start, &module);
    }
  }

  // Removes the functions of the runtime module that this program does not import.
  void removeUnused() {
    std::unordered_set<Name> used;
    for (auto& function : module.functions) {
      if (function->imported() && function->module == runtime->name()) {
        used.insert(function->base);
      }
    }
    removeUnusedFunctions(*runtime->module, [&](const Export& item) {
      return !used.count(item.name) && !(options.isLibrary && isLibraryExport(item.name.view()));
    });
  }

  void addEntry() {
    bool command = !options.isLibrary && (options.entry == Entry::Command || !hasUserExports);
    Builder builder(module);
    auto* body = builder.makeBlock();
    // Constructors, if there are any. The runtime module is no service that is initialised before the program, since
    // each calls the other.
    if (auto* constructors = exportedFunction(*runtime->module, "_initialize")) {
      if (!constructors->body->is<Nop>()) {
        runtime->module->addExport(Builder::makeExport(constructorsExport, constructors->name, ExternalKind::Function));
        body->list.push_back(callRuntime(constructorsExport));
      }
      runtime->module->removeExport("_initialize");
    }
    if (options.isLibrary && services.isMain(program)) {
      forwardLibraryExports(module, runtime->name());
    }
    body->list.push_back(callRuntime(command ? "start" : options.isLibrary ? "library.initialize" : "initialize"));
    body->finalize();
    module.removeExports([](Export* item) { return item->name == "_start" || item->name == "_initialize"; });
    addExportedFunction(module, command ? "_start" : "_initialize", Signature(Type::none, Type::none), body);
    if (options.isProcess) {
      addExportedFunction(module, proceedExport, Signature(Type::none, Type::none), callRuntime("proceed"));
    }
  }
};

} // namespace

std::string runtimeName(const Services& services, const std::string& program) {
  return services.unusedName(program + ".gojs");
}

Result<> splitShim(Services& services, Service& program, const SplitOptions& options) {
  return Splitter(services, program, options).split();
}

} // namespace parigot::gojs
