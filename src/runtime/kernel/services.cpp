// Services and names: register_, export_, require_, bind_method_, locate_.
//
// Services and names are kept as long as the world runs. In an open world the
// kernel outside keeps them; this kernel learns the ids.

#include "kernel.h"

namespace kernel {

Error Kernel::registerService(uint32_t process, Text bytes, Writer& reply) {
  RegisterRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (!speaks(process, 2)) {
    return Error::notReady;
  }
  if (!claim(process, 1, 0)) {
    return Error::namespaceExhausted;
  }
  Id id = newId('s');
  if (open) {
    Text answer;
    if (Error error = forward(registerCall, bytes, reply, &answer); error != Error::none) {
      return error;
    }
    IdResponse response;
    if (!read(answer, response)) {
      return Error::unmarshalFailed;
    }
    id = response.id;
  } else {
    // A host id is not required, as in parigot's own kernel (sys/kernel/kdata.go:93-106).
    reply.id(1, id);
  }
  addService(process, id);
  return Error::none;
}

// Adds a service of a process. Returns the service's number.
uint32_t Kernel::addService(uint32_t process, const Id& id) {
  Service service;
  service.id = id;
  service.process = process;
  services.push(static_cast<Service&&>(service));
  if (services.size() * 2 <= places.size()) {
    notePlace(services.size() - 1);
    return services.size() - 1;
  }
  uint32_t count = places.empty() ? 16 : places.size() * 2;
  places.clear();
  places.resize(count);
  for (auto& place : places) {
    place = noIndex;
  }
  for (uint32_t i = 0; i < services.size(); i++) {
    notePlace(i);
  }
  return services.size() - 1;
}

// Enters a service into the table by which findService finds it.
void Kernel::notePlace(uint32_t service) {
  auto i = uint32_t(services[service].id.low);
  while (places[i & (places.size() - 1)] != noIndex) {
    i++;
  }
  places[i & (places.size() - 1)] = service;
}

Error Kernel::exportNames(uint32_t process, Text bytes, Writer& reply) {
  ExportRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (open) {
    return forward(exportCall, bytes, reply);
  }
  auto* service = findService(request.service);
  if (!service || service->process != process || !request.host.isSet()) {
    return Error::badId;
  }
  List<uint32_t> added;
  if (Error error = internNames(process, request.names, added); error != Error::none) {
    return error;
  }
  for (uint32_t name : added) {
    service->exports.push(name);
    names[name].exporters.push(uint32_t(service - services.begin()));
  }
  completeLaunches();
  return Error::none;
}

Error Kernel::require(uint32_t process, Text bytes, Writer& reply) {
  RequireRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (open) {
    return forward(requireCall, bytes, reply);
  }
  auto* service = findService(request.source);
  if (!service || service->process != process) {
    return Error::badId;
  }
  return internNames(process, request.names, service->requires_);
}

Error Kernel::bindMethod(uint32_t process, Text bytes, Writer& reply) {
  BindMethodRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  auto* service = findService(request.service);
  if (service && service->process != process) {
    return Error::badId;
  }
  Text name = trimmed(request.name);
  if (service && !findBinding(*service, name) && !claim(process, 1, name.size)) {
    return Error::namespaceExhausted;
  }
  Id method;
  if (open) {
    Text answer;
    if (Error error = forward(bindMethodCall, bytes, reply, &answer); error != Error::none) {
      return error;
    }
    IdResponse response;
    if (!read(answer, response)) {
      return Error::unmarshalFailed;
    }
    method = response.id;
  }
  // Without a service, or with a blank name, the reply still has an id (sys/kernel/kdata.go:231-244).
  if (service) {
    bindTrimmed(*service, name, method);
  } else if (!open) {
    method = newId('m');
  }
  if (!open) {
    reply.id(1, method);
  }
  return Error::none;
}

// Binds the method, to a new id if `method` has none. Binding a name again replaces its id.
void Kernel::bindTrimmed(Service& service, Text name, Id& method) {
  if (!method.isSet()) {
    method = newId('m');
  }
  for (auto& binding : service.bindings) {
    if (binding.name.text() == name) {
      binding.method = method;
      return;
    }
  }
  Binding binding;
  binding.name << name;
  binding.method = method;
  service.bindings.push(static_cast<Binding&&>(binding));
}

const Kernel::Binding* Kernel::findBinding(const Service& service, Text name) const {
  for (auto& binding : service.bindings) {
    if (binding.name.text() == name) {
      return &binding;
    }
  }
  return nullptr;
}

Error Kernel::locate(uint32_t process, Text bytes, Writer& reply) {
  LocateRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (open) {
    Text answer;
    Error error = forward(locateCall, bytes, reply, &answer);
    LocateAnswer located;
    if (error != Error::none || !read(answer, located)) {
      return error;
    }
    auto* service = findService(located.service);
    bool allowed = allows(process, request.package, request.service, {}) || (service && mayCall(process, *service, {}));
    if (!allowed) {
      sayForbidden(process, request.package, request.service);
      return Error::notFound;
    }
    if (service) {
      service->hostOutside = located.host;
      return Error::none;
    }
    return noteLocated(process, located.service);
  }
  uint32_t name = findName(request.package, request.service);
  if (name == noIndex || names[name].exporters.empty()) {
    return Error::notFound;
  }
  if (request.calledBy.isSet()) {
    auto* by = findService(request.calledBy);
    bool required = false;
    for (uint32_t i = 0; by && i < by->requires_.size(); i++) {
      required |= by->requires_[i] == name;
    }
    if (!required) {
      return Error::notRequired;
    }
  }
  uint32_t exporter = exporterFor(process, name);
  if (exporter == noIndex) {
    sayForbidden(process, request.package, request.service);
    return Error::notFound;
  }
  auto& service = services[exporter];
  reply.id(1, processes[service.process].host);
  reply.id(2, service.id);
  for (auto& binding : service.bindings) {
    if (!mayCall(process, service, binding.name)) {
      continue;
    }
    auto mark = reply.open(3);
    reply.text(1, binding.name);
    reply.id(2, binding.method);
    reply.close(mark);
  }
  return Error::none;
}

// Gives one exporter of a name: at each call the next one in turn.
uint32_t Kernel::nextExporter(uint32_t name) {
  auto& exporters = names[name].exporters;
  return exporters[names[name].next++ % exporters.size()];
}

// The next of them that the process may call; noIndex: none.
uint32_t Kernel::exporterFor(uint32_t process, uint32_t name) {
  for (uint32_t i = 0; i < names[name].exporters.size(); i++) {
    uint32_t exporter = nextExporter(name);
    if (mayCall(process, services[exporter], {})) {
      return exporter;
    }
  }
  return noIndex;
}

} // namespace kernel
