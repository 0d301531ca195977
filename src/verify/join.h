// The state of a place where two ways meet.

#ifndef parigot_verify_join_h
#define parigot_verify_join_h

#include <map>
#include <vector>

#include "verify/state.h"

namespace parigot::verify {

class Joiner {
public:
  // `memories` has the bytes that the memory of each service can have: a value in such a memory needs no check.
  Joiner(Values& values, const std::vector<uint64_t>& memories) : values(values), memories(memories) {}

  // Joins the state of another way into one; the other way carries `carried`. Values that differ become new ones.
  void join(State& into, const State& from, Value carried);

private:
  // Two values that differ, and what they became.
  struct Pair {
    Value a, b, joined;
  };

  Values& values;
  const std::vector<uint64_t>& memories;
  std::vector<Fact> facts; // of the joined state
  // The pairs of this join: the first ones in a list, the others in a map.
  std::vector<Pair> pairs;
  std::map<std::pair<uint64_t, uint64_t>, Value> morePairs;

  bool holds(const State& state, const Fact& fact, Value value) const;
  void joinFacts(const State& into, const State& from);
  void joinGlobals(State& into, const State& from);
  Value joined(const State& into, Value a, const State& from, Value b);
  void noteChecks(const State& here, Value value, const State& there, Value other, Value result);
  void dropFacts(State& state) const;
};

} // namespace parigot::verify

#endif // parigot_verify_join_h
