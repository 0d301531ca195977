// The laws of the world: which calls a process may make.
//
// A pattern is SERVICE.METHOD, where SERVICE is the name of a process, or a name that it exports (package.service). One
// that ends with a star fits everything that begins as it does. A process may always call its own services. What it may
// not call, it does not find: locate_ answers as for a name that nobody exports, and leaves out the methods that it may
// not call; dispatch_ answers as for a method that nobody has bound. src/world/government.h has the laws.
//
// In an open world the names of methods outside are the affair of the kernel there. Here a process may dispatch to the
// services outside that it has located, and it locates those of which some method is allowed.

#include "kernel.h"

namespace kernel {

namespace {

// Whether a pattern fits a name that comes in pieces. `open`: a method follows, and any one will do.
bool fits(Text pattern, const Text* pieces, uint32_t count, bool open) {
  bool star = pattern.size && pattern[pattern.size - 1] == '*';
  pattern.size -= star;
  for (uint32_t i = 0; i < count; i++) {
    Text piece = pieces[i];
    uint32_t common = piece.size < pattern.size ? piece.size : pattern.size;
    if (!(Text{piece.data, common} == Text{pattern.data, common})) {
      return false;
    }
    if (common < piece.size) {
      return star; // the pattern ends within the name
    }
    pattern = pattern.from(common);
  }
  return star || (open ? pattern.size > 0 : pattern.size == 0);
}

} // namespace

// An empty `package` has no dot behind it, and an empty `method` stands for any.
bool Kernel::allows(uint32_t process, Text package, Text service, Text method) const {
  auto& caller = processes[process];
  if (!caller.bound) {
    return true;
  }
  Text pieces[] = {package, package.size ? Text(".") : Text(), service, ".", method};
  for (auto& pattern : caller.allowed) {
    // A star within the name fits any method, too.
    if (fits(pattern, pieces, method.size ? 5 : 4, !method.size)) {
      return true;
    }
  }
  return false;
}

bool Kernel::mayCall(uint32_t process, const Service& service, Text method) const {
  if (!processes[process].bound || service.process == process ||
      allows(process, {}, processes[service.process].name, method)) {
    return true;
  }
  auto named = [&](uint32_t name) { return allows(process, names[name].package, names[name].service, method); };
  for (uint32_t name : service.exports) {
    if (named(name)) {
      return true;
    }
  }
  return service.name != noIndex && named(service.name);
}

// Remembers a service outside that a process has located, so that it can dispatch to it.
Error Kernel::noteLocated(uint32_t process, const Id& service) {
  auto& caller = processes[process];
  for (auto& known : caller.located) {
    if (known == service) {
      return Error::none;
    }
  }
  if (caller.bound && !claim(process, 1, 0)) {
    return Error::namespaceExhausted;
  }
  if (caller.bound) {
    caller.located.push(service);
  }
  return Error::none;
}

void Kernel::sayForbidden(uint32_t process, Text package, Text service) {
  Characters line;
  line << "parigot: no law allows service " << Text(processes[process].name) << " to call " << package << '.'
       << service;
  world.say(line);
}

} // namespace kernel
