#include "gojs/flow.h"

#include <optional>

#include "gojs/pclntab.h"
#include "gojs/table_slots.h"
#include "ir/branch-utils.h"
#include "wasm-traversal.h"

namespace parigot::gojs {

namespace {

using wasm::Expression;
using wasm::Name;

// States that wait for the end of a block or an if. Deeper than that (no
// compiler's output is) nothing is known.
constexpr size_t mostWaiting = 1024;
// The imports of Go read and write this much above the stack pointer at most.
constexpr uint32_t importArguments = 64; // bytes
// Operands nest a few levels deep; beyond, values are unknown.
constexpr unsigned deepest = 24;

// Farther from the entry SP than this is nothing of a function's: unknown.
constexpr int64_t farthest = int64_t(1) << 40; // bytes

Value frameAt(uint64_t offset) {
  auto distance = int64_t(offset);
  return distance > -farthest && distance < farthest ? Value::frame(distance) : Value();
}

bool isGoFunction(wasm::Function& function) {
  return function.getSig() == wasm::Signature(wasm::Type::i32, wasm::Type::i32);
}

// What has to be known before a function is followed.
struct Prescan : public wasm::PostWalker<Prescan> {
  // What is set in any loop, of which nothing is known at the head of one.
  std::unordered_set<wasm::Index> locals;
  bool globals = false;
  size_t depth = 0;
  // Blocks of Go that are jumped to, by number: local 0 is set to it before a
  // branch to the br_table.
  std::unordered_set<uint32_t> jumps;
  bool jumpsAnywhere = false;

  static void doEnter(Prescan* self, Expression**) { self->depth++; }
  static void doLeave(Prescan* self, Expression**) { self->depth--; }
  static void scan(Prescan* self, Expression** currp) {
    bool isLoop = (*currp)->is<wasm::Loop>();
    if (isLoop) {
      self->pushTask(doLeave, currp);
    }
    wasm::PostWalker<Prescan>::scan(self, currp);
    if (isLoop) {
      self->pushTask(doEnter, currp);
    }
  }
  void visitLocalSet(wasm::LocalSet* curr) {
    if (depth) {
      locals.insert(curr->index);
    }
    if (curr->index == 0) {
      auto* number = curr->value->dynCast<wasm::Const>();
      if (number && number->type == wasm::Type::i32) {
        jumps.insert(uint32_t(number->value.geti32()));
      } else {
        jumpsAnywhere = true;
      }
    }
  }
  void visitGlobalSet(wasm::GlobalSet*) { globals |= depth != 0; }
};

// The stack pointer of Go and of LLVM is the first global that is a mutable i32.
Name stackPointerOf(const wasm::Module& module) {
  for (auto& global : module.globals) {
    if (!global->imported() && global->mutable_ && global->type == wasm::Type::i32) {
      return global->name;
    }
  }
  return {};
}

// The global that is not 0 while asyncify unwinds or rewinds the stack.
Name asyncifyStateOf(wasm::Module& module) {
  auto* item = module.getExportOrNull("asyncify_get_state");
  if (!item || item->kind != wasm::ExternalKind::Function) {
    return {};
  }
  auto* function = module.getFunctionOrNull(*item->getInternalName());
  auto* state = function && !function->imported() ? function->body->dynCast<wasm::GlobalGet>() : nullptr;
  return state ? state->name : Name();
}

class Follower : public wasm::PostWalker<Follower> {
public:
  Follower(ModuleFacts& facts,
           wasm::Module& module,
           bool go,
           const std::vector<std::optional<uint32_t>>& argumentBytes)
    : facts(facts), argumentBytes(argumentBytes), go(go), stackPointer(stackPointerOf(module)), asyncifyState(asyncifyStateOf(module)) {
    setModule(&module);
  }

  void follow(wasm::Function* function, FunctionFacts& into) {
    current = &into;
    goFunction = go && isGoFunction(*function);
    bodyDepth = 0;
    goStackLocal.reset();
    state = {};
    state.sp = Value::frame(0);
    // New ones, since clearing a map takes as long as it once was large.
    recorded = {};
    waiting = {};
    ifs.clear();
    dispatched = {};
    jumpedTo = {};
    ownSlot = slotOf(function);
    returnAddressPushed = false;
    if (!goFunction) {
      for (wasm::Index i = 0; i < function->getNumParams(); i++) {
        state.setLocal(i, Value::input(i));
      }
    }
    prescan = {};
    prescan.walk(function->body);
    walkFunction(function);
  }

  // By function: its slot of the table that Go's pcs mean, or 0.
  std::unordered_map<Name, uint32_t> slots;
  // By slot: the index of its function.
  std::unordered_map<uint32_t, uint32_t> functionsBySlot;

  static void scan(Follower* self, Expression** currp);

  void visitLocalGet(wasm::LocalGet* curr) { record(curr, state.local(curr->index)); }
  void visitLocalSet(wasm::LocalSet* curr) {
    auto value = valueOf(curr->value);
    if (state.live) {
      state.setLocal(curr->index, value);
    }
    if (curr->isTee()) {
      record(curr, value);
    }
  }
  void visitGlobalGet(wasm::GlobalGet* curr) {
    if (curr->name == stackPointer) {
      record(curr, state.sp);
    } else if (curr->name == asyncifyState) {
      record(curr, Value::constant(0));
    }
  }
  void visitGlobalSet(wasm::GlobalSet* curr) {
    if (state.live && curr->name == stackPointer) {
      state.sp = valueOf(curr->value);
    }
  }
  void visitLoad(wasm::Load* curr) {
    auto address = addressOf(curr->ptr, curr->offset);
    if (curr->bytes != 8 || curr->type != wasm::Type::i64) {
      return;
    }
    if (address.is(ValueKind::Frame)) {
      record(curr, state.slot(address.bits, goFunction));
    } else if (address.is(ValueKind::Const)) {
      record(curr, Value::atAddress(address.bits));
    }
  }
  void visitStore(wasm::Store* curr) {
    if (!state.live) {
      return;
    }
    auto address = addressOf(curr->ptr, curr->offset);
    auto value = valueOf(curr->value);
    // Go pushes a return address before a call, also of the few functions that
    // take parameters (the write barrier).
    returnAddressPushed |= goFunction && address == state.sp && value.is(ValueKind::Const) &&
                           uint64_t(value.bits) >> goSlotShift == ownSlot;
    if (address.is(ValueKind::Frame)) {
      if (curr->bytes == 8 && curr->valueType == wasm::Type::i64) {
        state.setSlot(address.bits, value);
      } else {
        state.overwrite(address.bits, curr->bytes);
      }
    } else if (address.is(ValueKind::Const)) {
      facts.written.insert(uint64_t(address.bits) & ~uint64_t(7));
      if (value == Value::constant(globalObjectRef)) {
        facts.globalObjects.insert(uint64_t(address.bits));
      }
    }
  }
  void visitMemoryCopy(wasm::MemoryCopy* curr) { visitBulkWrite(curr->dest, curr->size); }
  void visitMemoryFill(wasm::MemoryFill* curr) { visitBulkWrite(curr->dest, curr->size); }
  void visitMemoryInit(wasm::MemoryInit* curr) { visitBulkWrite(curr->dest, curr->size); }

  void visitCall(wasm::Call* curr) {
    if (!state.live) {
      return;
    }
    auto* callee = getModule()->getFunction(curr->target);
    CallFact call{facts.indices.at(curr->target), uint32_t(facts.operands.size()), 0};
    if (go) {
      addStackOperands(curr, callee, call);
    } else {
      addOperands(curr);
    }
    call.operandsEnd = uint32_t(facts.operands.size());
    current->calls.push_back(call);
    if (callee->imported()) {
      afterCall(false, go ? std::optional(importArguments) : std::nullopt);
    } else {
      afterCall(go && (returnAddressPushed || isGoFunction(*callee)), argumentBytes[call.callee]);
    }
    stopIf(curr->isReturn);
  }
  void visitCallIndirect(wasm::CallIndirect* curr) {
    if (state.live) {
      current->indirect.push_back(curr->heapType);
      afterCall(go, {});
      stopIf(curr->isReturn);
    }
  }
  void visitCallRef(wasm::CallRef* curr) {
    if (state.live) {
      if (curr->target->type.isRef()) {
        current->indirect.push_back(curr->target->type.getHeapType());
      }
      afterCall(false, {});
      stopIf(curr->isReturn);
    }
  }
  void visitRefFunc(wasm::RefFunc* curr) { current->references.push_back(facts.indices.at(curr->func)); }
  void visitConst(wasm::Const* curr) {
    if (go && curr->type == wasm::Type::i64) {
      noteSlotConstant(Value::constant(curr->value.geti64()));
    }
  }

  void visitBreak(wasm::Break* curr) {
    auto condition = curr->condition ? valueOf(curr->condition) : Value::constant(1);
    if (!condition.is(ValueKind::Const)) {
      branchTo(curr->name);
    } else if (condition.bits) {
      branchTo(curr->name);
      state.live = false;
    }
  }
  // Code that a loop's label was branched to from has been followed.
  void visitLoop(wasm::Loop* curr) { waiting.erase(curr->name); }
  void visitSwitch(wasm::Switch* curr) {
    auto* block = curr->condition->dynCast<wasm::LocalGet>();
    bool dispatch = goFunction && block && block->index == 0;
    std::unordered_set<Name> seen;
    auto visit = [&](Name target, uint32_t number) {
      if (dispatch && (prescan.jumpsAnywhere || prescan.jumps.count(number))) {
        jumpedTo.insert(target);
      }
      if (seen.insert(target).second) {
        if (dispatch) {
          dispatched.insert(target);
        } else {
          branchTo(target);
        }
      }
    };
    for (uint32_t i = 0; i < curr->targets.size(); i++) {
      visit(curr->targets[i], i);
    }
    visit(curr->default_, uint32_t(curr->targets.size()));
    state.live = false;
  }
  void visitReturn(wasm::Return*) { state.live = false; }
  void visitUnreachable(wasm::Unreachable*) { state.live = false; }
  void visitThrow(wasm::Throw*) { state.live = false; }
  void visitRethrow(wasm::Rethrow*) { state.live = false; }
  void visitThrowRef(wasm::ThrowRef*) { state.live = false; }

private:
  ModuleFacts& facts;
  const std::vector<std::optional<uint32_t>>& argumentBytes;
  const bool go;
  const Name stackPointer, asyncifyState;
  FunctionFacts* current = nullptr;
  FlowState state;
  // Whether the function has Go's calling convention.
  bool goFunction = false;
  uint32_t ownSlot = 0;
  bool returnAddressPushed = false;
  // How far below the entry SP the stack pointer is in a Go function's body, in
  // bytes, and the local that holds it.
  int64_t bodyDepth = 0;
  std::optional<wasm::Index> goStackLocal;
  // Values of expressions when they were evaluated, of those that could have
  // another one later.
  std::unordered_map<const Expression*, Value> recorded;
  // States of branches to the end of a block.
  std::unordered_map<Name, FlowState> waiting;
  // States at the start of the if arms around.
  std::vector<FlowState> ifs;
  // Blocks behind which a block of Go begins, and those of them that are jumped to
  // and not only fallen into, or resumed at.
  std::unordered_set<Name> dispatched, jumpedTo;
  Prescan prescan;

  void record(const Expression* curr, Value value) {
    if (value) {
      recorded[curr] = value;
    }
  }

  void stopIf(bool stops) { state.live &= !stops; }

  uint32_t slotOf(const wasm::Function* function) const {
    auto found = slots.find(function->name);
    return found == slots.end() ? 0 : found->second;
  }

  Value valueOf(const Expression* curr, unsigned depth = 0) const;
  Value valueOf(const wasm::Unary* curr, unsigned depth) const;
  Value valueOf(const wasm::Binary* curr, unsigned depth) const;
  Value addressOf(const Expression* pointer, uint64_t offset) const;
  void addOperands(wasm::Call* curr);
  void addStackOperands(wasm::Call* curr, wasm::Function* callee, CallFact& call);
  void afterCall(bool popsReturnAddress, std::optional<uint32_t> arguments);
  void branchTo(Name target);
  void visitBulkWrite(Expression* dest, Expression* size);

  // A reference to another function: a store of its pc that is no return address
  // of this one.
  void noteSlotConstant(Value value) {
    if (!go || !value.is(ValueKind::Const) || value.bits & ((1 << goSlotShift) - 1)) {
      return;
    }
    auto slot = uint64_t(value.bits) >> goSlotShift;
    if (slot >= firstGoSlot && slot <= UINT32_MAX && slot != ownSlot) {
      auto found = functionsBySlot.find(uint32_t(slot));
      if (found != functionsBySlot.end()) {
        current->slotConstants.push_back(found->second);
      }
    }
  }

  void noteBodyDepth() {
    if (goFunction && state.live && state.sp.is(ValueKind::Frame)) {
      bodyDepth = std::max(bodyDepth, -state.sp.bits);
    }
  }

  // Where a block of Go begins.
  void beginGoBlock(bool isJumpedTo) {
    noteBodyDepth();
    bool fallenInto = state.live && !isJumpedTo;
    auto sp = state.live && state.sp ? state.sp : Value::frame(-bodyDepth);
    state.live = true;
    for (auto& entry : state.locals) {
      if (!goStackLocal && entry.value == state.sp) {
        goStackLocal = wasm::Index(entry.key);
      }
    }
    state.sp = sp;
    state.locals.clear();
    if (goStackLocal) {
      state.setLocal(*goStackLocal, sp);
    }
    if (!fallenInto) {
      state.forgetFrame();
      for (auto& entry : state.slots) {
        entry.value = {};
      }
    }
  }

  static void doEndBlock(Follower* self, Expression** currp);
  static void doBeginLoop(Follower* self, Expression** currp);
  static void doBeginThen(Follower* self, Expression** currp);
  static void doBeginElse(Follower* self, Expression** currp);
  static void doEndIf(Follower* self, Expression** currp);
  static void doForgetAll(Follower* self, Expression**) {
    self->state.live = true;
    self->state.forgetAll();
  }
  // Branches that may be taken anywhere inside.
  static void doBranchAnywhere(Follower* self, Expression** currp) {
    self->state.forgetAll();
    wasm::BranchUtils::operateOnScopeNameUses(*currp, [&](Name& target) { self->branchTo(target); });
  }
};

void Follower::scan(Follower* self, Expression** currp) {
  switch ((*currp)->_id) {
    case Expression::BlockId:
      self->pushTask(doEndBlock, currp);
      break;
    case Expression::LoopId:
      wasm::PostWalker<Follower>::scan(self, currp);
      self->pushTask(doBeginLoop, currp);
      return;
    case Expression::IfId: {
      auto* curr = (*currp)->cast<wasm::If>();
      self->pushTask(doEndIf, currp);
      self->maybePushTask(scan, &curr->ifFalse);
      self->pushTask(doBeginElse, currp);
      self->pushTask(scan, &curr->ifTrue);
      self->pushTask(doBeginThen, currp);
      self->pushTask(scan, &curr->condition);
      return;
    }
    case Expression::TryId: {
      // Neither Go nor TinyGo has exceptions.
      auto* curr = (*currp)->cast<wasm::Try>();
      self->pushTask(doForgetAll, currp);
      for (auto i = curr->catchBodies.size(); i--;) {
        self->pushTask(scan, &curr->catchBodies[i]);
        self->pushTask(doForgetAll, currp);
      }
      self->pushTask(scan, &curr->body);
      return;
    }
    case Expression::TryTableId:
    case Expression::BrOnId:
    case Expression::ResumeId:
    case Expression::ResumeThrowId:
      wasm::PostWalker<Follower>::scan(self, currp);
      self->pushTask(doBranchAnywhere, currp);
      return;
    default:
      break;
  }
  wasm::PostWalker<Follower>::scan(self, currp);
}

void Follower::doEndBlock(Follower* self, Expression** currp) {
  auto name = (*currp)->cast<wasm::Block>()->name;
  if (!name.is()) {
    return;
  }
  if (auto found = self->waiting.find(name); found != self->waiting.end()) {
    self->state.merge(found->second);
    self->waiting.erase(found);
  }
  if (self->dispatched.count(name)) {
    self->beginGoBlock(self->jumpedTo.count(name) != 0);
  }
}

void Follower::doBeginLoop(Follower* self, Expression**) {
  auto& state = self->state;
  if (self->goFunction) {
    return; // blocks that are jumped to begin at dispatched ends
  }
  state.locals.eraseIf(
    [&](const FewValues::Entry& entry) { return self->prescan.locals.count(wasm::Index(entry.key)) != 0; });
  state.forgetFrame();
  if (self->prescan.globals) {
    state.sp = {};
  }
}

void Follower::doBeginThen(Follower* self, Expression** currp) {
  auto condition = self->valueOf((*currp)->cast<wasm::If>()->condition);
  auto otherwise = self->state;
  if (self->ifs.size() >= mostWaiting) {
    otherwise.forgetAll();
  }
  if (condition.is(ValueKind::Const)) {
    // Decided: only with asyncify, and where constants are compared.
    (condition.bits ? otherwise : self->state).live = false;
  }
  self->ifs.push_back(std::move(otherwise));
}

void Follower::doBeginElse(Follower* self, Expression**) {
  self->noteBodyDepth();
  std::swap(self->state, self->ifs.back());
}

void Follower::doEndIf(Follower* self, Expression**) {
  self->state.merge(self->ifs.back());
  self->ifs.pop_back();
}

void Follower::branchTo(Name target) {
  noteBodyDepth();
  if (!state.live) {
    return;
  }
  auto [found, added] = waiting.try_emplace(target, state);
  if (!added) {
    found->second.merge(state);
  } else if (waiting.size() > mostWaiting) {
    found->second.forgetAll();
  }
}

Value Follower::valueOf(const Expression* curr, unsigned depth) const {
  if (depth > deepest) {
    return {};
  }
  switch (curr->_id) {
    case Expression::ConstId: {
      auto& literal = curr->cast<wasm::Const>()->value;
      if (literal.type == wasm::Type::i32) {
        return Value::constant(uint32_t(literal.geti32()));
      }
      return literal.type == wasm::Type::i64 ? Value::constant(literal.geti64()) : Value();
    }
    case Expression::UnaryId:
      return valueOf(curr->cast<wasm::Unary>(), depth);
    case Expression::BinaryId:
      return valueOf(curr->cast<wasm::Binary>(), depth);
    case Expression::SelectId: {
      auto* select = curr->cast<wasm::Select>();
      auto condition = valueOf(select->condition, depth + 1);
      if (condition.is(ValueKind::Const)) {
        return valueOf(condition.bits ? select->ifTrue : select->ifFalse, depth + 1);
      }
      return {};
    }
    default: {
      auto found = recorded.find(curr);
      return found == recorded.end() ? Value() : found->second;
    }
  }
}

Value Follower::valueOf(const wasm::Unary* curr, unsigned depth) const {
  auto value = valueOf(curr->value, depth + 1);
  bool number = value.is(ValueKind::Const);
  switch (curr->op) {
    case wasm::WrapInt64:
    case wasm::ExtendUInt32:
      return number ? Value::constant(uint32_t(value.bits)) : value.is(ValueKind::Frame) ? value : Value();
    case wasm::ExtendSInt32:
      return number ? Value::constant(int32_t(uint32_t(value.bits))) : value.is(ValueKind::Frame) ? value : Value();
    case wasm::EqZInt32:
      return number ? Value::constant(uint32_t(value.bits) == 0) : Value();
    default:
      return {};
  }
}

Value Follower::valueOf(const wasm::Binary* curr, unsigned depth) const {
  auto left = valueOf(curr->left, depth + 1), right = valueOf(curr->right, depth + 1);
  if (!left || !right) {
    return {};
  }
  bool numbers = left.is(ValueKind::Const) && right.is(ValueKind::Const);
  // Modulo 2^64, as wasm's arithmetic is; of i32 the lower half.
  auto sum = int64_t(uint64_t(left.bits) + uint64_t(right.bits));
  auto difference = int64_t(uint64_t(left.bits) - uint64_t(right.bits));
  // The distance from the entry SP is a signed number.
  auto distance = [&](int64_t bits) { return curr->type == wasm::Type::i32 ? int64_t(int32_t(uint32_t(bits))) : bits; };
  auto moved = [&](Value from, int64_t by) { return frameAt(uint64_t(from.bits) + uint64_t(by)); };
  switch (curr->op) {
    case wasm::AddInt32:
    case wasm::AddInt64:
      if (numbers) {
        return Value::constant(curr->op == wasm::AddInt32 ? int64_t(uint32_t(sum)) : sum);
      }
      if (left.is(ValueKind::Frame) && right.is(ValueKind::Const)) {
        return moved(left, distance(right.bits));
      }
      if (right.is(ValueKind::Frame) && left.is(ValueKind::Const)) {
        return moved(right, distance(left.bits));
      }
      return {};
    case wasm::SubInt32:
    case wasm::SubInt64:
      if (numbers) {
        return Value::constant(curr->op == wasm::SubInt32 ? int64_t(uint32_t(difference)) : difference);
      }
      if (left.is(ValueKind::Frame) && right.is(ValueKind::Const)) {
        return moved(left, int64_t(0 - uint64_t(distance(right.bits))));
      }
      return {};
    case wasm::EqInt32:
      return numbers ? Value::constant(uint32_t(left.bits) == uint32_t(right.bits)) : Value();
    case wasm::NeInt32:
      return numbers ? Value::constant(uint32_t(left.bits) != uint32_t(right.bits)) : Value();
    case wasm::AndInt32:
      return numbers ? Value::constant(uint32_t(left.bits) & uint32_t(right.bits)) : Value();
    case wasm::OrInt32:
      return numbers ? Value::constant(uint32_t(left.bits) | uint32_t(right.bits)) : Value();
    default:
      return {};
  }
}

Value Follower::addressOf(const Expression* pointer, uint64_t offset) const {
  auto value = valueOf(pointer);
  if (value.is(ValueKind::Const)) {
    return Value::constant(int64_t(uint64_t(value.bits) + offset));
  }
  return value.is(ValueKind::Frame) ? frameAt(uint64_t(value.bits) + offset) : Value();
}

void Follower::visitBulkWrite(Expression* dest, Expression* size) {
  auto address = valueOf(dest), bytes = valueOf(size);
  if (state.live && address.is(ValueKind::Frame)) {
    bool small = bytes.is(ValueKind::Const) && bytes.bits <= UINT32_MAX && bytes.bits >= 0;
    state.overwrite(address.bits, small ? uint64_t(bytes.bits) : UINT32_MAX);
  }
}

// Parameters of WebAssembly.
void Follower::addOperands(wasm::Call* curr) {
  for (size_t i = 0; i < curr->operands.size(); i++) {
    auto value = valueOf(curr->operands[i]);
    if (value.is(ValueKind::Frame)) {
      if (auto there = state.slot(value.bits, false)) {
        facts.operands.push_back({int64_t(i), there, true});
      }
    } else if (value) {
      facts.operands.push_back({int64_t(i), value});
    }
  }
}

// Arguments on Go's stack. An import is given the stack pointer; a function has
// the same one at its entry.
void Follower::addStackOperands(wasm::Call* curr, wasm::Function* callee, CallFact& call) {
  auto base = state.sp;
  if (callee->imported()) {
    base = curr->operands.size() == 1 ? valueOf(curr->operands[0]) : Value();
  }
  if (!base.is(ValueKind::Frame)) {
    return;
  }
  call.base = base.bits;
  call.inputsIntact = goFunction && state.inputsIntact;
  for (auto& entry : state.slots) {
    if (entry.key >= base.bits) {
      auto value = entry.value.is(ValueKind::Frame) ? Value() : entry.value;
      facts.operands.push_back({entry.key - base.bits, value});
    }
  }
}

// `arguments`: bytes of arguments and results above the return address of what was
// called, if they are known.
void Follower::afterCall(bool popsReturnAddress, std::optional<uint32_t> arguments) {
  returnAddressPushed = false;
  if (!goFunction) {
    state.slots.clear(); // there are no inputs in memory, all of it is the frame
  } else if (arguments && state.sp.is(ValueKind::Frame)) {
    state.forgetFrame(state.sp.bits + 8 + int64_t(*arguments));
  } else {
    state.forgetFrame();
  }
  if (popsReturnAddress && state.sp.is(ValueKind::Frame)) {
    state.sp = frameAt(uint64_t(state.sp.bits) + 8);
    noteBodyDepth();
  }
}

} // namespace

ModuleFacts followFunctions(wasm::Module& module,
                            const Shim& shim,
                            const std::vector<std::optional<uint32_t>>& argumentBytes) {
  ModuleFacts facts;
  facts.functions.resize(module.functions.size());
  for (uint32_t i = 0; i < module.functions.size(); i++) {
    facts.indices.emplace(module.functions[i]->name, i);
  }
  Follower follower(facts, module, shim.isGo(), argumentBytes);
  forEachTableSlot(module, [&](uint32_t slot, Name function) {
    follower.slots.emplace(function, slot);
    follower.functionsBySlot.emplace(slot, facts.indices.at(function));
  });
  for (uint32_t i = 0; i < module.functions.size(); i++) {
    if (!module.functions[i]->imported()) {
      follower.follow(module.functions[i].get(), facts.functions[i]);
    }
  }
  return facts;
}

} // namespace parigot::gojs
