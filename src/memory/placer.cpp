#include "memory/placer.h"

#include <unordered_set>

#include "ir/drop.h"
#include "ir/memory_instructions.h"
#include "ir/utils.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

struct Placer : public WalkerPass<PostWalker<Placer, UnifiedExpressionVisitor<Placer>>> {
  const Places& places;
  const Bias& bias;
  bool foldBases;
  bool refinalize = false;
  const FunctionBias* locals = nullptr; // of the current function
  // The instructions that subtract a base from a biased value. Where the biased value is needed, the subtraction is
  // dropped.
  std::unordered_set<Expression*> unbiased;

  Placer(const Places& places, const Bias& bias, bool foldBases) : places(places), bias(bias), foldBases(foldBases) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Placer>(places, bias, foldBases); }

  void visitExpression(Expression* curr) {
    if (auto* get = curr->dynCast<LocalGet>()) {
      if (locals && locals->has(get->index)) {
        replaceCurrent(unbias(get, locals->base));
      }
    } else if (auto* set = curr->dynCast<LocalSet>()) {
      if (locals && locals->has(set->index)) {
        set->value = biasedBy(set->value, locals->base);
        if (set->isTee()) {
          replaceCurrent(unbias(set, locals->base));
        }
      }
    } else if (auto* get = curr->dynCast<GlobalGet>()) {
      if (auto found = bias.globals.find(get->name); found != bias.globals.end()) {
        replaceCurrent(unbias(get, found->second));
      }
    } else if (auto* set = curr->dynCast<GlobalSet>()) {
      if (auto found = bias.globals.find(set->name); found != bias.globals.end()) {
        set->value = biasedBy(set->value, found->second);
      }
    } else if (auto* binary = curr->dynCast<Binary>()) {
      shift(binary);
    } else if (isWrap(curr)) {
      shiftWide(curr->cast<Unary>());
    } else {
      visitMemoryInstruction(curr, [&](auto* access) { place(access); });
    }
  }

  Expression* unbias(Expression* value, uint32_t base) {
    if (value->type == Type::unreachable) {
      return value;
    }
    Builder builder(*getModule());
    auto* result = builder.makeBinary(SubInt32, value, builder.makeConst(int32_t(base)));
    unbiased.insert(result);
    return result;
  }

  // (x - BASE) + 8 becomes (x + 8) - BASE. The subtraction can then meet an addition of the base, or become part of the
  // constant.
  void shift(Binary* curr) {
    if (!shifted(curr) || !unbiased.count(curr->left)) {
      return;
    }
    auto* inner = curr->left->cast<Binary>();
    if (curr->op == AddInt32 && curr->right->cast<Const>()->value == inner->right->cast<Const>()->value) {
      replaceCurrent(inner->left);
      return;
    }
    curr->left = inner->left;
    inner->left = curr;
    replaceCurrent(inner);
  }

  // Likewise, wrap(extend(x - BASE) + y) becomes wrap(extend(x) + y) - BASE.
  void shiftWide(Unary* wrap) {
    auto* value = wrap->value;
    while (auto* left = leftOfSum(value)) {
      value = left;
    }
    if (!isExtension(value) || !unbiased.count(value->cast<Unary>()->value)) {
      return;
    }
    auto* extension = value->cast<Unary>();
    auto* inner = extension->value->cast<Binary>();
    extension->value = inner->left;
    inner->left = wrap;
    replaceCurrent(inner);
  }

  // Whether a value is the difference of another and the base.
  static bool hasBase(Expression* value, uint32_t base) {
    auto* binary = value->dynCast<Binary>();
    auto* constant = binary && binary->op == SubInt32 ? binary->right->dynCast<Const>() : nullptr;
    return constant && uint32_t(constant->value.geti32()) == base;
  }

  // The value plus a base.
  Expression* biasedBy(Expression* value, uint32_t base) {
    if (base == 0 || value->type == Type::unreachable) {
      return value;
    }
    if (hasBase(value, base)) {
      return value->cast<Binary>()->left;
    }
    if (auto* constant = value->dynCast<Const>()) {
      constant->value = constant->value.add(Literal(int32_t(base)));
      return constant;
    }
    Builder builder(*getModule());
    return builder.makeBinary(AddInt32, value, builder.makeConst(int32_t(base)));
  }

  const Place* find(Name memory) {
    auto found = places.find(memory);
    return found == places.end() ? nullptr : &found->second;
  }

  template<typename T> void place(T* curr) {
    static_assert(HasOffsetAddress<T>, "an instruction with a memory that place() does not know");
    auto* place = find(curr->memory);
    if (!place) {
      return;
    }
    curr->memory = place->memory;
    auto* constant = curr->ptr->template dynCast<Const>();
    uint64_t offset = curr->offset;
    if (constant) {
      offset += constant->value.getUnsigned();
    }
    if (offset >= place->bytes) {
      replaceCurrent(getDroppedChildrenAndAppend(
        curr, *getModule(), getPassOptions(), Builder(*getModule()).makeUnreachable(), DropMode::IgnoreParentEffects));
      refinalize = true;
      return;
    }
    // An offset does not wrap, an addition does.
    if (!foldBases || place->wraps || hasBase(curr->ptr, uint32_t(place->base))) {
      curr->ptr = biasedBy(curr->ptr, place->base);
    } else if (place->base != 0) {
      // A constant address becomes part of the offset.
      if (constant) {
        constant->value = Literal(int32_t(0));
      }
      curr->offset = offset + place->base;
    }
  }

  void place(MemoryCopy* curr) {
    if (auto* place = find(curr->destMemory)) {
      curr->dest = biasedBy(curr->dest, place->base);
      curr->destMemory = place->memory;
    }
    if (auto* place = find(curr->sourceMemory)) {
      curr->source = biasedBy(curr->source, place->base);
      curr->sourceMemory = place->memory;
    }
  }

  void place(MemoryFill* curr) {
    if (auto* place = find(curr->memory)) {
      curr->dest = biasedBy(curr->dest, place->base);
      curr->memory = place->memory;
    }
  }

  void place(MemoryInit* curr) {
    if (auto* place = find(curr->memory)) {
      curr->dest = biasedBy(curr->dest, place->base);
      curr->memory = place->memory;
    }
  }

  void place(MemorySize* curr) {
    if (auto* place = find(curr->memory); place && place->size) {
      replaceCurrent(place->size->makeSize(*getModule()));
    } else if (place) {
      curr->memory = place->memory;
    }
  }

  void place(MemoryGrow* curr) {
    if (auto* place = find(curr->memory); place && place->size) {
      replaceCurrent(Builder(*getModule()).makeCall(place->size->grow, {curr->delta}, curr->type));
    } else if (place) {
      curr->memory = place->memory;
    }
  }

  void doWalkFunction(Function* function) {
    refinalize = false;
    unbiased.clear();
    auto found = bias.functions.find(function->name);
    locals = found == bias.functions.end() ? nullptr : &found->second;
    walk(function->body);
    if (locals) {
      biasAtStart(function);
    }
    if (refinalize) {
      ReFinalize().walkFunctionInModule(function, getModule());
    }
  }

  // Parameters arrive without the base, and other locals begin with 0.
  void biasAtStart(Function* function) {
    Builder builder(*getModule());
    std::vector<Expression*> list;
    for (Index i = 0; i < function->getNumLocals(); i++) {
      if (!locals->has(i) || isSetFirst(function->body, i)) {
        continue;
      }
      Expression* value = builder.makeConst(int32_t(0));
      if (function->isParam(i)) {
        value = builder.makeLocalGet(i, Type::i32);
      }
      list.push_back(builder.makeLocalSet(i, biasedBy(value, locals->base)));
    }
    if (!list.empty()) {
      list.push_back(function->body);
      function->body = builder.makeBlock(list, function->body->type);
    }
  }

  // Whether the function begins by setting the local to the value of a global, or to a constant distance from it, as
  // compilers do with the stack pointer.
  static bool isSetFirst(Expression* body, Index local) {
    while (auto* block = body->dynCast<Block>()) {
      if (block->list.empty()) {
        return false;
      }
      body = block->list[0];
    }
    auto* set = body->dynCast<LocalSet>();
    if (!set || set->index != local) {
      return false;
    }
    auto* value = set->value;
    while (auto* binary = value->dynCast<Binary>()) {
      if (!binary->right->is<Const>()) {
        return false;
      }
      value = binary->left;
    }
    return value->is<GlobalGet>() || value->is<Const>();
  }
};

} // namespace

void placeInstructions(PassRunner& runner, Module& module, const Places& places, const Bias& bias, bool foldBases) {
  Placer(places, bias, foldBases).run(&runner, &module);
}

} // namespace parigot
