// The walk of the interpreter over one function (interpreter.h).
//
// walk_control.cpp has the instructions that branch, walk_values.cpp those that compute, walk_memory.cpp those that
// touch something; check_function.cpp what is special about check functions.

#ifndef parigot_verify_walk_h
#define parigot_verify_walk_h

#include <string>
#include <unordered_map>
#include <vector>

#include "verify/interpreter.h"
#include "verify/loops.h"

namespace parigot::verify {

// condition ? a : b
struct Choice {
  Value condition, a, b;
};

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
    bool isLoop = false;
    State joined;
    std::vector<Assumed> assumed;
    wasm::Loop* loop = nullptr;
  };

  const Context& context;
  const Claims& claims;
  wasm::Module& module;
  wasm::Function& function;
  const Rights& rights;
  LoopGuesses& guesses;
  std::vector<uint64_t> memories; // the bytes of each service's memory
  Values values;
  State state;
  std::vector<Value> parameters;
  bool guessedWrong = false;
  int depth = 0;
  std::unordered_map<uint32_t, wasm::Name> globalOf; // node -> the global that it was read from
  std::unordered_map<uint32_t, Choice> choicesOf;    // node -> the choice that it is the result of

  std::unordered_map<wasm::Name, Target> targets;

  void refuse(wasm::Expression* curr, const std::string& reason);
  void stop() { state.live = false; }
  Value unknownOf(wasm::Type type);
  // What a local holds when the function begins.
  Value firstValueOf(wasm::Index local);
  // What a local can be anywhere, if it is in the range, or at most so much.
  Value anyOf(wasm::Index local, Range range = {}, uint64_t most = UINT64_MAX);

  // walk_control.cpp
  Value walk(wasm::Expression* curr);
  Value walkControl(wasm::Expression* curr, bool& done);
  Value walkBlock(wasm::Block* block);
  Value walkIf(wasm::If* curr);
  Value walkLoop(wasm::Loop* curr);
  void assume(wasm::Loop* loop, wasm::Index local, Target& target);
  Range guessAddress(const Range& before, int level) const;
  void checkAssumed(const Target& target, const Assumed& assumed, const State& from);
  Value walkBreak(wasm::Break* curr);
  Value walkSwitch(wasm::Switch* curr);
  Value walkBrOn(wasm::BrOn* curr);
  Value walkTry(wasm::Try* curr);
  Value walkTryTable(wasm::TryTable* curr);
  void forget(const std::vector<wasm::Index>& locals);
  void branchTo(wasm::Name name, Value value, const State& from);
  Value leave(wasm::Name name, Value value);

  // walk_values.cpp
  Value walkValue(wasm::Expression* curr, bool& done);
  Value walkSelect(wasm::Select* curr);
  std::optional<Value> sameOnBothWays(Value condition, Value a, Value b) const;
  Value walkGlobalGet(wasm::GlobalGet* curr);
  void walkGlobalSet(wasm::GlobalSet* curr);
  Value walkOthers(wasm::Expression* curr);
  std::vector<Value> walkOperands(wasm::Expression* curr);
  Value walkCall(wasm::Call* curr);
  void noteCheck(const CheckFunction& check, const std::vector<Value>& operands);
  void noteArguments(wasm::Name target, const std::vector<Value>& operands);
  void forgetGlobals();

  // walk_memory.cpp
  Value touch(wasm::Expression* curr, const std::vector<Value>& operands);
  void touchName(wasm::ModuleItemKind kind, wasm::Name name);
  void touchNames(wasm::Expression* curr);
  void touchSlots(wasm::Name table, Value slot);
  void prove(wasm::Expression* curr, wasm::Name memory, Value address, uint64_t offset, uint64_t bytes);
  void proveRange(wasm::Expression* curr, wasm::Name memory, Value address, Value bytes);
  bool isInside(
    const ServiceClaim& service, uint32_t index, wasm::Name memory, Value address, uint64_t offset, uint64_t bytes);
  bool memoryRights(wasm::Expression* curr, wasm::Name memory);
  bool mayGrow(wasm::Name memory) const;
  Value result(wasm::Expression* curr);
  friend struct MemoryVisitor;

  // check_function.cpp
  void leaveFunction();
};

} // namespace parigot::verify

#endif // parigot_verify_walk_h
