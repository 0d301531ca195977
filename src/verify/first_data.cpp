// The functions that write the first contents of memories, when the world is instantiated: gates of the kind `data`.
//
// That they write the right bytes to the right places is not proved. What they do is confined: they touch nothing but
// memories and data segments, they call nothing but each other, and nothing calls them but the start of the world,
// which in turn nothing calls. So they run while the world starts, and never again.

#include <algorithm>

#include "verify/task_list.h"

namespace parigot::verify {

using namespace wasm;

// The start of the world. Nothing else can begin with the functions that write its first data.
void TaskList::beginAtStart(const Rights& host) {
  for (auto& gate : claims.gatesOf(module.start)) {
    if (gate.kind == Gate::Kind::Data) {
      add(*module.getFunction(module.start), {Rights::Kind::Data, gate.services});
      return;
    }
  }
  beginAt(module.start, host);
}

// Whether a function may call one that writes the world's first data: the start may, and one that does so itself.
bool TaskList::enterData(size_t index, Function& target) {
  if (tasks[index].rights.kind != Rights::Kind::Data && tasks[index].function->name != module.start) {
    return false;
  }
  for (auto& gate : claims.gatesOf(target.name)) {
    if (gate.kind == Gate::Kind::Data) {
      add(target, {Rights::Kind::Data, gate.services});
      return true;
    }
  }
  return false;
}

void TaskList::refuseLateData() {
  bool any = false;
  for (size_t i = 0; i < tasks.size(); i++) {
    auto& task = tasks[i];
    if (task.rights.kind != Rights::Kind::Data) {
      continue;
    }
    any = true;
    for (auto& touch : task.proof.touches) {
      if (touch.kind != Touch::Kind::Memory && touch.kind != Touch::Kind::Data) {
        refuse(i, "it writes the world's first data, and uses " + touch.name.toString() + " besides");
      }
    }
  }
  if (!any) {
    return;
  }
  for (auto caller : callersOfStart) {
    refuse(caller, "it calls the start of the world, which writes the first data of all services");
  }
  for (size_t i = 0; i < tasks.size(); i++) {
    if (tasks[i].function->name == module.start && isSeenByHost(module.start)) {
      refuse(i, "the host can call it again, and it writes the first data of all services");
    }
  }
}

// Whether the host can call a function by an export, of the function or of a table.
bool TaskList::isSeenByHost(Name function) {
  for (auto& item : module.exports) {
    auto name = *item->getInternalName();
    if (item->kind == ExternalKind::Function && name == function) {
      return true;
    }
    auto isIt = [&](auto& element) { return element.function == function; };
    if (item->kind == ExternalKind::Table && std::any_of(inTables[name].begin(), inTables[name].end(), isIt)) {
      return true;
    }
  }
  return false;
}

} // namespace parigot::verify
