#include <map>
#include <unordered_set>

#include "verify/state.h"

namespace parigot::verify {

namespace {

// With more facts, those about values that no local holds are dropped.
constexpr size_t mostFacts = 64;

class Join {
public:
  Join(State& into, const State& from, Values& values, const std::vector<uint64_t>& memories)
    : into(into), from(from), values(values), memories(memories) {}

  void run() {
    joinFacts();
    for (size_t i = 0; i < into.locals.size(); i++) {
      into.locals[i] = joined(into.locals[i], from.locals[i]);
    }
    into.carried = joined(into.carried, from.carried);
    if (into.epoch != from.epoch) {
      into.epoch = values.unknown().node;
    }
    std::erase_if(into.globals, [&](auto& entry) {
      for (auto& other : from.globals) {
        if (other.first == entry.first) {
          entry.second = joined(entry.second, other.second);
          return false;
        }
      }
      return true;
    });
    into.facts = std::move(facts);
    if (into.facts.size() > mostFacts) {
      dropFacts();
    }
  }

private:
  State& into;
  const State& from;
  Values& values;
  const std::vector<uint64_t>& memories;
  std::vector<Fact> facts; // of the joined state
  std::map<std::pair<std::pair<uint32_t, uint32_t>, std::pair<uint32_t, uint32_t>>, Value> known;

  bool holds(const State& state, const Fact& fact, Value value) const {
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
        for (auto& other : state.facts) {
          if (other.kind == fact.kind && other.value == value && other.other == fact.other) {
            return true;
          }
        }
        return false;
    }
  }

  // The facts of each state that hold in the other, too.
  void joinFacts() {
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

  // A value that is one on one way, and the other on the other.
  Value joined(Value a, Value b) {
    if (a == b) {
      return a;
    }
    auto key = std::pair(std::pair(a.node, a.shift), std::pair(b.node, b.shift));
    auto [found, added] = known.insert({key, {}});
    if (!added) {
      return found->second;
    }
    auto range = hull(into.rangeOf(values, a), from.rangeOf(values, b));
    auto most = std::max(into.mostOf(values, a), from.mostOf(values, b));
    auto value = values.unknown(range, most);
    found->second = value;
    noteChecks(into, a, from, b, value);
    noteChecks(from, b, into, a, value);
    return value;
  }

  // Notes checks of the value on one way that hold for that on the other way.
  void noteChecks(const State& here, Value value, const State& there, Value other, Value result) {
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

  void dropFacts() {
    std::unordered_set<uint32_t> held{into.carried.node};
    for (auto value : into.locals) {
      held.insert(value.node);
    }
    std::erase_if(into.facts, [&](const Fact& fact) {
      auto& node = values.at(fact.value);
      return !held.count(fact.value.node) && (node.kind == Node::Kind::Unknown || !held.count(node.a.node));
    });
  }
};

} // namespace

void join(State& into, const State& from, Values& values, const std::vector<uint64_t>& memories) {
  if (!from.live) {
    return;
  }
  if (!into.live) {
    into = from;
    return;
  }
  Join(into, from, values, memories).run();
}

} // namespace parigot::verify
