// Which services may begin: launch_ is complete when every name that its service requires has an exporter whose own
// launch is complete.
//
// In a closed world in which every process waits, nobody will export or launch anything more, and what is not complete
// then never will be: those launches fail, with DependencyCycle where the requirements lead into a cycle, else with
// NotFound.

#include "kernel.h"

namespace kernel {

namespace {

// An Any of an empty LaunchResponse: what every launch ends with, also one that fails. The guest library unpacks it
// before it looks at the error, and drops what it cannot unpack (api/guest/syscall/stdcompleter.go:18-25).
constexpr Text launchResponse = "\x0a\x2dtype.googleapis.com/syscall.v1.LaunchResponse";

} // namespace

Error Kernel::launch(uint32_t process, Text bytes, Writer& reply) {
  LaunchRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (!speaks(process, 2)) {
    return Error::notReady;
  }
  auto* service = findService(request.service);
  if (!service || !request.call.isSet() || !request.host.isSet() || !(request.method == launchMethod)) {
    return Error::badId;
  }
  if (calls.find(request.call)) {
    return Error::badCallId;
  }
  Call call{request.call, request.host, request.method, process, nobody, open};
  if (open) {
    Error error = forward(launchCall, bytes, reply);
    if (error == Error::none) {
      calls.add(call);
    }
    return error;
  }
  calls.add(call);
  service->launches.push(call);
  completeLaunches();
  return Error::none;
}

bool Kernel::internNames(const List<Text>& messages, List<uint32_t>& to) {
  for (auto& bytes : messages) {
    FullyQualifiedService full;
    if (!read(bytes, full)) {
      return false;
    }
    to.push(internName(full.package, full.service));
  }
  return true;
}

uint32_t Kernel::internName(Text package, Text service) {
  uint32_t name = findName(package, service);
  if (name == nobody) {
    name = names.size();
    Name added;
    added.package << package;
    added.service << service;
    names.push(static_cast<Name&&>(added));
  }
  return name;
}

bool Kernel::isRunning(uint32_t service) const {
  uint32_t head = services[service].head;
  return services[head == nobody ? service : head].running;
}

uint32_t Kernel::findName(Text package, Text service) const {
  for (uint32_t i = 0; i < names.size(); i++) {
    auto& name = names[i];
    if (Text(name.package) == package && Text(name.service) == service) {
      return i;
    }
  }
  return nobody;
}

bool Kernel::requirementsRun(const Service& service) const {
  for (uint32_t name : service.requires_) {
    bool running = false;
    for (uint32_t exporter : names[name].exporters) {
      running |= isRunning(exporter);
    }
    if (!running) {
      return false;
    }
  }
  return true;
}

void Kernel::completeLaunches() {
  bool changed = true;
  while (changed) {
    changed = false;
    for (auto& service : services) {
      if (service.launches.empty() || !requirementsRun(service)) {
        continue;
      }
      service.running = changed = true;
      List<Call> complete = static_cast<List<Call>&&>(service.launches);
      for (auto& call : complete) {
        Call taken;
        calls.take(call.call, taken);
        resolve(call, launchResponse, Error::none);
      }
    }
  }
}

bool Kernel::misses(const Service& service) const {
  for (uint32_t name : service.requires_) {
    if (names[name].exporters.empty()) {
      return true;
    }
  }
  return false;
}

void Kernel::appendName(Characters& to, uint32_t name) const {
  to << Text(names[name].package) << '.' << Text(names[name].service);
}

void Kernel::sayMissing(const Service& service) {
  for (uint32_t name : service.requires_) {
    if (names[name].exporters.empty()) {
      Characters line;
      line << "parigot: service " << Text(processes[service.process].name) << " requires ";
      appendName(line, name);
      line << ", which no service of this world exports";
      world.say(line);
    }
  }
}

// The first cycle that the requirements of a service lead into, as a path that ends where it comes back to one of its own.
// Each service is looked at once, and without recursion: there may be many ways to the same, and long ones.
bool Kernel::findCycle(uint32_t service, List<uint32_t>& path) const {
  struct Place {
    uint32_t required = 0, exporter = 0;
  };
  List<Place> places; // of each service of the path: what is looked at next
  List<uint8_t> seen;
  seen.resize(services.size());
  auto enter = [&](uint32_t next) {
    seen[next] = true;
    path.push(next);
    places.push({});
  };
  enter(service);
  while (!path.empty()) {
    auto& required = services[path.back()].requires_;
    auto& place = places.back();
    if (place.required == required.size()) {
      path.pop();
      places.pop();
      continue;
    }
    auto& exporters = names[required[place.required]].exporters;
    if (place.exporter == exporters.size()) {
      place = {place.required + 1, 0};
      continue;
    }
    uint32_t next = exporters[place.exporter++];
    next = services[next].head == nobody ? next : services[next].head;
    if (services[next].running) {
      continue;
    }
    if (!seen[next]) {
      enter(next);
      continue;
    }
    for (uint32_t member : path) {
      if (member == next) {
        path.push(next);
        return true;
      }
    }
  }
  return false;
}

// "a (a.v1.a) -> b (b.v1.b) -> a", of a path that findCycle found.
void Kernel::sayCycle(const List<uint32_t>& path) {
  Characters line;
  line << "parigot: cycle of requirements: ";
  uint32_t last = path.size() - 1;
  uint32_t i = 0;
  while (path[i] != path[last]) {
    i++;
  }
  for (; i < last; i++) {
    auto& member = services[path[i]];
    line << Text(processes[member.process].name) << " (";
    appendName(line, member.exports[0]);
    line << ") -> ";
  }
  line << Text(processes[services[path[last]].process].name);
  world.say(line);
}

// Whether any launch failed: then somebody is ready.
bool Kernel::failLaunches() {
  for (auto& process : processes) {
    // Who waits for a result may have calls in its queue.
    bool waits = process.state == State::waiting &&
                 (process.waits == Waits::forResult || (process.waits == Waits::toRead && !process.hasMail()));
    if (process.state != State::ended && !waits) {
      return false;
    }
  }
  struct Failed {
    uint32_t service;
    Error error;
  };
  List<Failed> failed;
  bool said = false;
  for (uint32_t i = 0; i < services.size(); i++) {
    if (services[i].launches.empty()) {
      continue;
    }
    Error error = Error::notFound;
    List<uint32_t> path;
    if (!misses(services[i]) && findCycle(i, path)) {
      error = Error::dependencyCycle;
      if (!said) {
        sayCycle(path);
        said = true;
      }
    }
    sayMissing(services[i]);
    failed.push({i, error});
  }
  for (auto& [service, error] : failed) {
    List<Call> launches = static_cast<List<Call>&&>(services[service].launches);
    for (auto& call : launches) {
      Call taken;
      calls.take(call.call, taken);
      resolve(call, launchResponse, error);
    }
  }
  return !failed.empty();
}

} // namespace kernel
