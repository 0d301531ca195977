#include "ir/iteration.h"
#include "verify/walk.h"

namespace parigot::verify {

using namespace wasm;

Value Walk::unknownOf(Type type) { return values.unknown({}, type == Type::i32 ? UINT32_MAX : UINT64_MAX); }

Value Walk::anyOf(Index local, Range range, uint64_t most) {
  auto type = guesses.scan.types[local];
  most = std::min(most, guesses.bounds[local]);
  if (type != Type::i32) {
    return type == Type::i64 ? values.unknown({}, most) : unknownOf(type);
  }
  return values.unknown(most < range.more ? Range::between(0, uint32_t(most)) : range);
}

void widen(Arguments& arguments, const Arguments& others) {
  for (size_t i = 0; i < arguments.size(); i++) {
    arguments[i] = {hull(arguments[i].range, others[i].range), std::max(arguments[i].most, others[i].most)};
  }
}

Operands Walk::walkOperands(Expression* curr) {
  ChildIterator children(curr); // last operand first
  Operands operands;
  for (size_t i = children.children.size(); i-- > 0;) {
    operands.push_back(walk(*children.children[i]));
  }
  return operands;
}

// x == y ? x : y is y, and x != y ? x : y is x.
std::optional<Value> Walk::sameOnBothWays(Value condition, Value a, Value b) const {
  auto& node = values.at(condition);
  if (condition.shift != 0 || node.kind != Node::Kind::Binary) {
    return {};
  }
  bool compared = (node.a == a && node.b == b) || (node.a == b && node.b == a);
  return compared && node.op == EqInt32   ? std::optional(b)
         : compared && node.op == NeInt32 ? std::optional(a)
                                          : std::nullopt;
}

Value Walk::walkSelect(Select* curr) {
  auto a = walk(curr->ifTrue), b = walk(curr->ifFalse);
  auto condition = walk(curr->condition);
  if (a == b) {
    return a;
  }
  if (auto same = sameOnBothWays(condition, a, b)) {
    return *same;
  }
  struct {
    bool live;
    Range range;
    uint64_t most;
  } one, other;
  assuming(condition, true, [&] { one = {state.live, state.rangeOf(values, a), state.mostOf(values, a)}; });
  assuming(condition, false, [&] { other = {state.live, state.rangeOf(values, b), state.mostOf(values, b)}; });
  if (!one.live && !other.live) {
    stop();
    return {};
  }
  // Where only one way is possible, the result is an operand, which is no choice elsewhere.
  if (!one.live || !other.live) {
    return one.live ? a : b;
  }
  auto value = values.unknown(hull(one.range, other.range), std::max(one.most, other.most));
  if (curr->type == Type::i32) {
    choicesOf[value.node] = {condition, a, b};
  }
  return value;
}

void Walk::forgetGlobals() {
  state.globals.clear();
  state.epoch = values.unknown().node;
}

Value Walk::walkGlobalGet(GlobalGet* curr) {
  touchName(ModuleItemKind::Global, curr->name);
  auto* global = module.getGlobal(curr->name);
  if (!global->mutable_ && !global->imported()) {
    if (auto* constant = global->init->dynCast<Const>()) {
      return walk(constant);
    }
  }
  if (read.insert(curr->name).second) {
    proof.touches.insert({Touch::Kind::ReadGlobal, curr->name});
  }
  for (auto& [name, value] : state.globals) {
    if (name == curr->name) {
      return value;
    }
  }
  Range range;
  if (auto found = context.globals.find(curr->name); found != context.globals.end()) {
    range = found->second;
  }
  auto value = curr->type == Type::i32 ? values.unknown(range) : unknownOf(curr->type);
  if (rights.kind == Rights::Kind::Check) {
    globalOf[value.node] = curr->name;
  }
  state.globals.push_back({curr->name, value});
  return value;
}

void Walk::walkGlobalSet(GlobalSet* curr) {
  auto value = walk(curr->value);
  if (!state.live) {
    return;
  }
  if (written.insert(curr->name).second) {
    proof.touches.insert({Touch::Kind::WriteGlobal, curr->name});
  }
  if (auto found = context.globals.find(curr->name); found != context.globals.end()) {
    if (!found->second.has(state.rangeOf(values, value))) {
      proof.outOfRange.insert(curr->name);
    }
  }
  std::erase_if(state.globals, [&](auto& entry) { return entry.first == curr->name; });
  state.globals.push_back({curr->name, value});
  state.epoch = values.unknown().node;
}

// Notes what a check function says when it returns.
void Walk::noteCheck(const CheckFunction& check, const Operands& operands) {
  if (!check.address && !check.count) {
    return;
  }
  if (!check.address) {
    auto& count = values.at(operands[*check.count]);
    if (count.kind == Node::Kind::Unary && count.op == ExtendUInt32) {
      state.learn(values, count.a, Range::between(0, uint32_t(std::min<uint64_t>(check.mostCount, UINT32_MAX))));
    }
    return;
  }
  auto address = operands[*check.address];
  if (!check.count) {
    state.note({Fact::Kind::Checked, address, {}, check.service, check.bytes});
    return;
  }
  auto& count = values.at(operands[*check.count]);
  if (count.kind == Node::Kind::Constant64 && count.number <= UINT32_MAX) {
    state.note({Fact::Kind::Checked, address, {}, check.service, count.number});
  } else if (count.kind == Node::Kind::Unary && count.op == ExtendUInt32) {
    state.note({Fact::Kind::Counted, address, {}, check.service, 0, count.a});
  }
}

void Walk::noteArguments(Name target, const Operands& operands) {
  if (context.references.count(target)) {
    return;
  }
  Arguments arguments;
  for (auto value : operands) {
    arguments.push_back({state.rangeOf(values, value), state.mostOf(values, value)});
  }
  auto [found, added] = proof.arguments.insert({target, arguments});
  if (!added) {
    widen(found->second, arguments);
  }
}

Value Walk::walkCall(Call* curr) {
  auto operands = walkOperands(curr);
  if (!state.live) {
    return {};
  }
  if (called.insert(curr->target).second) {
    proof.calls.insert(curr->target);
  }
  noteArguments(curr->target, operands);
  forgetGlobals();
  auto found = context.checkNames.count(curr->target) ? context.checks.find(curr->target) : context.checks.end();
  if (found != context.checks.end() && rights.has(found->second.service)) {
    noteCheck(found->second, operands);
  }
  if (curr->isReturn) {
    leaveFunction();
    stop();
  }
  return unknownOf(curr->type);
}

Value Walk::walkValue(Expression* curr, bool& done) {
  done = true;
  switch (curr->_id) {
    case Expression::ConstId: {
      auto& literal = curr->cast<Const>()->value;
      if (curr->type == Type::i32) {
        return Values::constant(uint32_t(literal.geti32()));
      }
      return curr->type == Type::i64 ? values.constant64(uint64_t(literal.geti64())) : values.unknown();
    }
    case Expression::LocalGetId:
      return state.locals[curr->cast<LocalGet>()->index];
    case Expression::LocalSetId: {
      auto* set = curr->cast<LocalSet>();
      auto value = walk(set->value);
      if (state.live) {
        state.locals[set->index] = value;
      }
      return value;
    }
    case Expression::GlobalGetId:
      return walkGlobalGet(curr->cast<GlobalGet>());
    case Expression::GlobalSetId:
      walkGlobalSet(curr->cast<GlobalSet>());
      return {};
    case Expression::UnaryId: {
      auto* unary = curr->cast<Unary>();
      auto value = walk(unary->value);
      return values.unary(unary->op, value);
    }
    case Expression::BinaryId: {
      auto* binary = curr->cast<Binary>();
      auto left = walk(binary->left);
      auto right = walk(binary->right);
      return values.binary(binary->op, left, right);
    }
    case Expression::SelectId:
      return walkSelect(curr->cast<Select>());
    case Expression::CallId:
      return walkCall(curr->cast<Call>());
    default:
      done = false;
      return {};
  }
}

// Every other instruction: its operands run, then it touches what its fields name, and what it returns is not known.
Value Walk::walkOthers(Expression* curr) {
  auto operands = walkOperands(curr);
  if (!state.live) {
    return {};
  }
  return touch(curr, operands);
}

} // namespace parigot::verify
