// The functions of a world that are to be proved, and with whose rights: found from what the world exports on, and
// proved in parallel (proof.h has the rules).

#ifndef parigot_verify_task_list_h
#define parigot_verify_task_list_h

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "verify/interpreter.h"

namespace parigot::verify {

struct Task {
  wasm::Function* function;
  Rights rights;
  FunctionProof proof = {};
  std::vector<Issue> refused = {}; // calls
  // Code of a service that calls this function, though that carries calls of others (TaskList::demand).
  std::vector<size_t> strangers = {};
  bool hasArguments = false; // the proof is one with arguments
};

class TaskList {
public:
  explicit TaskList(const Context& context);

  // Finds and proves all functions. What an earlier proof has found is taken from it where that depends on nothing of
  // what has changed since: globals whose range is another, and check functions of which something else is known.
  void run(TaskList* before, const std::unordered_set<wasm::Name>& changed);

  const std::deque<Task>& all() const { return tasks; }
  const std::set<wasm::Name>& importsCalled() const { return imports; }
  // The globals that some function sets to a value outside of the range that is assumed of them.
  std::set<wasm::Name> outOfRange() const;
  // What functions that nothing but calls can reach are called with.
  std::map<std::pair<wasm::Name, Rights>, Arguments> arguments() const;
  bool hasIssues() const;
  // Refuses calls of gates by services that are not their clients, unless the gates turned out to be code that these
  // services may have.
  void refuseStrangers();
  // Refuses whatever could write the world's first data when it runs already, and functions that do more than write it.
  void refuseLateData();
  // Proves functions again of which something is not proved, with what is now known of arguments, and the functions
  // that call these.
  void proveAgain();

private:
  const Context& context;
  const Claims& claims;
  wasm::Module& module;
  std::deque<Task> tasks;
  std::unordered_map<wasm::Name, std::vector<size_t>> known; // function -> tasks
  // A function in a table; without a slot, it may be anywhere.
  struct Element {
    wasm::Name function;
    std::optional<uint32_t> slot;
  };
  std::unordered_map<wasm::Name, std::vector<Element>> inTables; // table -> the functions that it can hold
  std::unordered_map<wasm::Name, std::vector<wasm::Name>> inElements;
  std::set<std::pair<Touch, Rights>> seen; // uses of tables, segments and globals that have been followed
  std::set<wasm::Name> imports;
  std::vector<size_t> callersOfStart;

  void findElements();
  Rights rightsOfCallee(const Rights& caller) const;
  void begin();
  void beginAt(wasm::Name function, const Rights& host);
  void beginAtStart(const Rights& host);
  bool isSeenByHost(wasm::Name function);
  // Its index.
  size_t add(wasm::Function& function, const Rights& rights);
  Task* find(wasm::Name function, const Rights& rights);
  bool take(Task& task, TaskList& before, const std::unordered_set<wasm::Name>& changed) const;
  void proveAll(const std::vector<size_t>& which, std::vector<FunctionProof>& proofs) const;
  void follow(size_t index);
  void followTouch(size_t index, const Touch& touch);
  void demand(size_t index, wasm::Name target);
  bool enter(const Rights& rights, const Gate& gate, wasm::Function& target, std::string& why);
  bool enterData(size_t index, wasm::Function& target);
  bool mayImport(const Gate& gate, const wasm::Function& target, std::string& why) const;
  void refuse(size_t index, const std::string& reason);
};

} // namespace parigot::verify

#endif // parigot_verify_task_list_h
