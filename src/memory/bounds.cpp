#include "memory/bounds.h"

#include <algorithm>
#include <vector>

#include "ir/debuginfo.h"
#include "ir/each_expression.h"
#include "ir/effects.h"
#include "ir/iteration.h"
#include "ir/memory_instructions.h"
#include "memory/address_use.h"
#include "memory/dominating_walker.h"
#include "memory/passed_times.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

using Memories = std::unordered_map<Name, Bounds>;
using NameSet = std::unordered_set<Name>;

// The depth to which an operand is searched before it is put into a local.
constexpr int mostDepth = 6;

// Whether an operand can be evaluated before or after a check with the same result: it only computes.
bool isQuiet(Expression* curr, Module& module, int depth = 0) {
  // The option to ignore traps permits removing them. It does not permit reordering them.
  static const PassOptions options;
  if (curr->is<Const>() || curr->is<LocalGet>() || curr->is<GlobalGet>()) {
    return true;
  }
  if (depth == mostDepth || (!curr->is<Binary>() && !curr->is<Unary>()) ||
      ShallowEffectAnalyzer(options, module, curr).hasSideEffects()) {
    return false;
  }
  for (auto* child : ChildIterator(curr)) {
    if (!isQuiet(child, module, depth + 1)) {
      return false;
    }
  }
  return true;
}

// Whether a function has instructions that touch ranges.
bool touchesRanges(Function& function) {
  bool found = false;
  forEachExpression(function.body, [&](auto* curr) {
    found |= curr->template is<MemoryCopy>() || curr->template is<MemoryFill>() || curr->template is<MemoryInit>();
  });
  return found;
}

struct Checker : public WalkerPass<DominatingWalker<Checker>> {
  const Memories& memories;
  const NameSet& adapters;
  bool rangesOnly; // for all memories

  Checker(const Memories& memories, const NameSet& adapters) : memories(memories), adapters(adapters) {
    rangesOnly = std::all_of(memories.begin(), memories.end(), [](auto& entry) { return entry.second.rangesOnly; });
    for (auto& [_, bounds] : memories) {
      if (bounds.arena && !bounds.isLent && !bounds.rangesOnly) {
        arenas.insert(bounds.arena);
      }
    }
  }

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Checker>(memories, adapters); }

  // That so many bytes are inside, from the local's value plus a constant on; and the memory that this is about. One
  // function can hold code of several services once functions are inlined, and a check in one memory says nothing about
  // another.
  struct Inside {
    uint64_t bytes = 0;
    uint32_t constant = 0;
    Name memory = {};
  };
  // For each local: what is known of it, plain and wrapped, and when it was set last.
  struct Known {
    Inside inside[2];
    size_t set = 0;
  };
  std::vector<Known> known;
  // What was known before each check that counts, and when that was passed.
  struct Before {
    Index local;
    bool wrapped;
    Inside inside;
    size_t time;
  };
  std::vector<Before> latest;
  PassedTimes used; // when each get and set was passed
  size_t now = 0;
  NameSet arenas; // the globals of the arenas that are not lent, of memories whose accesses are checked
  bool isAdapter = false;
  NameSet read; // those of the arenas that the function reads

  void doWalkFunction(Function* function) {
    known.assign(function->getNumLocals(), {});
    latest.clear();
    used.clear();
    now = 1;
    if (rangesOnly && !touchesRanges(*function)) {
      return;
    }
    findArenas(*function);
    walkDominating(function);
  }

  // Notes what canBeInArena() wants to know of a function. Checks of ranges do not ask.
  void findArenas(Function& function) {
    isAdapter = adapters.contains(function.name);
    read.clear();
    if (arenas.empty() || isAdapter) {
      return;
    }
    forEachExpression(function.body, [&](auto* curr) {
      if (auto* get = curr->template dynCast<GlobalGet>(); get && arenas.contains(get->name)) {
        read.insert(get->name);
      }
    });
  }

  void forgetLatest() {
    auto& before = latest.back();
    auto& local = known[before.local];
    local.inside[before.wrapped] = local.set > before.time ? Inside() : before.inside;
    latest.pop_back();
  }

  void forgetLocal(Index local) {
    if (local < known.size()) {
      known[local] = {{}, ++now};
    }
  }

  void visitExpression(Expression* curr) {
    now++;
    if (curr->is<LocalGet>()) {
      used.set(curr, now);
    } else if (auto* set = curr->dynCast<LocalSet>()) {
      forgetLocal(set->index);
      used.set(curr, now);
    } else {
      visitMemoryInstruction(curr, [&](auto* access) { check(access); });
    }
  }

  // Returns whether these bytes are known to be inside, and notes that they are from now on.
  bool isKnown(Expression* ptr, Name memory, uint64_t bytes) {
    auto sum = addressSum(ptr);
    if (!sum || sum->use.local >= known.size()) {
      return false;
    }
    auto& local = known[sum->use.local];
    if (local.set > used.of(sum->use.expression)) {
      return false; // an operand after the address has changed the local
    }
    auto& inside = local.inside[sum->use.wrapped];
    auto beyond = uint64_t(uint32_t(sum->constant - inside.constant));
    if (inside.memory == memory && beyond + bytes <= inside.bytes) {
      return true;
    }
    latest.push_back({sum->use.local, sum->use.wrapped, inside, now});
    noted();
    inside = {bytes, sum->constant, memory};
    return false;
  }

  // In execution order.
  static std::vector<Expression**> operandsOf(Expression* curr) {
    ChildIterator children(curr);
    std::vector<Expression**> operands(children.children.begin(), children.children.end());
    std::reverse(operands.begin(), operands.end());
    return operands;
  }

  // A local that holds the value of an expression, and the expression that sets it.
  struct Kept {
    Index local;
    Type type;
    Expression* set;
  };
  Kept keep(Expression* value) {
    auto local = Builder::addVar(getFunction(), value->type);
    return {local, value->type, Builder(*getModule()).makeLocalSet(local, value)};
  }
  Expression* get(const Kept& kept) { return Builder(*getModule()).makeLocalGet(kept.local, kept.type); }

  // Whether an address in the code of this function can be one of the service's arena.
  bool canBeInArena(const Bounds& bounds) {
    return bounds.arena && (bounds.isLent || isAdapter || read.contains(bounds.arena));
  }

  // The check of an instruction. A trap in it is one at the instruction's place in the sources.
  Expression* makeCheck(const Bounds& bounds, Expression* checked, const MakeExpression& address, uint64_t bytes) {
    Builder builder(*getModule());
    auto call = [&](Name function, const std::vector<Expression*>& operands) {
      auto* made = builder.makeCall(function, operands, Type::none);
      debuginfo::copyOriginalToReplacement(checked, made, getFunction());
      return made;
    };
    auto ask = [&]() { return call(bounds.check, {address(), builder.makeConst(int64_t(bytes))}); };
    if (bytes > bounds.initialBytes) {
      return ask();
    }
    auto* last = builder.makeBinary(
      SubInt32, builder.makeGlobalGet(bounds.size.bytes, Type::i32), builder.makeConst(int32_t(uint32_t(bytes))));
    auto* isBeyond = builder.makeBinary(GtUInt32, address(), last);
    return canBeInArena(bounds)
             ? builder.makeIf(isBeyond, ask())
             : builder.makeIf(isBeyond, builder.makeSequence(call(bounds.outOfBounds, {}), builder.makeUnreachable()));
  }

  template<typename T> void check(T* curr) {
    static_assert(HasOffsetAddress<T>, "an instruction with a memory that check() does not know");
    auto found = memories.find(curr->memory);
    if (found == memories.end() || found->second.rangesOnly || curr->type == Type::unreachable ||
        curr->ptr->type == Type::unreachable) {
      return;
    }
    auto& bounds = found->second;
    uint64_t bytes = uint64_t(curr->offset) + accessedBytes(curr);
    if (auto* constant = curr->ptr->template dynCast<Const>()) {
      if (uint64_t(uint32_t(constant->value.geti32())) + bytes <= bounds.initialBytes) {
        return;
      }
    }
    std::vector<Expression**> others;
    bool quiet = true;
    for (auto** child : operandsOf(curr)) {
      if (*child != curr->ptr) {
        if ((*child)->type == Type::unreachable) {
          return;
        }
        quiet &= isQuiet(*child, *getModule());
        others.push_back(child);
      }
    }
    if (isKnown(curr->ptr, curr->memory, bytes)) {
      return;
    }
    Builder builder(*getModule());
    if (quiet) {
      if (auto* local = curr->ptr->template dynCast<LocalGet>()) {
        auto again = [&]() { return builder.makeLocalGet(local->index, Type::i32); };
        curr->ptr = builder.makeSequence(makeCheck(bounds, curr, again, bytes), curr->ptr);
        return;
      }
      auto ptr = keep(curr->ptr);
      auto* check = makeCheck(
        bounds, curr, [&]() { return get(ptr); }, bytes);
      curr->ptr = builder.makeBlock({ptr.set, check, get(ptr)}, Type::i32);
      return;
    }
    auto ptr = keep(curr->ptr);
    std::vector<Expression*> list{ptr.set};
    curr->ptr = get(ptr);
    for (auto** child : others) {
      auto value = keep(*child);
      list.push_back(value.set);
      *child = get(value);
    }
    list.push_back(makeCheck(
      bounds, curr, [&]() { return get(ptr); }, bytes));
    list.push_back(curr);
    replaceCurrent(builder.makeBlock(list, curr->type));
  }

  struct Range {
    Name memory;
    Expression** address;
  };

  // Checks an instruction whose last operand is the number of bytes that it touches in each range.
  void checkRanges(Expression* curr, Expression** bytes, const std::vector<Range>& ranges) {
    auto boundsOf = [&](const Range& range) {
      auto found = memories.find(range.memory);
      return found == memories.end() || found->second.keepers.contains(getFunction()->name) ? nullptr : &found->second;
    };
    if (std::none_of(ranges.begin(), ranges.end(), boundsOf) || curr->type == Type::unreachable) {
      return;
    }
    Builder builder(*getModule());
    std::vector<Expression*> list;
    std::unordered_map<Expression**, Kept> kept;
    for (auto** child : operandsOf(curr)) {
      auto value = keep(*child);
      list.push_back(value.set);
      *child = get(value);
      kept[child] = value;
    }
    for (auto& range : ranges) {
      if (auto* bounds = boundsOf(range)) {
        auto* check = builder.makeCall(
          bounds->check, {get(kept[range.address]), builder.makeUnary(ExtendUInt32, get(kept[bytes]))}, Type::none);
        debuginfo::copyOriginalToReplacement(curr, check, getFunction());
        list.push_back(check);
      }
    }
    list.push_back(curr);
    replaceCurrent(builder.makeBlock(list, Type::none));
  }

  void check(MemoryCopy* curr) {
    checkRanges(curr, &curr->size, {{curr->destMemory, &curr->dest}, {curr->sourceMemory, &curr->source}});
  }
  void check(MemoryFill* curr) { checkRanges(curr, &curr->size, {{curr->memory, &curr->dest}}); }
  void check(MemoryInit* curr) { checkRanges(curr, &curr->size, {{curr->memory, &curr->dest}}); }
  void check(MemorySize*) {}
  void check(MemoryGrow*) {}
};

} // namespace

Expression* makeLesser(Builder& builder, const MakeExpression& a, const MakeExpression& b) {
  return builder.makeSelect(builder.makeBinary(LtUInt32, a(), b()), a(), b());
}

Expression* makeIsInside(Module& module,
                         const Region& region,
                         const MakeExpression& top,
                         const MakeExpression& address,
                         const MakeExpression& end,
                         Expression* size) {
  Builder builder(module);
  auto* inMemory = builder.makeBinary(LeUInt64, end(), size);
  if (!top) {
    return inMemory;
  }
  auto start = [&]() { return builder.makeConst(int32_t(uint32_t(region.arenaStart()))); };
  auto* inArena = builder.makeBinary(AndInt32,
                                     builder.makeBinary(AndInt32,
                                                        builder.makeBinary(GeUInt32, address(), start()),
                                                        builder.makeBinary(NeInt32, top(), start())),
                                     builder.makeBinary(LeUInt64, end(), builder.makeUnary(ExtendUInt32, top())));
  return builder.makeBinary(OrInt32, inMemory, inArena);
}

void addBoundsChecks(PassRunner& runner, const Memories& memories, const NameSet& adapters) {
  Checker(memories, adapters).run(&runner, runner.wasm);
}

namespace {

Function* addFunction(Module& module, Name name, Signature signature, std::vector<Type> vars, Expression* body) {
  auto* function = module.addFunction(Builder(module).makeFunction(name, signature, std::move(vars), body));
  function->hasExplicitName = true;
  function->noFullInline = function->noPartialInline = true;
  return function;
}

// Traps out of bounds: no memory has the last bytes of 4 GiB.
Expression* makeTrap(Builder& builder, Name memory, uint32_t offset) {
  return builder.makeSequence(
    builder.makeDrop(builder.makeLoad(4, false, offset, 1, builder.makeConst(int32_t(-1)), Type::i32, memory)),
    builder.makeUnreachable());
}

void addCheckFunction(Module& module, const WorldService& service, Name memory, const Bounds& bounds) {
  Builder builder(module);
  constexpr Index address = 0, bytes = 1, end = 2;
  auto wide = [&](Expression* value) { return builder.makeUnary(ExtendUInt32, value); };
  auto get = [&](Index local, Type type) { return builder.makeLocalGet(local, type); };
  auto global = [&](Name name) { return builder.makeGlobalGet(name, Type::i32); };
  MakeExpression top;
  if (bounds.arena && bounds.size.bytes) {
    top = [&]() -> Expression* {
      return bounds.hidden ? makeLesser(
                               builder, [&]() { return global(bounds.arena); }, [&]() { return global(bounds.hidden); })
                           : global(bounds.arena);
    };
  }
  auto* isInside = makeIsInside(
    module,
    service.region,
    top,
    [&]() { return get(address, Type::i32); },
    [&]() { return get(end, Type::i64); },
    bounds.size.bytes ? static_cast<Expression*>(wide(global(bounds.size.bytes)))
                      : builder.makeConst(int64_t(service.region.bytes)));
  auto* body = builder.makeBlock(
    {builder.makeLocalSet(end, builder.makeBinary(AddInt64, wide(get(address, Type::i32)), get(bytes, Type::i64))),
     builder.makeIf(isInside, builder.makeReturn()),
     makeTrap(builder, memory, 0)});
  addFunction(module, bounds.check, Signature({Type::i32, Type::i64}, Type::none), {Type::i64}, body);
}

} // namespace

void addCheckFunctions(
  Module& module, const WorldService& service, uint32_t number, Name memory, const Bounds& bounds) {
  addCheckFunction(module, service, memory, bounds);
  if (!bounds.rangesOnly) {
    Builder builder(module);
    addFunction(module, bounds.outOfBounds, Signature(Type::none, Type::none), {}, makeTrap(builder, memory, number));
  }
}

} // namespace parigot
