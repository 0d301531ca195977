#include "verify/walk.h"

#include "verify/bounds.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// Code that nests deeper is not proved: the walk is recursive.
constexpr int mostDepth = 4000;
// Frames of functions lie this far below a contained stack pointer at most.
constexpr uint32_t mostBelow = 65536;
// A number at a loop that has become larger so often grows with its turns.
constexpr int mostNumbers = 3;

} // namespace

void Walk::branchTo(Name name, Value value, const State& from) {
  auto& target = targets[name];
  if (target.isLoop) {
    for (auto& assumed : target.assumed) {
      if (from.live) {
        checkAssumed(target, assumed, from);
      }
    }
    return;
  }
  auto copy = from;
  copy.carried = value;
  join(target.joined, copy, values, memories);
}

// The end of a block with this name: the branches to it meet the code that falls through with `value`.
Value Walk::leave(Name name, Value value) {
  if (!name) {
    return value;
  }
  state.carried = value;
  auto& target = targets[name];
  join(state, target.joined, values, memories);
  targets.erase(name);
  return state.carried;
}

Value Walk::walkBlock(Block* block) {
  // Blocks nest deeply in code with many branches, always as the first child.
  std::vector<Block*> nested;
  for (auto* inner = block; inner; inner = inner->list.empty() ? nullptr : inner->list[0]->dynCast<Block>()) {
    nested.push_back(inner);
    if (inner->name) {
      targets[inner->name].joined.live = false;
    }
  }
  Value value;
  for (size_t i = nested.size(); i-- > 0;) {
    auto& list = nested[i]->list;
    bool isInnermost = i + 1 == nested.size();
    for (size_t child = isInnermost ? 0 : 1; child < list.size(); child++) {
      value = walk(list[child]);
    }
    if (!nested[i]->type.isConcrete()) {
      value = {};
    }
    value = leave(nested[i]->name, value);
  }
  return value;
}

Value Walk::walkIf(If* curr) {
  auto condition = walk(curr->condition);
  auto other = state;
  state.assume(values, condition, true);
  state.carried = walk(curr->ifTrue);
  std::swap(state, other);
  state.assume(values, condition, false);
  state.carried = curr->ifFalse ? walk(curr->ifFalse) : Value();
  if (!curr->type.isConcrete()) {
    state.carried = other.carried = {};
  }
  Choice choice{condition, other.carried, state.carried};
  bool isChoice = curr->type == Type::i32 && state.live && other.live && !(choice.a == choice.b);
  join(state, other, values, memories);
  if (isChoice) {
    choicesOf[state.carried.node] = choice;
  }
  return state.carried;
}

// The range that is guessed of an address at a loop.
Range Walk::guessAddress(const Range& before, int level) const {
  auto range = level == 0 ? before : Range();
  for (auto index : rights.services) {
    for (auto& contained : {claims.services[index].contained, claims.services[index].containedAlone}) {
      if (level == 1 && contained && contained->more < UINT32_MAX - mostBelow) {
        Range around{contained->first - mostBelow, contained->more + mostBelow};
        range = around.has(before) && around.more < range.more ? around : range;
      }
    }
  }
  return range;
}

// Sets a local that the loop sets to what it can be at the begin of each turn.
void Walk::assume(Loop* loop, Index local, Target& target) {
  auto type = function.getLocalType(local);
  Assumed assumed{local, 0, {}, UINT64_MAX};
  // A loop can set a local, and then be left.
  if (state.live && guesses.ofNumbers && !guesses.all[{loop, local}].changes) {
    assumed.same = state.locals[local];
    target.assumed.push_back(assumed);
    return;
  }
  bool isNumber = guesses.ofNumbers && (type == Type::i32 || type == Type::i64);
  if (state.live && (guesses.addresses.count(local) || isNumber)) {
    auto& guess = guesses.all[{loop, local}];
    assumed.level = guess.level;
    if (guesses.addresses.count(local)) {
      assumed.range = guessAddress(state.rangeOf(values, state.locals[local]), guess.level);
    } else if (guess.level <= mostNumbers && type == Type::i32) {
      auto before = state.rangeOf(values, state.locals[local]);
      assumed.range = guess.level == 0 ? before : hull(before, guess.range);
    } else if (guess.level <= mostNumbers) {
      assumed.most = std::max(guess.most, state.mostOf(values, state.locals[local]));
    }
    target.assumed.push_back(assumed);
  }
  state.locals[local] = anyOf(local, assumed.range, assumed.most);
}

// At the end of a turn. What is wrong is assumed no more in the next walk, but more numbers.
void Walk::checkAssumed(const Target& target, const Assumed& assumed, const State& from) {
  auto value = from.locals[assumed.local];
  if (assumed.same) {
    if (!(value == *assumed.same)) {
      guesses.all[{target.loop, assumed.local}].changes = guessedWrong = true;
    }
    return;
  }
  auto range = from.rangeOf(values, value);
  auto most = from.mostOf(values, value);
  bool isInt64 = function.getLocalType(assumed.local) == Type::i64;
  if (isInt64 ? most <= assumed.most : assumed.range.has(range)) {
    return;
  }
  guessedWrong = true;
  auto& guess = guesses.all[{target.loop, assumed.local}];
  if (guess.level == assumed.level) { // the first back edge that shows it
    guess = {guess.changes, assumed.level + 1, assumed.range, assumed.most};
  }
  guess.most = onesOf(std::max(guess.most, most));
  auto both = hull(guess.range, range);
  guess.range = both.wraps() ? Range() : Range::between(0, uint32_t(onesOf(both.most())));
}

Value Walk::walkLoop(Loop* curr) {
  Target target;
  target.isLoop = true;
  target.loop = curr;
  target.joined.live = false;
  for (auto local : guesses.setLocals.at(curr)) {
    assume(curr, local, target);
  }
  forgetGlobals();
  auto name = curr->name;
  if (name) {
    targets[name] = std::move(target);
  }
  auto value = walk(curr->body);
  targets.erase(name);
  return value;
}

Value Walk::walkBreak(Break* curr) {
  auto value = curr->value ? walk(curr->value) : Value();
  if (!curr->condition) {
    branchTo(curr->name, value, state);
    stop();
    return {};
  }
  auto condition = walk(curr->condition);
  auto taken = state;
  taken.assume(values, condition, true);
  branchTo(curr->name, value, taken);
  state.assume(values, condition, false);
  return value;
}

Value Walk::walkSwitch(Switch* curr) {
  auto value = curr->value ? walk(curr->value) : Value();
  walk(curr->condition);
  std::set<Name> all(curr->targets.begin(), curr->targets.end());
  all.insert(curr->default_);
  for (auto name : all) {
    branchTo(name, value, state);
  }
  stop();
  return {};
}

Value Walk::walkBrOn(BrOn* curr) {
  auto operands = walkOperands(curr);
  branchTo(curr->name, unknownOf(curr->getSentType()), state);
  return unknownOf(curr->type);
}

void Walk::forget(const std::vector<Index>& locals) {
  for (auto local : locals) {
    state.locals[local] = anyOf(local);
  }
  forgetGlobals();
}

// An exception can come from any place of the body.
Value Walk::walkTry(Try* curr) {
  auto caught = state;
  if (curr->name) {
    targets[curr->name].joined.live = false;
  }
  auto value = walk(curr->body);
  auto after = state;
  after.carried = value;
  for (auto* body : curr->catchBodies) {
    state = caught;
    forget(guesses.setLocals.at(curr));
    state.carried = walk(body);
    if (!curr->type.isConcrete()) {
      state.carried = after.carried = {};
    }
    join(after, state, values, memories);
  }
  state = std::move(after);
  return state.carried;
}

Value Walk::walkTryTable(TryTable* curr) {
  auto caught = state;
  auto value = walk(curr->body);
  auto after = std::move(state);
  for (size_t i = 0; i < curr->catchDests.size(); i++) {
    state = caught;
    forget(guesses.setLocals.at(curr));
    branchTo(curr->catchDests[i], unknownOf(Type::none), state);
  }
  state = std::move(after);
  return value;
}

Value Walk::walkControl(Expression* curr, bool& done) {
  done = true;
  switch (curr->_id) {
    case Expression::BlockId:
      return walkBlock(curr->cast<Block>());
    case Expression::IfId:
      return walkIf(curr->cast<If>());
    case Expression::LoopId:
      return walkLoop(curr->cast<Loop>());
    case Expression::BreakId:
      return walkBreak(curr->cast<Break>());
    case Expression::SwitchId:
      return walkSwitch(curr->cast<Switch>());
    case Expression::BrOnId:
      return walkBrOn(curr->cast<BrOn>());
    case Expression::TryId:
      return walkTry(curr->cast<Try>());
    case Expression::TryTableId:
      return walkTryTable(curr->cast<TryTable>());
    case Expression::ReturnId:
      if (auto* value = curr->cast<Return>()->value) {
        walk(value);
      }
      leaveFunction();
      stop();
      return {};
    case Expression::UnreachableId:
      stop();
      return {};
    case Expression::ResumeId:
    case Expression::ResumeThrowId:
    case Expression::SuspendId:
    case Expression::StackSwitchId:
    case Expression::ContBindId:
    case Expression::ContNewId:
      refuse(curr, "the verifier does not know instructions that switch stacks");
      return walkOthers(curr);
    default:
      done = false;
      return {};
  }
}

Value Walk::walk(Expression* curr) {
  if (!state.live) {
    return {}; // no run comes here
  }
  if (depth >= mostDepth) {
    refuse(curr, "the code nests too deeply");
    stop();
    return {};
  }
  depth++;
  proof.instructions++;
  bool done;
  auto value = walkControl(curr, done);
  if (!done) {
    value = walkValue(curr, done);
  }
  if (!done) {
    value = walkOthers(curr);
  }
  if (curr->type == Type::unreachable && !curr->is<Block>() && !curr->is<Loop>()) {
    stop();
  }
  depth--;
  return value;
}

Value Walk::firstValueOf(Index local) {
  auto type = function.getLocalType(local);
  if (!function.isParam(local) && type == Type::i32) {
    return Values::constant(0);
  }
  if (!function.isParam(local) && type == Type::i64) {
    return values.constant64(0);
  }
  auto known = context.arguments.find({function.name, rights});
  if (known == context.arguments.end() || !function.isParam(local)) {
    return unknownOf(type);
  }
  auto& argument = known->second[local];
  return type == Type::i32 ? values.unknown(argument.range) : values.unknown({}, argument.most);
}

bool Walk::run() {
  state.epoch = values.unknown().node;
  for (Index i = 0; i < function.getNumLocals(); i++) {
    state.locals.push_back(firstValueOf(i));
  }
  parameters = state.locals;
  walk(function.body);
  if (state.live) {
    leaveFunction();
  }
  return !guessedWrong;
}

} // namespace parigot::verify
