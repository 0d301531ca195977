#include "verify/task_list.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "abi/wasi.h"
#include "ir/find_all.h"
#include "verify/references.h"

namespace parigot::verify {

using namespace wasm;

namespace {

Rights rightsOfGate(const Gate& gate) {
  Rights rights{Rights::Kind::Gate, gate.services};
  rights.services.push_back(*gate.client);
  std::sort(rights.services.begin(), rights.services.end());
  rights.services.erase(std::unique(rights.services.begin(), rights.services.end()), rights.services.end());
  return rights;
}

} // namespace

TaskList::TaskList(const Context& context) : context(context), claims(context.claims), module(context.module) {}

void TaskList::findElements() {
  for (auto& segment : module.elementSegments) {
    std::vector<Name> functions;
    auto* offset = segment->table ? segment->offset->dynCast<Const>() : nullptr;
    bool isPlaced = offset && offset->type == Type::i32;
    for (size_t i = 0; i < segment->data.size(); i++) {
      for (auto* reference : FindAll<RefFunc>(segment->data[i]).list) {
        functions.push_back(reference->func);
        if (segment->table) {
          auto slot = isPlaced ? std::optional(uint32_t(offset->value.geti32()) + uint32_t(i)) : std::nullopt;
          inTables[segment->table].push_back({reference->func, slot});
        }
      }
    }
    inElements[segment->name] = std::move(functions);
  }
}

size_t TaskList::add(Function& function, const Rights& rights) {
  auto& all = known[function.name];
  for (auto index : all) {
    if (tasks[index].rights == rights) {
      return index;
    }
  }
  all.push_back(tasks.size());
  tasks.push_back({&function, rights});
  return all.back();
}

Task* TaskList::find(Name function, const Rights& rights) {
  if (auto found = known.find(function); found != known.end()) {
    for (auto index : found->second) {
      if (tasks[index].rights == rights) {
        return &tasks[index];
      }
    }
  }
  return nullptr;
}

// Takes the proof of an earlier list, if it would be the same now.
bool TaskList::take(Task& task, TaskList& before, const std::unordered_set<Name>& changed) const {
  auto* earlier = before.find(task.function->name, task.rights);
  if (!earlier || earlier->hasArguments) {
    return false;
  }
  auto& uses = earlier->proof.uses;
  if (std::any_of(uses.begin(), uses.end(), [&](auto& name) { return changed.count(name) > 0; })) {
    return false;
  }
  task.proof = std::move(earlier->proof);
  return true;
}

// What the host can call, it calls with the rights of the whole world where that is a gate, and else with those of
// main.
void TaskList::beginAt(Name name, const Rights& host) {
  auto& function = *module.getFunction(name);
  auto found = claims.gates.find(name);
  std::string why;
  if (found != claims.gates.end()) {
    for (auto& gate : found->second) {
      if (enter({Rights::Kind::World, {}}, gate, function, why)) {
        return;
      }
    }
  }
  if (!function.imported()) {
    add(function, host);
  }
}

void TaskList::begin() {
  Rights host;
  for (uint32_t i = 0; i < claims.services.size(); i++) {
    if (claims.services[i].name == claims.main) {
      host.services.push_back(i);
    }
  }
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Function) {
      beginAt(*item->getInternalName(), host);
    } else if (item->kind == ExternalKind::Table) {
      for (auto& element : inTables[*item->getInternalName()]) {
        beginAt(element.function, host);
      }
    }
  }
  if (module.start) {
    beginAtStart(host);
  }
}

// Proves some of the tasks, with as many threads as there are processors.
void TaskList::proveAll(const std::vector<size_t>& which, std::vector<FunctionProof>& proofs) const {
  proofs.resize(which.size());
  std::atomic<size_t> next = 0;
  auto work = [&]() {
    for (size_t i; (i = next++) < which.size();) {
      auto& task = tasks[which[i]];
      proofs[i] = proveFunction(context, *task.function, task.rights);
    }
  };
  std::vector<std::thread> threads;
  auto count = std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), which.size());
  for (size_t i = 1; i < count; i++) {
    threads.emplace_back(work);
  }
  work();
  for (auto& thread : threads) {
    thread.join();
  }
}

void TaskList::run(TaskList* before, const std::unordered_set<Name>& changed) {
  findElements();
  begin();
  for (size_t done = 0; done < tasks.size();) {
    std::vector<size_t> which;
    for (auto i = done; i < tasks.size(); i++) {
      if (!before || !take(tasks[i], *before, changed)) {
        which.push_back(i);
      }
    }
    std::vector<FunctionProof> proofs;
    proveAll(which, proofs);
    for (size_t i = 0; i < which.size(); i++) {
      tasks[which[i]].proof = std::move(proofs[i]);
    }
    for (auto end = tasks.size(); done < end;) {
      follow(done++);
    }
  }
}

void TaskList::refuse(size_t index, const std::string& reason) {
  auto& task = tasks[index];
  task.refused.push_back({task.function->name, 0, "", reason});
}

void TaskList::follow(size_t index) {
  auto calls = tasks[index].proof.calls;
  for (auto name : calls) {
    demand(index, name);
  }
  auto touches = tasks[index].proof.touches;
  for (auto& touch : touches) {
    followTouch(index, touch);
  }
}

// The functions that come with a table, a segment or a global.
void TaskList::followTouch(size_t index, const Touch& touch) {
  auto demandAll = [&](const std::vector<Name>& functions) {
    for (auto function : functions) {
      demand(index, function);
    }
  };
  if (!seen.insert({touch, tasks[index].rights}).second) {
    return;
  }
  if (touch.kind == Touch::Kind::Table) {
    for (auto& element : inTables[touch.name]) {
      if (!element.slot || touch.slots.has(Range::only(*element.slot))) {
        demand(index, element.function);
      }
    }
  } else if (touch.kind == Touch::Kind::Elements) {
    demandAll(inElements[touch.name]);
  } else if (touch.kind == Touch::Kind::ReadGlobal) {
    if (auto* global = module.getGlobal(touch.name); global->init) {
      for (auto* reference : FindAll<RefFunc>(global->init).list) {
        demand(index, reference->func);
      }
    }
  }
}

bool TaskList::mayImport(const Gate& gate, const Function& target, std::string& why) const {
  auto* entry = findWasiFunction(target.module.view(), target.base.view());
  if (entry && entry->hasAddresses() && claims.services[*gate.client].memory) {
    why = "it hands addresses to the host's " + target.base.toString() + ", and no adapter translates them";
    return false;
  }
  return true;
}

// Whether code with these rights may call the function as this gate. If so, the function is proved with the rights that
// it then has.
bool TaskList::enter(const Rights& rights, const Gate& gate, Function& target, std::string& why) {
  bool isService = rights.kind == Rights::Kind::Service;
  bool isWorld = rights.kind == Rights::Kind::World;
  bool isClient = isWorld || (gate.client && rights.has(*gate.client));
  switch (gate.kind) {
    case Gate::Kind::Call:
    case Gate::Kind::Host:
      if (isClient) {
        add(target, rightsOfGate(gate));
      }
      return isClient;
    case Gate::Kind::Import:
      if (isService && !isClient) {
        return false;
      }
      if (!target.imported()) {
        add(target, {Rights::Kind::World, {}});
        return true;
      }
      imports.insert(target.name);
      return !isService || mayImport(gate, target, why);
    case Gate::Kind::Entry:
      if (isWorld || rights.has(gate.services[0]) || (gate.client && isClient)) {
        add(target, {Rights::Kind::Service, gate.services});
        return true;
      }
      return false;
    case Gate::Kind::Check:
      return isClient;
    case Gate::Kind::World:
      if (!isService) {
        Rights all{Rights::Kind::World, {}};
        for (uint32_t i = 0; i < claims.services.size(); i++) {
          all.services.push_back(i);
        }
        add(target, all);
      }
      return !isService;
    case Gate::Kind::Data:
      return false; // enterData
  }
  return false;
}

// Functions with equal bodies become one, and then one is a gate that was none: (func (result i32) (i32.const 0)) may
// answer for a host, and be a service's own code as well. What is a gate for others is therefore proved as code of who
// calls it, like any function: it gets no right by being called.
void TaskList::demand(size_t index, Name name) {
  auto& rights = tasks[index].rights; // a deque: new tasks move none
  auto& target = *module.getFunction(name);
  if (name == module.start) {
    callersOfStart.push_back(index);
  }
  if (enterData(index, target)) {
    return;
  }
  if (rights.kind == Rights::Kind::Data) {
    refuse(index, "it writes the world's first data, and calls " + name.toString() + " besides");
    return;
  }
  bool isService = rights.kind == Rights::Kind::Service;
  auto found = claims.gates.find(name);
  bool onlyEntries = true;
  std::string why;
  if (found != claims.gates.end()) {
    for (auto& gate : found->second) {
      if (enter(rights, gate, target, why)) {
        return;
      }
      onlyEntries &= gate.kind == Gate::Kind::Entry;
    }
  }
  if (target.imported()) {
    if (isService) {
      refuse(index, why.empty() ? "it calls " + name.toString() + ", which is no import of its service" : why);
    }
    imports.insert(name);
    return;
  }
  auto callee = add(target, rightsOfCallee(rights));
  if (!onlyEntries) {
    tasks[callee].strangers.push_back(index);
  }
}

void TaskList::refuseStrangers() {
  for (auto& task : tasks) {
    if (task.proof.issues.empty() && task.refused.empty()) {
      continue;
    }
    for (auto caller : task.strangers) {
      refuse(caller, "it calls " + task.function->name.toString() + ", which carries calls of another service");
    }
  }
}

// What is no gate has the rights of who calls it; but what the world calls has no rights to any memory.
Rights TaskList::rightsOfCallee(const Rights& caller) const {
  return caller.kind == Rights::Kind::World ? Rights{Rights::Kind::World, {}} : caller;
}

std::map<std::pair<Name, Rights>, Arguments> TaskList::arguments() const {
  // The functions that references, gates, the host or the start can bring to code whose calls are not seen.
  auto references = findReferencesInCode(module);
  references.insert(context.references.begin(), context.references.end());
  std::map<std::pair<Name, Rights>, Arguments> all;
  for (auto& task : tasks) {
    for (auto& [target, arguments] : task.proof.arguments) {
      if (references.count(target)) {
        continue;
      }
      auto [found, added] = all.insert({{target, rightsOfCallee(task.rights)}, arguments});
      if (!added) {
        widen(found->second, arguments);
      }
    }
  }
  return all;
}

bool TaskList::hasIssues() const {
  return std::any_of(tasks.begin(), tasks.end(), [](auto& task) { return !task.proof.issues.empty(); });
}

void TaskList::proveAgain() {
  std::set<std::pair<Name, Rights>> open;
  for (auto& task : tasks) {
    if (!task.proof.issues.empty()) {
      open.insert({task.function->name, task.rights});
    }
  }
  std::vector<size_t> which;
  for (size_t i = 0; i < tasks.size(); i++) {
    auto& task = tasks[i];
    bool isOpen = !task.proof.issues.empty();
    auto& calls = task.proof.calls;
    if (isOpen || std::any_of(calls.begin(), calls.end(), [&](auto& target) {
          return open.count({target, rightsOfCallee(task.rights)}) > 0;
        })) {
      which.push_back(i);
    }
  }
  std::vector<FunctionProof> proofs;
  proveAll(which, proofs);
  for (size_t i = 0; i < which.size(); i++) {
    // Nothing has followed what only the new proof would call or touch.
    auto& old = tasks[which[i]].proof;
    auto& proof = proofs[i];
    bool isNarrower =
      std::includes(old.calls.begin(), old.calls.end(), proof.calls.begin(), proof.calls.end()) &&
      std::all_of(proof.touches.begin(), proof.touches.end(), [&](auto& touch) {
        return std::any_of(old.touches.begin(), old.touches.end(), [&](auto& before) { return before.covers(touch); });
      });
    if (isNarrower && proof.outOfRange.empty() && proof.issues.size() <= old.issues.size()) {
      old = std::move(proof);
      tasks[which[i]].hasArguments = true;
    }
  }
}

std::set<Name> TaskList::outOfRange() const {
  std::set<Name> all;
  for (auto& task : tasks) {
    all.insert(task.proof.outOfRange.begin(), task.proof.outOfRange.end());
  }
  return all;
}

} // namespace parigot::verify
