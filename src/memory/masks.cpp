#include "memory/masks.h"

#include <array>
#include <map>

#include "ir/local-graph.h"
#include "ir/memory_instructions.h"
#include "memory/address_use.h"
#include "memory/dominating_walker.h"
#include "memory/passed_times.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

struct Masker : public WalkerPass<DominatingWalker<Masker>> {
  const Windows& windows;
  const AddressCodes& codes;
  const ContainedGlobals& globals;

  Masker(const Windows& windows, const AddressCodes& codes, const ContainedGlobals& globals)
    : windows(windows), codes(codes), globals(globals) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Masker>(windows, codes, globals); }

  // A place whose value is to be masked, when that value is computed, and what is then to be added.
  struct Masked {
    Expression** place;
    size_t time;
    int32_t more = 0;
  };
  // Places that have the same value, where that of the least time is computed before all others; or that have a value
  // which differs from it by a constant, and is computed after an access through it.
  struct Group {
    const Window* window;
    std::vector<Masked> places;
    bool ofGlobal = false; // whether the value is that of a contained global
    // Of accesses through a local: that of the accesses, what is added to the local, and when the first was passed.
    Name memory = {};
    uint32_t constant = 0;
    size_t passed = 0;

    const Masked& first() const {
      return *std::min_element(places.begin(), places.end(), [](auto& a, auto& b) { return a.time < b.time; });
    }
  };
  std::vector<Group> groups;

  // For a local, plain or wrapped: the group of an access through it that all ways to this place have passed.
  struct Current {
    std::optional<size_t> group;
    Name memory = {};
  };
  using Key = std::pair<Index, bool>;
  std::vector<std::array<Current, 2>> current;
  std::vector<std::pair<Key, size_t>> latest; // the groups that were added to it, in their order
  std::vector<size_t> setAt;                  // for each local: the time of the last set
  PassedTimes used;                           // when each get and set was passed
  size_t now = 0;
  std::optional<ContainedValues> values;

  void doWalkFunction(Function* function) {
    groups.clear();
    current.assign(function->getNumLocals(), {});
    latest.clear();
    used.clear();
    setAt.assign(function->getNumLocals(), 0);
    now = 0;
    values.emplace(*function, codes.at(function), globals, windows);
    walkDominating(function);
    shareAtWrites();
    for (auto& group : groups) {
      mask(group);
    }
  }

  void forgetLatest() {
    auto [key, group] = latest.back();
    latest.pop_back();
    if (auto& known = current[key.first][key.second]; known.group == group) {
      known = {};
    }
  }

  void forgetLocal(Index local) { current[local] = {}; }

  void visitExpression(Expression* curr) {
    now++;
    if (curr->is<LocalGet>()) {
      used.set(curr, now);
    } else if (auto* set = curr->dynCast<LocalSet>()) {
      setAt[set->index] = now;
      used.set(curr, now);
      forgetLocal(set->index);
    } else if (auto* set = curr->dynCast<GlobalSet>()) {
      maskWrite(set);
    } else {
      visitMemoryInstruction(curr, [&](auto* access) { note(access); });
    }
  }

  void maskWrite(GlobalSet* set) {
    auto found = globals.find(set->name);
    if (found == globals.end()) {
      return;
    }
    auto** value = ContainedValues::writtenValue(set);
    auto distance = values->memory() == found->second ? values->distanceOf(*value) : std::nullopt;
    if ((*value)->type == Type::i32 && !(distance && distance->isNone())) {
      groups.push_back({&windows.at(found->second), {{value, now}}, true});
    }
  }

  template<typename T> void note(T* curr) {
    static_assert(HasOffsetAddress<T>, "an instruction with a memory that note() does not know");
    auto found = windows.find(curr->memory);
    if (found == windows.end() || curr->ptr->type == Type::unreachable) {
      return;
    }
    auto& window = found->second;
    if (uint64_t(curr->offset) >= window.bytes) {
      return; // it always traps, and the placer makes it a trap
    }
    if (curr->memory == values->memory()) {
      values->foldConstants(curr->ptr, curr->offset);
    }
    if (curr->offset > mostOffset) {
      auto offset = int32_t(uint32_t(uint64_t(curr->offset)));
      Builder builder(*getModule());
      curr->ptr = builder.makeBinary(AddInt32, curr->ptr, builder.makeConst(offset));
      curr->offset = 0;
    } else if (curr->memory == values->memory() ? bool(values->distanceOf(curr->ptr)) : isInWindow(window, curr->ptr)) {
      return;
    }
    join(window, curr->memory, &curr->ptr, curr->offset);
  }
  void note(MemoryCopy*) {}
  void note(MemoryFill*) {}
  void note(MemoryInit*) {}
  void note(MemorySize*) {}
  void note(MemoryGrow*) {}

  static bool isInWindow(const Window& window, Expression* ptr) {
    auto* constant = ptr->dynCast<Const>();
    return constant && window.has(uint32_t(constant->value.geti32()));
  }

  // Puts a place into the group of those that have its value, or one that differs by a constant.
  void join(const Window& window, Name memory, Expression** place, Address& offset) {
    auto sum = addressSum(*place);
    if (!sum || sum->use.local >= setAt.size() || setAt[sum->use.local] > used.of(sum->use.expression)) {
      groups.push_back({&window, {{place, now}}});
      return;
    }
    auto time = used.of(sum->use.expression);
    Key key{sum->use.local, sum->use.wrapped};
    auto& known = current[key.first][key.second];
    if (known.group && known.memory == memory) {
      auto& group = groups[*known.group];
      auto more = int32_t(sum->constant - group.constant);
      if (more == 0) {
        group.places.push_back({place, time});
        return;
      }
      if (time > group.passed && moveBy(more, offset)) {
        group.places.push_back({place, time, more});
        return;
      }
    }
    known = {groups.size(), memory};
    latest.push_back({key, groups.size()});
    noted();
    groups.push_back({&window, {{place, time}}, false, memory, sum->constant, now});
  }

  // For an access at an address of the group plus `more`: makes that part of the offset, or keeps what is to be
  // subtracted. False if it is too far.
  static bool moveBy(int32_t& more, Address& offset) {
    auto sum = int64_t(uint64_t(offset)) + more;
    if (sum >= 0 && uint64_t(sum) <= mostOffset) {
      offset = uint64_t(sum);
      more = 0;
      return true;
    }
    return more < 0 && -int64_t(more) <= mostBelow;
  }

  // Where several groups have the value of one write to a local, the value is masked there.
  void shareAtWrites() {
    std::map<std::tuple<Index, bool, Name, uint32_t>, std::vector<size_t>> ofLocals;
    for (size_t i = 0; i < groups.size(); i++) {
      if (groups[i].memory) {
        auto use = addressSum(*groups[i].first().place)->use;
        ofLocals[{use.local, use.wrapped, groups[i].memory, groups[i].constant}].push_back(i);
      }
    }
    std::erase_if(ofLocals, [](auto& entry) { return entry.second.size() < 2; });
    if (ofLocals.empty()) {
      return;
    }
    LazyLocalGraph graph(getFunction(), getModule());
    std::vector<std::pair<LocalSet*, std::vector<size_t>>> shared; // nullptr: the parameter
    for (auto& [local, some] : ofLocals) {
      std::map<LocalSet*, std::vector<size_t>> ofWrites;
      for (auto i : some) {
        if (auto write = writeOf(graph, *groups[i].first().place)) {
          ofWrites[*write].push_back(i);
        }
      }
      for (auto& [write, all] : ofWrites) {
        if (all.size() > 1) {
          shared.push_back({write, std::move(all)});
        }
      }
    }
    // The graph is of the code as it was.
    std::sort(shared.begin(), shared.end(), [](auto& a, auto& b) { return a.second[0] < b.second[0]; });
    std::unordered_map<LocalSet*, LocalSet*> tees; // what has become of writes
    for (auto& [write, all] : shared) {
      share(write, tees[write], all);
    }
  }

  // The only write whose value an address can be, or nullptr: the function gets it as a parameter.
  std::optional<LocalSet*> writeOf(const LazyLocalGraph& graph, Expression* ptr) {
    auto use = addressSum(ptr)->use;
    if (auto* tee = use.expression->dynCast<LocalSet>()) {
      return tee;
    }
    auto& sets = graph.getSets(use.expression->cast<LocalGet>());
    if (sets.size() != 1 || (!*sets.begin() && !getFunction()->isParam(use.local))) {
      return std::nullopt;
    }
    return *sets.begin();
  }

  // `tee`: the tee that was put in place of the write, if it was no tee itself.
  void share(LocalSet* write, LocalSet*& tee, const std::vector<size_t>& all) {
    Builder builder(*getModule());
    auto& window = *groups[all[0]].window;
    auto constant = groups[all[0]].constant;
    auto use = addressSum(*groups[all[0]].first().place)->use;
    auto kept = Builder::addVar(getFunction(), Type::i32);
    auto type = getFunction()->getLocalType(use.local);
    auto maskedOf = [&](Expression* value) {
      value = use.wrapped ? builder.makeUnary(WrapInt64, value) : value;
      value = constant ? builder.makeBinary(AddInt32, value, builder.makeConst(int32_t(constant))) : value;
      return masked(window, value, false);
    };
    Expression** teeAt = nullptr; // the place that has the write in it
    for (auto i : all) {
      for (auto& place : groups[i].places) {
        if (write && addressSum(*place.place)->use.expression == write) {
          teeAt = place.place; // the first of its group: no constant is to be added
        } else {
          *place.place = getKept(kept, place);
        }
      }
      groups[i].places.clear();
    }
    if (!write) {
      auto* set = builder.makeLocalSet(kept, maskedOf(builder.makeLocalGet(use.local, type)));
      getFunction()->body = builder.makeSequence(set, getFunction()->body);
    } else if (teeAt) {
      *teeAt = builder.makeLocalTee(kept, masked(window, *teeAt, false), Type::i32);
    } else if (!write->isTee() && !tee) {
      // (local.set $p x)  =>  (local.set $kept (mask (local.tee $p x)))
      tee = builder.makeLocalTee(use.local, write->value, type);
      write->value = maskedOf(tee);
      write->index = kept;
    } else {
      // (local.tee $p x)  =>  (local.tee $p (block (local.set $kept (mask (local.tee $p x))) (local.get $p)))
      auto& value = (tee ? tee : write)->value;
      auto* set = builder.makeLocalSet(kept, maskedOf(builder.makeLocalTee(use.local, value, type)));
      value = builder.makeSequence(set, builder.makeLocalGet(use.local, type));
    }
  }

  Expression* getKept(Index kept, const Masked& place) {
    Builder builder(*getModule());
    auto* value = builder.makeLocalGet(kept, Type::i32);
    return place.more ? static_cast<Expression*>(builder.makeBinary(AddInt32, value, builder.makeConst(place.more)))
                      : value;
  }

  void mask(Group& group) {
    auto& places = group.places;
    if (places.empty()) {
      return; // shared
    }
    Builder builder(*getModule());
    auto first = group.first();
    auto* value = masked(*group.window, *first.place, group.ofGlobal);
    if (places.size() == 1) {
      *first.place = value;
      return;
    }
    auto kept = Builder::addVar(getFunction(), Type::i32);
    for (auto& place : places) {
      *place.place = getKept(kept, place);
    }
    *first.place = builder.makeLocalTee(kept, value, Type::i32);
  }

  Expression* masked(const Window& window, Expression* value, bool hasBase) {
    Builder builder(*getModule());
    auto number = [&](uint32_t value) { return builder.makeConst(int32_t(value)); };
    if (window.last) {
      // The value of a variable that may hold the base gets it first; elsewhere the or adds it.
      value = hasBase ? builder.makeBinary(AddInt32, value, number(window.base)) : value;
      return builder.makeBinary(SubInt32, builder.makeBinary(OrInt32, value, number(window.base)), number(window.base));
    }
    if (window.shift) {
      value = builder.makeBinary(AddInt32, value, number(window.shift));
    }
    value = builder.makeBinary(AndInt32, value, number(window.mask));
    return window.shift ? builder.makeBinary(SubInt32, value, number(window.shift)) : value;
  }
};

} // namespace

ContainedGlobals addMasks(PassRunner& runner, const Windows& windows) {
  auto codes = findAddressCode(*runner.wasm, windows);
  auto globals = findContainedGlobals(*runner.wasm, windows, codes);
  Masker(windows, codes, globals).run(&runner, runner.wasm);
  return globals;
}

} // namespace parigot
