#include "memory/contained.h"

#include <algorithm>
#include <bit>

#include "ir/module-utils.h"
#include "ir/properties.h"
#include "memory/bias.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

// A local whose distance has grown this often is taken for one that steps on in a loop.
constexpr unsigned mostChanges = 8;
// The most by which an `and` that aligns an address may lower it.
constexpr uint32_t mostAlignment = 4096;

std::optional<Distance> within(Distance distance) {
  bool fits = distance.low >= -mostBelow && distance.high <= 0;
  return fits ? std::optional(distance) : std::nullopt;
}

std::optional<Distance> join(std::optional<Distance> a, std::optional<Distance> b) {
  if (!a || !b) {
    return std::nullopt;
  }
  return Distance{std::min(a->low, b->low), std::max(a->high, b->high)};
}

// The distance after a step, and after that is lowered by up to `most`.
std::optional<Distance> moved(std::optional<Distance> distance, int64_t step, int64_t most = 0) {
  return distance ? within({distance->low + step - most, distance->high + step}) : std::nullopt;
}

// A value plus a constant, modulo 2^32.
struct Term {
  Expression* value;
  int64_t constant;
};

// For x + c, x - c, and wrap(extend(x) + c ..), as Go computes addresses in its stack.
std::optional<Term> termOf(Expression* curr) {
  auto step = [](Expression* sum, int64_t number) {
    auto op = sum->cast<Binary>()->op;
    return op == AddInt32 || op == AddInt64 ? number : -number;
  };
  if (auto** inner = shifted(curr)) {
    return Term{*inner, step(curr, curr->cast<Binary>()->right->cast<Const>()->value.geti32())};
  }
  if (!isWrap(curr)) {
    return std::nullopt;
  }
  int64_t sum = 0;
  auto* value = curr->cast<Unary>()->value;
  while (auto* left = leftOfSum(value)) {
    auto* constant = value->cast<Binary>()->right->dynCast<Const>();
    if (!constant) {
      return std::nullopt;
    }
    sum += step(value, int32_t(constant->value.geti64())); // the lower half counts
    value = left;
  }
  return isExtension(value) ? std::optional(Term{value->cast<Unary>()->value, sum}) : std::nullopt;
}

// Finds the locals that a function sets before it reads them, in the instructions that it begins with. The 0 that they
// hold before is no value of theirs. A branch among these instructions leaves the function.
struct Beginning : public PostWalker<Beginning, UnifiedExpressionVisitor<Beginning>> {
  std::unordered_set<Index> set, read;
  std::vector<Expression*> uses; // of locals, in one of the instructions
  bool ended = false;            // where the first block, loop or if begins

  void visitExpression(Expression* curr) {
    ended |= Properties::isControlFlowStructure(curr);
    if (curr->is<LocalGet>() || curr->is<LocalSet>()) {
      uses.push_back(curr);
    }
  }

  explicit Beginning(Expression* body) {
    auto* block = body->dynCast<Block>();
    for (Index i = 0; block && i < block->list.size() && !ended; i++) {
      if (Properties::isControlFlowStructure(block->list[i])) {
        return;
      }
      uses.clear();
      walk(block->list[i]);
      for (auto* use : uses) {
        note(use);
      }
    }
  }

  void note(Expression* use) {
    auto* get = use->dynCast<LocalGet>();
    auto index = get ? get->index : use->cast<LocalSet>()->index;
    if (ended || set.contains(index) || read.contains(index)) {
      return;
    }
    (get ? read : set).insert(index);
  }
};

// What is known about a candidate.
struct Use {
  size_t writes = 0;   // the places where a value must be masked
  size_t accesses = 0; // those in functions that use it, through contained variables
  bool stepped = false, unfit = false;

  void add(const Use& other) {
    writes += other.writes;
    accesses += other.accesses;
    stepped |= other.stepped;
    unfit |= other.unfit;
  }
};
using Uses = std::unordered_map<Name, Use>;

// Counts how a function uses the candidates.
class Counter {
public:
  Counter(const ContainedGlobals& candidates, const Windows& windows, const ContainedValues& values, Uses& uses)
    : candidates(candidates), windows(windows), values(values), uses(uses) {}

  void count(const AddressCode& code) {
    for (auto& name : code.globals) {
      if (candidates.contains(name)) {
        uses[name];
      }
    }
    for (auto* set : code.globalSets) {
      countWrite(set);
    }
    // A value that is compared with a number that is no address is none itself.
    for (auto& [global, constant] : code.comparisons) {
      if (auto found = candidates.find(global); found != candidates.end()) {
        uses[global].unfit |= !windows.at(found->second).has(constant);
      }
    }
    auto accesses = size_t(std::count_if(code.addresses.begin(), code.addresses.end(), [&](auto* ptr) {
      return !ptr->template is<Const>() && values.distanceOf(ptr);
    }));
    for (auto& [name, use] : uses) {
      use.accesses = accesses;
    }
  }

private:
  const ContainedGlobals& candidates;
  const Windows& windows;
  const ContainedValues& values;
  Uses& uses;

  void countWrite(GlobalSet* set) {
    auto found = candidates.find(set->name);
    if (found == candidates.end()) {
      return;
    }
    auto& use = uses[set->name];
    auto* value = *ContainedValues::writtenValue(set);
    auto distance = values.distanceOf(value);
    use.stepped |= distance && !distance->isNone();
    use.writes += !distance || !distance->isNone();
    if (auto* constant = value->dynCast<Const>()) {
      use.unfit |= !windows.at(found->second).has(uint32_t(constant->value.geti32()));
    }
  }
};

// The globals that could be contained, by what they are and who uses them.
ContainedGlobals findCandidates(Module& module, const Windows& windows, const AddressCodes& codes) {
  std::unordered_map<Name, Name> memoryOf;
  std::unordered_set<Name> unfit;
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Global) {
      unfit.insert(*item->getInternalName());
    }
  }
  for (auto& [function, code] : codes) {
    for (auto& global : code.globals) {
      for (auto& memory : code.memories) {
        auto& its = memoryOf[global];
        if (its && its != memory) {
          unfit.insert(global);
        }
        its = memory;
      }
    }
  }
  ContainedGlobals candidates;
  for (auto& global : module.globals) {
    auto found = memoryOf.find(global->name);
    if (found == memoryOf.end() || unfit.contains(global->name) || global->imported() || !global->mutable_ ||
        global->type != Type::i32 || !global->init->is<Const>() ||
        !windows.at(found->second).has(uint32_t(global->init->cast<Const>()->value.geti32()))) {
      continue;
    }
    candidates[global->name] = found->second;
  }
  return candidates;
}

} // namespace

ContainedGlobals findContainedGlobals(Module& module, const Windows& windows, AddressCodes& codes) {
  auto candidates = findCandidates(module, windows, codes);
  ModuleUtils::ParallelFunctionAnalysis<Uses> analysis(module, [&](Function* function, Uses& uses) {
    if (!function->imported()) {
      auto& code = codes.at(function);
      ContainedValues values(*function, code, candidates, windows);
      Counter(candidates, windows, values, uses).count(code);
      code.addresses = {};
    }
  });
  Uses sums;
  for (auto& [function, uses] : analysis.map) {
    for (auto& [global, use] : uses) {
      sums[global].add(use);
    }
  }
  std::erase_if(candidates, [&](auto& candidate) {
    auto& use = sums[candidate.first];
    return use.unfit || !use.stepped || use.accesses <= use.writes;
  });
  return candidates;
}

ContainedValues::ContainedValues(Function& function,
                                 const AddressCode& code,
                                 const ContainedGlobals& globals,
                                 const Windows& windows)
  : globals(globals), locals(function.getNumLocals()) {
  auto memories = code.memories;
  for (auto& name : code.globals) {
    if (auto found = globals.find(name); found != globals.end()) {
      memories.insert(found->second);
    }
  }
  if (memories.size() != 1) {
    return;
  }
  about = *memories.begin();
  window = &windows.at(about);
  auto isSetFirst = std::move(Beginning(function.body).set);
  for (Index i = function.getNumParams(); i < locals.size(); i++) {
    if (function.getLocalType(i) == Type::i32) {
      // 0, which it begins with, is in the window.
      locals[i] = {true, isSetFirst.contains(i) ? std::nullopt : std::optional(Distance())};
    }
  }
  for (auto* set : code.globalSets) {
    if (globals.contains(set->name)) {
      for (auto* value = set->value; value->is<LocalSet>(); value = value->cast<LocalSet>()->value) {
        masked.insert(value);
      }
    }
  }
  solve(code.localSets);
}

void ContainedValues::solve(const std::vector<LocalSet*>& sets) {
  bool again = true;
  while (again) {
    again = false;
    for (auto* set : sets) {
      auto& local = locals[set->index];
      if (!local.contained) {
        continue;
      }
      auto value = masked.contains(set) ? std::optional(Distance()) : distanceOf(set->value);
      auto joined = local.distance ? join(local.distance, value) : value;
      if (joined && local.distance && joined->low == local.distance->low && joined->high == local.distance->high) {
        continue;
      }
      local.contained = joined && local.changes++ < mostChanges;
      local.distance = local.contained ? joined : std::nullopt;
      again = true;
    }
  }
}

std::optional<Distance> ContainedValues::distanceOf(Expression* value) const {
  if (!window || value->type != Type::i32) {
    return std::nullopt;
  }
  if (auto* constant = value->dynCast<Const>()) {
    return window->has(uint32_t(constant->value.geti32())) ? std::optional(Distance()) : std::nullopt;
  }
  if (auto* get = value->dynCast<GlobalGet>()) {
    auto found = globals.find(get->name);
    return found != globals.end() && found->second == about ? std::optional(Distance()) : std::nullopt;
  }
  if (auto* get = value->dynCast<LocalGet>()) {
    // Locals that were added since hold masked values, and nothing asks for them.
    return get->index < locals.size() ? locals[get->index].distance : std::nullopt;
  }
  if (auto* set = value->dynCast<LocalSet>()) {
    return masked.contains(set) ? std::optional(Distance()) : distanceOf(set->value);
  }
  if (auto* select = value->dynCast<Select>()) {
    return join(distanceOf(select->ifTrue), distanceOf(select->ifFalse));
  }
  if (auto* branch = value->dynCast<If>()) {
    return branch->ifFalse ? join(distanceOf(branch->ifTrue), distanceOf(branch->ifFalse)) : std::nullopt;
  }
  if (auto* block = value->dynCast<Block>()) {
    return block->name || block->list.empty() ? std::nullopt : distanceOf(block->list.back());
  }
  if (auto term = termOf(value)) {
    return moved(distanceOf(term->value), term->constant);
  }
  auto* binary = value->dynCast<Binary>();
  return binary ? distanceOfAligned(binary) : std::nullopt;
}

std::optional<Distance> ContainedValues::distanceOfAligned(Binary* curr) const {
  auto* constant = curr->right->dynCast<Const>();
  if (!constant || curr->op != AndInt32) {
    return std::nullopt;
  }
  // -16 and the like: the value is aligned, which lowers it by less than 16.
  auto alignment = 0 - uint32_t(constant->value.geti32());
  if (!std::has_single_bit(alignment) || alignment > mostAlignment) {
    return std::nullopt;
  }
  return moved(distanceOf(curr->left), 0, int64_t(alignment - 1));
}

void ContainedValues::foldConstants(Expression*& ptr, Address& offset) const {
  int64_t sum = 0;
  auto* value = ptr;
  while (auto term = termOf(value)) {
    sum += term->constant;
    value = term->value;
  }
  if (sum > 0 && uint64_t(offset) + sum <= mostOffset && !value->is<Const>() && distanceOf(value)) {
    ptr = value;
    offset = uint64_t(offset) + sum;
  }
}

Expression** ContainedValues::writtenValue(GlobalSet* set) {
  auto** value = &set->value;
  while (auto* tee = (*value)->dynCast<LocalSet>()) {
    value = &tee->value;
  }
  return value;
}

} // namespace parigot
