#include "audit/evaluator.h"

namespace parigot::gojs {

namespace {

using wasm::Expression;

// Operands nest a few levels deep in real code. Values of operands that are nested deeper than this are unknown.
constexpr unsigned deepest = 24;

// No function uses stack that is farther from its entry SP than this. Such a place is unknown.
constexpr int64_t farthest = int64_t(1) << 40; // bytes

} // namespace

Value Evaluator::frameAt(uint64_t offset) {
  auto distance = int64_t(offset);
  return distance > -farthest && distance < farthest ? Value::frame(distance) : Value();
}

Value Evaluator::valueOf(const Expression* curr, unsigned depth) const {
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

Value Evaluator::valueOf(const wasm::Unary* curr, unsigned depth) const {
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

Value Evaluator::valueOf(const wasm::Binary* curr, unsigned depth) const {
  auto left = valueOf(curr->left, depth + 1), right = valueOf(curr->right, depth + 1);
  if (!left || !right) {
    return {};
  }
  bool numbers = left.is(ValueKind::Const) && right.is(ValueKind::Const);
  // The sum is modulo 2^64, as wasm's i64.add is. For i32 its lower half counts.
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

Value Evaluator::addressOf(const Expression* pointer, uint64_t offset) const {
  auto value = valueOf(pointer);
  if (value.is(ValueKind::Const)) {
    return Value::constant(int64_t(uint64_t(value.bits) + offset));
  }
  return value.is(ValueKind::Frame) ? frameAt(uint64_t(value.bits) + offset) : Value();
}

} // namespace parigot::gojs
