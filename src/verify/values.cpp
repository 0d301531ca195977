#include "verify/values.h"

#include <algorithm>
#include <bit>

#include "verify/bounds.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// Deeper sums of 64-bit numbers stay as they are.
constexpr int mostDepth = 16;

const Range& smaller(const Range& a, const Range& b) { return b.more < a.more ? b : a; }

// x & -16 is x, or up to 15 less, also where x passes 2^32. All values if `with` is no constant like -16.
Range alignedDown(const Range& values, const Range& with) {
  auto alignment = 0 - with.first;
  if (with.more != 0 || !std::has_single_bit(alignment) || uint64_t(values.more) + alignment > UINT32_MAX) {
    return {};
  }
  auto first = values.first & with.first;
  return {first, (values.last() & with.first) - first};
}

bool isSame(const Node& a, const Node& b) {
  return a.kind == b.kind && a.op == b.op && a.a == b.a && a.b == b.b && a.number == b.number;
}

uint64_t hashOf(const Node& node) {
  constexpr uint64_t odd = 0x9e3779b97f4a7c15; // 2^64 divided by the golden ratio
  auto mix = [](uint64_t hash, uint64_t with) {
    hash = (hash ^ with) * odd;
    return hash ^ hash >> 32;
  };
  auto pair = [](Value value) { return uint64_t(value.node) << 32 | value.shift; };
  auto hash = mix(uint64_t(node.kind) << 32 | uint32_t(node.op), pair(node.a));
  return mix(mix(hash, pair(node.b)), node.number);
}

} // namespace

Value Values::find(const Node& node) {
  if (2 * (found + 1) > table.size()) {
    grow();
  }
  auto& place = placeOf(node);
  if (place == 0) {
    found++;
    place = uint32_t(nodes.size());
    nodes.push_back(node);
  }
  return {place, 0};
}

// Where the table has this operation, or has to have it.
uint32_t& Values::placeOf(const Node& node) {
  auto mask = table.size() - 1;
  for (size_t i = hashOf(node) & mask;; i = (i + 1) & mask) {
    if (table[i] == 0 || isSame(nodes[table[i]], node)) {
      return table[i];
    }
  }
}

void Values::grow() {
  std::vector<uint32_t> old(std::max<size_t>(64, table.size() * 2));
  std::swap(old, table);
  for (auto index : old) {
    if (index != 0) {
      placeOf(nodes[index]) = index;
    }
  }
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
      node.most = mostOfUnary(op, rangeOf(value).most());
      break;
    case EqZInt32:
    case EqZInt64:
    case ClzInt32:
    case CtzInt32:
    case PopcntInt32:
    case ExtendS8Int32:
    case ExtendS16Int32:
      node.range = Range::between(0, uint32_t(mostOfUnary(op, rangeOf(value).most())));
      break;
    default:
      node.most = mostOfUnary(op, at(value).most); // of an i64
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
  if (b.isConstant() && (op == AndInt32 ? b.shift == UINT32_MAX : op == OrInt32 && b.shift == 0)) {
    return a;
  }
  if ((op == EqInt32 || op == NeInt32) && a.node == b.node) {
    return constant((a.shift == b.shift) == (op == EqInt32));
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
  if (!isOfInt32(op)) {
    return {};
  }
  uint64_t constant = right.first;
  auto most = mostOfBinary(op, left.most(), right.most(), right.more == 0 ? &constant : nullptr);
  auto shift = right.first & 31; // of a constant
  switch (op) {
    case AddInt32:
      return sum(left, right);
    case SubInt32:
      return difference(left, right);
    case AndInt32:
      return smaller(Range::between(0, uint32_t(most)), alignedDown(left, right));
    case OrInt32:
      return Range::between(std::max(left.least(), right.least()), uint32_t(most));
    case ShrUInt32:
      return Range::between(right.more == 0 ? left.least() >> shift : 0, uint32_t(most));
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
    default:
      return Range::between(0, uint32_t(most));
  }
}

uint64_t Values::mostOf(BinaryOp op, Value a, Value b) const {
  auto& number = at(b);
  return mostOfBinary(op, at(a).most, number.most, number.kind == Node::Kind::Constant64 ? &number.number : nullptr);
}

} // namespace parigot::verify
