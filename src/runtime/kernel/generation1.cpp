// Generation 1: the same kernel under other names.
//
// Generation 1 has no register_: a process is the names that it exports. Each name that it exports, or binds methods
// for, is a service here. One more service, the process's head, has the names that the process requires, and its launch
// (run_) counts for all of them. Methods are dispatched to by name. Some calls wait: dispatch_ for the result, run_ for
// the required names, block_until_call_ for a call. Processes of both generations can call each other; a Pctx, which
// generation 2 does not have, is lost on the way there.
//
// Facts are from parigot's tree of April 2023. Files and lines are of its commit 80a40219 unless another one is named.
//
// Limits: a call that waits fails with notReady in a function that another process called. An exit request ends a
// process of generation 1 when it next waits, since generation 1 has no message for it.

#include "errors1.h"
#include "frame.h"
#include "kernel.h"
#include "messages1.h"

namespace kernel {

namespace {

constexpr uint64_t letterShift = 56;
constexpr uint64_t sevenBytes = (uint64_t(1) << letterShift) - 1;

// How long block_until_call_ waits. Guests never set can_timeout: their library drops it
// (apiimpl/syscall/callimpl.go:70-73, and the generated loop,
// command/protoc-gen-parigot/template/go/serverdecl.tmpl:220-222). parigot's kernel timed out without it, and waited
// for ever with it (sys/nameserver.go:276-291 of 60a54845). Its last commit in April has that the other way round
// (sys/nameserver.go:281-300). The generated loop does a service's background work at a timeout, and otherwise
// continues (serverdecl.tmpl:106-112): it needs the timeout, and tolerates one that it did not ask for.
constexpr uint64_t blockNanoseconds = 1000000000;

// The mark of an id that is an error (lib/go/id.go:153-164), and the bits that hold the code (id.go:92-97).
constexpr uint64_t errorMark = uint64_t(1) << 48;
constexpr uint64_t codeMask = 0xffff;

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

uint32_t Kernel::call1(Handler1 handler, uint32_t process, Text frame, char* reply, uint32_t capacity, uint32_t& size) {
  size = 0;
  Text request = frame;
  // The request of backdoor_log_ has no frame (sys/syscallrw.go:318-327).
  if (handler != &Kernel::log1 && !openFrame(frame, request)) {
    return codeOf1(Error::decodeError); // apiimpl/splitutil/splitutil.go:213-237
  }
  if (!speaks(process, 1)) {
    return codeOf1(Error::notReady);
  }
  // A reply must be shorter than the room for it (splitutil.go:178-188). The writer gets no more than that, so the
  // handler sees when a reply does not fit.
  constexpr uint32_t around = frameHeaderBytes + frameTrailerBytes;
  uint32_t room = processes[process].room;
  uint32_t most = room > capacity ? capacity : room ? room - 1 : 0;
  Writer message(reply + frameHeaderBytes, most > around ? most - around : 0);
  Error error = (this->*handler)(process, request, message);
  if (error == Error::none && message.overflowed() && !hasToWait(process)) {
    error = Error::dataTooLarge;
  }
  // For a message without fields, guests take no reply at all (splitutil.go:87-90, 161-166).
  size = error == Error::none && message.size() ? closeFrame(reply, message.size()) : 0;
  return codeOf1(error);
}

// The service that stands for the process.
uint32_t Kernel::headOf(uint32_t process) {
  if (processes[process].head == noIndex) {
    processes[process].head = addService(process, newId('s'));
  }
  return processes[process].head;
}

uint32_t Kernel::findNamed(uint32_t process, uint32_t name) const {
  for (uint32_t i = 0; i < services.size(); i++) {
    if (services[i].process == process && services[i].name == name) {
      return i;
    }
  }
  return noIndex;
}

// The service that stands for a name of the process.
uint32_t Kernel::serviceNamed(uint32_t process, uint32_t name) {
  if (uint32_t found = findNamed(process, name); found != noIndex) {
    return found;
  }
  uint32_t head = headOf(process);
  uint32_t added = addService(process, newId('s'));
  services[added].name = name;
  services[added].head = head;
  names[name].binders.push(added);
  return added;
}

Error Kernel::export1(uint32_t process, Text bytes, Writer&) {
  NamesRequest1 request;
  List<uint32_t> exported;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  // Each name, and the process itself, may become a service.
  if (!claim(process, request.names.size() + 1, 0)) {
    return Error::namespaceExhausted;
  }
  Error error = internNames(process, request.names, exported);
  if (error != Error::none) {
    return error;
  }
  for (uint32_t name : exported) {
    if (!names[name].exporters.empty()) {
      error = Error::alreadyExported; // whichever process exports it: sys/nameservercore.go:344-346
      break;
    }
    uint32_t service = serviceNamed(process, name);
    services[service].exports.push(name);
    services[headOf(process)].exports.push(name); // messages name the process by it
    names[name].exporters.push(service);
  }
  completeLaunches();
  return error;
}

// Requiring a name twice is an error while that name does not run: sys/nameservercore.go:386-432.
Error Kernel::require1(uint32_t process, Text bytes, Writer&) {
  NamesRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (!claim(process, 1, 0)) {
    return Error::namespaceExhausted;
  }
  List<uint32_t> required;
  if (Error error = internNames(process, request.names, required); error != Error::none) {
    return error;
  }
  auto& known = services[headOf(process)].requires_;
  for (uint32_t name : required) {
    bool running = false, twice = false;
    for (uint32_t exporter : names[name].exporters) {
      running |= isRunning(exporter);
    }
    for (uint32_t other : known) {
      twice |= other == name;
    }
    if (twice && !running) {
      return Error::alreadyRequired;
    }
    if (!twice) {
      known.push(name);
    }
  }
  return Error::none;
}

Error Kernel::bindMethod1(uint32_t process, Text bytes, Writer& reply) {
  BindMethodRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  // The number of new things among these: the process, the name, its service, the method.
  Text method = trimmed(request.method);
  uint32_t known = findName(request.package, request.service);
  uint32_t there = known == noIndex ? noIndex : findNamed(process, known);
  auto* bound = there == noIndex ? nullptr : findBinding(services[there], method);
  uint32_t added = (processes[process].head == noIndex) + (known == noIndex) + (there == noIndex) + !bound;
  if (!claim(process,
             added,
             (known == noIndex ? request.package.size + uint64_t(request.service.size) : 0) +
               (bound ? 0 : method.size))) {
    return Error::namespaceExhausted;
  }
  // Binding a method again keeps its id: sys/nameservercore.go:595-607.
  Id id = bound ? bound->method : Id{};
  bindTrimmed(services[serviceNamed(process, internName(request.package, request.service))], method, id);
  writeId1(reply, 1, id);
  return Error::none;
}

// Looks at all services under the name; a binding is enough for that (sys/nameservercore.go:214-228, 585-607). Guests
// bind and locate the name of a protobuf package (methodcall.v1), and export and require another one (methodcall).
Error Kernel::locate1(uint32_t process, Text bytes, Writer& reply) {
  LocateRequest1 request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  uint32_t name = findName(request.package, request.service);
  if (name == noIndex || (names[name].exporters.empty() && names[name].binders.empty())) {
    return Error::notFound;
  }
  auto& registered = names[name];
  uint32_t found = registered.exporters.empty() ? registered.binders[0] : exporterFor(process, name);
  if (found == noIndex || !mayCall(process, services[found], {})) {
    sayForbidden(process, request.package, request.service);
    return Error::notFound;
  }
  writeId1(reply, 1, services[found].id);
  return Error::none;
}

// Waits for `result` of the process. The call that gives it is made once, although the guest makes its own call again.
Error Kernel::awaitResult(uint32_t number, Writer& reply) {
  auto& process = processes[number];
  if (process.result == noBlock) {
    process.again = true;
    process.deadline = process.timeout = never;
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
    if (!claim(number, process.head == noIndex, 0)) {
      return Error::namespaceExhausted;
    }
    uint32_t head = headOf(number);
    Call call{newId('c'), process.host, launchMethod, number};
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
      return Error::none; // the guest does not want to wait
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
  // An unknown service and an unknown method give the same error, not found: sys/nameserver.go:98-109.
  auto* service = findService(id);
  auto* binding = service ? findBinding(*service, trimmed(request.method)) : nullptr;
  if (!binding) {
    return service ? refusalOf(*service, Error::notFound) : Error::notFound;
  }
  if (!mayCall(number, *service, binding->name)) {
    return Error::notFound;
  }
  Call call{newId('c'), processes[number].host, binding->method, number};
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

// Writes the reply of block_until_call_.
void Kernel::giveCall1(const Message& message, Writer& to) {
  store.copy(message, to);
  writeId1(to, 3, message.method);
  writeId1(to, 4, withoutByte6(message.call));
}

// Ends a call that dispatch_ or run_ waits for.
void Kernel::resolve1(uint32_t block, Text result, Error error, Text pctx) {
  auto& message = store[block];
  auto& caller = processes[message.caller];
  if (!(caller.awaited == message.call)) {
    store.remove(block); // the call of a run_ that does not wait
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
  if (waitForMail(number, blockNanoseconds, reply, error) == Waited::inVain) {
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
  uint64_t code = uint64_t(errorId.high) & errorMark ? uint64_t(errorId.low) & codeMask : 0;
  Error error = Error::none;
  if (request.marshalError.size) {
    error = Error::marshalFailed;
  } else if (code) {
    error = errorId.letter == 'k' ? errorOf1(code) : Error::execError; // other ids belong to services
  } else if (request.execError.size) {
    error = Error::execError;
  }
  // The caller can be of generation 2, and its id can have a byte that the guest cleared.
  if (auto* known = calls.findFor(process, id)) {
    id = known->call;
  }
  error = answerCall(process, id, request.result, error, request.pctx);
  // The call is not known, or belongs to another process: sys/syscallrw.go:214-224.
  return error == Error::badId ? Error::callerUnavailable : error;
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

// Ends a process of generation 1, which has no message that asks for it. A running one ends when it next waits.
void Kernel::end1(uint32_t number) {
  auto& process = processes[number];
  if (process.state == State::running) {
    process.mustEnd = true;
    return;
  }
  finish(number);
}

} // namespace kernel
