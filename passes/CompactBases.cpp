//
// Replaces the bases of address spaces in the code by globals, where that is
// shorter.
//
//   wasm-opt --load-pass libparigot-passes.so placed.wasm
//     -O2 --compact-bases -o one.wasm
//
// PlaceMemories adds the base of a service to addresses all over its code, as a
// constant of five bytes. A global takes two:
//
//  (i64.load offset=8                      (i64.load offset=8
//   (i32.add (local.get $p)           =>    (i32.add (local.get $p)
//    (i32.const 268435456)))                 (global.get $greet/parigot.base)))
//
// In a world that contains its services, the pass replaces the masks, too
// (src/memory/masks.h):
//
//  (i32.and (local.get $p)           =>   (i32.and (local.get $p)
//   (i32.const 268435455))                 (global.get $greet/parigot.mask))
//
// and sums of a base and a constant that are frequent, such as what a contained
// stack pointer steps by:
//
//  (i32.add (local.get $SP)           =>   (i32.sub (local.get $SP)
//   (i32.const -268435464))                 (global.get $greet/parigot.base+8))
//
// The global is immutable, so that engines can treat it as a constant. It is the
// first of the module, so that its index has one byte. Each place becomes three
// bytes shorter.
//
// V8 loads the global each time, which costs a tight loop up to 14 %. In loops, a
// local takes the place of a number that a function has several times. It is set
// where the function begins, and no more, so that compilers use the constant:
//
//  (loop ..                               (local.set $base (i32.const 268435456))
//   (i64.load offset=8                    (loop ..
//    (i32.add (local.get $p)         =>    (i64.load offset=8
//     (i32.const 268435456)))               (i32.add (local.get $p)
//                                            (local.get $base)))
//
// The loop around the body of every function of Go, which begins with a br_table
// and serves as a jump, does not count as a loop.
//
// This pass comes after all optimisations: Binaryen's own simplify-globals turns
// the globals into constants again. It reads the bases from the section
// parigot.world. A world in layout `multi` has no bases, and stays unchanged.
//

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "ir/module-utils.h"
#include "ir/names.h"
#include "memory/base_sums.h"
#include "memory/bias.h"
#include "passes/passes.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

using Numbers = std::unordered_set<uint32_t>;              // bases and masks
using Counts = std::unordered_map<uint32_t, size_t>;       // of uses
using GlobalsOfBases = std::unordered_map<uint32_t, Name>; // and of masks

// A smaller base takes no more bytes as a constant than as a global.
constexpr uint32_t leastBase = 1 << 13;
// With fewer uses, the declaration of the global costs more than it saves.
constexpr size_t leastUses = 16;

// Sums of a base and a constant: with fewer uses, the short index is worth more to other globals.
constexpr size_t leastUsesOfSum = 256;
constexpr int32_t mostAdded = 1 << 16;
// Globals from this one on have longer indices.
constexpr size_t leastLongGlobal = 128;

// With fewer uses in the loops of a function, setting a local costs more than it saves: four bytes for each use.
constexpr size_t leastUsesInLoops = 4;
// Locals from this one on have longer indices.
constexpr Index leastLongIndex = 128;

// Visits the places where constants are added or subtracted, or mask.
template<typename Self> struct SumWalker : public PostWalker<Self> {
  unsigned loops = 0; // the number of enclosing loops

  static void scan(Self* self, Expression** currp) {
    if (auto* loop = (*currp)->dynCast<Loop>(); loop && !isDispatch(loop)) {
      self->pushTask(leaveLoop, currp);
      PostWalker<Self>::scan(self, currp);
      self->pushTask(enterLoop, currp);
    } else {
      PostWalker<Self>::scan(self, currp);
    }
  }
  static void enterLoop(Self* self, Expression**) { self->loops++; }
  static void leaveLoop(Self* self, Expression**) { self->loops--; }

  void visitBinary(Binary* curr) {
    if (isBaseSum(curr)) {
      static_cast<Self*>(this)->visitSum({curr, loops > 0});
    }
  }

  // With the places, if they are known, in place of a walk.
  void visitSums(Function* function, const BaseSums& known) {
    if (auto found = known.find(function->name); found != known.end()) {
      for (auto& sum : found->second) {
        static_cast<Self*>(this)->visitSum(sum);
      }
    } else {
      this->walk(function->body);
    }
  }
};

uint32_t constantOf(const BaseSum& sum) { return uint32_t(sum.sum->right->cast<Const>()->value.geti32()); }

struct Compacter : public WalkerPass<SumWalker<Compacter>> {
  const Numbers& numbers;
  const GlobalsOfBases& globals;
  const BaseSums& known;
  bool inLoops; // true: places in loops are like others
  struct Use {
    Binary* sum;
    bool negative; // x + -BASE, as optimisations write x - BASE
  };
  std::map<uint32_t, std::vector<Use>> usesInLoops;

  Compacter(const Numbers& numbers, const GlobalsOfBases& globals, const BaseSums& known, bool inLoops)
    : numbers(numbers), globals(globals), known(known), inLoops(inLoops) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Compacter>(numbers, globals, known, inLoops); }

  void doWalkFunction(Function* function) {
    usesInLoops.clear();
    visitSums(function, known);
    Builder builder(*getModule());
    for (auto& [number, uses] : usesInLoops) {
      if (uses.size() < leastUsesInLoops || function->getNumLocals() >= leastLongIndex) {
        continue;
      }
      auto local = Builder::addVar(function, Type::i32);
      for (auto& [sum, negative] : uses) {
        sum->right = builder.makeLocalGet(local, Type::i32);
        if (negative) {
          turn(sum);
        }
      }
      auto* set = builder.makeLocalSet(local, builder.makeConst(int32_t(number)));
      function->body = builder.makeSequence(set, function->body);
    }
  }

  void visitSum(const BaseSum& place) {
    auto value = constantOf(place);
    if (place.inLoop && !inLoops) {
      visitInLoop(place.sum, value);
    } else {
      visitNumber(place.sum, value);
    }
  }

  void visitNumber(Binary* curr, uint32_t value) {
    if (replace(curr, value) || !shifted(curr)) {
      return;
    }
    if (replace(curr, -value)) {
      turn(curr);
    }
  }

  void visitInLoop(Binary* curr, uint32_t value) {
    if (numbers.contains(value)) {
      usesInLoops[value].push_back({curr, false});
    } else if (shifted(curr) && numbers.contains(-value)) {
      usesInLoops[-value].push_back({curr, true});
    }
  }

  static void turn(Binary* curr) { curr->op = curr->op == AddInt32 ? SubInt32 : AddInt32; }

  bool replace(Binary* curr, uint32_t base) {
    auto found = globals.find(base);
    if (found == globals.end()) {
      return false;
    }
    curr->right = Builder(*getModule()).makeGlobalGet(found->second, Type::i32);
    return true;
  }
};

// The number of times that each base is added or subtracted.
struct Counter : public SumWalker<Counter> {
  Counts& counts;
  bool inLoops;

  Counter(Counts& counts, bool inLoops) : counts(counts), inLoops(inLoops) {}

  void visitSum(const BaseSum& place) {
    if (place.inLoop && !inLoops) {
      return;
    }
    auto value = constantOf(place);
    counts[value]++;
    if (shifted(place.sum)) {
      counts[-value]++;
    }
  }
};

class CompactBases : public Pass {
public:
  CompactBases(std::string onlyOf, BaseSums known) : onlyOf(std::move(onlyOf)), known(std::move(known)) {}

  void run(Module* module) override {
    auto world = valueOrThrow(readWorld(*module));
    if (world.stage < Stage::Placed) {
      throw PassError(
        "compact-bases: the address spaces of this world have no place yet; --place-memories comes first");
    }
    if (world.layout != Layout::Single) {
      return;
    }
    ModuleUtils::ParallelFunctionAnalysis<Counts> analysis(*module, [&](Function* function, Counts& counts) {
      if (isMeant(function)) {
        Counter(counts, !onlyOf.empty()).visitSums(function, known);
      }
    });
    Counts counts;
    for (auto& [function, some] : analysis.map) {
      for (auto [value, count] : some) {
        counts[value] += count;
      }
    }
    Numbers numbers;
    GlobalsOfBases globals;
    size_t added = 0;
    for (auto& service : world.services) {
      auto& region = service.region;
      auto add = [&](const char* name, uint32_t number) {
        if (!service.hasMemory || number < leastBase) {
          return;
        }
        numbers.insert(number);
        if (counts[number] >= leastUses && !globals.contains(number)) {
          globals[number] = addGlobal(*module, scopedName(service.name, name), number);
          added++;
        }
      };
      add("parigot.base", uint32_t(region.base));
      add("parigot.mask", uint32_t(region.windowBytes ? region.windowBytes - 1 : 0));
    }
    for (auto& service : world.services) {
      added += addSums(*module, service, counts, globals);
    }
    // The globals go first: their indices are then short.
    std::rotate(module->globals.begin(), module->globals.end() - added, module->globals.end());
    PassRunner runner(module, getPassOptions());
    Compacter compacter(numbers, globals, known, !onlyOf.empty());
    if (onlyOf.empty()) {
      compacter.run(&runner, module);
      return;
    }
    for (auto& function : module->functions) {
      if (isMeant(function.get())) {
        compacter.walkFunctionInModule(function.get(), module);
      }
    }
  }

private:
  std::string onlyOf;
  BaseSums known; // of functions that need no walk

  // Adds globals for sums of the base of a service and a constant, and says how many.
  static size_t addSums(Module& module, const WorldService& service, const Counts& counts, GlobalsOfBases& globals) {
    auto base = uint32_t(service.region.base);
    if (base < leastBase) {
      return 0;
    }
    std::vector<std::pair<size_t, int32_t>> frequent; // uses, and what is added
    for (auto [value, count] : counts) {
      auto more = int32_t(value - base);
      if (count >= leastUsesOfSum && more != 0 && more > -mostAdded && more < mostAdded) {
        frequent.push_back({count, more});
      }
    }
    std::sort(frequent.begin(), frequent.end(), std::greater<>());
    size_t added = 0;
    for (auto [count, more] : frequent) {
      if (module.globals.size() < leastLongGlobal && !globals.contains(base + more)) {
        auto name = "parigot.base" + std::string(more > 0 ? "+" : "") + std::to_string(more);
        globals[base + more] = addGlobal(module, scopedName(service.name, name), base + more);
        added++;
      }
    }
    return added;
  }

  static Name addGlobal(Module& module, const std::string& wanted, uint32_t value) {
    Builder builder(module);
    auto name = Names::getValidGlobalName(module, wanted);
    auto* global =
      module.addGlobal(builder.makeGlobal(name, Type::i32, builder.makeConst(int32_t(value)), Builder::Immutable));
    global->hasExplicitName = true;
    return name;
  }

  // Whether the pass works on this function.
  bool isMeant(Function* function) const {
    return !function->imported() && (onlyOf.empty() || function->name.view().starts_with(scopedName(onlyOf, "")));
  }
};

} // namespace

std::unique_ptr<Pass> createCompactBasesPass(std::string onlyOf, BaseSums known) {
  return std::make_unique<CompactBases>(std::move(onlyOf), std::move(known));
}

} // namespace parigot
