// What is known at one place of a function: the values of locals and globals, and facts about values that conditions
// and check functions have established on every way to this place. Values never change, so facts stay true.

#ifndef parigot_verify_state_h
#define parigot_verify_state_h

#include <optional>
#include <utility>
#include <vector>

#include "verify/values.h"

namespace parigot::verify {

struct Fact {
  enum class Kind : uint8_t {
    InRange, // the value is in the range
    Checked, // the service has the bytes from the value on: `bytes` of them
    Counted, // likewise, as many as the i32 `other` says
    AtMost,  // the value is at most `other`, unsigned
  };
  Kind kind = Kind::InRange;
  Value value;
  Range range = {};
  uint32_t service = 0; // the index of the service
  uint64_t bytes = 0;
  Value other = {};
};

class State {
public:
  bool live = true; // whether code can come here
  std::vector<Value> locals;
  std::vector<std::pair<wasm::Name, Value>> globals; // since the last call
  uint32_t epoch = 0;                                // changes when any global can have changed
  Value carried;                                     // what a branch carries to its target
  std::vector<Fact> facts;

  void note(const Fact& fact);
  Range rangeOf(const Values& values, Value value, int depth = 0) const;
  // The sums of two values, which one may be known to bound: d is at most c - x.
  Range sumOf(const Values& values, Value a, Value b, int depth = 0) const;
  // The most that an i64 can be, unsigned.
  uint64_t mostOf(const Values& values, Value value, int depth = 0) const;
  // Whether a check of the service covers `bytes` bytes from the value on.
  bool isChecked(uint32_t service, Value address, uint64_t bytes) const;
  bool isCounted(uint32_t service, Value address, Value bytes) const;

  // Notes what the condition says, an i32 that is not 0, or is 0.
  void assume(const Values& values, Value condition, bool holds);
  // Notes a range, and what follows for the values that this one is made of.
  void learn(const Values& values, Value value, const Range& range, int depth = 0);

private:
  void assumeComparison(const Values& values, const Node& node, bool holds);
  void assumeWide(const Values& values, const Node& node, bool holds);
  void atMost(const Values& values, Value value, Value limit, bool strictly);
};

} // namespace parigot::verify

#endif // parigot_verify_state_h
