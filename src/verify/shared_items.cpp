#include "verify/shared_items.h"

namespace parigot::verify {

using namespace wasm;

namespace {

struct Use {
  const Task* first = nullptr; // of services
  const Task* other = nullptr; // of another service
  const Task* writer = nullptr;
  const Task* gateWriter = nullptr;
};

struct Uses {
  std::map<Name, Use> globals, tables, segments;

  void note(Use& use, const Task& task, bool writes) {
    if (task.rights.kind != Rights::Kind::Service) {
      use.gateWriter = writes ? &task : use.gateWriter;
      return;
    }
    if (!use.first) {
      use.first = &task;
    } else if (!use.other && (use.first->rights < task.rights || task.rights < use.first->rights)) {
      use.other = &task;
    }
    use.writer = writes ? &task : use.writer;
  }

  void note(const Task& task) {
    for (auto& touch : task.proof.touches) {
      switch (touch.kind) {
        case Touch::Kind::ReadGlobal:
        case Touch::Kind::WriteGlobal:
          note(globals[touch.name], task, touch.kind == Touch::Kind::WriteGlobal);
          break;
        case Touch::Kind::Table:
          note(tables[touch.name], task, false);
          break;
        case Touch::Kind::Data:
          note(segments[touch.name], task, false);
          break;
        default:
          break;
      }
    }
  }
};

} // namespace

std::string nameOf(const Claims& claims, const Rights& rights) {
  std::string text;
  for (auto service : rights.services) {
    text += (text.empty() ? "" : ", ") + claims.services[service].name;
  }
  return rights.kind == Rights::Kind::World ? "the world" : text;
}

std::vector<Unproved> findSharedItems(const Context& context, const TaskList& tasks) {
  Uses uses;
  for (auto& task : tasks.all()) {
    uses.note(task);
  }
  std::vector<Unproved> found;
  auto add = [&](const Task& task, const std::string& what, Name name, const std::string& why) {
    auto service = nameOf(context.claims, task.rights);
    found.push_back(
      {service, {task.function->name, 0, "", "it uses the " + what + " " + name.toString() + ", " + why}});
  };
  auto addShared = [&](const std::map<Name, Use>& all, const std::string& what) {
    for (auto& [name, use] : all) {
      if (use.other) {
        add(*use.other, what, name, "which service '" + nameOf(context.claims, use.first->rights) + "' uses, too");
      }
    }
  };
  for (auto& [name, use] : uses.globals) {
    if (use.other && use.writer) {
      add(*use.other, "global", name, "which service '" + nameOf(context.claims, use.first->rights) + "' uses, too");
    } else if (use.first && use.gateWriter) {
      add(*use.first, "global", name, "which adapters write");
    }
  }
  addShared(uses.tables, "table");
  addShared(uses.segments, "data segment");
  // A check function trusts the globals with the ends of arenas.
  for (auto& [function, check] : context.checks) {
    for (auto name : check.arena) {
      if (auto use = uses.globals.find(name); use != uses.globals.end() && use->second.writer) {
        add(*use->second.writer, "global", name, "which says what of an arena is in use");
      }
    }
  }
  return found;
}

} // namespace parigot::verify
