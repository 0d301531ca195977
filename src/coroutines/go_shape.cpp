#include "coroutines/go_shape.h"

#include <optional>
#include <unordered_map>
#include <vector>

#include "ir/properties.h"
#include "wasm-traversal.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

// A call pushes an address of 8 bytes.
constexpr int32_t addressBytes = 8;

const Signature goSignature(Type::i32, Type::i32);
const Signature loopSignature(Type::none, Type::none);

// --- the scheduler loop -----------------------------------------------------------

// The instructions of a block in order, with those of inner blocks. Nops and the end of a function are left out. The
// result may be cut off after `most`, which is enough to tell that there are too many.
std::vector<Expression*> statementsOf(Expression* body) {
  constexpr size_t most = 16;
  std::vector<Expression*> statements, waiting{body};
  while (!waiting.empty() && statements.size() < most) {
    auto* curr = waiting.back();
    waiting.pop_back();
    if (auto* block = curr->dynCast<Block>()) {
      for (size_t i = block->list.size(); i--;) {
        waiting.push_back(block->list[i]);
      }
    } else if (auto* end = curr->dynCast<Return>(); end && !end->value) {
      break;
    } else if (curr->is<Unreachable>()) {
      statements.push_back(curr);
      break;
    } else if (!curr->is<Nop>()) {
      statements.push_back(curr);
    }
  }
  return statements;
}

bool isConst(Expression* curr, int32_t value) {
  auto* constant = curr->dynCast<Const>();
  return constant && constant->type == Type::i32 && constant->value.geti32() == value;
}

// The global that the condition compares with 0.
Name globalThatIsZero(Expression* curr) {
  Expression* asked = nullptr;
  if (auto* unary = curr->dynCast<Unary>(); unary && unary->op == EqZInt32) {
    asked = unary->value;
  } else if (auto* binary = curr->dynCast<Binary>(); binary && binary->op == EqInt32 && isConst(binary->right, 0)) {
    asked = binary->left;
  }
  auto* global = asked ? asked->dynCast<GlobalGet>() : nullptr;
  return global ? global->name : Name();
}

// Compares a function with the loop, part by part.
class LoopReader {
public:
  explicit LoopReader(const Module& module) : module(module) {}

  // The difference, as a clause.
  Result<SchedulerLoop> read(const Function& function) {
    loop.function = function.name;
    auto statements = statementsOf(function.body);
    auto* reset = statements.size() == 2 ? statements[1]->dynCast<GlobalSet>() : nullptr;
    auto* unlessPaused = statements.empty() ? nullptr : statements[0]->dynCast<If>();
    if (!reset || !unlessPaused || unlessPaused->ifFalse) {
      return Err{"it has code besides the loop that runs unless it is paused, and the end of the pause"};
    }
    loop.pause = reset->name;
    if (!isConst(reset->value, 0) || globalThatIsZero(unlessPaused->condition) != loop.pause) {
      return Err{"the global that keeps it from looping is not the one that it sets to 0 in the end"};
    }
    auto inside = statementsOf(unlessPaused->ifTrue);
    auto* again = inside.size() == 1 ? inside[0]->dynCast<Loop>() : nullptr;
    if (!again) {
      return Err{"the code that runs unless it is paused is not a loop"};
    }
    if (auto problem = readBody(*again); !problem.empty()) {
      return Err{problem};
    }
    return loop;
  }

private:
  const Module& module;
  SchedulerLoop loop;
  // The local that holds SP-8.
  std::optional<Index> frame;

  std::string readBody(Loop& again) {
    auto statements = statementsOf(again.body);
    if (!statements.empty() && isFrame(statements[0])) {
      statements.erase(statements.begin());
    }
    auto* drop = statements.size() == 2 ? statements[0]->dynCast<Drop>() : nullptr;
    auto* back = statements.size() == 2 ? statements[1]->dynCast<Break>() : nullptr;
    if (!drop || !back) {
      return "its loop has more code than a call of a function and a repetition";
    }
    if (back->name != again.name || !back->condition || globalThatIsZero(back->condition) != loop.pause) {
      return "its loop does not repeat as long as there is no pause";
    }
    auto* call = drop->value->dynCast<CallIndirect>();
    if (!call || call->isReturn || call->operands.size() != 1 || call->heapType.getSignature() != goSignature) {
      return "its loop calls no function (i32) -> i32 by its slot";
    }
    loop.table = call->table;
    auto* block = call->operands[0]->dynCast<Load>();
    if (!isWord(block, 0) || block->bytes != 2) {
      return "its loop does not call with the 16 bits at SP-8, the number of a block";
    }
    loop.memory = block->memory;
    auto* slot = call->target->dynCast<Load>();
    if (!isWord(slot, 2) || slot->memory != loop.memory) {
      return "its loop does not call the function whose slot is at SP-6";
    }
    loop.slotBits = slot->bytes * 8;
    return globals();
  }

  // A load of 2 or 4 bytes from SP-8.
  bool isWord(Load* load, uint64_t offset) {
    return load && load->type == Type::i32 && !load->isAtomic() && load->offset == offset && isFrame(load->ptr) &&
           (load->bytes == 4 || (load->bytes == 2 && !load->signed_));
  }

  // Whether this is SP-8: computed, where `frame` may be set, or read from a local that was set to it before.
  bool isFrame(Expression* curr) {
    if (auto* get = curr->dynCast<LocalGet>()) {
      return frame == get->index;
    }
    std::optional<Index> index;
    if (auto* set = curr->dynCast<LocalSet>()) {
      index = set->index;
      curr = set->value;
    }
    auto* binary = curr->dynCast<Binary>();
    if (!binary || !((binary->op == SubInt32 && isConst(binary->right, addressBytes)) ||
                     (binary->op == AddInt32 && isConst(binary->right, -addressBytes)))) {
      return false;
    }
    auto* global = binary->left->dynCast<GlobalGet>();
    if (!global || (loop.sp.is() && loop.sp != global->name)) {
      return false;
    }
    loop.sp = global->name;
    if (index) {
      frame = index;
    }
    return true;
  }

  std::string globals() {
    for (auto name : {loop.sp, loop.pause}) {
      auto* global = module.getGlobal(name);
      if (!global->mutable_ || global->type != Type::i32) {
        return "its global " + name.toString() + " is no variable of type i32";
      }
    }
    if (loop.sp == loop.pause) {
      return "the stack pointer is also what pauses it";
    }
    if (module.getMemory(loop.memory)->is64()) {
      return "the memory has addresses of 64 bits";
    }
    return "";
  }
};

// Finds the call that all scheduler loops have, and no other function: a call of a slot, with a number of 16 bits from
// memory as its argument.
struct LooksLikeLoop : public PostWalker<LooksLikeLoop> {
  bool found = false;

  void visitCallIndirect(CallIndirect* curr) {
    auto* load = curr->operands.size() == 1 ? curr->operands[0]->dynCast<Load>() : nullptr;
    found |= load && load->bytes == 2 && curr->heapType.getSignature() == goSignature;
  }
};

// --- wrappers -----------------------------------------------------------------------

struct Value {
  enum Kind : uint8_t { Unknown, Constant, Sp, OldSp } kind = Unknown; // OldSp: SP before the call
  int64_t number = 0; // the value of a constant; or the number that was added to SP

  bool onStack() const { return kind == Sp || kind == OldSp; }
};

// Follows the code of a wrapper. Children are visited before their parents, which is the order of evaluation in
// straight code.
struct WrapperReader : public PostWalker<WrapperReader, UnifiedExpressionVisitor<WrapperReader>> {
  const Name import;
  const SchedulerLoop& loop;

  std::string problem;
  bool called = false, popped = false, returned = false;

  WrapperReader(Name import, const SchedulerLoop& loop) : import(import), loop(loop) {}

  std::string read(Function& function) {
    walkFunction(&function);
    if (problem.empty() && !returned) {
      end(valueOf(function.body));
    }
    return problem;
  }

  void visitExpression(Expression* curr) {
    if (!problem.empty()) {
      return;
    }
    if (Properties::isControlFlowStructure(curr) && !curr->is<Block>()) {
      problem = std::string("it has a branch or a loop: ") + getExpressionName(curr);
      return;
    }
    if (returned) {
      return; // dead code, since there are no branches
    }
    switch (curr->_id) {
      case Expression::NopId:
      case Expression::DropId:
      case Expression::UnaryId:
        return;
      case Expression::BlockId:
        if (auto& list = curr->cast<Block>()->list; !list.empty()) {
          values[curr] = valueOf(list.back());
        }
        return;
      case Expression::ConstId:
        if (auto& value = curr->cast<Const>()->value; value.type == Type::i32) {
          values[curr] = {Value::Constant, value.geti32()};
        }
        return;
      case Expression::BinaryId:
        return binary(*curr->cast<Binary>());
      case Expression::LocalGetId:
        values[curr] = locals[curr->cast<LocalGet>()->index];
        return;
      case Expression::LocalSetId: {
        auto* set = curr->cast<LocalSet>();
        values[curr] = locals[set->index] = valueOf(set->value);
        return;
      }
      case Expression::GlobalGetId:
        if (curr->cast<GlobalGet>()->name == loop.sp) {
          values[curr] = popped ? Value{} : Value{Value::Sp, 0};
        }
        return;
      case Expression::GlobalSetId:
        return globalSet(*curr->cast<GlobalSet>());
      case Expression::LoadId: {
        auto* load = curr->cast<Load>();
        return access(load->memory, load->ptr, load->offset, load->isAtomic());
      }
      case Expression::StoreId: {
        auto* store = curr->cast<Store>();
        require(called, "it writes to memory before it calls the import");
        return access(store->memory, store->ptr, store->offset, store->isAtomic());
      }
      case Expression::CallId:
        return call(*curr->cast<Call>());
      case Expression::ReturnId:
        return end(curr->cast<Return>()->value ? valueOf(curr->cast<Return>()->value) : Value{});
      default:
        problem = std::string("it has an instruction that no such function has: ") + getExpressionName(curr);
    }
  }

private:
  std::unordered_map<Expression*, Value> values;
  std::unordered_map<Index, Value> locals;

  Value valueOf(Expression* curr) const {
    auto found = values.find(curr);
    return found == values.end() ? Value{} : found->second;
  }

  void require(bool condition, const char* otherwise) {
    if (!condition && problem.empty()) {
      problem = otherwise;
    }
  }

  void binary(Binary& curr) {
    auto left = valueOf(curr.left), right = valueOf(curr.right);
    if (curr.op == AddInt32 && left.kind == Value::Constant) {
      std::swap(left, right);
    }
    if ((curr.op == AddInt32 || curr.op == SubInt32) && left.onStack() && right.kind == Value::Constant) {
      left.number += curr.op == AddInt32 ? right.number : -right.number;
      values[&curr] = left;
    }
  }

  // Arguments and results are above the return address.
  void access(Name memory, Expression* pointer, uint64_t offset, bool atomic) {
    auto address = valueOf(pointer);
    constexpr uint64_t farthest = 1 << 30;
    require(memory == loop.memory && !atomic && address.onStack() && offset < farthest &&
              address.number + int64_t(offset) >= addressBytes,
            "it accesses memory that is not its arguments or results on the stack");
  }

  void globalSet(GlobalSet& curr) {
    auto value = valueOf(curr.value);
    require(curr.name == loop.sp, "it sets a global that is not the stack pointer");
    require(called, "it moves the stack pointer before it calls the import");
    require(!popped && value.kind == Value::Sp && value.number == addressBytes,
            "it moves the stack pointer by an amount that is not the size of its return address");
    popped = true;
  }

  void call(Call& curr) {
    require(curr.target == import, "it calls another function too");
    require(!called, "it calls the import twice");
    require(!popped && !curr.isReturn, "its frame is gone from the stack when it calls the import");
    called = true;
    // Go code can have run within the import, and stacks can have moved.
    auto age = [](auto& map) {
      for (auto& [_, value] : map) {
        if (value.kind == Value::Sp) {
          value.kind = Value::OldSp;
        }
      }
    };
    age(values);
    age(locals);
  }

  void end(Value result) {
    require(called, "it returns before it calls the import");
    require(popped, "it leaves its return address on the stack");
    require(result.kind == Value::Constant && result.number == 0, "it does not return 0");
    returned = true;
  }
};

} // namespace

Result<SchedulerLoop> findSchedulerLoop(const Module& module) {
  std::vector<SchedulerLoop> found;
  std::string differs;
  for (auto& function : module.functions) {
    if (function->imported() || function->getSig() != loopSignature) {
      continue;
    }
    LooksLikeLoop looks;
    looks.walk(function->body);
    if (!looks.found) {
      continue;
    }
    auto loop = LoopReader(module).read(*function);
    if (auto* error = loop.getErr()) {
      differs = ": function " + function->name.toString() + " looks like it, but " + error->msg;
    } else {
      found.push_back(*loop);
    }
  }
  if (found.empty()) {
    return Err{"the module has no scheduler loop as Go 1.19 to 1.27 compiles it" + differs};
  }
  if (found.size() > 1) {
    return Err{"the module has two scheduler loops of Go, functions " + found[0].function.toString() + " and " +
               found[1].function.toString() + ": it was put together from several programs"};
  }
  return found[0];
}

std::string whyNotWrapper(Function& function, Name import, const SchedulerLoop& loop) {
  if (function.getSig() != goSignature) {
    return "it is no Go function, (i32) -> i32";
  }
  return WrapperReader(import, loop).read(function);
}

} // namespace parigot::coroutines
