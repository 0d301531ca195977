#include "verify/state.h"

#include <algorithm>

namespace parigot::verify {

using namespace wasm;

namespace {

// The depth to which sums are followed.
constexpr int mostDepth = 4;

bool isBinary(const Node& node, BinaryOp op) { return node.kind == Node::Kind::Binary && node.op == op; }

const Range& smaller(const Range& a, const Range& b) { return b.more < a.more ? b : a; }

} // namespace

void State::note(const Fact& fact) {
  if (fact.value.isConstant() && fact.kind == Fact::Kind::InRange) {
    return;
  }
  for (auto& old : facts) {
    if (old.kind == fact.kind && old.value == fact.value && old.service == fact.service && old.other == fact.other) {
      if (fact.kind == Fact::Kind::InRange && old.range.has(fact.range)) {
        old.range = fact.range;
        return;
      }
      if (fact.kind != Fact::Kind::InRange) {
        old.bytes = std::max(old.bytes, fact.bytes);
        return;
      }
    }
  }
  facts.push_back(fact);
}

// x + (d << 16) is at most most - y + x, where d is known to be at most (most - x) >> 16; that is the growth of a
// memory. Likewise x + d, where d is known to be at most most - x.
Range State::sumOf(const Values& values, Value a, Value b, int depth) const {
  auto plain = sum(rangeOf(values, a, depth + 1), rangeOf(values, b, depth + 1));
  for (auto [x, d] : {std::pair(a, b), std::pair(b, a)}) {
    auto& shifted = values.at(d);
    bool isShifted = isBinary(shifted, ShlInt32) && shifted.b.isConstant() && d.shift == 0;
    auto counted = isShifted ? shifted.a : d;
    for (auto& fact : facts) {
      if (fact.kind != Fact::Kind::AtMost || !(fact.value == counted)) {
        continue;
      }
      auto limit = fact.other;
      if (isShifted) {
        auto& quotient = values.at(limit);
        if (!isBinary(quotient, ShrUInt32) || limit.shift != 0 || !(quotient.b == shifted.b)) {
          continue;
        }
        limit = quotient.a;
      }
      auto& rest = values.at(limit);
      auto has = rangeOf(values, x, depth + 1);
      // limit = shift - x, without passing 0
      if (isBinary(rest, SubInt32) && rest.a.isConstant() && rest.a.shift == 0 && rest.b == Value{x.node, 0} &&
          !has.wraps()) {
        auto most = limit.shift + x.shift;
        if (has.most() <= most) {
          return smaller(plain, Range::between(has.least(), most));
        }
      }
    }
  }
  return plain;
}

Range State::rangeOf(const Values& values, Value value, int depth) const {
  auto& node = values.at(value);
  auto range = node.range;
  if (depth < mostDepth && node.kind == Node::Kind::Binary) {
    auto op = BinaryOp(node.op);
    range = smaller(range,
                    op == AddInt32
                      ? sumOf(values, node.a, node.b, depth)
                      : Values::rangeOf(op, rangeOf(values, node.a, depth + 1), rangeOf(values, node.b, depth + 1)));
  }
  range = range.movedBy(value.shift);
  for (auto& fact : facts) {
    if (fact.kind == Fact::Kind::InRange && fact.value.node == value.node) {
      range = smaller(range, fact.range.movedBy(value.shift - fact.value.shift));
    }
  }
  return range;
}

uint64_t State::mostOf(const Values& values, Value value, int depth) const {
  auto& node = values.at(value);
  auto most = node.most;
  if (node.kind == Node::Kind::Unary && node.op == ExtendUInt32) {
    most = std::min<uint64_t>(most, rangeOf(values, node.a, depth + 1).most());
  } else if (isBinary(node, AddInt64) && depth < mostDepth) {
    auto a = mostOf(values, node.a, depth + 1), b = mostOf(values, node.b, depth + 1);
    most = a > UINT64_MAX - b ? most : std::min(most, a + b);
  }
  return most;
}

bool State::isChecked(uint32_t service, Value address, uint64_t bytes) const {
  for (auto& fact : facts) {
    if (fact.kind == Fact::Kind::Checked && fact.service == service && fact.value.node == address.node &&
        uint64_t(uint32_t(address.shift - fact.value.shift)) + bytes <= fact.bytes) {
      return true;
    }
  }
  return false;
}

bool State::isCounted(uint32_t service, Value address, Value bytes) const {
  for (auto& fact : facts) {
    if (fact.kind == Fact::Kind::Counted && fact.service == service && fact.value == address && fact.other == bytes) {
      return true;
    }
  }
  return false;
}

// y >> k is at least n, so y is at least n << k; m - x is such and such, so x is m less that.
void State::learn(const Values& values, Value value, const Range& range, int depth) {
  note({Fact::Kind::InRange, value, range});
  auto& node = values.at(value);
  if (depth >= mostDepth || node.kind != Node::Kind::Binary) {
    return;
  }
  if (node.op == ShrUInt32 && node.b.isConstant() && value.shift == 0 && !range.wraps()) {
    auto bits = node.b.shift & 31;
    auto largest = UINT32_MAX >> bits;
    auto known = rangeOf(values, node.a);
    auto least = range.first > largest ? UINT32_MAX : range.first << bits;
    auto most = range.last() >= largest ? UINT32_MAX : ((range.last() + 1) << bits) - 1;
    least = std::max(least, known.least());
    most = std::min(most, known.most());
    if (least <= most && most - least < known.more) {
      learn(values, node.a, Range::between(least, most), depth + 1);
    }
  } else if (node.op == SubInt32 && node.a.isConstant()) {
    auto other = difference(Range::only(value.shift + node.a.shift), range);
    if (other.more < rangeOf(values, node.b).more) {
      learn(values, node.b, other, depth + 1);
    }
  }
}

// Notes value <= limit, or value < limit.
void State::atMost(const Values& values, Value value, Value limit, bool strictly) {
  auto has = rangeOf(values, value), other = rangeOf(values, limit);
  if (strictly && other.most() == 0) {
    live = false;
    return;
  }
  auto most = std::min(has.most(), other.most() - (strictly ? 1 : 0));
  auto least = std::max(other.least(), has.least() == UINT32_MAX ? UINT32_MAX : has.least() + (strictly ? 1 : 0));
  if (has.least() > most || least > other.most()) {
    live = false;
    return;
  }
  auto noteRange = [&](Value of, const Range& known, const Range& now) {
    auto both = intersection(known, now);
    if (!both) {
      live = false;
    } else if (both->more < known.more) {
      learn(values, of, *both);
    }
  };
  noteRange(value, has, Range::between(has.least(), most));
  noteRange(limit, other, Range::between(least, other.most()));
  if (auto& node = values.at(limit); isBinary(node, SubInt32) || isBinary(node, ShrUInt32)) {
    note({Fact::Kind::AtMost, value, {}, 0, 0, limit}); // for sumOf()
  }
}

void State::assumeComparison(const Values& values, const Node& node, bool holds) {
  switch (node.op) {
    case LtUInt32:
      return holds ? atMost(values, node.a, node.b, true) : atMost(values, node.b, node.a, false);
    case LeUInt32:
      return holds ? atMost(values, node.a, node.b, false) : atMost(values, node.b, node.a, true);
    case GtUInt32:
      return holds ? atMost(values, node.b, node.a, true) : atMost(values, node.a, node.b, false);
    case GeUInt32:
      return holds ? atMost(values, node.b, node.a, false) : atMost(values, node.a, node.b, true);
    case EqInt32:
    case NeInt32:
      if (holds == (node.op == EqInt32)) {
        atMost(values, node.a, node.b, false);
        if (live) {
          atMost(values, node.b, node.a, false);
        }
      }
      return;
    case AndInt32:
      if (holds) { // a bit that both have
        assume(values, node.a, true);
        assume(values, node.b, true);
      }
      return;
    case OrInt32:
      if (!holds) {
        assume(values, node.a, false);
        assume(values, node.b, false);
      }
      return;
    default:
      assumeWide(values, node, holds);
  }
}

// extend(a) + n <= m, as 64-bit numbers without overflow, says that a is at most m - n.
void State::assumeWide(const Values& values, const Node& node, bool holds) {
  auto note = [&](Value low, Value high, bool strictly) {
    auto most = mostOf(values, high);
    if (strictly && most-- == 0) {
      live = false;
      return;
    }
    auto* side = &values.at(low);
    if (isBinary(*side, AddInt64) && values.at(side->b).kind == Node::Kind::Constant64) {
      auto number = values.at(side->b).number;
      if (number > UINT32_MAX || mostOf(values, side->a) > UINT64_MAX - number) {
        return;
      }
      if (most < number) {
        live = false;
        return;
      }
      most -= number;
      side = &values.at(side->a);
    }
    if (side->kind == Node::Kind::Unary && side->op == ExtendUInt32 && most <= UINT32_MAX) {
      atMost(values, side->a, Values::constant(uint32_t(most)), false);
    }
  };
  switch (node.op) {
    case LtUInt64:
      return holds ? note(node.a, node.b, true) : note(node.b, node.a, false);
    case LeUInt64:
      return holds ? note(node.a, node.b, false) : note(node.b, node.a, true);
    case GtUInt64:
      return holds ? note(node.b, node.a, true) : note(node.a, node.b, false);
    case GeUInt64:
      return holds ? note(node.b, node.a, false) : note(node.a, node.b, true);
    default:
      return;
  }
}

void State::assume(const Values& values, Value condition, bool holds) {
  if (!live) {
    return;
  }
  if (condition.isConstant()) {
    live = (condition.shift != 0) == holds;
    return;
  }
  auto node = values.at(condition);
  if (condition.shift == 0 && node.kind == Node::Kind::Unary && node.op == EqZInt32) {
    assume(values, node.a, !holds);
  } else if (condition.shift == 0 && node.kind == Node::Kind::Binary) {
    assumeComparison(values, node, holds);
  }
  if (!live) {
    return;
  }
  if (!holds) {
    learn(values, condition, Range::only(0));
  } else if (auto has = rangeOf(values, condition); has.least() == 0 && has.most() > 0 && !has.wraps()) {
    learn(values, condition, Range::between(1, has.most()));
  }
}

} // namespace parigot::verify
