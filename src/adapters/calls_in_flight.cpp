#include "adapters/calls_in_flight.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "abi/wasi.h"
#include "adapters/adapter_builder.h"
#include "adapters/host_call.h"
#include "ir/catch_all.h"
#include "ir/each_expression.h"
#include "ir/exceptions.h"
#include "ir/names.h"
#include "ir/reachability.h"
#include "ir/redirect_functions.h"
#include "pass.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

using Arenas = std::map<Name, AddressSpace>; // by the global

struct Found {
  std::mutex mutex;
  std::map<Name, std::set<Name>> adapters; // function -> the arenas that it writes to
  ExceptionEncodings exceptions;
};

// Finds the functions that write to arenas, and the instructions for exceptions that the code has.
struct Finder : public WalkerPass<PostWalker<Finder, UnifiedExpressionVisitor<Finder>>> {
  const Arenas& arenas;
  Found& found;
  std::set<Name> written;
  ExceptionEncodings exceptions;

  Finder(const Arenas& arenas, Found& found) : arenas(arenas), found(found) {}

  bool isFunctionParallel() override { return true; }
  bool modifiesBinaryenIR() override { return false; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Finder>(arenas, found); }

  void visitExpression(Expression* curr) {
    exceptions.note(curr);
    if (auto* set = curr->dynCast<GlobalSet>(); set && arenas.contains(set->name)) {
      written.insert(set->name);
    }
  }

  void doWalkFunction(Function* function) {
    written.clear();
    exceptions = {};
    forEachExpression(function->body, [&](auto* curr) { visitExpression(curr); });
    std::lock_guard<std::mutex> lock(found.mutex);
    found.exceptions.add(exceptions);
    if (!written.empty()) {
      found.adapters[function->name] = std::move(written);
    }
  }
};

class Guard {
public:
  Guard(Module& module, const World& world, const CodeNotes* notes)
    : module(module), world(world), notes(notes), builder(module) {}

  void run() {
    for (auto& service : world.services) {
      if (service.hasMemory) {
        auto space = AddressSpace::of(module, world, service);
        arenas.insert({space.arena, space});
      }
    }
    find();
    if (found.adapters.empty()) {
      return;
    }
    if (catches()) {
      for (auto& [name, written] : found.adapters) {
        releaseOnExceptions(name, written);
      }
    }
    auto entries = hostsEntries();
    if (entries.empty()) {
      return;
    }
    numberHostCalls();
    addReset();
    for (auto& [function, exports] : entries) {
      addEntry(function, exports);
    }
  }

private:
  Module& module;
  const World& world;
  const CodeNotes* notes;
  Builder builder;
  Arenas arenas;
  Found found;
  Name innermost, count, leftFrom, leftTo; // the globals of numbers, i64, if calls of the host have any
  Name reset;

  bool catches() const { return found.exceptions.any(); }

  // Services do not know the arenas. Code that has to do with them calls imports, or was added since.
  void find() {
    Finder finder(arenas, found);
    if (!notes) {
      PassRunner runner(&module);
      finder.run(&runner, &module);
      return;
    }
    found.exceptions = notes->exceptions;
    for (auto& function : module.functions) {
      if (!function->imported() && !notes->plain.contains(function->name)) {
        finder.doWalkFunction(function.get());
      }
    }
  }

  void releaseOnExceptions(Name name, const std::set<Name>& written) {
    AdapterBuilder code(module, name, module.getFunction(name)->getSig());
    struct Before {
      const AddressSpace* space;
      Index mark, hidden;
    };
    std::vector<Before> all;
    for (auto arena : written) {
      auto& space = arenas.at(arena);
      Before before{&space, code.local(Type::i32), 0};
      code.set(before.mark, builder.makeGlobalGet(arena, Type::i32));
      if (space.hidden) {
        before.hidden = code.local(Type::i32);
        code.set(before.hidden, builder.makeGlobalGet(space.hidden, Type::i32));
      }
      all.push_back(before);
    }
    catchAll(code, found.exceptions, [&]() {
      for (auto& before : all) {
        if (before.space->hidden) {
          code.add(builder.makeGlobalSet(before.space->hidden, code.get(before.hidden)));
        }
        code.release(*before.space, before.mark, before.space->hidden.is());
      }
    });
    code.finish();
  }

  // The functions that the host may call more than once and that can reach an adapter, each with its exports.
  std::map<Name, std::vector<Export*>> hostsEntries() {
    std::map<Name, std::vector<Export*>> entries;
    for (auto& item : module.exports) {
      auto scoped = parseScopedImport(item->name.view());
      bool once = item->name == "_start" || item->name == "_initialize";
      if (item->kind == ExternalKind::Function && !once && !(scoped && world.find(scoped->service))) {
        entries[*item->getInternalName()].push_back(item.get());
      }
    }
    if (entries.empty()) {
      return entries; // most programs are entered once: no walk over their code
    }
    Reachability::Names adapters;
    for (auto& [name, written] : found.adapters) {
      adapters.insert(name);
    }
    auto reaching = Reachability(module).whatReaches(adapters);
    std::erase_if(entries, [&](auto& entry) { return !reaching.contains(entry.first); });
    return entries;
  }

  Name addNumber(const char* name, int64_t value) {
    auto* global = module.addGlobal(builder.makeGlobal(
      Names::getValidGlobalName(module, name), Type::i64, builder.makeConst(value), Builder::Mutable));
    return global->name;
  }

  Expression* number(Name global) { return builder.makeGlobalGet(global, Type::i64); }

  void numberHostCalls() {
    std::vector<Function*> imports;
    std::unordered_map<Name, Name> numbered;
    for (auto& function : module.functions) {
      if (function->imported() && !(isWasiModule(function->module.view()) && function->base == "proc_exit")) {
        imports.push_back(function.get());
        numbered[function->name] = Names::getValidFunctionName(module, "calls/" + function->name.toString());
      }
    }
    if (imports.empty()) {
      return;
    }
    innermost = addNumber("parigot.innermost_host_call", 0);
    count = addNumber("parigot.host_calls", 0);
    leftFrom = addNumber("parigot.left_behind_from", INT64_MAX);
    leftTo = addNumber("parigot.left_behind_to", 0);
    redirectFunctions(module, numbered, notes);
    auto outOfOrder = addOutOfOrder();
    for (auto* import : imports) {
      addNumbered(import->name, numbered[import->name], outOfOrder);
    }
  }

  // Adds the function (number) -> () that handles the return of a host call that is not the innermost.
  Name addOutOfOrder() {
    FunctionBuilder code(module, "parigot.out_of_order", Signature(Type::i64, Type::none));
    constexpr Index mine = 0;
    auto* isLeft = code.binary(AndInt32,
                               code.binary(GeUInt64, code.get(mine), number(leftFrom)),
                               code.binary(LeUInt64, code.get(mine), number(leftTo)));
    code.add(code.ifThen(isLeft, code.trap("calls_interleave")));
    code.add(code.ifThen(code.binary(LtUInt64, code.get(mine), number(leftFrom)),
                         builder.makeGlobalSet(leftFrom, code.binary(AddInt64, code.get(mine), code.number64(1)))));
    code.add(builder.makeGlobalSet(leftTo, number(count)));
    code.finish();
    return code.function->name;
  }

  void addNumbered(Name import, Name name, Name outOfOrder) {
    auto signature = module.getFunction(import)->getSig();
    FunctionBuilder code(module, name, signature);
    auto before = code.local(Type::i64);
    auto mine = code.local(Type::i64);
    auto* inner = code.block([&]() {
      auto result = code.addCall(code.forward(import));
      code.add(
        code.ifThen(code.binary(NeInt64, number(innermost), code.get(mine)), code.call(outOfOrder, {code.get(mine)})));
      code.add(builder.makeGlobalSet(innermost, code.get(before)));
      if (result) {
        code.add(code.get(*result));
      }
    });
    code.set(before, number(innermost));
    code.set(mine, code.binary(AddInt64, number(count), code.number64(1)));
    code.add(builder.makeGlobalSet(count, code.get(mine)));
    code.add(builder.makeGlobalSet(innermost, code.get(mine)));
    if (catches()) {
      code.function->body = inner;
      catchAll(code, found.exceptions, [&]() { code.add(builder.makeGlobalSet(innermost, code.get(before))); });
    } else {
      code.add(inner);
    }
    code.finish();
  }

  // Adds the function () -> () that empties the arenas, unless a call is in flight.
  void addReset() {
    AdapterBuilder code(module, "parigot.enter", Signature(Type::none, Type::none));
    if (innermost) {
      code.add(code.ifThen(code.binary(NeInt64, number(innermost), code.number64(0)), builder.makeReturn()));
    }
    std::set<Name> all;
    for (auto& [name, written] : found.adapters) {
      all.insert(written.begin(), written.end());
    }
    for (auto arena : all) {
      auto& space = arenas.at(arena);
      auto start = [&]() { return code.number(uint32_t(space.region.arenaStart())); };
      if (space.hidden || space.readable) {
        // Clears the bytes of other services that were there when a trap ended the call.
        auto mark = code.local(Type::i32);
        code.set(mark, start());
        code.clear(space, mark);
      }
      if (space.hidden) {
        code.add(builder.makeGlobalSet(space.hidden, code.number(nothingHidden)));
      }
      code.add(builder.makeGlobalSet(arena, start()));
    }
    code.finish();
    reset = code.function->name;
  }

  void addEntry(Name target, const std::vector<Export*>& exports) {
    auto* function = module.getFunction(target);
    FunctionBuilder code(
      module, Names::getValidFunctionName(module, "enter/" + exports[0]->name.toString()), function->getSig());
    code.function->type = function->type.with(Exact);
    code.add(code.call(reset, {}));
    code.add(code.forward(target));
    code.finish();
    for (auto* item : exports) {
      item->setInternalName(code.function->name);
    }
  }
};

} // namespace

void guardCallsInFlight(Module& module, const World& world, const CodeNotes* notes) {
  Guard(module, world, notes).run();
}

} // namespace parigot
