#include "verify/values.h"

#include <bit>

namespace parigot::verify {

using namespace wasm;

namespace {

// Deeper sums of 64-bit numbers stay as they are.
constexpr int mostDepth = 16;

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
      return true;
    default:
      return false;
  }
}

// The least number of ones from the lowest bit up that covers the number.
uint32_t ones(uint32_t number) { return number == 0 ? 0 : UINT32_MAX >> std::countl_zero(number); }

} // namespace

Value Values::find(Node node) {
  Key key{int(node.kind), node.op, node.a.node, node.a.shift, node.b.node, node.b.shift, node.number};
  auto [found, added] = known.insert({key, uint32_t(nodes.size())});
  if (added) {
    nodes.push_back(node);
  }
  return {found->second, 0};
}

Value Values::unknown(Range range, uint64_t most) {
  Node node;
  node.range = range;
  node.most = most;
  nodes.push_back(node);
  return {uint32_t(nodes.size() - 1), 0};
}

Value Values::constant64(uint64_t number) {
  Node node{Node::Kind::Constant64};
  node.number = node.most = number;
  return find(node);
}

Value Values::wrap(Value value, int depth) {
  auto node = at(value); // copied: nodes can move
  if (node.kind == Node::Kind::Constant64) {
    return constant(uint32_t(node.number));
  }
  if (node.kind == Node::Kind::Unary && (node.op == ExtendUInt32 || node.op == ExtendSInt32)) {
    return node.a;
  }
  if (node.kind == Node::Kind::Binary && depth < mostDepth) {
    auto part = [&](BinaryOp op) { return binary(op, wrap(node.a, depth + 1), wrap(node.b, depth + 1)); };
    switch (node.op) {
      case AddInt64:
        return part(AddInt32);
      case SubInt64:
        return part(SubInt32);
      case AndInt64:
        return part(AndInt32);
      default:
        break;
    }
  }
  Node wrapped{Node::Kind::Unary, WrapInt64, value};
  if (node.most <= UINT32_MAX) {
    wrapped.range = Range::between(0, uint32_t(node.most));
  }
  return find(wrapped);
}

Value Values::unary(UnaryOp op, Value value) {
  if (op == WrapInt64) {
    return wrap(value, 0);
  }
  Node node{Node::Kind::Unary, op, value};
  switch (op) {
    case EqZInt32:
    case EqZInt64:
      node.range = Range::between(0, 1);
      break;
    case ExtendUInt32:
      if (value.isConstant()) {
        return constant64(value.shift);
      }
      node.most = rangeOf(value).most();
      break;
    case ExtendSInt32:
      if (value.isConstant()) {
        return constant64(uint64_t(int64_t(int32_t(value.shift))));
      }
      break;
    default:
      break;
  }
  return find(node);
}

Value Values::add(Value a, Value b) {
  if (a.isConstant() || b.isConstant()) {
    return {a.node + b.node, a.shift + b.shift};
  }
  auto shift = a.shift + b.shift;
  Value one{std::min(a.node, b.node), 0}, other{std::max(a.node, b.node), 0};
  Node node{Node::Kind::Binary, AddInt32, one, other};
  node.range = rangeOf(AddInt32, rangeOf(one), rangeOf(other));
  return find(node).plus(shift);
}

Value Values::subtract(Value a, Value b) {
  if (b.isConstant()) {
    return a.plus(-b.shift);
  }
  if (a.node == b.node) {
    return constant(a.shift - b.shift);
  }
  auto shift = a.shift - b.shift;
  a.shift = b.shift = 0;
  Node node{Node::Kind::Binary, SubInt32, a, b};
  node.range = rangeOf(SubInt32, rangeOf(a), rangeOf(b));
  return find(node).plus(shift);
}

Value Values::binary(BinaryOp op, Value a, Value b) {
  switch (op) {
    case AddInt32:
      return add(a, b);
    case SubInt32:
      return subtract(a, b);
    case AndInt32:
    case OrInt32:
    case AndInt64:
    case AddInt64:
      if (at(a).kind == Node::Kind::Zero || at(a).kind == Node::Kind::Constant64) {
        std::swap(a, b); // constants are on the right
      }
      break;
    default:
      break;
  }
  if (op == AndInt32 && b.isConstant() && b.shift == UINT32_MAX) {
    return a;
  }
  Node node{Node::Kind::Binary, op, a, b};
  node.range = rangeOf(op, rangeOf(a), rangeOf(b));
  node.most = mostOf(op, a, b);
  if (node.range.more == 0) {
    return constant(node.range.first);
  }
  return find(node);
}

Range Values::rangeOf(BinaryOp op, const Range& left, const Range& right) {
  if (isComparison(op)) {
    return Range::between(0, 1);
  }
  auto shift = right.first & 31; // of a constant
  auto upTo = [](uint32_t most) { return Range::between(0, most); };
  switch (op) {
    case AddInt32:
      return sum(left, right);
    case SubInt32:
      return difference(left, right);
    case AndInt32:
      return upTo(std::min(left.most(), right.most()));
    case OrInt32:
      return Range::between(std::max(left.least(), right.least()), std::max(ones(left.most()), ones(right.most())));
    case XorInt32:
      return upTo(std::max(ones(left.most()), ones(right.most())));
    case ShrUInt32:
      return right.more == 0 ? Range::between(left.least() >> shift, left.most() >> shift) : upTo(left.most());
    case ShlInt32:
      if (right.more == 0 && uint64_t(left.most()) << shift <= UINT32_MAX) {
        return Range::between(left.least() << shift, left.most() << shift);
      }
      return {};
    case MulInt32:
      if (uint64_t(left.most()) * right.most() <= UINT32_MAX) {
        return Range::between(left.least() * right.least(), left.most() * right.most());
      }
      return {};
    case DivUInt32:
      return upTo(left.most());
    case RemUInt32:
      return right.most() > 0 ? upTo(std::min(left.most(), right.most() - 1)) : Range();
    default:
      return {};
  }
}

uint64_t Values::mostOf(BinaryOp op, Value a, Value b) const {
  auto left = at(a).most, right = at(b).most;
  auto& number = at(b);
  switch (op) {
    case AndInt64:
      return std::min(left, right);
    case AddInt64:
      return left > UINT64_MAX - right ? UINT64_MAX : left + right;
    case ShrUInt64:
      return number.kind == Node::Kind::Constant64 ? left >> (number.number & 63) : left;
    case ShlInt64: {
      auto shift = number.number & 63;
      return number.kind == Node::Kind::Constant64 && left <= UINT64_MAX >> shift ? left << shift : UINT64_MAX;
    }
    case MulInt64:
      return left == 0 || right <= UINT64_MAX / left ? left * right : UINT64_MAX;
    case DivUInt64:
      return left;
    case RemUInt64:
      return right == 0 ? UINT64_MAX : std::min(left, right - 1);
    case OrInt64:
    case XorInt64: {
      auto most = std::max(left, right);
      return most == 0 ? 0 : UINT64_MAX >> std::countl_zero(most);
    }
    default:
      return UINT64_MAX;
  }
}

} // namespace parigot::verify
