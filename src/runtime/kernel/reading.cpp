// Reading: read_one_, which gives a process its next message, or waits for one.

#include "bundle.h"
#include "kernel.h"
#include "messages1.h"

namespace kernel {

// Writes a ReadOneResponse with a call, or its counterpart of generation 1.
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

// An Any of an empty LaunchResponse: the result of every launch, also of one that fails. The guest library unpacks it
// before it looks at the error, and drops a result that it cannot unpack (api/guest/syscall/stdcompleter.go:18-25).
constexpr Text launchResponse = "\x0a\x2dtype.googleapis.com/syscall.v1.LaunchResponse";

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

// Gives the next message for a process, if there is one.
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

} // namespace kernel
