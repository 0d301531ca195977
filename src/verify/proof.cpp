#include "verify/proof.h"

#include <algorithm>
#include <memory>

#include "verify/references.h"
#include "verify/shared_items.h"
#include "verify/task_list.h"

namespace parigot::verify {

using namespace wasm;

namespace {

constexpr const char* kindNames[] = {"call", "host", "import", "entry", "check", "world", "data"};

// Arguments may be handed on by functions that have them as arguments.
constexpr int roundsOfArguments = 3;

// The ranges that a global of a service may keep, the smallest first: its own counters, and contained addresses.
std::vector<Range> candidates(const ServiceClaim& service, const Global& global) {
  std::vector<Range> all;
  auto* constant = global.init ? global.init->dynCast<Const>() : nullptr;
  if (!global.mutable_ || global.imported() || global.type != Type::i32 || !constant) {
    return all;
  }
  auto init = uint32_t(constant->value.geti32());
  auto add = [&](uint64_t least, uint64_t most) {
    if (least <= init && init <= most && most <= UINT32_MAX) {
      all.push_back(Range::between(uint32_t(least), uint32_t(most)));
    }
  };
  if (init == service.initialBytes) {
    add(init, service.ownBytes);
  }
  if (init == service.arenaBegin) {
    add(init, service.arenaEnd); // the end of the part in use
  }
  for (auto& range : {service.contained, service.containedAlone}) {
    if (range) {
      add(range->least(), range->most());
    }
  }
  return all;
}

class Prover {
public:
  Prover(Module& module, const Claims& claims)
    : claims(claims), context{module, claims, {}, {}, {}, claims.memoryBytes(), {}, findReferences(module, claims)} {
    for (auto& [name, gates] : claims.gates) {
      if (std::any_of(gates.begin(), gates.end(), [](auto& gate) { return gate.kind == Gate::Kind::Check; })) {
        context.checkNames.insert(name);
      }
    }
  }

  WorldProof prove() {
    chooseRanges();
    std::unique_ptr<TaskList> before;
    std::unordered_set<Name> changed; // since then
    while (true) {
      auto checks = std::move(context.checks);
      proveChecks();
      addChanges(checks, changed);
      auto now = std::make_unique<TaskList>(context);
      auto& tasks = *now;
      tasks.run(before.get(), changed);
      for (int round = 0; round < roundsOfArguments && tasks.hasIssues(); round++) {
        // What is called with what holds, whatever else is not proved.
        context.arguments = tasks.arguments();
        tasks.proveAgain();
      }
      context.arguments.clear();
      changed = widen(tasks);
      if (changed.empty()) {
        tasks.refuseStrangers();
        tasks.refuseLateData();
        report(tasks);
        return std::move(result);
      }
      before = std::move(now);
    }
  }

private:
  const Claims& claims;
  Context context;
  WorldProof result;
  std::map<Name, std::vector<Range>> ranges; // of globals, those that can still be

  void chooseRanges() {
    for (auto& [name, service] : claims.globals) {
      auto& global = *context.module.getGlobal(name);
      if (claims.services[service].memory && !isExported(name)) {
        ranges[name] = candidates(claims.services[service], global);
      }
    }
    useRanges();
  }

  bool isExported(Name global) const {
    for (auto& item : context.module.exports) {
      if (item->kind == ExternalKind::Global && *item->getInternalName() == global) {
        return true;
      }
    }
    return false;
  }

  void useRanges() {
    context.globals.clear();
    for (auto& [name, all] : ranges) {
      if (!all.empty()) {
        context.globals[name] = all.front();
      }
    }
  }

  // The check functions of which another thing is known than before.
  void addChanges(const std::map<Name, CheckFunction>& before, std::unordered_set<Name>& changed) const {
    for (auto name : context.checkNames) {
      auto old = before.find(name), now = context.checks.find(name);
      bool wasKnown = old != before.end(), isKnown = now != context.checks.end();
      if (wasKnown != isKnown || (isKnown && !(old->second == now->second))) {
        changed.insert(name);
      }
    }
  }

  // The globals that leave the range that was assumed of them. The next range is then assumed.
  std::unordered_set<Name> widen(const TaskList& tasks) {
    auto wrong = tasks.outOfRange();
    for (auto& name : wrong) {
      auto& all = ranges[name];
      all.erase(all.begin());
    }
    useRanges();
    return {wrong.begin(), wrong.end()};
  }

  void proveChecks() {
    result = {};
    context.checks.clear();
    for (auto& [name, gates] : claims.gates) {
      for (auto& gate : gates) {
        auto* function = context.module.getFunction(name);
        if (gate.kind != Gate::Kind::Check || function->imported()) {
          continue;
        }
        auto proof = proveFunction(context, *function, {Rights::Kind::Check, {*gate.client}});
        refuseOtherThanChecks(name, proof);
        for (auto& issue : proof.issues) {
          result.unproved.push_back({claims.services[*gate.client].name, issue});
        }
        if (proof.issues.empty() && proof.check) {
          context.checks[name] = *proof.check;
        }
      }
    }
  }

  // Nothing follows what a check function calls and touches: it may do nothing but look at globals, and at memory,
  // where that is proved.
  static void refuseOtherThanChecks(Name name, FunctionProof& proof) {
    bool onlyReads = std::all_of(proof.touches.begin(), proof.touches.end(), [](auto& touch) {
      return touch.kind == Touch::Kind::ReadGlobal || touch.kind == Touch::Kind::Memory;
    });
    if (!proof.calls.empty() || !onlyReads) {
      proof.issues.push_back({name, 0, "", "a check function does more than check"});
    }
  }

  void trust(const std::string& kind, const Gate* gate, const Function& function, size_t instructions) {
    TrustedFunction trusted{kind, function.name.toString(), "", {}, instructions};
    if (gate) {
      trusted.client = gate->client ? claims.services[*gate->client].name : "";
      for (auto service : gate->services) {
        trusted.services.push_back(claims.services[service].name);
      }
    }
    result.trusted.push_back(std::move(trusted));
  }

  void report(const TaskList& tasks) {
    for (auto& task : tasks.all()) {
      for (auto* issues : {&task.proof.issues, &task.refused}) {
        for (auto& issue : *issues) {
          result.unproved.push_back({nameOf(claims, task.rights), issue});
        }
      }
      if (task.rights.kind == Rights::Kind::Service) {
        result.functions++;
        result.accesses += task.proof.accesses;
        result.instructions += task.proof.instructions;
        continue;
      }
      auto found = claims.gates.find(task.function->name);
      auto* gate = found == claims.gates.end() ? nullptr : &found->second.front();
      trust(gate ? kindNames[size_t(gate->kind)] : "helper", gate, *task.function, task.proof.instructions);
    }
    for (auto name : tasks.importsCalled()) {
      auto found = claims.gates.find(name);
      trust(
        "import", found == claims.gates.end() ? nullptr : &found->second.front(), *context.module.getFunction(name), 0);
    }
    auto shared = findSharedItems(context, tasks);
    result.unproved.insert(result.unproved.end(), shared.begin(), shared.end());
  }
};

} // namespace

Result<WorldProof> proveIsolation(Module& module) {
  auto claims = readClaims(module);
  CHECK_ERR(claims);
  return Prover(module, *claims).prove();
}

} // namespace parigot::verify
