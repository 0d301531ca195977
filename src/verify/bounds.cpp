#include "verify/bounds.h"

#include <algorithm>
#include <bit>

namespace parigot::verify {

using namespace wasm;

namespace {

// Each round finds what follows from copies of what the round before found.
constexpr int rounds = 4;
// Of deeper expressions nothing is found out.
constexpr int mostDepth = 32;

class Bounds {
public:
  Bounds(Function& function, const Scan& scan) {
    for (auto type : scan.types) {
      all.push_back(mostOfType(type));
    }
    // Variables begin with 0, parameters with anything.
    std::vector<uint64_t> begin(all.size(), 0), next;
    auto parameters = function.getNumParams();
    for (Index i = 0; i < all.size(); i++) {
      if (i < parameters || (scan.types[i] != Type::i32 && scan.types[i] != Type::i64)) {
        begin[i] = all[i];
      }
    }
    for (int round = 0; round < rounds; round++) {
      next = begin;
      for (auto* set : scan.sets) {
        auto& most = next[set->index];
        auto largest = mostOfType(scan.types[set->index]);
        most = most == largest ? most : std::max(most, std::min(mostOf(set->value, 0), largest));
      }
      if (next == all) {
        break; // and so would be all rounds that follow
      }
      std::swap(all, next);
    }
  }

  std::vector<uint64_t> all;

private:
  uint64_t mostOf(Expression* curr, int depth) const {
    auto most = mostOfType(curr->type);
    if (depth > mostDepth) {
      return most;
    }
    if (auto* constant = curr->dynCast<Const>()) {
      return curr->type == Type::i32   ? uint32_t(constant->value.geti32())
             : curr->type == Type::i64 ? uint64_t(constant->value.geti64())
                                       : most;
    }
    if (auto* get = curr->dynCast<LocalGet>()) {
      return all[get->index];
    }
    if (auto* tee = curr->dynCast<LocalSet>()) {
      return mostOf(tee->value, depth + 1);
    }
    if (auto* load = curr->dynCast<Load>()) {
      return mostOfLoad(*load);
    }
    if (auto* unary = curr->dynCast<Unary>()) {
      return std::min(most, mostOfUnary(unary->op, mostOf(unary->value, depth + 1)));
    }
    if (auto* binary = curr->dynCast<Binary>()) {
      auto left = mostOf(binary->left, depth + 1), right = mostOf(binary->right, depth + 1);
      return std::min(most, mostOfBinary(binary->op, left, right, binary->right->is<Const>() ? &right : nullptr));
    }
    if (auto* select = curr->dynCast<Select>()) {
      return std::max(mostOf(select->ifTrue, depth + 1), mostOf(select->ifFalse, depth + 1));
    }
    if (auto* block = curr->dynCast<Block>()) {
      // No branch brings another value to a block without a name.
      return block->name || block->list.empty() ? most : mostOf(block->list.back(), depth + 1);
    }
    return most;
  }
};

// What is at most `left` before a shift to the left is at most this afterwards, if no bit leaves a number whose largest
// is `largest`.
uint64_t shifted(uint64_t left, uint64_t by, uint64_t largest) { return left <= largest >> by ? left << by : largest; }

// A shift, a quotient or a rest by a constant. Signed ones are as unsigned ones if the left operand is not negative,
// and the constant neither.
uint64_t mostByConstant(BinaryOp op, uint64_t left, uint64_t constant, uint64_t largest) {
  auto bits = constant & (largest == UINT32_MAX ? 31 : 63);
  bool negative = left > largest >> 1 || constant > largest >> 1;
  switch (op) {
    case ShlInt32:
    case ShlInt64:
      return shifted(left, bits, largest);
    case ShrUInt32:
    case ShrUInt64:
      return left >> bits;
    case ShrSInt32:
    case ShrSInt64:
      return left > largest >> 1 ? largest : left >> bits;
    case DivUInt32:
    case DivUInt64:
      return constant == 0 ? 0 : left / constant; // by 0: it traps
    case DivSInt32:
    case DivSInt64:
      return negative ? largest : constant == 0 ? 0 : left / constant;
    case RemSInt32:
    case RemSInt64:
      return negative ? largest : constant == 0 ? 0 : std::min(left, constant - 1);
    default:
      return largest;
  }
}

} // namespace

bool isComparison(BinaryOp op) {
  switch (op) {
    case EqInt32:
    case NeInt32:
    case LtSInt32:
    case LtUInt32:
    case LeSInt32:
    case LeUInt32:
    case GtSInt32:
    case GtUInt32:
    case GeSInt32:
    case GeUInt32:
    case EqInt64:
    case NeInt64:
    case LtSInt64:
    case LtUInt64:
    case LeSInt64:
    case LeUInt64:
    case GtSInt64:
    case GtUInt64:
    case GeSInt64:
    case GeUInt64:
    case EqFloat32:
    case NeFloat32:
    case LtFloat32:
    case LeFloat32:
    case GtFloat32:
    case GeFloat32:
    case EqFloat64:
    case NeFloat64:
    case LtFloat64:
    case LeFloat64:
    case GtFloat64:
    case GeFloat64:
      return true;
    default:
      return false;
  }
}

bool isOfInt32(BinaryOp op) { return op >= AddInt32 && op <= RotRInt32; }

uint64_t onesOf(uint64_t number) { return number == 0 ? 0 : UINT64_MAX >> std::countl_zero(number); }

uint64_t mostOfType(Type type) { return type == Type::i32 ? UINT32_MAX : UINT64_MAX; }

uint64_t mostOfBinary(BinaryOp op, uint64_t left, uint64_t right, const uint64_t* constant) {
  if (isComparison(op)) {
    return 1;
  }
  uint64_t largest = isOfInt32(op) ? UINT32_MAX : UINT64_MAX;
  switch (op) {
    case AddInt32:
    case AddInt64:
      return left > largest - right ? largest : left + right;
    case MulInt32:
    case MulInt64:
      return left == 0 || right <= largest / left ? left * right : largest;
    case AndInt32:
    case AndInt64:
      return std::min(left, right);
    case OrInt32:
    case OrInt64:
    case XorInt32:
    case XorInt64:
      return onesOf(std::max(left, right));
    case RemUInt32:
    case RemUInt64:
      return right == 0 ? 0 : std::min(left, right - 1); // by 0: it traps
    default:
      break;
  }
  if (constant) {
    return mostByConstant(op, left, *constant, largest);
  }
  // Neither a quotient nor what is shifted to the right is more than before.
  bool shrinks = op == DivUInt32 || op == DivUInt64 || op == ShrUInt32 || op == ShrUInt64;
  return shrinks ? left : largest;
}

uint64_t mostOfUnary(UnaryOp op, uint64_t operand) {
  auto extended = [&](int bits, uint64_t largest) { return operand >> (bits - 1) ? largest : operand; };
  switch (op) {
    case EqZInt32:
    case EqZInt64:
      return 1;
    case ClzInt32:
    case CtzInt32:
    case PopcntInt32:
      return 32;
    case ClzInt64:
    case CtzInt64:
    case PopcntInt64:
      return 64;
    case WrapInt64:
      return std::min<uint64_t>(operand, UINT32_MAX);
    case ExtendUInt32:
      return operand;
    case ExtendS8Int32:
      return extended(8, UINT32_MAX);
    case ExtendS16Int32:
      return extended(16, UINT32_MAX);
    case ExtendS8Int64:
      return extended(8, UINT64_MAX);
    case ExtendS16Int64:
      return extended(16, UINT64_MAX);
    case ExtendS32Int64:
    case ExtendSInt32:
      return extended(32, UINT64_MAX);
    default:
      return UINT64_MAX;
  }
}

uint64_t mostOfLoad(const Load& load) {
  bool isNumber = load.type == Type::i32 || load.type == Type::i64;
  if (isNumber && load.bytes < load.type.getByteSize() && !load.signed_) {
    return (1ull << 8 * load.bytes) - 1;
  }
  return mostOfType(load.type);
}

std::vector<uint64_t> findBounds(Function& function, const Scan& scan) { return std::move(Bounds(function, scan).all); }

} // namespace parigot::verify
