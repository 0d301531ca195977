//
// Joins the tables of services into one, where a module has more tables than engines accept.
//
//   wasm-opt --load-pass libparigot-passes.so sealed.wasm
//     --join-tables -O2 -o one.wasm
//
// Each service keeps its table of functions, and compilers give one to nearly every service. wasmtime accepts 100 in a
// module. In a world with more, this pass first removes the tables that no code uses, with what is in them, and if
// there still are more, it puts those that only `call_indirect` uses behind each other in one table:
//
//  (table $greet/table 40 funcref)       (table $parigot.tables 70 funcref)
//  (table $count/table 30 funcref)
//  (elem (table $count/table)       =>   (elem (i32.const 41) $count/f)
//   (i32.const 1) $count/f)
//
//  (call_indirect $count/table (type $t) (I))
//    =>
//  (call_indirect $parigot.tables (type $t)
//   (select (i32.add (local.tee $i (I)) (i32.const 40)) (i32.const -1)
//    (i32.lt_u (local.get $i) (i32.const 30))))
//
// An index beyond the table of the service becomes one beyond all of them, so a call traps exactly where it did, and no
// service reaches a function of another. Slots are those of before to the service, as Go has them in its data.
//
// A table stays as it is if it is exported, imported or 64-bit, holds other references than to functions, is read,
// written or grown by code, or has elements at places that are no constants, or beyond its size. The joined table has
// at most as many slots as V8 accepts in one table.
//
// verify-isolation proves of each call that it reaches the slots of its own service only. A module of at most 100
// tables stays unchanged, and pays for no select.
//

#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "ir/limits.h"
#include "ir/named_items.h"
#include "ir/names.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

struct TableUses {
  std::mutex mutex;
  std::unordered_set<Name> called;  // by call_indirect
  std::unordered_set<Name> touched; // by other instructions
};

struct UseFinder : public WalkerPass<PostWalker<UseFinder, UnifiedExpressionVisitor<UseFinder>>> {
  TableUses& uses;
  std::unordered_set<Name> called, touched;

  explicit UseFinder(TableUses& uses) : uses(uses) {}

  bool isFunctionParallel() override { return true; }
  bool modifiesBinaryenIR() override { return false; }
  std::unique_ptr<Pass> create() override { return std::make_unique<UseFinder>(uses); }

  void visitExpression(Expression* curr) {
    if (auto* call = curr->dynCast<CallIndirect>()) {
      called.insert(call->table);
      return;
    }
    forEachNamedItem(curr, [&](ModuleItemKind kind, Name& name) {
      if (kind == ModuleItemKind::Table) {
        touched.insert(name);
      }
    });
  }

  void doWalkFunction(Function* function) {
    walk(function->body);
    std::lock_guard<std::mutex> lock(uses.mutex);
    uses.called.merge(called);
    uses.touched.merge(touched);
  }
};

// The slots of one table within the joined one.
struct Slots {
  uint32_t first, count;
};
using Joined = std::unordered_map<Name, Slots>;

struct CallMover : public WalkerPass<PostWalker<CallMover>> {
  const Joined& joined;
  Name to;
  Index index = 0; // the local with the index of a call
  bool hasIndex = false;

  CallMover(const Joined& joined, Name to) : joined(joined), to(to) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<CallMover>(joined, to); }

  void doWalkFunction(Function* function) {
    hasIndex = false;
    walk(function->body);
  }

  void visitCallIndirect(CallIndirect* curr) {
    auto found = joined.find(curr->table);
    if (found == joined.end()) {
      return;
    }
    curr->table = to;
    if (curr->target->type == Type::unreachable) {
      return;
    }
    Builder builder(*getModule());
    auto [first, count] = found->second;
    constexpr int32_t nowhere = -1;
    if (auto* constant = curr->target->dynCast<Const>()) {
      auto slot = uint32_t(constant->value.geti32());
      curr->target = builder.makeConst(slot < count ? int32_t(slot + first) : nowhere);
      return;
    }
    if (!hasIndex) {
      index = Builder::addVar(getFunction(), Type::i32);
      hasIndex = true;
    }
    auto* slot = builder.makeBinary(
      AddInt32, builder.makeLocalTee(index, curr->target, Type::i32), builder.makeConst(int32_t(first)));
    auto* inside =
      builder.makeBinary(LtUInt32, builder.makeLocalGet(index, Type::i32), builder.makeConst(int32_t(count)));
    curr->target = builder.makeSelect(inside, slot, builder.makeConst(nowhere));
  }
};

class JoinTables : public Pass {
public:
  void run(Module* module_) override {
    module = module_;
    readWorldAt(*module, Stage::Sealed); // an error if it is no such world
    if (module->tables.size() <= mostTables) {
      return;
    }
    UseFinder finder(uses);
    finder.run(getPassRunner(), module);
    for (auto& item : module->exports) {
      if (item->kind == ExternalKind::Table) {
        uses.touched.insert(*item->getInternalName());
      }
    }
    findElements();
    removeUnused();
    if (module->tables.size() > mostTables) {
      join();
    }
  }

private:
  Module* module = nullptr;
  TableUses uses;
  std::unordered_set<Name> fixed; // tables whose elements cannot be moved, or may trap

  void findElements() {
    for (auto& segment : module->elementSegments) {
      auto* table = segment->isActive() ? module->getTable(segment->table) : nullptr;
      auto* offset = table ? segment->offset->dynCast<Const>() : nullptr;
      if (table && (!offset || offset->type != Type::i32 ||
                    uint64_t(uint32_t(offset->value.geti32())) + segment->data.size() > table->initial)) {
        fixed.insert(table->name);
      }
    }
  }

  bool isPrivate(const Table& table) {
    return !table.imported() && !table.init && !uses.touched.contains(table.name) && !fixed.contains(table.name);
  }

  void removeUnused() {
    std::unordered_set<Name> unused;
    for (auto& table : module->tables) {
      if (isPrivate(*table) && !uses.called.contains(table->name)) {
        unused.insert(table->name);
      }
    }
    module->removeElementSegments(
      [&](ElementSegment* segment) { return segment->isActive() && unused.contains(segment->table); });
    module->removeTables([&](Table* table) { return unused.contains(table->name); });
  }

  void join() {
    Joined joined;
    uint32_t slots = 0;
    for (auto& table : module->tables) {
      bool fits = table->type == Type(HeapType::func, Nullable) && !table->is64();
      if (isPrivate(*table) && fits && table->initial <= mostTableSlots - slots) {
        joined[table->name] = {slots, uint32_t(table->initial)};
        slots += uint32_t(table->initial);
      }
    }
    if (joined.size() < 2) {
      return;
    }
    auto name = Names::getValidTableName(*module, "parigot.tables");
    CallMover mover(joined, name);
    mover.run(getPassRunner(), module);
    for (auto& segment : module->elementSegments) {
      if (auto found = joined.find(segment->table); segment->isActive() && found != joined.end()) {
        auto* offset = segment->offset->cast<Const>();
        offset->value = Literal(int32_t(uint32_t(offset->value.geti32()) + found->second.first));
        segment->table = name;
      }
    }
    module->removeTables([&](Table* table) { return joined.contains(table->name); });
    auto table = Builder::makeTable(name, Type(HeapType::func, Nullable), slots, slots);
    table->hasExplicitName = true;
    module->addTable(std::move(table));
  }
};

} // namespace

std::unique_ptr<Pass> createJoinTablesPass() { return std::make_unique<JoinTables>(); }

} // namespace parigot
