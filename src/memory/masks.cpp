#include "memory/masks.h"

#include <map>

#include "ir/linear-execution.h"
#include "ir/memory_instructions.h"
#include "memory/address_use.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

struct Masker : public WalkerPass<LinearExecutionWalker<Masker, UnifiedExpressionVisitor<Masker>>> {
  const Windows& windows;
  const ContainedGlobals& globals;

  Masker(const Windows& windows, const ContainedGlobals& globals) : windows(windows), globals(globals) {
    connectAdjacentBlocks = true;
  }

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Masker>(windows, globals); }

  // A place whose value is to be masked, and when that value is computed.
  struct Masked {
    Expression** place;
    size_t time;
  };
  // Places that have the same value, where that of the least time is computed before all others.
  struct Group {
    const Window* window;
    std::vector<Masked> places;
    bool ofGlobal = false; // whether the value is that of a contained global
  };
  std::vector<Group> groups;

  // The group of the accesses through a local, plain or wrapped, that are sure to follow each other.
  struct Current {
    size_t group;
    Name memory;
  };
  std::map<std::pair<Index, bool>, Current> current;
  std::vector<size_t> setAt;                    // for each local: the time of the last set
  std::unordered_map<Expression*, size_t> used; // when each get and set was passed
  size_t now = 0;
  std::optional<ContainedValues> values;

  void doWalkFunction(Function* function) {
    groups.clear();
    current.clear();
    used.clear();
    setAt.assign(function->getNumLocals(), 0);
    now = 0;
    values.emplace(*function, globals, windows);
    walk(function->body);
    for (auto& group : groups) {
      mask(group);
    }
  }

  void noteNonLinear(Expression*) { current.clear(); }

  void visitExpression(Expression* curr) {
    now++;
    if (curr->is<LocalGet>()) {
      used[curr] = now;
    } else if (auto* set = curr->dynCast<LocalSet>()) {
      used[curr] = setAt[set->index] = now;
      current.erase({set->index, false});
      current.erase({set->index, true});
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
      groups.push_back({&window, {{&curr->ptr, now}}});
      return;
    }
    if (curr->memory == values->memory() ? bool(values->distanceOf(curr->ptr)) : isInWindow(window, curr->ptr)) {
      return;
    }
    join(window, curr->memory, &curr->ptr);
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

  // Puts a place into the group of those that have its value.
  void join(const Window& window, Name memory, Expression** place) {
    auto use = addressUse(*place);
    if (!use || use->local >= setAt.size() || setAt[use->local] > used[use->expression]) {
      groups.push_back({&window, {{place, now}}});
      return;
    }
    auto [found, added] = current.try_emplace({use->local, use->wrapped}, Current{groups.size(), memory});
    if (!added && found->second.memory != memory) {
      found->second = {groups.size(), memory};
      added = true;
    }
    if (added) {
      groups.push_back({&window, {}});
    }
    groups[found->second.group].places.push_back({place, used[use->expression]});
  }

  void mask(Group& group) {
    Builder builder(*getModule());
    auto& places = group.places;
    auto first = std::min_element(places.begin(), places.end(), [](auto& a, auto& b) { return a.time < b.time; });
    auto* value = masked(*group.window, *first->place, group.ofGlobal);
    if (places.size() == 1) {
      *first->place = value;
      return;
    }
    auto kept = Builder::addVar(getFunction(), Type::i32);
    for (auto& place : places) {
      *place.place = builder.makeLocalGet(kept, Type::i32);
    }
    *first->place = builder.makeLocalTee(kept, value, Type::i32);
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

void addMasks(PassRunner& runner, const Windows& windows) {
  auto globals = findContainedGlobals(*runner.wasm, windows);
  Masker(windows, globals).run(&runner, runner.wasm);
}

} // namespace parigot
