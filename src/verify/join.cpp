#include "verify/join.h"

#include <algorithm>
#include <unordered_set>

namespace parigot::verify {

namespace {

// With more facts, those about values that no local holds are dropped.
constexpr size_t mostFacts = 64;
// So many pairs are looked for one after the other.
constexpr size_t mostListed = 16;

uint64_t keyOf(Value value) { return uint64_t(value.node) << 32 | value.shift; }

} // namespace

void Joiner::join(State& into, const State& from, Value carried) {
  if (!from.live) {
    return;
  }
  if (!into.live) {
    into = from;
    into.carried = carried;
    return;
  }
  facts.clear();
  pairs.clear();
  morePairs.clear();
  joinFacts(into, from);
  for (size_t i = 0; i < into.locals.size(); i++) {
    into.locals[i] = joined(into, into.locals[i], from, from.locals[i]);
  }
  into.carried = joined(into, into.carried, from, carried);
  joinGlobals(into, from);
  std::swap(into.facts, facts);
  if (into.facts.size() > mostFacts) {
    dropFacts(into);
  }
}

bool Joiner::holds(const State& state, const Fact& fact, Value value) const {
  switch (fact.kind) {
    case Fact::Kind::Checked: {
      if (state.isChecked(fact.service, value, fact.bytes)) {
        return true;
      }
      auto range = state.rangeOf(values, value);
      return !range.wraps() && range.last() + fact.bytes <= memories[fact.service];
    }
    case Fact::Kind::Counted:
      return state.isCounted(fact.service, value, fact.other);
    default:
      return std::any_of(state.facts.begin(), state.facts.end(), [&](auto& other) {
        return other.kind == fact.kind && other.value == value && other.other == fact.other;
      });
  }
}

// The facts of each state that hold in the other, too.
void Joiner::joinFacts(const State& into, const State& from) {
  for (auto& fact : into.facts) {
    if (fact.kind == Fact::Kind::InRange) {
      auto range = hull(fact.range, from.rangeOf(values, fact.value));
      if (range.more < values.at(fact.value).range.more) {
        facts.push_back(fact);
        facts.back().range = range;
      }
    } else if (holds(from, fact, fact.value)) {
      facts.push_back(fact);
    }
  }
  for (auto& fact : from.facts) {
    if (fact.kind == Fact::Kind::Checked && !into.isChecked(fact.service, fact.value, fact.bytes) &&
        holds(into, fact, fact.value)) {
      facts.push_back(fact);
    }
  }
}

void Joiner::joinGlobals(State& into, const State& from) {
  if (into.epoch != from.epoch) {
    into.epoch = values.unknown().node;
  }
  std::erase_if(into.globals, [&](auto& entry) {
    for (auto& other : from.globals) {
      if (other.first == entry.first) {
        entry.second = joined(into, entry.second, from, other.second);
        return false;
      }
    }
    return true;
  });
}

// A value that is one on one way, and the other on the other.
Value Joiner::joined(const State& into, Value a, const State& from, Value b) {
  if (a == b) {
    return a;
  }
  for (auto& pair : pairs) {
    if (pair.a == a && pair.b == b) {
      return pair.joined;
    }
  }
  if (pairs.size() == mostListed) {
    if (auto found = morePairs.find({keyOf(a), keyOf(b)}); found != morePairs.end()) {
      return found->second;
    }
  }
  auto range = hull(into.rangeOf(values, a), from.rangeOf(values, b));
  auto most = std::max(into.mostOf(values, a), from.mostOf(values, b));
  auto value = values.unknown(range, most);
  if (pairs.size() < mostListed) {
    pairs.push_back({a, b, value});
  } else {
    morePairs[{keyOf(a), keyOf(b)}] = value;
  }
  noteChecks(into, a, from, b, value);
  noteChecks(from, b, into, a, value);
  return value;
}

// Notes checks of the value on one way that hold for that on the other way.
void Joiner::noteChecks(const State& here, Value value, const State& there, Value other, Value result) {
  for (auto& fact : here.facts) {
    if (fact.kind == Fact::Kind::Checked && fact.value.node == value.node && !value.isConstant()) {
      auto distance = fact.value.shift - value.shift;
      if (holds(there, fact, other.plus(distance))) {
        auto copy = fact;
        copy.value = result.plus(distance);
        facts.push_back(copy);
      }
    }
  }
}

void Joiner::dropFacts(State& state) const {
  std::unordered_set<uint32_t> held{state.carried.node};
  for (auto value : state.locals) {
    held.insert(value.node);
  }
  std::erase_if(state.facts, [&](const Fact& fact) {
    auto& node = values.at(fact.value);
    return !held.count(fact.value.node) && (node.kind == Node::Kind::Unknown || !held.count(node.a.node));
  });
}

} // namespace parigot::verify
