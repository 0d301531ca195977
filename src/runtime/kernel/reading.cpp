// Reading: read_one_, which gives a process its next message, or waits for one.

#include "bundle.h"
#include "kernel.h"

namespace kernel {

// Writes a ReadOneResponse with a call, or its counterpart of generation 1.
void Kernel::giveCall(const Process& process, const Message& message, Writer& reply) {
  if (message.whole) {
    store.copy(message, reply);
  } else if (process.generation == 1) {
    giveCall1(message, reply);
  } else {
    auto& service = services[message.service].id;
    if (message.bundled) {
      // It is in the text.
    } else if (auto& sent = processes[message.caller].sent; sent.isOf(message, service)) {
      sent.write(reply, 2);
    } else {
      writeBundle(reply, 2, message, service);
    }
    store.copy(message, reply);
  }
}

namespace {

// An Any of an empty LaunchResponse: the result of every launch, also of one that fails. The guest library unpacks it
// before it looks at the error, and drops a result that it cannot unpack (api/guest/syscall/stdcompleter.go:18-25).
constexpr Text launchField = "\x22\x2f\x0a\x2dtype.googleapis.com/syscall.v1.LaunchResponse";
constexpr uint32_t idBytes = 24; // the most that the field of an id takes

// Writes an Any of ExitResponse{pair}. The guest library's completers complete no call without it.
void writeExitResponse(Writer& to, uint32_t field, Text pair) {
  auto any = to.open(field);
  to.text(1, "type.googleapis.com/syscall.v1.ExitResponse");
  auto value = to.open(2);
  to.bytes(1, pair);
  to.close(value);
  to.close(any);
}

} // namespace

// Writes a ReadOneResponse with a resolved call. Bundle and exit are present too, and empty, except that an exit
// request has its pair in `exit` (sys/kernel/kdata.go:274-278): a guest tells the kinds of messages apart by
// `resolved`, and by the service of `exit`.
void Kernel::giveResult(const Process& process, const Message& message, Writer& reply) {
  if (message.whole) {
    store.copy(message, reply);
    return;
  }
  if (message.method == exitMethod) {
    giveExit(message, reply);
    return;
  }
  bool launch = message.method == launchMethod;
  auto error = int64_t(message.error);
  auto bytes = (launch ? launchField.size : 0) + message.size + Writer::numberSize(uint64_t(error));
  reply.bytes(2, {});
  if (auto& sent = process.sent; sent.isOf(message)) {
    using Part = SentBundle::Part;
    reply.head(5, sent.sizeOf(Part::host) + sent.sizeOf(Part::call) + sent.sizeOf(Part::method) + bytes);
    sent.write(reply, 1, Part::host);
    sent.write(reply, 2, Part::call);
    sent.write(reply, 3, Part::method);
  } else {
    reply.head(5, Writer::idSize(message.host) + Writer::idSize(message.call) + Writer::idSize(message.method) + bytes);
    reply.id(1, message.host);
    reply.id(2, message.call);
    reply.id(3, message.method);
  }
  if (launch) {
    reply.whole(launchField);
  }
  store.copy(message, reply);
  reply.number(5, error);
  reply.bytes(6, {});
}

void Kernel::giveExit(const Message& message, Writer& reply) {
  char pair[2 * idBytes], body[10 * idBytes];
  Writer exit(pair, sizeof pair), resolved(body, sizeof body);
  store.copy(message, exit);
  resolved.id(1, message.host);
  resolved.id(2, message.call);
  resolved.id(3, message.method);
  writeExitResponse(resolved, 4, {pair, exit.size()});
  resolved.number(5, int32_t(message.error));
  reply.bytes(2, {});
  reply.bytes(5, {body, resolved.size()});
  reply.bytes(6, message.confirms ? Text() : Text{pair, exit.size()});
}

// Gives the next message for a process, if there is one.
bool Kernel::take(Process& process, Writer& reply, Error& error) {
  auto& results = process.exits.empty() ? process.resolved : process.exits;
  if (uint32_t block = results.take(store); block != noBlock) {
    process.taken++;
    giveResult(process, store[block], reply);
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
  process.asker = message.caller < processes.size() ? message.caller : noIndex;
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

// Reads a ReadOneRequest, for its timeout in milliseconds.
bool Kernel::readTimeout(KnownRead& known, Text bytes, int32_t& timeout) {
  if (known.size && Text(known.bytes, known.size) == bytes) {
    timeout = known.timeout;
    return true;
  }
  ReadOneRequest request;
  if (!read(bytes, request)) {
    return false;
  }
  timeout = int32_t(request.timeout);
  if (bytes.size && bytes.size <= sizeof known.bytes) {
    memcpy(known.bytes, bytes.data, bytes.size);
    known.size = uint8_t(bytes.size);
    known.timeout = timeout;
  }
  return true;
}

Error Kernel::readOne(uint32_t number, Text bytes, Writer& reply) {
  int32_t timeout;
  if (!readTimeout(processes[number].read, bytes, timeout)) {
    return Error::unmarshalFailed;
  }
  if (!speaks(number, 2)) {
    return Error::notReady;
  }
  Error error = Error::none;
  if (waitForMail(number, timeout < 0 ? never : uint64_t(timeout) * 1000000, reply, error) == Waited::inVain) {
    reply.number(1, true);
  }
  return error;
}

// Gives the next message for the process, or waits `nanoseconds` for one. With 0, other ready processes run
// first, and then the queue is looked at again.
Kernel::Waited Kernel::waitForMail(uint32_t number, uint64_t nanoseconds, Writer& reply, Error& error) {
  auto& process = processes[number];
  // A function that the process exports, and that another process has called, cannot wait. It leaves the state of a
  // wait in the process itself alone.
  bool mayYield = innermost == number;
  bool again = mayYield && process.again;
  // A message that the process may not take yet is no reason to time out.
  bool forced = mayYield && process.hasMail() && turnIsOver(number);
  if (mayYield) {
    process.again = false;
  }
  if (!forced && take(process, reply, error)) {
    return Waited::forMail;
  }
  bool over = again && (process.deadline == 0 || (process.deadline != never && world.now() >= process.deadline));
  if (!mayYield || (over && !forced)) {
    return Waited::inVain;
  }
  if (!again) {
    process.deadline = nanoseconds == 0 ? 0 : never;
    process.timeout = nanoseconds == 0 ? never : nanoseconds;
  }
  process.again = true;
  block(number, Waits::toRead);
  if (forced || (nanoseconds == 0 && !again)) {
    makeReady(number);
  }
  return Waited::yields;
}

} // namespace kernel
