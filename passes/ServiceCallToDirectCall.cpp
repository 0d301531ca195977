//
// Makes service calls plain function calls.
//
//   wasm-opt --load-pass libparigot-passes.so merged.wasm
//     --service-call-to-direct-call -o bound.wasm
//
// The input is what MergeWorld made. Every import that the world's section
// binds to another service's export goes away:
//
//  (import "hello/greeting" "fetch_greeting_"
//   (func $hello/fetch (param i32 i32 i32 i32) (result i64)))
//  (func $greet/fetch .. (export "greet/fetch_greeting_"))
//
//    =>
//
//  (func $hello/fetch (param $req_len i32) (param $req_ptr i32)
//                     (param $out_ptr i32) (param $err_ptr i32) (result i64)
//   ;; the request to the arena of `greet`
//   (memory.copy $greet/memory $hello/memory ..)
//   (call $greet/fetch ..)
//   ;; the error and the reply back
//   (memory.copy $hello/memory $greet/memory ..))
//
// The import becomes the adapter in place, so calls, references and table
// entries of it need no change. Where only numbers cross (ABI `scalar`) there
// is no adapter: every use of the import becomes a use of the callee.
//
// An import bound to an export that is itself a bound import (a service that
// passes another's function on) is followed to its end; a circle of such
// imports, in which nobody defines the function, is an error.
//
// Imports that are not bound stay imports: winding a subset of a world is a
// feature. AdaptHostCalls deals with them.
//

#include <unordered_map>
#include <unordered_set>

#include "adapters/call_adapter.h"
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
  void run(Module* module_) override {
    module = module_;
    auto world = readWorldAt(*module, Stage::Merged);
    findImports(world);
    refuseCircles(world);
    // Scalar ones first: they may be what an adapter calls.
    auto targets = resolveScalarCalls();
    for (auto& [import, call] : bound) {
      if (call->abi != CallAbi::Scalar) {
        auto target = targetOf(*call);
        if (auto found = targets.find(target); found != targets.end()) {
          target = found->second;
        }
        checkDescription(*import, *call);
        AdapterBuilder code(*module, import->name, import->getSig());
        buildCallAdapter(code, world, *call, target);
      }
    }
    redirectFunctions(*module, targets);
    module->removeFunctions([&](Function* function) { return targets.count(function->name) > 0; });
    world.stage = Stage::Bound;
    writeWorld(*module, world);
  }

private:
  Module* module = nullptr;
  // In the order of the module, which is that of the services.
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

  // MergeWorld has, but the section can have been changed since.
  void checkDescription(Function& import, const WorldCall& call) {
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

  // Whatever the ABI: adapters that call each other in a circle never return.
  void refuseCircles(const World& world) {
    for (auto& [import, call] : bound) {
      std::unordered_set<Name> seen;
      for (auto name = import->name; callOf.count(name); name = targetOf(*callOf[name])) {
        if (!seen.insert(name).second) {
          throw PassError(world.find(call->client)->quoted() + " imports " + call->module + "." + call->base +
                          ", and the services that export it only pass it on "
                          "to each other: nobody defines it");
        }
      }
    }
  }

  // Every import bound as scalar -> the function that it is in the end.
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

std::unique_ptr<Pass> createServiceCallToDirectCallPass() { return std::make_unique<ServiceCallToDirectCall>(); }

} // namespace parigot
