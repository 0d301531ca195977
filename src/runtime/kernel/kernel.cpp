// Messages from process to process: dispatch_, read_one_, return_value_, exit_.
//
// A message lies in the queue of the process that it is for as the reply that will give it, encoded for the generation of
// that process: all that read_one_ has left to do is to copy it. Exit requests go before results, and results before calls.

#include "kernel.h"
#include "messages1.h"

namespace kernel {

namespace {

// Runs within dispatch_ that are on top of each other: each takes the engine's stack of a process.
constexpr uint32_t deepest = 16;

constexpr uint32_t idBytes = 40; // the field of an id of either generation, at most

} // namespace

Kernel::Kernel(World& world, Facts facts)
  : world(world), main(facts.main), open(facts.open), statistics(facts.statistics) {
  for (auto& fact : facts.processes) {
    Process process;
    process.host = fact.host;
    process.name = static_cast<Characters&&>(fact.name);
    processes.push(static_cast<Process&&>(process));
  }
  calls.seed(nextRandom());
}

// Many at a time: each asks the host.
uint64_t Kernel::nextRandom() {
  if (!randomLeft) {
    world.random(randomBits, sizeof randomBits);
    randomLeft = sizeof randomBits / sizeof *randomBits;
  }
  return randomBits[--randomLeft];
}

// The index in the low half of `low` finds what the id is of; 80 other bits are the host's random ones. Who has seen ids
// knows nothing of the next: parigot's own have 120 random bits (api/shared/id/id.go:30). Byte 6 of `high` is 0: a guest of
// generation 1 clears it, and takes an id in which it is odd for an error (lib/go/idconv.go:251-271 of April 2023, 80a40219).
Id Kernel::newId(char letter, uint32_t index) {
  uint64_t high = uint64_t(uint8_t(letter)) << 56 | nextRandom() >> 16;
  return {high, nextRandom() >> 32 << 32 | (index + 1)};
}

Id Kernel::newCallId() { return newId('c', callCount++); }

bool Kernel::speaks(uint32_t process, uint8_t generation) {
  auto& known = processes[process].generation;
  known = known ? known : generation;
  return known == generation;
}

Text Kernel::trimmed(Text text) {
  auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (text.size && isSpace(text[0])) {
    text = text.from(1);
  }
  while (text.size && isSpace(text[text.size - 1])) {
    text.size--;
  }
  return text;
}

// In an open world, ids are from outside.
Kernel::Service* Kernel::findService(const Id& id) {
  if (open) {
    for (auto& service : services) {
      if (service.id == id) {
        return &service;
      }
    }
    return nullptr;
  }
  uint32_t index = uint32_t(id.low) - 1;
  return index < services.size() && services[index].id == id ? &services[index] : nullptr;
}

Error Kernel::dispatch(uint32_t process, Text bytes, Writer& reply) {
  DispatchRequest request;
  MethodBundle bundle;
  if (!read(bytes, request) || !read(request.bundle, bundle)) {
    return Error::unmarshalFailed;
  }
  if (!speaks(process, 2)) {
    return Error::notReady;
  }
  auto* service = findService(bundle.service);
  if (!bundle.call.isSet() || (!service && !open)) {
    return Error::badId;
  }
  if (calls.find(bundle.call)) {
    return Error::badCallId;
  }
  Call call{bundle.call, bundle.host, bundle.method, process, service ? service->process : nobody, !service};
  if (!service) {
    Error error = forward(dispatchCall, bytes, reply);
    if (error == Error::none) {
      calls.add(call);
    }
    return error;
  }
  bool bound = false;
  for (auto& binding : service->bindings) {
    bound |= binding.method == bundle.method;
  }
  if (!bound) {
    return Error::idDispatch;
  }
  reply.id(1, bundle.call);
  reply.id(2, service->hostOutside.isSet() ? service->hostOutside : processes[service->process].host);
  send(call, request.bundle, request.param, {});
  return Error::none;
}

// Gives a call to its target, and runs that at once if it waits for one.
void Kernel::send(const Call& made, Text bundle, Text param, Text pctx) {
  total++;
  Call call = made;
  uint32_t to = call.target;
  auto& target = processes[to];
  if (target.state == State::ended) {
    return; // nobody will ever answer
  }
  if (target.generation == 1 && !isKept1(call.call)) {
    call.asked = call.call;
    call.call = newCallId();
  }
  calls.add(call);
  bool idle = target.state == State::waiting && target.waits == Waits::toRead && !target.hasMail();
  auto capacity = bundle.size + param.size + pctx.size + 4 * idBytes;
  target.incoming.push({call.call, message(capacity, [&](Writer& writer) {
                          if (target.generation == 1) {
                            writeCall1(writer, call, param, pctx);
                            return;
                          }
                          writer.bytes(2, bundle);
                          writer.message(3, param);
                        })});
  if (idle && depth < deepest && innermost == call.caller) {
    direct++;
    runNested(to);
  } else {
    wake(to);
  }
}

namespace {

// A ReadOneResponse with a resolved call. Bundle and exit are there besides, and empty but for the end of an exit
// (sys/kernel/kdata.go:274-278): a guest tells what it has got by `resolved`, and by the service of `exit`.
void writeResolved(Writer& writer, const Call& call, Text result, Error error, Text exit) {
  auto capacity = result.size + 4 * idBytes;
  Characters body;
  body.extend(capacity);
  Writer inner(body.begin(), capacity);
  inner.id(1, call.host);
  inner.id(2, call.call);
  inner.id(3, call.method);
  inner.message(4, result);
  inner.number(5, int32_t(error));
  writer.bytes(2, {});
  writer.bytes(5, {body.begin(), inner.size()});
  writer.bytes(6, exit);
}

} // namespace

// The result of a call, for its caller.
void Kernel::resolve(const Call& call, Text result, Error error, Text pctx) {
  auto& caller = processes[call.caller];
  if (caller.state == State::ended) {
    return;
  }
  if (call.generation1) {
    resolve1(call, result, error, pctx);
    return;
  }
  Call known = call;
  known.call = call.asked.isSet() ? call.asked : call.call;
  caller.resolved.push(message(result.size + 5 * idBytes, [&](Writer& writer) {
    writeResolved(writer, known, result, error, {});
  }));
  wake(call.caller);
}

Error Kernel::returnValue(uint32_t process, Text bytes, Writer& reply) {
  ReturnValueRequest request;
  MethodBundle bundle;
  if (!read(bytes, request) || !read(request.bundle, bundle)) {
    return Error::unmarshalFailed;
  }
  auto* known = calls.find(bundle.call);
  if (open && (!known || known->outside)) {
    return forward(returnValueCall, bytes, reply);
  }
  return answerCall(process, bundle.call, request.result, Error(request.error), {});
}

// Only who was asked can answer.
Error Kernel::answerCall(uint32_t process, const Id& id, Text result, Error error, Text pctx) {
  auto* known = calls.find(id);
  if (!known || known->method == launchMethod || known->target != process) {
    return Error::badId;
  }
  Call call;
  calls.take(id, call);
  if (call.method == exitMethod) {
    return Error::none; // exit_ has told everybody
  }
  if (processes[call.caller].state == State::ended) {
    return Error::callerUnavailable;
  }
  resolve(call, result, error, pctx);
  return Error::none;
}

Error Kernel::exit(uint32_t process, Text bytes, Writer& reply) {
  ExitRequest request;
  ExitPair pair;
  if (!read(bytes, request) || !read(request.pair, pair)) {
    return Error::unmarshalFailed;
  }
  pair.code = clampedExitCode(pair.code);
  bool all = request.shutdownAll || !pair.service.isSet();
  if (open && (all || !findService(pair.service))) {
    // The kernel outside tells everybody, this world too.
    Error error = forward(exitCall, bytes, reply);
    exitForAll |= all && error == Error::none;
    if (error == Error::none && request.call.isSet() && !calls.find(request.call)) {
      calls.add({request.call, request.host, exitMethod, process, nobody, true});
    }
    return error;
  }
  auto mark = reply.open(1);
  reply.id(1, pair.service);
  reply.number(2, pair.code);
  reply.close(mark);
  // The guest library answers its own exit_ with return_value_ (api/guest/syscall/syscallguest.go:187-200).
  if (request.call.isSet() && !calls.find(request.call)) {
    calls.add({request.call, request.host, exitMethod, process, process});
  }
  return answerExit(process, pair, all, request.call);
}

uint32_t Kernel::clampedExitCode(int64_t code) {
  constexpr int32_t largest = 192;
  return int32_t(code) < 0 || int32_t(code) > largest ? largest : uint32_t(code);
}

// An Any of ExitResponse{pair}: the guest library's completers want it, and complete no call without.
Characters Kernel::exitResponse(const ExitPair& pair) {
  return message(4 * idBytes, [&](Writer& any) {
    any.text(1, "type.googleapis.com/syscall.v1.ExitResponse");
    auto value = any.open(2);
    auto mark = any.open(1);
    any.id(1, pair.service);
    any.number(2, pair.code);
    any.close(mark);
    any.close(value);
  });
}

// Tells the processes that are to exit, by a resolved call with the pair in it: servers look at the call, clients at the
// pair. Who asks that only another exits is told that this was done.
Error Kernel::answerExit(uint32_t process, const ExitPair& pair, bool all, const Id& call) {
  auto response = exitResponse(pair);
  auto exiting = message(2 * idBytes, [&](Writer& writer) {
    writer.id(1, pair.service);
    writer.number(2, pair.code);
  });
  auto* service = findService(pair.service);
  uint32_t only = service ? service->process : process;
  for (uint32_t i = 0; i < processes.size(); i++) {
    if (!all && i != only) {
      continue;
    }
    if (processes[i].state == State::ended) {
      continue;
    }
    processes[i].exitCode = uint32_t(pair.code);
    if (processes[i].generation == 1) {
      end1(i);
      continue;
    }
    processes[i].exits.push(message(12 * idBytes, [&](Writer& writer) {
      writeResolved(writer, {call, processes[i].host, exitMethod}, response, Error::none, exiting);
    }));
    wake(i);
  }
  if (!all && only != process && processes[process].generation == 2) {
    resolve({call, processes[process].host, exitMethod, process}, response, Error::none);
  }
  return Error::none;
}

// The next message for a process, if there is one.
bool Kernel::take(Process& process, Writer& reply, Error& error) {
  auto give = [&](const Characters& text) {
    if (!reply.whole(text)) {
      error = Error::dataTooLarge;
    }
    process.taken++;
    return true;
  };
  if (!process.exits.empty()) {
    return give(process.exits.take());
  }
  if (!process.resolved.empty()) {
    return give(process.resolved.take());
  }
  if (process.incoming.empty()) {
    return false;
  }
  auto incoming = process.incoming.take();
  give(incoming.message);
  Call call;
  if (error != Error::none && calls.take(incoming.call, call)) {
    resolve(call, {}, Error::dataTooLarge);
  }
  return true;
}

Error Kernel::readOne(uint32_t number, Text bytes, Writer& reply) {
  ReadOneRequest request;
  if (!read(bytes, request)) {
    return Error::unmarshalFailed;
  }
  if (!speaks(number, 2)) {
    return Error::notReady;
  }
  auto timeout = int32_t(request.timeout);
  Error error = Error::none;
  if (waitForMail(number, timeout < 0 ? never : uint64_t(timeout) * 1000000, reply, error) == Waited::inVain) {
    reply.number(1, true);
  }
  return error;
}

// Gives the next message for the process, or waits for one so long; 0 lets others run that are ready, and then looks again.
Kernel::Waited Kernel::waitForMail(uint32_t number, uint64_t nanoseconds, Writer& reply, Error& error) {
  auto& process = processes[number];
  // In a function that it exports, and another has called, it cannot wait; what it waits for elsewhere is not touched.
  bool mayYield = innermost == number;
  bool again = mayYield && process.again;
  // What it may not take yet is no reason to time out.
  bool forced = mayYield && process.hasMail() && turnIsOver(number);
  if (mayYield) {
    process.again = false;
  }
  if (!forced && take(process, reply, error)) {
    return Waited::forMail;
  }
  bool over = again && process.deadline != never && world.now() >= process.deadline;
  if (!mayYield || (over && !forced)) {
    return Waited::inVain;
  }
  if (!again) {
    process.deadline = nanoseconds == never ? never : world.now() + nanoseconds;
  }
  process.again = true;
  block(number, Waits::toRead);
  if (forced || (nanoseconds == 0 && !again)) {
    makeReady(number);
  }
  return Waited::yields;
}

void Kernel::runNested(uint32_t number) {
  processes[number].nested = true;
  processes[number].taken = 0;
  depth++;
  runProcess(number);
  depth--;
  processes[number].nested = false;
  if (processes[number].hasMail()) {
    wake(number);
  }
}

} // namespace kernel
