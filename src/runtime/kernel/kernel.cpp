// Messages from process to process: dispatch_, read_one_, return_value_, exit_.
//
// A call is one block (store.h) from its beginning to its end: in the table and in the line of the process that it is
// for; then in the table alone, until it is answered; then in the queue of its caller, with the result. Its text is the
// part of the reply that is not known from its ids, encoded for the generation of the process that will read it. Exit
// requests go before results, and results before calls.

#include "kernel.h"
#include "messages1.h"

namespace kernel {

namespace {

// Runs within dispatch_ that are on top of each other: each takes the engine's stack of a process.
constexpr uint32_t deepest = 16;

constexpr uint32_t idBytes = 40; // the field of an id of either generation, at most

} // namespace

Kernel::Kernel(World& world, Facts facts)
  : world(world),
    limits(Limits::of(facts.heapBytes, facts.arenaBytes, facts.processes.size(), facts.processes.size() + facts.open)),
    store(facts.processes.size() + facts.open, limits.blocks), calls(store), main(facts.main), open(facts.open),
    statistics(facts.statistics) {
  uint32_t accounts = facts.processes.size() + open;
  for (auto& fact : facts.processes) {
    Process process;
    process.host = fact.host;
    process.name = static_cast<Characters&&>(fact.name);
    process.incoming.lines.resize(accounts);
    processes.push(static_cast<Process&&>(process));
  }
  alive = processes.size();
  calls.seed(nextRandom());
}

bool Kernel::claim(uint32_t process, uint32_t names, uint64_t bytes) {
  auto& claimed = processes[process].nameBytes;
  uint64_t cost = uint64_t(names) * nameCost + bytes * nameCostOfByte;
  if (cost > limits.nameBytes - claimed) {
    return false;
  }
  claimed += uint32_t(cost);
  return true;
}

void Kernel::Inbox::push(Store& store, uint32_t block) {
  uint32_t from = store[block].caller;
  if (lines[from].empty()) {
    callers.push(from);
  }
  lines[from].push(store, block);
}

uint32_t Kernel::Inbox::take(Store& store) {
  if (callers.empty()) {
    return noBlock;
  }
  uint32_t from = callers.take();
  uint32_t block = lines[from].take(store);
  if (!lines[from].empty()) {
    callers.push(from);
  }
  return block;
}

// Many at a time: each asks the host.
uint64_t Kernel::nextRandom() {
  if (!randomLeft) {
    world.random(randomBits, sizeof randomBits);
    randomLeft = sizeof randomBits / sizeof *randomBits;
  }
  return randomBits[--randomLeft];
}

// The index in the low half of `low` finds what the id is of; 80 other bits are the host's random ones. Who has seen
// ids knows nothing of the next: parigot's own have 120 random bits (api/shared/id/id.go:30). Byte 6 of `high` is 0: a
// guest of generation 1 clears it, and takes an id in which it is odd for an error (lib/go/idconv.go:251-271 of April
// 2023, 80a40219).
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
  Call call{bundle.call, bundle.host, bundle.method, process};
  if (!service) {
    call.outside = true;
    uint32_t block = store.add(call);
    if (block == noBlock) {
      return Error::writeTimeout;
    }
    Error error = forward(dispatchCall, bytes, reply);
    if (error == Error::none) {
      calls.add(block);
    } else {
      store.remove(block);
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
  call.target = service->process;
  call.service = uint32_t(service - services.begin());
  return send(call, request.bundle, request.param, {}, bytes.size);
}

namespace {

// A MethodBundle as guests write it.
class Bundle {
public:
  Bundle(const Call& call, const Id& service) : writer(bytes, sizeof bytes) {
    writer.id(1, call.host);
    writer.id(2, service);
    writer.id(3, call.method);
    writer.id(4, call.call);
  }
  Text text() const { return {bytes, writer.size()}; }

private:
  char bytes[4 * idBytes];
  Writer writer;
};

} // namespace

// Gives a call to its target, and runs that at once if it waits for one. No bundle is one that is known from the call.
Error Kernel::send(const Call& call, Text bundle, Text param, Text pctx, uint32_t requestBytes) {
  uint32_t to = call.target;
  auto& target = processes[to];
  if (target.state == State::ended) {
    total++;
    return Error::none; // nobody will ever answer
  }
  uint32_t block = store.add(call);
  if (block == noBlock) {
    return Error::writeTimeout;
  }
  auto& message = store[block];
  bool forGeneration1 = target.generation == 1;
  bool fits = setText(message, forGeneration1 ? replyCapacity1 : replyCapacity, [&](Writer& writer) {
    if (forGeneration1) {
      writer.message(1, param);
      writer.message(2, pctx);
      return;
    }
    if (bundle.size && !(Bundle(call, services[call.service].id).text() == bundle)) {
      message.bundled = true; // it has more than the ids
      writer.bytes(2, bundle);
    }
    writer.message(3, param);
  });
  if (!fits) {
    store.remove(block);
    return Error::writeTimeout;
  }
  total++;
  calls.add(block);
  message.unread = true;
  bool idle = target.state == State::waiting && target.waits == Waits::toRead && !target.hasMail();
  target.incoming.push(store, block);
  // The request of a call that runs within another stays in the arena, where others need room.
  if (idle && depth < deepest && innermost == call.caller && requestBytes <= limits.nestedBytes) {
    direct++;
    runNested(to);
  } else {
    wake(to);
  }
  return Error::none;
}

// A ReadOneResponse with a call, or what generation 1 has for that.
void Kernel::giveCall(const Process& process, const Message& message, Writer& reply) {
  if (message.whole) {
    store.copy(message, reply);
  } else if (process.generation == 1) {
    giveCall1(message, reply);
  } else {
    if (!message.bundled) {
      reply.bytes(2, Bundle(message, services[message.service].id).text());
    }
    store.copy(message, reply);
  }
}

namespace {

// An Any of an empty LaunchResponse: what every launch ends with, also one that fails. The guest library unpacks it
// before it looks at the error, and drops what it cannot unpack (api/guest/syscall/stdcompleter.go:18-25).
constexpr Text launchResponse = "\x0a\x2dtype.googleapis.com/syscall.v1.LaunchResponse";

// An Any of ExitResponse{pair}: the guest library's completers want it, and complete no call without.
void writeExitResponse(Writer& to, uint32_t field, Text pair) {
  auto any = to.open(field);
  to.text(1, "type.googleapis.com/syscall.v1.ExitResponse");
  auto value = to.open(2);
  to.bytes(1, pair);
  to.close(value);
  to.close(any);
}

} // namespace

// A ReadOneResponse with a resolved call. Bundle and exit are there besides, and empty but for the end of an exit
// (sys/kernel/kdata.go:274-278): a guest tells what it has got by `resolved`, and by the service of `exit`.
void Kernel::giveResult(const Message& message, Writer& reply) {
  if (message.whole) {
    store.copy(message, reply);
    return;
  }
  char head[6 * idBytes], tail[2 * idBytes], pair[2 * idBytes];
  Writer ids(head, sizeof head), end(tail, sizeof tail), exit(pair, sizeof pair);
  ids.id(1, message.host);
  ids.id(2, message.call);
  ids.id(3, message.method);
  end.number(5, int32_t(message.error));
  bool isExit = message.method == exitMethod;
  if (isExit) {
    store.copy(message, exit);
    writeExitResponse(ids, 4, {pair, exit.size()});
  } else if (message.method == launchMethod) {
    ids.bytes(4, launchResponse);
  }
  reply.bytes(2, {});
  reply.head(5, ids.size() + (isExit ? 0 : message.size) + end.size());
  reply.whole({head, ids.size()});
  if (!isExit) {
    store.copy(message, reply);
  }
  reply.whole({tail, end.size()});
  reply.bytes(6, isExit && !message.confirms ? Text{pair, exit.size()} : Text{});
}

// The result of a call, for its caller: in the block of the call, and in more of the caller's.
void Kernel::resolve(uint32_t block, Text result, Error error, Text pctx) {
  auto& message = store[block];
  store.empty(message);
  auto& caller = processes[message.caller];
  if (caller.state == State::ended) {
    store.remove(block);
    return;
  }
  if (message.generation1) {
    resolve1(block, result, error, pctx);
    return;
  }
  message.error = error;
  if (!setText(message, replyCapacity, [&](Writer& writer) { writer.message(4, result); })) {
    message.error = Error::dataTooLarge;
  }
  caller.resolved.push(store, block);
  wake(message.caller);
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
  bool unread = known->unread;
  // Of a call that still lies in the line, the result gets a block of its own.
  uint32_t fresh = unread ? store.add(*known) : noBlock;
  if (unread && fresh == noBlock) {
    return Error::writeTimeout;
  }
  uint32_t block = calls.take(id);
  block = unread ? fresh : block;
  if (store[block].method == exitMethod) {
    store.remove(block);
    return Error::none; // exit_ has told everybody
  }
  if (processes[store[block].caller].state == State::ended) {
    store.remove(block);
    return Error::callerUnavailable;
  }
  resolve(block, result, error, pctx);
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
  // The guest library answers its own exit_ with return_value_ (api/guest/syscall/syscallguest.go:187-200).
  bool keep = request.call.isSet() && !calls.find(request.call);
  Call call{request.call, request.host, exitMethod, process};
  if (open && (all || !findService(pair.service))) {
    // The kernel outside tells everybody, this world too.
    call.outside = true;
    uint32_t block = keep ? store.add(call) : noBlock;
    if (keep && block == noBlock) {
      return Error::writeTimeout;
    }
    Error error = forward(exitCall, bytes, reply);
    exitForAll |= all && error == Error::none;
    if (keep && error == Error::none) {
      calls.add(block);
    } else if (keep) {
      store.remove(block);
    }
    return error;
  }
  if (store.left(process) < keep + exitBlocks(all)) {
    return Error::writeTimeout;
  }
  auto mark = reply.open(1);
  reply.id(1, pair.service);
  reply.number(2, pair.code);
  reply.close(mark);
  if (keep) {
    call.target = process;
    calls.add(store.add(call));
  }
  answerExit(process, process, pair, all, request.call);
  return Error::none;
}

uint32_t Kernel::clampedExitCode(int64_t code) {
  constexpr int32_t largest = 192;
  return int32_t(code) < 0 || int32_t(code) > largest ? largest : uint32_t(code);
}

// What answerExit takes, at most.
uint32_t Kernel::exitBlocks(bool all) const { return all ? processes.size() : 2; }

// Tells the processes that are to exit, by a resolved call with the pair in it: servers look at the call, clients at
// the pair. Who asks that only another exits is told that this was done. `account` has room for all that.
void Kernel::answerExit(uint32_t account, uint32_t process, const ExitPair& pair, bool all, const Id& id) {
  auto tell = [&](uint32_t told, bool confirms) {
    Call call{id, processes[told].host, exitMethod, account};
    uint32_t block = store.add(call);
    if (block == noBlock) {
      return; // from outside, where many others have told the same
    }
    store[block].confirms = confirms;
    setText(store[block], replyCapacity, [&](Writer& writer) {
      writer.id(1, pair.service);
      writer.number(2, pair.code);
    });
    auto& to = processes[told];
    (confirms ? to.resolved : to.exits).push(store, block);
    wake(told);
  };
  auto* service = findService(pair.service);
  uint32_t only = service ? service->process : process;
  for (uint32_t i = 0; i < processes.size(); i++) {
    if ((!all && i != only) || processes[i].state == State::ended) {
      continue;
    }
    processes[i].exitCode = uint32_t(pair.code);
    if (processes[i].generation == 1) {
      end1(i);
    } else {
      tell(i, false);
    }
  }
  if (!all && only != process && processes[process].generation == 2 && processes[process].state != State::ended) {
    tell(process, true);
  }
}

// The next message for a process, if there is one.
bool Kernel::take(Process& process, Writer& reply, Error& error) {
  auto& results = process.exits.empty() ? process.resolved : process.exits;
  if (uint32_t block = results.take(store); block != noBlock) {
    process.taken++;
    giveResult(store[block], reply);
    if (reply.overflowed() || store[block].tooLarge) {
      error = Error::dataTooLarge;
    }
    store.remove(block);
    return true;
  }
  uint32_t block = process.incoming.take(store);
  if (block == noBlock) {
    return false;
  }
  process.taken++;
  auto& message = store[block];
  giveCall(process, message, reply);
  if (reply.overflowed() || message.tooLarge) {
    error = Error::dataTooLarge;
  }
  message.unread = false;
  if (!message.listed) {
    store.remove(block); // from outside, or answered already
  } else if (error != Error::none) {
    resolve(calls.take(message.call), {}, Error::dataTooLarge);
  } else {
    store.empty(message);
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

// Gives the next message for the process, or waits for one so long; 0 lets others run that are ready, and then looks
// again.
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
