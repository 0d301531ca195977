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
  if (!from.live) {
    return;
  }
  auto& target = targets[name];
  if (target.loop) {
    for (auto& assumed : target.assumed) {
      checkAssumed(target.loop, assumed, from);
    }
    return;
  }
  joiner.join(target.joined, from, value);
}

Walk::Target& Walk::open(Name name) {
  if (spareTargets.empty()) {
    auto& target = targets[name];
    target.joined.live = false;
    return target;
  }
  spareTargets.back().key() = name;
  auto& target = targets.insert(std::move(spareTargets.back())).position->second;
  spareTargets.pop_back();
  target.loop = nullptr;
  target.joined.live = false;
  target.assumed.clear();
  return target;
}

void Walk::close(Name name) {
  if (auto target = targets.extract(name)) {
    spareTargets.push_back(std::move(target));
  }
}

State Walk::copyOfState() {
  if (spareStates.empty()) {
    return state;
  }
  auto copy = std::move(spareStates.back());
  spareStates.pop_back();
  copy = state;
  return copy;
}

// The end of a block with this name: the branches to it meet the code that falls through with `value`.
Value Walk::leave(Name name, Value value) {
  if (!name) {
    return value;
  }
  auto& joined = targets[name].joined;
  if (!state.live && joined.live) {
    std::swap(state, joined);
  } else {
    state.carried = value;
    joiner.join(state, joined, joined.carried);
  }
  close(name);
  return state.carried;
}

Value Walk::walkBlock(Block* block) {
  // Blocks nest deeply in code with many branches, always as the first child.
  std::vector<Block*> nested;
  for (auto* inner = block; inner; inner = inner->list.empty() ? nullptr : inner->list[0]->dynCast<Block>()) {
    nested.push_back(inner);
    if (inner->name) {
      open(inner->name);
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
  auto other = copyOfState();
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
  joiner.join(state, other, other.carried);
  discard(std::move(other));
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
void Walk::assume(Loop* loop, Index local, std::vector<Assumed>& all) {
  auto type = guesses.scan.types[local];
  Assumed assumed{local, 0, {}, UINT64_MAX};
  // A loop can set a local, and then be left.
  if (state.live && guesses.ofNumbers && !guesses.all[{loop, local}].changes) {
    assumed.same = state.locals[local];
    all.push_back(assumed);
    return;
  }
  bool isNumber = guesses.ofNumbers && (type == Type::i32 || type == Type::i64);
  if (state.live && (guesses.addresses[local] || isNumber)) {
    auto& guess = guesses.all[{loop, local}];
    assumed.level = guess.level;
    if (guesses.addresses[local]) {
      assumed.range = guessAddress(state.rangeOf(values, state.locals[local]), guess.level);
    } else if (guess.level <= mostNumbers && type == Type::i32) {
      auto before = state.rangeOf(values, state.locals[local]);
      assumed.range = guess.level == 0 ? before : hull(before, guess.range);
    } else if (guess.level <= mostNumbers) {
      assumed.most = std::max(guess.most, state.mostOf(values, state.locals[local]));
    }
    all.push_back(assumed);
  }
  state.locals[local] = anyOf(local, assumed.range, assumed.most);
}

// At the end of a turn. What is wrong is assumed no more in the next walk, but more numbers.
void Walk::checkAssumed(Loop* loop, const Assumed& assumed, const State& from) {
  auto value = from.locals[assumed.local];
  if (assumed.same) {
    if (!(value == *assumed.same)) {
      guesses.all[{loop, assumed.local}].changes = guessedWrong = true;
    }
    return;
  }
  auto range = from.rangeOf(values, value);
  auto most = from.mostOf(values, value);
  bool isInt64 = guesses.scan.types[assumed.local] == Type::i64;
  if (isInt64 ? most <= assumed.most : assumed.range.has(range)) {
    return;
  }
  guessedWrong = true;
  auto& guess = guesses.all[{loop, assumed.local}];
  if (guess.level == assumed.level) { // the first back edge that shows it
    guess = {guess.changes, assumed.level + 1, assumed.range, assumed.most};
  }
  guess.most = onesOf(std::max(guess.most, most));
  auto both = hull(guess.range, range);
  guess.range = both.wraps() ? Range() : Range::between(0, uint32_t(onesOf(both.most())));
}

Value Walk::walkLoop(Loop* curr) {
  std::vector<Assumed> assumed;
  for (auto local : guesses.scan.setLocals.at(curr)) {
    assume(curr, local, assumed);
  }
  forgetGlobals();
  if (!curr->name) {
    return walk(curr->body);
  }
  auto& target = open(curr->name);
  target.loop = curr;
  target.assumed = std::move(assumed);
  auto value = walk(curr->body);
  close(curr->name);
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
  assuming(condition, true, [&] { branchTo(curr->name, value, state); });
  state.assume(values, condition, false);
  return value;
}

Value Walk::walkSwitch(Switch* curr) {
  auto value = curr->value ? walk(curr->value) : Value();
  walk(curr->condition);
  switches++;
  auto branch = [&](Name name) {
    if (auto& target = targets[name]; target.switches != switches) {
      target.switches = switches;
      branchTo(name, value, state);
    }
  };
  std::for_each(curr->targets.begin(), curr->targets.end(), branch);
  branch(curr->default_);
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
    open(curr->name);
  }
  auto value = walk(curr->body);
  auto after = state;
  after.carried = value;
  for (auto* body : curr->catchBodies) {
    state = caught;
    forget(guesses.scan.setLocals.at(curr));
    state.carried = walk(body);
    if (!curr->type.isConcrete()) {
      state.carried = after.carried = {};
    }
    joiner.join(after, state, state.carried);
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
    forget(guesses.scan.setLocals.at(curr));
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

Value Walk::firstValueOf(Index local, const Arguments* arguments) {
  auto type = guesses.scan.types[local];
  bool isParameter = local < function.getNumParams();
  if (!isParameter && type == Type::i32) {
    return Values::constant(0);
  }
  if (!isParameter && type == Type::i64) {
    return values.constant64(0);
  }
  if (!arguments || !isParameter) {
    return unknownOf(type);
  }
  auto& argument = (*arguments)[local];
  return type == Type::i32 ? values.unknown(argument.range) : values.unknown({}, argument.most);
}

bool Walk::run() {
  state.epoch = values.unknown().node;
  auto known = context.arguments.find({function.name, rights});
  for (Index i = 0; i < guesses.scan.types.size(); i++) {
    state.locals.push_back(firstValueOf(i, known == context.arguments.end() ? nullptr : &known->second));
  }
  parameters = state.locals;
  walk(function.body);
  if (state.live) {
    leaveFunction();
  }
  return !guessedWrong;
}

} // namespace parigot::verify
