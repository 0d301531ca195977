//
// Turns service calls into plain function calls.
//
//   wasm-opt --load-pass libparigot-passes.so merged.wasm
//     --service-call-to-direct-call -o bound.wasm
//
// The input is a world as MergeWorld makes it. The section parigot.world binds
// imports of services to exports of others. This pass replaces each such import:
//
//  (import "hello/greeting" "fetch_greeting_"
//   (func $hello/fetch (param i32 i32 i32 i32) (result i64)))
//  (func $greet/fetch .. (export "greet/fetch_greeting_"))
//
//    =>
//
//  (func $hello/fetch (param $req_len i32) (param $req_ptr i32)
//                     (param $out_ptr i32) (param $err_ptr i32) (result i64)
//   ;; copy the request to the arena of `greet`
//   (memory.copy $greet/memory $hello/memory ..)
//   (call $greet/fetch ..)
//   ;; copy the error and the reply back
//   (memory.copy $hello/memory $greet/memory ..))
//
// A [[call]] with `copy = false` copies no request: its adapter calls the service with an address that becomes that of
// the client's bytes when the service's base is added to it, which PlaceMemories does wherever the service uses it.
//
//   (call $greet/fetch .. (i32.add (local.get $req_ptr) (i32.const -268435456)) ..)
//
// The import itself becomes the adapter, so calls, references and table entries
// of it need no change. A call that passes only numbers (ABI `scalar`) needs no
// adapter: every use of the import becomes a use of the callee.
//
// A service can export a function that it imports from another. The pass follows
// such exports to the definition. A circle of them, in which no service defines
// the function, is an error.
//
// Imports that are not bound stay imports, so that a part of a world can be wound.
// AdaptHostCalls handles them.
//

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "abi/wasi.h"
#include "adapters/call_adapter.h"
#include "ir/exceptions.h"
#include "ir/imports_and_exports.h"
#include "ir/redirect_functions.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

class ServiceCallToDirectCall : public Pass {
public:
  explicit ServiceCallToDirectCall(std::shared_ptr<const CodeNotes> notes) : notes(std::move(notes)) {}

  void run(Module* module_) override {
    module = module_;
    auto world = readWorldAt(*module, Stage::Merged);
    if (!world.government.empty() && !world.government.enforced) {
      throw PassError(
        "this world has laws, which --govern-world enforces; run it before --service-call-to-direct-call");
    }
    findImports(world);
    refuseCircles(world);
    // Scalar calls come first, since an adapter may call their targets.
    auto targets = resolveScalarCalls();
    auto exceptions = exceptionsToCatch();
    for (auto& [import, call] : bound) {
      if (call->abi != CallAbi::Scalar) {
        auto target = targetOf(*call);
        if (auto found = targets.find(target); found != targets.end()) {
          target = found->second;
        }
        checkDescription(*import, *call);
        checkLent(world, *call);
        AdapterBuilder code(*module, import->name, import->getSig());
        buildCallAdapter(code, world, *call, target, exceptions);
        world.addGate({WorldGate::Kind::Call, import->name.toString(), call->client, {call->service}});
      }
    }
    redirectFunctions(*module, targets, notes.get());
    module->removeFunctions([&](Function* function) { return targets.count(function->name) > 0; });
    world.stage = Stage::Bound;
    writeWorld(*module, world);
  }

private:
  std::shared_ptr<const CodeNotes> notes;
  Module* module = nullptr;
  // In the order of the module, which is the order of the services.
  std::vector<std::pair<Function*, const WorldCall*>> bound;
  std::unordered_map<Name, const WorldCall*> callOf;

  void findImports(const World& world) {
    std::unordered_map<std::string, const WorldCall*> calls;
    auto key = [](std::string_view module, std::string_view base) {
      return std::string(module) + '\0' + std::string(base);
    };
    for (auto& call : world.calls) {
      calls[key(scopedName(call.client, call.module), call.base)] = &call;
    }
    for (auto& function : module->functions) {
      if (function->imported()) {
        auto found = calls.find(key(function->module.view(), function->base.view()));
        if (found != calls.end()) {
          bound.push_back({function.get(), found->second});
          callOf[function->name] = found->second;
        }
      }
    }
  }

  Name targetOf(const WorldCall& call) {
    auto exported = scopedName(call.service, call.export_);
    auto* function = exportedFunction(*module, exported);
    if (!function) {
      throw PassError("service-call-to-direct-call: the module has lost the "
                      "export '" +
                      exported + "', which " + call.client + "'s import " + call.module + "." + call.base +
                      " is bound to");
    }
    return function->name;
  }

  // The same for a function of WASI.
  void checkWasi(Function& import, const WorldCall& call) {
    auto fits = [&](std::string_view base, Function* found) {
      auto* function = findWasiFunction(call.module, base);
      return function && found && found->getSig() == function->signature();
    };
    auto exported = [&](const std::string& name) { return exportedFunction(*module, scopedName(call.service, name)); };
    bool fit = fits(call.base, &import) && fits(call.base, exported(call.export_));
    if (fit && findWasiFunction(call.module, call.base)->parameters()[0].kind == ParamKind::StringPointers) {
      fit = call.export_.ends_with(call.base) && fits(sizesExport(call.base), exported(sizesExport(call.export_)));
    }
    if (!fit) {
      throw PassError("service-call-to-direct-call: the section parigot.world binds " + call.client + "'s import " +
                      call.module + "." + call.base + " to '" + call.export_ + "' of " + call.service +
                      " as a function of WASI, and they are not of the type that WASI gives them");
    }
  }

  // MergeWorld has, but the section can have been changed since.
  void checkDescription(Function& import, const WorldCall& call) {
    if (call.abi == CallAbi::Wasi) {
      checkWasi(import, call);
    }
    if (!call.described) {
      return;
    }
    auto end = [&](const std::string& service) {
      return CallEnd{"service '" + service + "'",
                     [this, service](auto name) { return exportedFunction(*module, scopedName(service, name)); }};
    };
    auto fits = checkCall(*call.described, import.getSig(), end(call.client), end(call.service));
    if (auto* error = fits.getErr()) {
      throw PassError("service-call-to-direct-call: the section parigot.world describes " + call.client + "'s import " +
                      call.module + "." + call.base + ", but " + error->msg);
    }
  }

  // MergeWorld has checked this too.
  void checkLent(const World& world, const WorldCall& call) {
    if (!call.copy && (world.layout != Layout::Single || world.isolates())) {
      throw PassError("service-call-to-direct-call: the section parigot.world binds " + call.client + "'s import " +
                      call.module + "." + call.base +
                      " without a copy of the request, which needs layout 'single' and no isolation");
    }
  }

  // Refuses circles of any ABI: adapters that call each other in a circle never return.
  void refuseCircles(const World& world) {
    for (auto& [import, call] : bound) {
      std::unordered_set<Name> seen;
      for (auto name = import->name; callOf.count(name); name = targetOf(*callOf[name])) {
        if (!seen.insert(name).second) {
          throw PassError(world.find(call->client)->quoted() + " imports " + call->module + "." + call->base +
                          ", and the services that export it only import it "
                          "from each other: none of them defines it");
        }
      }
    }
  }

  // The exceptions of the world, if an adapter has to catch them. The arenas need none of that: AdaptHostCalls sees to
  // them.
  ExceptionEncodings exceptionsToCatch() {
    bool needed = std::any_of(bound.begin(), bound.end(), [](auto& one) {
      return one.second->described && !one.second->described->texts().serviceRelease.empty();
    });
    if (!needed) {
      return {};
    }
    return notes ? notes->exceptions : exceptionEncodings(*module);
  }

  // Maps every import that is bound as scalar to the function that its calls finally reach.
  std::unordered_map<Name, Name> resolveScalarCalls() {
    std::unordered_map<Name, Name> targets;
    for (auto& [import, call] : bound) {
      if (call->abi != CallAbi::Scalar) {
        continue;
      }
      Name target = targetOf(*call);
      while (callOf.count(target) && callOf[target]->abi == CallAbi::Scalar) {
        target = targetOf(*callOf[target]);
      }
      targets[import->name] = target;
    }
    return targets;
  }
};

} // namespace

std::unique_ptr<Pass> createServiceCallToDirectCallPass(std::shared_ptr<const CodeNotes> notes) {
  return std::make_unique<ServiceCallToDirectCall>(std::move(notes));
}

} // namespace parigot
