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

// The slots of a table that functions with the same rights use.
struct Slots {
  const Task* task = nullptr; // one of them
  uint32_t first = UINT32_MAX, last = 0;
};

bool overlap(const Slots& a, const Slots& b) { return a.first <= b.last && b.first <= a.last; }

struct Uses {
  std::map<Name, Use> globals, segments;
  std::map<Name, std::map<Rights, Slots>> tables; // of services

  void noteSlots(const Task& task, const Touch& touch) {
    if (task.rights.kind == Rights::Kind::Service) {
      auto& slots = tables[touch.name][task.rights];
      slots = {&task, std::min(slots.first, touch.slots.first), std::max(slots.last, touch.slots.last())};
    }
  }

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
          noteSlots(task, touch);
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

// Two tasks of different services that may use the same slot.
std::optional<std::pair<const Task*, const Task*>> findOverlap(const std::map<Rights, Slots>& users) {
  for (auto one = users.begin(); one != users.end(); ++one) {
    for (auto other = std::next(one); other != users.end(); ++other) {
      if (overlap(one->second, other->second)) {
        return std::pair(one->second.task, other->second.task);
      }
    }
  }
  return {};
}

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
  auto addBoth = [&](const Task& one, const Task& other, const std::string& what, Name name) {
    add(other, what, name, "which service '" + nameOf(context.claims, one.rights) + "' uses, too");
  };
  for (auto& [name, use] : uses.globals) {
    if (use.other && use.writer) {
      addBoth(*use.first, *use.other, "global", name);
    } else if (use.first && use.gateWriter) {
      add(*use.first, "global", name, "which adapters write");
    }
  }
  for (auto& [name, users] : uses.tables) {
    if (auto both = findOverlap(users)) {
      addBoth(*both->first, *both->second, "table", name);
    }
  }
  for (auto& [name, use] : uses.segments) {
    if (use.other) {
      addBoth(*use.first, *use.other, "data segment", name);
    }
  }
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
