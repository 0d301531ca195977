#include "coroutines/go_coroutines.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "coroutines/go_shape.h"
#include "go/pclntab.h"
#include "go/producers.h"
#include "go/shim.h"
#include "go/table_slots.h"
#include "ir/imports_and_exports.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

// The callers of blocking imports, and all other uses.
struct Uses : public PostWalker<Uses> {
  const std::unordered_map<Name, Function*>& blocking;
  std::map<std::pair<Name, Name>, size_t> calls; // (import, caller)
  // Imports that code refers to other than by a call, or that are in a table.
  std::unordered_set<Name> references;

  explicit Uses(const std::unordered_map<Name, Function*>& blocking) : blocking(blocking) {}

  void visitCall(Call* curr) {
    if (blocking.count(curr->target)) {
      calls[{curr->target, getFunction()->name}]++;
    }
  }
  void visitRefFunc(RefFunc* curr) {
    if (blocking.count(curr->func)) {
      references.insert(curr->func);
    }
  }
};

struct Wrapper {
  Function* function;
  Name import;
  uint32_t slot = 0;
};

// Adds the code that unwinds after the call of the import.
struct YieldAdder : public PostWalker<YieldAdder> {
  const Wrapper& wrapper;
  const SchedulerLoop& loop;
  Name yielding;

  YieldAdder(const Wrapper& wrapper, const SchedulerLoop& loop, Name yielding)
    : wrapper(wrapper), loop(loop), yielding(yielding) {}

  void visitCall(Call* curr) {
    if (curr->target != wrapper.import) {
      return;
    }
    Builder builder(*getModule());
    auto one = [&]() { return builder.makeConst(int32_t(1)); };
    auto* pc = builder.makeBinary(SubInt32, builder.makeGlobalGet(loop.sp, Type::i32), builder.makeConst(int32_t(8)));
    auto* unwind = builder.makeBlock({
      builder.makeStore(
        8, 0, 8, pc, builder.makeConst(int64_t(uint64_t(wrapper.slot) << gojs::goSlotShift)), Type::i64, loop.memory),
      builder.makeGlobalSet(loop.pause, one()),
      builder.makeGlobalSet(yielding, builder.makeConst(int32_t(0))),
      builder.makeReturn(one()),
    });
    auto* check = builder.makeIf(builder.makeGlobalGet(yielding, Type::i32), unwind);
    if (curr->type == Type::none) {
      replaceCurrent(builder.makeBlock({curr, check}));
      return;
    }
    auto result = Builder::addVar(getFunction(), curr->type);
    replaceCurrent(
      builder.makeBlock({builder.makeLocalSet(result, curr), check, builder.makeLocalGet(result, curr->type)}));
  }
};

class GoCoroutines {
public:
  GoCoroutines(Module& module, const std::vector<ImportName>& names) : module(module), names(names) {}

  Result<> add() {
    for (auto* name : {yieldExport, resumeExport, yieldedExport}) {
      if (module.getExportOrNull(name)) {
        return Err{std::string("the module already exports ") + name + ": coroutines are added once"};
      }
    }
    auto found = findSchedulerLoop(module);
    CHECK_ERR(found);
    loop = *found;
    CHECK_ERR(findWrappers());
    CHECK_ERR(findSlots());
    change();
    return Ok{};
  }

private:
  Module& module;
  const std::vector<ImportName>& names;
  SchedulerLoop loop;
  std::vector<Wrapper> wrappers;

  Result<> findWrappers() {
    std::unordered_map<Name, Function*> blocking;
    for (auto& function : module.functions) {
      if (function->imported() &&
          std::any_of(names.begin(), names.end(), [&](auto& name) { return name.matches(*function); })) {
        blocking.emplace(function->name, function.get());
      }
    }
    if (blocking.empty()) {
      return Ok{};
    }
    Uses uses(blocking);
    uses.walkModule(&module);
    for (auto& exported : module.exports) {
      auto* name = exported->getInternalName();
      if (exported->kind == ExternalKind::Function && blocking.count(*name)) {
        return Err{"import " + importName(*blocking.at(*name)) + " is also an export, " + exported->name.toString() +
                   ": only Go's own code can yield"};
      }
    }
    for (auto& function : module.functions) {
      if (uses.references.count(function->name) || (function->name == module.start && blocking.count(function->name))) {
        return Err{"import " + importName(*function) +
                   " is used by more than calls: it is in the table, or referred to"};
      }
    }
    for (auto& [use, times] : uses.calls) {
      auto& [import, caller] = use;
      auto* function = module.getFunction(caller);
      if (auto why = whyNotWrapper(*function, import, loop); !why.empty()) {
        return Err{"function " + caller.toString() + " calls import " + importName(*blocking.at(import)) +
                   ", and is not what Go makes to call an import: " + why +
                   "; add coroutines before anything that inlines functions"};
      }
      wrappers.push_back({function, import});
    }
    return Ok{};
  }

  // A wrapper that yields gives its slot, so that it is called again.
  Result<> findSlots() {
    if (wrappers.empty()) {
      return Ok{};
    }
    if (loop.table != module.tables[0]->name) {
      return Err{"function " + loop.function.toString() +
                 ", Go's scheduler loop, calls through a table that is not the first"};
    }
    std::unordered_map<Name, std::vector<uint32_t>> slots;
    for (auto& wrapper : wrappers) {
      slots[wrapper.function->name];
    }
    std::unordered_map<uint32_t, Name> last; // the function in a slot that several segments fill
    gojs::forEachTableSlot(module, [&](uint32_t slot, Name function) {
      if (auto found = slots.find(function); found != slots.end()) {
        found->second.push_back(slot);
      }
      last[slot] = function;
    });
    for (auto& wrapper : wrappers) {
      auto& own = slots.at(wrapper.function->name);
      auto problem = [&](const std::string& what) {
        return Err{"function " + wrapper.function->name.toString() + ", which calls import " +
                   importName(*module.getFunction(wrapper.import)) + ", " + what};
      };
      if (own.empty()) {
        return problem("is not in the table, where Go's scheduler could find it");
      }
      if (own.size() > 1) {
        return problem("is in the table more than once, in slots " + std::to_string(own[0]) + " and " +
                       std::to_string(own[1]));
      }
      wrapper.slot = own[0];
      if (last[wrapper.slot] != wrapper.function->name) {
        return problem("has no slot of its own: function " + last[wrapper.slot].toString() + " takes slot " +
                       std::to_string(wrapper.slot));
      }
      if (loop.slotBits < 32 && wrapper.slot >> loop.slotBits) {
        return problem("is in slot " + std::to_string(wrapper.slot) + ", which Go's scheduler loop, function " +
                       loop.function.toString() + ", cannot call: it reads 16 bits of a slot");
      }
    }
    return Ok{};
  }

  void change() {
    auto yielding = addVariable(module, "parigot.yielding"); // the running import asks to unwind
    auto yielded = addVariable(module, "parigot.yielded");   // the program has unwound, or will
    for (auto& wrapper : wrappers) {
      YieldAdder adder(wrapper, loop, yielding);
      adder.walkFunctionInModule(wrapper.function, &module);
    }
    Builder builder(module);
    auto set = [&](Name flag, int32_t value) { return builder.makeGlobalSet(flag, builder.makeConst(value)); };
    auto get = [&](Name flag) { return builder.makeGlobalGet(flag, Type::i32); };
    Signature none(Type::none, Type::none);
    addExportedFunction(module, yieldExport, none, builder.makeBlock({set(yielding, 1), set(yielded, 1)}));
    auto* goOn = builder.makeBlock({set(yielded, 0), builder.makeCall(loop.function, {}, Type::none)});
    addExportedFunction(module, resumeExport, none, builder.makeIf(get(yielded), goOn));
    addExportedFunction(module, yieldedExport, Signature(Type::none, Type::i32), get(yielded));
  }
};

} // namespace

bool isGo(const Module& module) {
  auto producers = gojs::readProducers(module);
  return gojs::detectShim(module).isGo() ||
         std::any_of(producers.begin(), producers.end(), [](auto& entry) { return entry.name == "Go cmd/compile"; }) ||
         !findSchedulerLoop(module).getErr();
}

Result<> addGoCoroutines(Module& module, const std::vector<ImportName>& blocking) {
  return GoCoroutines(module, blocking).add();
}

} // namespace parigot::coroutines
