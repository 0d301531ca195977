// Generation 1: the same kernel under other names.
//
// It has no register_: a process is what it exports. Each name that it exports or binds methods for is a service here; a
// further one, the process's head, has what it requires, and its launch (run_) counts for all of them. Methods are
// dispatched to by name. And its calls wait themselves: dispatch_ for the result, run_ for what is required,
// block_until_call_ for a call. Processes of both generations can call each other; what generation 1 calls a Pctx gets lost
// on the way to generation 2, which has none.
//
// Limits: calls that wait fail with notReady in a function that another process called. An exit request ends a process of
// generation 1 when it next waits, since it knows no such message.

#include "frame.h"
#include "kernel.h"
#include "messages1.h"

namespace kernel {

namespace {

constexpr uint64_t letterShift = 56;
constexpr uint64_t sevenBytes = (uint64_t(1) << letterShift) - 1;
// parigot's own timeout of block_until_call_.
constexpr uint64_t blockNanoseconds = 50000000;

} // namespace

bool readId1(Text wrapped, Id& id) {
  WrappedId outer;
  BaseId base;
  if (!read(wrapped, outer) || !read(outer.id, base)) {
    return false;
  }
  id.high = uint64_t(base.letter) << letterShift | (uint64_t(base.high) & sevenBytes);
  id.low = uint64_t(base.low);
  return true;
}

void writeId1(Writer& to, uint32_t field, const Id& id) {
  auto wrapped = to.open(field);
  auto base = to.open(1);
  to.number(1, int64_t(id.high >> letterShift));
  to.number(2, int64_t(id.high));
  to.number(3, int64_t(id.low));
  to.close(base);
  to.close(wrapped);
}

Error Kernel::call1(Handler1 handler, uint32_t process, Text frame, char* reply, uint32_t capacity, uint32_t& size) {
  Text request;
  if (!openFrame(frame, request)) {
    return Error::unmarshalFailed;
  }
  if (!speaks(process, 1)) {
    return Error::notReady;
  }
  Writer message(reply + frameHeaderBytes, capacity - frameHeaderBytes - frameTrailerBytes);
  Error error = (this->*handler)(process, request, message);
  // api/splitutil, RespondSingleProto: a reply must be shorter than the room for it.
  uint64_t whole = uint64_t(frameHeaderBytes) + message.size() + frameTrailerBytes;
  if (error == Error::none && !hasToWait(process) && (message.overflowed() || whole >= processes[process].room)) {
    error = Error::dataTooLarge;
  }
  size = error == Error::none ? closeFrame(reply, message.size()) : 0;
  return error;
}

// The service that stands for the process.
uint32_t Kernel::headOf(uint32_t process) {
  if (processes[process].head == nobody) {
    processes[process].head = addService(process, newId('s', services.size()));
  }
  return processes[process].head;
}

uint32_t Kernel::findNamed(uint32_t process, uint32_t name) const {
  for (uint32_t i = 0; i < services.size(); i++) {
    if (services[i].process == process && services[i].name == name) {
      return i;
    }
  }
  return nobody;
}

// The service that stands for a name of the process.
uint32_t Kernel::serviceNamed(uint32_t process, uint32_t name) {
  if (uint32_t found = findNamed(process, name); found != nobody) {
    return found;
  }
  uint32_t head = headOf(process);
  uint32_t added = addService(process, newId('s', services.size()));
  services[added].name = name;
  services[added].head = head;
  return added;
}

Error Kernel::export1(uint32_t process, Text bytes, Writer&) {
  NamesRequest1 request;
  List<uint32_t> exported;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  // Each of them, and the process itself, may become a service.
  if (!claim(process, request.names.size() + 1, 0)) {
    return Error::namespaceExhausted;
  }
  if (Error error = internNames(process, request.names, exported); error != Error::none) {
    return error;
  }
  for (uint32_t name : exported) {
    uint32_t service = serviceNamed(process, name);
    services[service].exports.push(name);
    services[headOf(process)].exports.push(name); // what a message calls it
    names[name].exporters.push(service);
  }
  completeLaunches();
  return Error::none;
}

Error Kernel::require1(uint32_t process, Text bytes, Writer&) {
  NamesRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (!claim(process, 1, 0)) {
    return Error::namespaceExhausted;
  }
  return internNames(process, request.names, services[headOf(process)].requires_);
}

Error Kernel::bindMethod1(uint32_t process, Text bytes, Writer& reply) {
  BindMethodRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  // What of these is new: the process, the name, its service, the method.
  Text method = trimmed(request.method);
  uint32_t known = findName(request.package, request.service);
  uint32_t there = known == nobody ? nobody : findNamed(process, known);
  bool bound = there != nobody && findBinding(services[there], method);
  uint32_t added = (processes[process].head == nobody) + (known == nobody) + (there == nobody) + !bound;
  if (!claim(process, added, (known == nobody ? request.package.size + uint64_t(request.service.size) : 0) + (bound ? 0 : method.size))) {
    return Error::namespaceExhausted;
  }
  uint32_t service = serviceNamed(process, internName(request.package, request.service));
  Id id;
  Error error = bind(services[service], method, id);
  if (error == Error::none) {
    writeId1(reply, 1, id);
  }
  return error;
}

Error Kernel::locate1(uint32_t, Text bytes, Writer& reply) {
  LocateRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  uint32_t name = findName(request.package, request.service);
  if (name == nobody || names[name].exporters.empty()) {
    return Error::notFound;
  }
  writeId1(reply, 1, services[nextExporter(name)].id);
  return Error::none;
}

// A call that waits for `result` of the process; made once, however often it comes again.
Error Kernel::awaitResult(uint32_t number, Writer& reply) {
  auto& process = processes[number];
  if (process.result == noBlock) {
    process.again = true;
    process.deadline = never;
    block(number, Waits::forResult);
    return Error::none;
  }
  auto& result = store[process.result];
  Error error = result.error;
  if (error == Error::none && !(result.method == launchMethod)) {
    store.copy(result, reply);
    writeId1(reply, 3, result.call);
    writeId1(reply, 4, result.method);
  }
  store.remove(process.result);
  process.result = noBlock;
  process.awaited = {};
  return error;
}

Error Kernel::run1(uint32_t number, Text bytes, Writer& reply) {
  NumberRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (innermost != number) {
    return Error::notReady;
  }
  auto& process = processes[number];
  if (!process.again) {
    if (!claim(number, process.head == nobody, 0)) {
      return Error::namespaceExhausted;
    }
    uint32_t head = headOf(number);
    Call call{newCallId(), process.host, launchMethod, number};
    call.generation1 = true;
    uint32_t block = store.add(call);
    if (block == noBlock) {
      return Error::writeTimeout;
    }
    process.awaited = request.value ? call.call : Id{};
    calls.add(block);
    services[head].launches.push(store, block);
    completeLaunches();
    if (!request.value) {
      return Error::none; // it does not want to wait
    }
  }
  process.again = false;
  return awaitResult(number, reply);
}

Error Kernel::dispatch1(uint32_t number, Text bytes, Writer& reply) {
  DispatchRequest1 request;
  Id id;
  if (!read(bytes, request) || !readId1(request.service, id)) {
    return Error::unmarshalFailed;
  }
  if (innermost != number) {
    return Error::notReady;
  }
  if (processes[number].again) {
    processes[number].again = false;
    return awaitResult(number, reply);
  }
  auto* service = findService(id);
  if (!service) {
    return Error::badId;
  }
  auto* binding = findBinding(*service, trimmed(request.method));
  if (!binding) {
    return Error::idDispatch;
  }
  Call call{newCallId(), processes[number].host, binding->method, number};
  call.target = service->process;
  call.service = uint32_t(service - services.begin());
  call.generation1 = true;
  processes[number].awaited = call.call;
  if (Error error = send(call, {}, request.param, request.pctx, bytes.size); error != Error::none) {
    processes[number].awaited = {};
    return error;
  }
  return awaitResult(number, reply);
}

// What block_until_call_ gives.
void Kernel::giveCall1(const Message& message, Writer& to) {
  store.copy(message, to);
  writeId1(to, 3, message.method);
  writeId1(to, 4, message.call);
}

// The end of a call that dispatch_ or run_ waits for.
void Kernel::resolve1(uint32_t block, Text result, Error error, Text pctx) {
  auto& message = store[block];
  auto& caller = processes[message.caller];
  if (!(caller.awaited == message.call)) {
    store.remove(block); // run_ that did not want to wait
    return;
  }
  message.error = error;
  bool fits = setText(message, replyCapacity1, [&](Writer& to) {
    to.message(1, pctx);
    to.message(2, result);
  });
  if (!fits || message.tooLarge) {
    message.error = Error::dataTooLarge;
  }
  caller.result = block;
  if (caller.state == State::waiting && caller.waits == Waits::forResult) {
    makeReady(message.caller);
  }
}

Error Kernel::blockUntilCall1(uint32_t number, Text bytes, Writer& reply) {
  NumberRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (innermost != number) {
    return Error::notReady;
  }
  Error error = Error::none;
  if (waitForMail(number, request.value ? blockNanoseconds : never, reply, error) == Waited::inVain) {
    reply.number(5, true);
  }
  return error;
}

Error Kernel::returnValue1(uint32_t process, Text bytes, Writer&) {
  ReturnValueRequest1 request;
  Id id;
  BaseId errorId;
  if (!read(bytes, request) || !readId1(request.call, id) || !read(request.execErrorId, errorId)) {
    return Error::unmarshalFailed;
  }
  Error error = Error::none;
  if (request.marshalError.size) {
    error = Error::marshalFailed;
  } else if (errorId.low > 0 && errorId.low < 256) {
    error = Error(errorId.low);
  } else if (request.execError.size || request.execErrorId.size) {
    error = Error::execError;
  }
  return answerCall(process, id, request.result, error, request.pctx);
}

Error Kernel::exit1(uint32_t process, Text bytes, Writer& reply) {
  NumberRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  uint32_t code = clampedExitCode(request.value);
  reply.number(1, code);
  exitProcess(process, code);
  return Error::none;
}

Error Kernel::log1(uint32_t, Text bytes, Writer&) {
  LogRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  Text line = request.message;
  if (line.size && line[line.size - 1] == '\n') {
    line.size--;
  }
  world.say(line);
  return Error::none;
}

// There is no message that would ask it to end.
void Kernel::end1(uint32_t number) {
  auto& process = processes[number];
  if (process.state == State::running) {
    process.mustEnd = true;
    return;
  }
  finish(number);
}

} // namespace kernel
