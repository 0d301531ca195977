// The walk of the interpreter over one function (interpreter.h).
//
// walk_control.cpp has the instructions that branch, walk_values.cpp those that compute, walk_memory.cpp those that
// touch something; check_function.cpp what is special about check functions.

#ifndef parigot_verify_walk_h
#define parigot_verify_walk_h

#include <string>
#include <unordered_map>
#include <vector>

#include "support/small_vector.h"
#include "verify/interpreter.h"
#include "verify/join.h"
#include "verify/loops.h"

namespace parigot::verify {

// condition ? a : b
struct Choice {
  Value condition, a, b;
};

using Operands = wasm::SmallVector<Value, 6>;

class Walk {
public:
  Walk(const Context& context, wasm::Function& function, const Rights& rights, LoopGuesses& guesses);

  // False: a guess about a loop was wrong, and is now another. The walk has to begin again.
  bool run();
  FunctionProof proof;

private:
  // What is assumed of a local at the begin of a loop, and has to hold at the end of each turn.
  struct Assumed {
    wasm::Index local;
    int level;
    Range range;
    uint64_t most;
    std::optional<Value> same = {}; // the value stays this one
  };
  // The states of branches to a block, or what is assumed at the begin of a loop.
  struct Target {
    wasm::Loop* loop = nullptr;
    State joined;
    std::vector<Assumed> assumed;
    size_t switches = 0; // the last switch that branches to it
  };
  using Targets = std::unordered_map<wasm::Name, Target>;

  const Context& context;
  const Claims& claims;
  wasm::Module& module;
  wasm::Function& function;
  const Rights& rights;
  LoopGuesses& guesses;
  Values values;
  Joiner joiner;
  State state;
  std::vector<Value> parameters;
  bool guessedWrong = false;
  int depth = 0;
  std::unordered_map<uint32_t, wasm::Name> globalOf; // node -> the global that it was read from
  std::unordered_map<uint32_t, Choice> choicesOf;    // node -> the choice that it is the result of

  Targets targets;
  // What is used again, so that no place of the code needs memory of its own.
  std::vector<Targets::node_type> spareTargets;
  std::vector<State> spareStates;
  std::vector<Fact> keptFacts;
  size_t switches = 0;
  // What the proof has already.
  std::unordered_set<wasm::Name> read, written, called;
  wasm::Memory* touched = nullptr; // the memory that was touched last

  void refuse(wasm::Expression* curr, const std::string& reason);
  void stop() { state.live = false; }
  Value unknownOf(wasm::Type type);
  // What a local holds when the function begins.
  Value firstValueOf(wasm::Index local, const Arguments* arguments);
  // What a local can be anywhere, if it is in the range, or at most so much.
  Value anyOf(wasm::Index local, Range range = {}, uint64_t most = UINT64_MAX);

  // walk_control.cpp
  Value walk(wasm::Expression* curr);
  Value walkControl(wasm::Expression* curr, bool& done);
  Value walkBlock(wasm::Block* block);
  Value walkIf(wasm::If* curr);
  Value walkLoop(wasm::Loop* curr);
  void assume(wasm::Loop* loop, wasm::Index local, std::vector<Assumed>& all);
  Range guessAddress(const Range& before, int level) const;
  void checkAssumed(wasm::Loop* loop, const Assumed& assumed, const State& from);
  Value walkBreak(wasm::Break* curr);
  Value walkSwitch(wasm::Switch* curr);
  Value walkBrOn(wasm::BrOn* curr);
  Value walkTry(wasm::Try* curr);
  Value walkTryTable(wasm::TryTable* curr);
  void forget(const std::vector<wasm::Index>& locals);
  void branchTo(wasm::Name name, Value value, const State& from);
  Value leave(wasm::Name name, Value value);
  Target& open(wasm::Name name);
  void close(wasm::Name name);
  State copyOfState();
  void discard(State&& unused) { spareStates.push_back(std::move(unused)); }
  // Does something with the state as it is if the condition holds, or does not. What becomes known is forgotten again.
  template<typename Use> void assuming(Value condition, bool holds, Use use) {
    keptFacts = state.facts;
    bool live = state.live;
    state.assume(values, condition, holds);
    use();
    std::swap(state.facts, keptFacts);
    state.live = live;
  }

  // walk_values.cpp
  Value walkValue(wasm::Expression* curr, bool& done);
  Value walkSelect(wasm::Select* curr);
  std::optional<Value> sameOnBothWays(Value condition, Value a, Value b) const;
  Value walkGlobalGet(wasm::GlobalGet* curr);
  void walkGlobalSet(wasm::GlobalSet* curr);
  Value walkOthers(wasm::Expression* curr);
  Operands walkOperands(wasm::Expression* curr);
  Value walkCall(wasm::Call* curr);
  void noteCheck(const CheckFunction& check, const Operands& operands);
  void noteArguments(wasm::Name target, const Operands& operands);
  void forgetGlobals();

  // walk_memory.cpp
  Value touch(wasm::Expression* curr, const Operands& operands);
  void touchName(wasm::ModuleItemKind kind, wasm::Name name);
  void touchNames(wasm::Expression* curr);
  void touchSlots(wasm::Name table, Value slot);
  void prove(wasm::Expression* curr, wasm::Name memory, Value address, uint64_t offset, uint64_t bytes);
  void proveRange(wasm::Expression* curr, wasm::Name memory, Value address, Value bytes);
  bool isInside(
    const ServiceClaim& service, uint32_t index, wasm::Name memory, Value address, uint64_t offset, uint64_t bytes);
  bool endsInside(const ServiceClaim& service, Value address, Value bytes) const;
  bool memoryRights(wasm::Expression* curr, wasm::Name memory);
  bool mayGrow(wasm::Name memory) const;
  Value result(wasm::Expression* curr);
  friend struct MemoryVisitor;

  // check_function.cpp
  void leaveFunction();
};

} // namespace parigot::verify

#endif // parigot_verify_walk_h
