// Launches: launch_ is complete when every name that the service requires has an exporter with a complete launch.
//
// When every process of a closed world waits, no process will export or launch anything more, and an incomplete launch
// can never become complete. All of these fail: with DependencyCycle if the requirements lead into a cycle, otherwise
// with NotFound.

#include "kernel.h"

namespace kernel {

namespace {

// The longest line that is printed, and the longest name in it, in bytes: guests must not use up memory through them.
constexpr uint32_t longestLine = 4096, longestName = 256;

Text shown(Text name) { return {name.data, name.size < longestName ? name.size : longestName}; }

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
  Call call{request.call, request.host, request.method, process};
  call.outside = open;
  uint32_t block = store.add(call);
  if (block == noBlock) {
    return Error::writeTimeout;
  }
  if (open) {
    Error error = forward(launchCall, bytes, reply);
    if (error == Error::none) {
      calls.add(block);
    } else {
      store.remove(block);
    }
    return error;
  }
  calls.add(block);
  service->launches.push(store, block);
  completeLaunches();
  return Error::none;
}

// Interns the names of all messages, or none if there is an error.
Error Kernel::internNames(uint32_t process, const List<Text>& messages, List<uint32_t>& to) {
  uint64_t bytes = 0;
  for (auto& message : messages) {
    FullyQualifiedService full;
    if (!read(message, full)) {
      return Error::unmarshalFailed;
    }
    bytes += uint64_t(full.package.size) + full.service.size;
  }
  if (!claim(process, messages.size(), bytes)) {
    return Error::namespaceExhausted;
  }
  for (auto& message : messages) {
    FullyQualifiedService full;
    read(message, full);
    to.push(internName(full.package, full.service));
  }
  return Error::none;
}

uint32_t Kernel::internName(Text package, Text service) {
  uint32_t name = findName(package, service);
  if (name == noIndex) {
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
  return services[head == noIndex ? service : head].running;
}

uint32_t Kernel::findName(Text package, Text service) const {
  for (uint32_t i = 0; i < names.size(); i++) {
    auto& name = names[i];
    if (Text(name.package) == package && Text(name.service) == service) {
      return i;
    }
  }
  return noIndex;
}

bool Kernel::requirementsRun(const Service& service) const {
  for (uint32_t name : service.requires_) {
    bool running = false;
    for (uint32_t i = 0; !running && i < names[name].exporters.size(); i++) {
      running = isRunning(names[name].exporters[i]);
    }
    if (!running) {
      return false;
    }
  }
  return true;
}

void Kernel::endLaunches(Service& service, Error error) {
  for (uint32_t block; (block = service.launches.take(store)) != noBlock;) {
    calls.take(store[block].call);
    resolve(block, {}, error);
  }
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
      endLaunches(service, Error::none);
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
  to << shown(names[name].package) << '.' << shown(names[name].service);
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

// Finds the first cycle that the requirements of a service lead into, as a path that ends at one of its own services.
// Visits each service once, and without recursion: there can be many paths to a service, and long ones.
bool Kernel::findCycle(uint32_t service, List<uint32_t>& path) const {
  struct Place {
    uint32_t required = 0, exporter = 0;
  };
  List<Place> places; // for each service of the path: what to visit next
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
    next = services[next].head == noIndex ? next : services[next].head;
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

// Prints a path that findCycle found: "a (a.v1.a) -> b (b.v1.b) -> a".
void Kernel::sayCycle(const List<uint32_t>& path) {
  Characters line;
  line << "parigot: cycle of requirements: ";
  uint32_t last = path.size() - 1;
  uint32_t i = 0;
  while (path[i] != path[last]) {
    i++;
  }
  for (; i < last && line.size() < longestLine; i++) {
    auto& member = services[path[i]];
    line << Text(processes[member.process].name) << " (";
    appendName(line, member.exports[0]);
    line << ") -> ";
  }
  line << (i < last ? Text("..") : Text(processes[services[path[last]].process].name));
  world.say(line);
}

// Fails the launches that can never complete. Returns whether there was one; if so, a process is ready again.
bool Kernel::failLaunches() {
  for (auto& process : processes) {
    // A process that waits for a result may have calls in its queue.
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
    endLaunches(services[service], error);
  }
  return !failed.empty();
}

} // namespace kernel
