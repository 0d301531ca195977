// Messages from process to process: dispatch_ and return_value_. reading.cpp has read_one_, and exits.cpp exit_.
//
// A call is one block (store.h) from its beginning to its end. The block is first in the table of calls and in the line
// of the target process, then in the table alone, until the call is answered, and then in the queue of its caller, with
// the result. Its text is the part of the reply that cannot be made from its ids, encoded for the generation of the
// process that will read it. Exit requests are read before results, and results before calls.

#include "kernel.h"
#include "bundle.h"

namespace kernel {

namespace {

// So many runs within dispatch_ may be on top of each other. Each takes as much of the engine's stack as a process.
constexpr uint32_t deepest = 16;

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
    Writer written(process.written.bytes, sizeof process.written.bytes);
    written.id(1, fact.host);
    process.written.size = uint8_t(written.size());
    process.name = static_cast<Characters&&>(fact.name);
    process.refusal = fact.refusal;
    process.incoming.lines.resize(accounts);
    process.bound = fact.bound;
    process.allowed = static_cast<List<Characters>&&>(fact.calls);
    process.recorded = !fact.recording.empty();
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

// Gives a random number. Gets many bits from the host at a time, since each request is a call of the host.
uint64_t Kernel::nextRandom() {
  if (!randomLeft) {
    world.random(randomBits, sizeof randomBits);
    randomLeft = sizeof randomBits / sizeof *randomBits;
  }
  return randomBits[--randomLeft];
}

// All bits are random ones of the host, so that ids tell nothing of other ids, except the letter of parigot's format
// (api/shared/id/id.go:30), which leaves 120, and byte 6 of `high`, which is 0: a guest of generation 1 clears it, and
// takes an id in which it is odd for an error (lib/go/idconv.go:251-271 of April 2023, 80a40219). That leaves 112.
Id Kernel::newId(char letter) {
  uint64_t high = uint64_t(uint8_t(letter)) << 56 | nextRandom() >> 16;
  return {high, nextRandom()};
}

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

// Finds the service of an id; null if there is none.
Kernel::Service* Kernel::findService(const Id& id) {
  for (uint32_t i = uint32_t(id.low); !places.empty(); i++) {
    uint32_t place = places[i & (places.size() - 1)];
    if (place == noIndex) {
      break;
    }
    if (services[place].id == id) {
      return &services[place];
    }
  }
  return nullptr;
}

Error Kernel::dispatch(uint32_t process, Text bytes, Writer& reply) {
  DispatchRequest request;
  bool plain;
  auto& sent = processes[process].sent;
  if (!readDispatch(bytes, request) || !sent.take(request.bundle, plain)) {
    return Error::unmarshalFailed;
  }
  auto& bundle = sent.content();
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
    bool known = !processes[process].bound;
    for (auto& located : processes[process].located) {
      known |= located == bundle.service;
    }
    if (!known) {
      return Error::idDispatch; // as of a method that is not bound
    }
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
  for (uint32_t i = 0; i < service->bindings.size() && !bound; i++) {
    auto& binding = service->bindings[i];
    bound = binding.method == bundle.method && mayCall(process, *service, binding.name);
  }
  if (!bound) {
    return refusalOf(*service, Error::idDispatch);
  }
  if (plain) {
    sent.write(reply, 1, SentBundle::Part::call);
  } else {
    reply.id(1, bundle.call);
  }
  if (service->hostOutside.isSet()) {
    reply.id(2, service->hostOutside);
  } else {
    reply.writtenId(2, processes[service->process].written);
  }
  call.target = service->process;
  call.service = uint32_t(service - services.begin());
  return send(call, plain ? Text() : request.bundle, request.param, {}, bytes.size);
}

// The answer to a call of a method that the service does not bind: that of parigot's kernel, unless the service stands
// in for one that is cut.
Error Kernel::refusalOf(const Service& service, Error usual) const {
  uint32_t refusal = processes[service.process].refusal;
  if (refusal == trapRefusal) {
    Characters line;
    line << "parigot: a call of the service " << Text(processes[service.process].name) << ", which is cut";
    world.say(line);
    __builtin_trap();
  }
  return refusal ? Error(refusal) : usual;
}

// Gives a call to its target, and runs the target at once if it waits for one. An empty `bundle` stands for the one
// that the call's ids make. Another one has more fields than the ids, or has them in another form.
Error Kernel::send(const Call& call, Text bundle, Text param, Text pctx, uint32_t requestBytes) {
  uint32_t to = call.target;
  auto& target = processes[to];
  if (target.state == State::ended) {
    total++;
    return Error::none; // an ended process never answers
  }
  uint32_t block = store.add(call);
  if (block == noBlock) {
    return Error::writeTimeout;
  }
  auto& message = store[block];
  bool fits;
  if (target.generation == 1) {
    fits = setText(message, replyCapacity1, [&](Writer& writer) {
      writer.message(1, param);
      writer.message(2, pctx);
    });
  } else if (bundle.size) {
    message.bundled = true;
    fits = setText(message, replyCapacity, [&](Writer& writer) {
      writer.bytes(2, bundle);
      writer.message(3, param);
    });
  } else {
    fits = setField(message, 3, param);
  }
  if (!fits || !keepRequest(call, param)) {
    store.remove(block);
    return Error::writeTimeout;
  }
  total++;
  calls.add(block);
  message.unread = true;
  bool idle = target.state == State::waiting && target.waits == Waits::toRead && !target.hasMail();
  target.incoming.push(store, block);
  // While a call runs within another, its request stays in the arena, where other requests need room.
  if (idle && depth < deepest && innermost == call.caller && requestBytes <= limits.nestedBytes) {
    direct++;
    runNested(to);
  } else {
    wake(to);
  }
  return Error::none;
}

bool Kernel::setField(Message& message, uint32_t field, Text value) {
  if (store.fillField(message, field, value)) {
    return true;
  }
  char head[16];
  Writer writer(head, sizeof head);
  if (value.data) {
    writer.head(field, value.size);
  }
  if (writer.size() + uint64_t(value.size) > replyCapacity) {
    message.tooLarge = true;
    return true;
  }
  return store.fill(message, {head, writer.size()}, value);
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

// Stores the result of a call for its caller: in the block of the call, and in further blocks of the caller.
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
  if (!setField(message, 4, result)) {
    message.error = Error::dataTooLarge;
  }
  caller.resolved.push(store, block);
  wake(message.caller);
}

// Reads the bundle of an answer, for the id of the call. It usually is that of the call that the process has read last.
bool Kernel::readAnswered(const Process& process, Text bytes, Id& call) const {
  if (process.asker != noIndex && processes[process.asker].sent.is(bytes)) {
    call = processes[process.asker].sent.content().call;
    return true;
  }
  MethodBundle bundle;
  bool plain;
  if (!readBundle(bytes, bundle, plain)) {
    return false;
  }
  call = bundle.call;
  return true;
}

Error Kernel::returnValue(uint32_t process, Text bytes, Writer& reply) {
  ReturnValueRequest request;
  Id call;
  if (!readReturnValue(bytes, request) || !readAnswered(processes[process], request.bundle, call)) {
    return Error::unmarshalFailed;
  }
  if (open) {
    auto* known = calls.find(call);
    if (!known || known->outside) {
      recordAnswer(process, call, request.result, Error(request.error));
      return forward(returnValueCall, bytes, reply);
    }
  }
  return answerCall(process, call, request.result, Error(request.error), {});
}

// Answers a call with a result or an error. Only the target of the call can answer it.
Error Kernel::answerCall(uint32_t process, const Id& id, Text result, Error error, Text pctx) {
  auto* known = calls.find(id);
  if (!known || known->method == launchMethod || known->target != process) {
    return Error::badId;
  }
  bool unread = known->unread;
  // If the target has not read the call yet, the result gets a block of its own.
  uint32_t fresh = unread ? store.add(*known) : noBlock;
  if (unread && fresh == noBlock) {
    return Error::writeTimeout;
  }
  uint32_t block = calls.take(id);
  block = unread ? fresh : block;
  if (store[block].method == exitMethod) {
    store.remove(block);
    return Error::none; // exit_ has told all processes
  }
  if (processes[store[block].caller].state == State::ended) {
    store.remove(block);
    return Error::callerUnavailable;
  }
  recordAnswer(process, id, result, error);
  resolve(block, result, error, pctx);
  return Error::none;
}

} // namespace kernel
