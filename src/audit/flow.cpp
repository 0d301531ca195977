#include "audit/flow.h"

#include <algorithm>
#include <optional>

#include "audit/flow_walker.h"
#include "go/go_function.h"
#include "go/pclntab.h"
#include "go/table_slots.h"

namespace parigot::gojs {

namespace {

using wasm::Expression;
using wasm::Name;

// Go's imports read and write at most this much above the stack pointer.
constexpr uint32_t importArguments = 64; // bytes
// Arguments that are farther above the callee's entry SP than this are not searched for names.
constexpr int64_t farthestArgument = 160; // bytes

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

class Follower : public FlowWalker<Follower> {
public:
  Follower(ModuleFacts& facts, wasm::Module& module, bool go, const std::vector<std::optional<uint32_t>>& argumentBytes)
    : facts(facts), argumentBytes(argumentBytes), go(go), stackPointer(stackPointerOf(module)),
      asyncifyState(asyncifyStateOf(module)) {
    setModule(&module);
  }

  void follow(wasm::Function* function, FunctionFacts& into) {
    current = &into;
    ownSlot = slotOf(function);
    returnAddressPushed = false;
    begin(function, go && hasGoSignature(*function));
    walkFunction(function);
  }

  // Function -> its slot in the table. Go's pcs are made of these slots.
  std::unordered_map<Name, uint32_t> slots;
  // Slot -> the index of the function in it.
  std::unordered_map<uint32_t, uint32_t> functionsBySlot;

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
    auto address = values.addressOf(curr->ptr, curr->offset);
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
    auto address = values.addressOf(curr->ptr, curr->offset);
    auto value = valueOf(curr->value);
    // Go pushes a return address before each call. It does so too for the few functions that take parameters of
    // WebAssembly (the write barrier).
    returnAddressPushed |=
      goFunction && address == state.sp && value.is(ValueKind::Const) && uint64_t(value.bits) >> goSlotShift == ownSlot;
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
    shareOperands(call);
    current->calls.push_back(call);
    if (callee->imported()) {
      afterCall(false, go ? std::optional(importArguments) : std::nullopt);
    } else {
      afterCall(go && (returnAddressPushed || hasGoSignature(*callee)), argumentBytes[call.callee]);
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

private:
  ModuleFacts& facts;
  const std::vector<std::optional<uint32_t>>& argumentBytes;
  const bool go;
  const Name stackPointer, asyncifyState;
  FunctionFacts* current = nullptr;
  uint32_t ownSlot = 0;
  bool returnAddressPushed = false;

  void record(const Expression* curr, Value value) { values.record(curr, value); }

  uint32_t slotOf(const wasm::Function* function) const {
    auto found = slots.find(function->name);
    return found == slots.end() ? 0 : found->second;
  }

  void addOperands(wasm::Call* curr);
  void addStackOperands(wasm::Call* curr, wasm::Function* callee, CallFact& call);
  void shareOperands(CallFact& call);
  void afterCall(bool popsReturnAddress, std::optional<uint32_t> arguments);
  void visitBulkWrite(Expression* dest, Expression* size);

  // Notes a reference to another function: a constant that is the function's pc, and no return address of the function
  // that is followed.
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
};

void Follower::visitBulkWrite(Expression* dest, Expression* size) {
  auto address = valueOf(dest), bytes = valueOf(size);
  if (state.live && address.is(ValueKind::Frame)) {
    bool small = bytes.is(ValueKind::Const) && bytes.bits <= UINT32_MAX && bytes.bits >= 0;
    state.overwrite(address.bits, small ? uint64_t(bytes.bits) : UINT32_MAX);
  }
}

// Adds the operands of a call that has its parameters in WebAssembly's own form.
void Follower::addOperands(wasm::Call* curr) {
  for (size_t i = 0; i < curr->operands.size(); i++) {
    auto value = valueOf(curr->operands[i]);
    if (value.is(ValueKind::Frame)) {
      if (auto there = state.slot(value.bits, false)) {
        facts.operands.push_back({there, int32_t(i), true});
      }
    } else if (value) {
      facts.operands.push_back({value, int32_t(i)});
    }
  }
}

// Adds the operands of a call that has its arguments on Go's stack. An import gets the stack pointer as its parameter;
// a function begins with the stack pointer that its caller leaves in the global.
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
    if (entry.key >= base.bits && entry.key < base.bits + farthestArgument) {
      auto value = entry.value.is(ValueKind::Frame) ? Value() : entry.value;
      facts.operands.push_back({value, int32_t(entry.key - base.bits)});
    }
  }
}

// Lets a call that has the same operands as the call before share them, to save memory: calls follow each other
// closely, and there are many known values.
void Follower::shareOperands(CallFact& call) {
  if (current->calls.empty()) {
    return;
  }
  auto& before = current->calls.back();
  if (std::ranges::equal(facts.operandsOf(before), facts.operandsOf(call))) {
    facts.operands.resize(call.operandsBegin);
    call.operandsBegin = before.operandsBegin;
    call.operandsEnd = before.operandsEnd;
  }
}

// Forgets what a call may have changed. `arguments` is the size in bytes of the callee's arguments and results above
// its return address, if it is known.
void Follower::afterCall(bool popsReturnAddress, std::optional<uint32_t> arguments) {
  returnAddressPushed = false;
  if (!goFunction) {
    state.slots.clear(); // inputs are no part of the stack in memory, so all slots are the frame's
  } else if (arguments && state.sp.is(ValueKind::Frame)) {
    state.forgetFrame(state.sp.bits + 8 + int64_t(*arguments));
  } else {
    state.forgetFrame();
  }
  if (popsReturnAddress && state.sp.is(ValueKind::Frame)) {
    state.sp = Evaluator::frameAt(uint64_t(state.sp.bits) + 8);
    noteBodyDepth();
  }
}

} // namespace

ModuleFacts
followFunctions(wasm::Module& module, const Shim& shim, const std::vector<std::optional<uint32_t>>& argumentBytes) {
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
