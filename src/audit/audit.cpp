#include "audit/audit.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "audit/call_graph.h"
#include "audit/flow.h"
#include "go/data_image.h"

namespace parigot::gojs {

namespace {

// An error gives this many reasons at most; Audit::because has all of them.
constexpr size_t mostReasons = 5;

// The functions in which a main function waits that never returns.
constexpr std::string_view waitingFunctions[] = {"runtime.block",
                                                 "runtime.chanrecv1",
                                                 "runtime.chanrecv2",
                                                 "sync.(*WaitGroup).Wait",
                                                 "runtime.deadlock",
                                                 "(*sync.WaitGroup).Wait"};

constexpr std::string_view onlyLookedUp = "it is only looked up, and undefined where there is no browser";

constexpr std::string_view libraryClause = "is a library: ";

std::string_view verbOf(Operation operation) {
  switch (operation) {
    case Operation::Get:
      return "gets";
    case Operation::Set:
      return "sets";
    case Operation::Delete:
      return "deletes";
    case Operation::Call:
      return "calls";
    case Operation::Invoke:
      return "invokes a JavaScript function";
    case Operation::New:
      return "makes a JavaScript object";
    case Operation::InstanceOf:
      return "asks which constructor made a JavaScript object (instanceof)";
  }
  return "";
}

// A name as a message shows it. A name can have any bytes except control characters, and can be long.
std::string shown(const std::string& name) { return name.empty() ? "\"\"" : name; }

// A clause about one name, such as "gets document of the global object, in main.main and 2 more".
std::string clauseOf(const Audit& audit, const AuditedName& name) {
  std::string text(verbOf(name.operation));
  if (hasName(name.operation)) {
    text += " " + shown(name.name);
  }
  if (name.onGlobal) {
    text += " of the global object";
  }
  auto& functions = name.functions;
  text += ", in " + audit.functions[functions[0]].name;
  if (functions.size() > 1) {
    text += " and " + std::to_string(functions.size() - 1) + " more";
  }
  return text;
}

class Auditor {
public:
  Auditor(wasm::Module& module, Audit& audit) : module(module), audit(audit), shim(detectShim(module)), image(module) {}

  void run() {
    describeShim();
    if (shim.usesSyscallJS()) {
      findNamesAndFunctions();
    }
    decide();
  }

private:
  wasm::Module& module;
  Audit& audit;
  const Shim shim;
  const DataImage image;
  FunctionNames functionNames_;
  CallGraph graph;
  std::unordered_map<wasm::Name, wasm::Name> exports; // name of the function -> name of its export
  // Index in module.functions -> index in audit.functions.
  std::unordered_map<uint32_t, size_t> places;

  void describeShim() {
    audit.compiler = shim.compiler();
    audit.abi = shim.abi;
    std::map<std::pair<std::string, std::string>, size_t> indices;
    for (auto& entry : shim.imports) {
      AuditedImport import{entry.function->module.toString(), entry.function->base.toString(), 1};
      auto [found, added] = indices.emplace(std::pair(import.module, import.name), audit.imports.size());
      if (added) {
        audit.imports.push_back(import);
      } else {
        audit.imports[found->second].times++;
      }
    }
    for (auto& problem : shim.problems) {
      audit.problems.push_back(problem.message);
    }
  }

  const std::string& nameOf(uint32_t function) const { return functionNames_.names[function]; }

  size_t placeOf(uint32_t function) {
    auto [found, added] = places.emplace(function, audit.functions.size());
    if (added) {
      AuditedFunction entry;
      entry.name = nameOf(function);
      auto chain = graph.chainTo(function);
      if (!chain.steps.empty()) {
        auto item = exports.find(module.functions[chain.steps[0].function]->name);
        entry.exportName = item == exports.end() ? "" : item->second.toString();
      }
      for (auto& step : chain.steps) {
        entry.chain.push_back({nameOf(step.function), step.indirectly});
      }
      entry.leftOut = chain.leftOut;
      audit.functions.push_back(std::move(entry));
    }
    return found->second;
  }

  void findNamesAndFunctions() {
    functionNames_ = functionNames(module, image, shim.isGo());
    audit.nameSource = functionNames_.source;
    audit.nameProblem = functionNames_.problem;
    auto facts = followFunctions(module, shim, functionNames_.argumentBytes);
    graph = makeCallGraph(module, facts, image, functionNames_, shim.isGo());
    for (auto& item : module.exports) {
      if (item->kind == wasm::ExternalKind::Function) {
        exports.emplace(*item->getInternalName(), item->name);
      }
    }
    std::vector<bool> isWrapper(module.functions.size());
    for (uint32_t i = 0; i < isWrapper.size(); i++) {
      isWrapper[i] = !module.functions[i]->imported() && isSyscallJSFunction(nameOf(i));
    }
    auto names = findNames(facts, shim, image, graph.mayBeCalledUnseen, isWrapper);
    classify(names.uses);
    for (auto& entry : names.computed) {
      if (!computesHarmlessNames(nameOf(entry.function))) {
        audit.computed.push_back({entry.operation, placeOf(entry.function), entry.calls});
      }
    }
    findRegistrations(names.uses, facts);
    excuseLookups();
  }

  // The functions that use a name in an operation. Recognizes functions by what they do, not by what they are called.
  static std::set<uint32_t> usersOf(const std::vector<NameUse>& uses, Operation operation, std::string_view name) {
    std::set<uint32_t> users;
    for (auto& use : uses) {
      if (use.operation == operation && use.name == name) {
        users.insert(use.function);
      }
    }
    return users;
  }

  void classify(const std::vector<NameUse>& uses) {
    // A program may also get the properties that it sets on its own objects.
    std::set<std::string_view> own;
    for (auto& use : uses) {
      if (use.operation == Operation::Set && !use.onGlobal) {
        own.insert(use.name);
      }
    }
    for (auto& use : uses) {
      if (!hasName(use.operation) && isSyscallJSFunction(nameOf(use.function))) {
        continue; // a wrapper of a method that syscall/js has too: (*Value).Invoke, Func.Invoke
      }
      auto served = servedName(use.operation, use.name, use.onGlobal, nameOf(use.function));
      if (served.served == Served::No && use.operation == Operation::Get && !use.onGlobal && own.count(use.name)) {
        served = {Served::Yes, "the program sets it itself"};
      }
      add(use, served);
    }
  }

  // Adds a use to audit.names, or its function to the entry of an equal use. Uses are sorted by operation and name, so
  // equal ones are adjacent. They can differ in `served`, which depends on the function.
  void add(const NameUse& use, const ServedName& served) {
    auto place = placeOf(use.function);
    for (auto last = audit.names.rbegin(); last != audit.names.rend(); ++last) {
      if (last->operation != use.operation || last->name != use.name || last->onGlobal != use.onGlobal) {
        break;
      }
      if (last->served == served.served) {
        last->functions.push_back(place);
        return;
      }
    }
    audit.names.push_back({use.operation, use.name, use.onGlobal, served.served, served.why, {place}});
  }

  // Excuses properties of the global object that a program only looks up, to see where it runs: without a browser they
  // are undefined, and the program does without them. The audit does not follow the values that a lookup gives, so it
  // excuses lookups only if nothing in the program can use such a value:
  // - every use that is no lookup is served;
  // - outside of the standard library, no function sets or deletes a property of an object other than the global one,
  //   invokes a function, makes an object, uses instanceof, or computes a name;
  // - the functions with the lookup use no properties of other objects.
  void excuseLookups() {
    auto isUsers = [&](size_t function) { return !isStandardLibrary(audit.functions[function].name); };
    auto isLookup = [](const AuditedName& name) { return name.operation == Operation::Get && name.onGlobal; };
    std::set<size_t> doMore;
    for (auto& name : audit.names) {
      bool anyUser = std::any_of(name.functions.begin(), name.functions.end(), isUsers);
      bool anyObject = name.operation != Operation::Get && name.operation != Operation::Call && !name.onGlobal;
      if (!isLookup(name) && (name.served == Served::No || (anyUser && anyObject))) {
        return;
      }
      if (!name.onGlobal) {
        doMore.insert(name.functions.begin(), name.functions.end());
      }
    }
    if (std::any_of(
          audit.computed.begin(), audit.computed.end(), [&](auto& entry) { return isUsers(entry.function); })) {
      return;
    }
    for (auto& name : audit.names) {
      bool alone =
        std::none_of(name.functions.begin(), name.functions.end(), [&](size_t place) { return doMore.count(place); });
      if (isLookup(name) && name.served == Served::No && alone) {
        name.served = Served::Guarded;
        name.why = onlyLookedUp;
      }
    }
  }

  // Finds the properties under which the program registers functions for JavaScript to call. Functions of the standard
  // library do not count. A property that is set on the global object counts if any function of the program makes a
  // JavaScript function. A property that is set on an unknown object counts if the function that sets it makes a
  // JavaScript function, and the object may be the global one: the program gets the global object under another name,
  // or its main function waits, as only that of a library does.
  void findRegistrations(const std::vector<NameUse>& uses, const ModuleFacts& facts) {
    auto makers = usersOf(uses, Operation::Call, makeFuncWrapper);
    std::vector<bool> makesFunctions(facts.functions.size());
    bool anyMakes = false;
    for (uint32_t i = 0; i < facts.functions.size(); i++) {
      bool isMain = nameOf(i) == "main.main";
      if (isStandardLibrary(nameOf(i))) {
        continue;
      }
      makesFunctions[i] = makers.count(i) != 0;
      for (auto& call : facts.functions[i].calls) {
        makesFunctions[i] = makesFunctions[i] || makers.count(call.callee);
        audit.waits |=
          isMain && std::find(std::begin(waitingFunctions), std::end(waitingFunctions), nameOf(call.callee)) !=
                      std::end(waitingFunctions);
      }
      anyMakes |= makesFunctions[i];
    }
    bool hasAlias = std::any_of(uses.begin(), uses.end(), [&](const NameUse& use) {
      return use.operation == Operation::Get && use.onGlobal && isGlobalAlias(use.name);
    });
    for (auto& use : uses) {
      bool registers = use.onGlobal ? anyMakes : makesFunctions[use.function] && (hasAlias || audit.waits);
      if (use.operation == Operation::Set && registers && !isStandardLibrary(nameOf(use.function)) &&
          (audit.registers.empty() || audit.registers.back() != use.name)) {
        audit.registers.push_back(use.name);
      }
    }
  }

  void decide() {
    for (auto& problem : audit.problems) {
      audit.because.push_back(problem.starts_with("it ") ? problem.substr(3) : problem);
    }
    if (!audit.registers.empty()) {
      std::string text = std::string(libraryClause) + "it registers functions for JavaScript to call (";
      for (size_t i = 0; i < audit.registers.size(); i++) {
        text += (i ? ", " : "") + shown(audit.registers[i]);
      }
      audit.because.push_back(text + ")" + (audit.waits ? ", and then waits for that" : ""));
    }
    std::set<std::string_view> registered(audit.registers.begin(), audit.registers.end());
    for (auto& name : audit.names) {
      bool said = name.operation == Operation::Set && name.onGlobal && registered.count(name.name);
      if (name.served == Served::No && !said) {
        audit.because.push_back(clauseOf(audit, name));
      }
    }
    if (!audit.because.empty()) {
      audit.need = Need::Browser;
    } else if (shim.usesSyscallJS()) {
      audit.need = Need::Runtime;
    }
  }
};

} // namespace

std::string_view toString(Need need) {
  switch (need) {
    case Need::Nothing:
      return "needs nothing";
    case Need::Runtime:
      return "served by the runtime";
    case Need::Browser:
      return "needs a browser";
  }
  return "";
}

void grantRegistrations(Audit& audit) {
  std::erase_if(audit.because, [](const std::string& clause) { return clause.starts_with(libraryClause); });
  if (audit.need == Need::Browser && audit.because.empty()) {
    audit.need = Need::Runtime;
  }
}

bool changesObjects(const Audit& audit) {
  auto isUsers = [&](size_t function) { return !isStandardLibrary(audit.functions[function].name); };
  return std::any_of(audit.names.begin(),
                     audit.names.end(),
                     [&](auto& name) {
                       return name.operation != Operation::Get &&
                              std::any_of(name.functions.begin(), name.functions.end(), isUsers);
                     }) ||
         std::any_of(audit.computed.begin(), audit.computed.end(), [&](auto& entry) {
           return entry.operation != Operation::Get && isUsers(entry.function);
         });
}

wasm::Result<> checkNeed(const Audit& audit, Need most) {
  if (audit.need <= most) {
    return wasm::Ok{};
  }
  auto reasons = audit.because;
  if (audit.need == Need::Runtime) {
    for (auto& name : audit.names) {
      reasons.push_back(clauseOf(audit, name));
    }
    if (reasons.empty()) {
      reasons.push_back("imports functions of syscall/js");
    }
  }
  std::string text = audit.need == Need::Runtime ? "needs the runtime, because it" : "needs a browser, because it";
  size_t shown = 0;
  for (auto& reason : reasons) {
    if (shown++ == mostReasons) {
      text +=
        "\n  and " + std::to_string(reasons.size() - mostReasons) + " more; `parigot-opt inspect --browser` says all";
      break;
    }
    text += "\n  " + reason;
  }
  return wasm::Err{text};
}

Audit auditModule(wasm::Module& module) {
  Audit audit;
  Auditor(module, audit).run();
  return audit;
}

} // namespace parigot::gojs
