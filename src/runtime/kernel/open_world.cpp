// A part of a deployment: other services are outside, and the kernel there knows all of them, ours too. Ours is a guest
// of it, on behalf of all processes, which are one host to it.
//
// Everything but the calls themselves is its affair: registering, names, launching. Its answers are handed on as they
// are, and tell which ids are ours. A call from one of ours to another never leaves.

#include "kernel.h"

namespace kernel {

namespace {

constexpr uint64_t pauseAfterFailure = 10000000; // nanoseconds

} // namespace

// Hands the request on, and the reply back. `answer` is the reply, until the next call.
Error Kernel::forward(HostCall call, Text request, Writer& reply, Text* answer) {
  Error error = Error::none;
  uint32_t size = world.ask(call, request, hostReply, error);
  if (error != Error::none) {
    return error;
  }
  Text bytes{hostReply, size < replyCapacity ? size : replyCapacity};
  if (answer) {
    *answer = bytes;
  }
  return reply.whole(bytes) ? Error::none : Error::dataTooLarge;
}

// Answers a call from outside that there is no room for.
void Kernel::refuseHost(Text bundle) {
  Writer writer(scratch, sizeof scratch);
  writer.bytes(1, bundle);
  writer.number(3, int32_t(Error::writeTimeout));
  Error error = Error::none;
  world.ask(returnValueCall, {scratch, writer.size()}, hostReply, error);
}

// Waits so long for the kernel outside to have something for one of ours; below 0 is for ever.
void Kernel::readHost(int64_t milliseconds) {
  char request[64];
  Writer writer(request, sizeof request);
  writer.number(1, milliseconds > INT32_MAX ? INT32_MAX : milliseconds);
  writer.id(2, processes[0].host); // all have the same
  Error error = Error::none;
  uint64_t asked = milliseconds == 0 ? 0 : world.now();
  uint32_t size = world.ask(readOneCall, {request, writer.size()}, hostReply, error);
  // Nothing came: as a message, or as the error of parigot's own kernel, which waits as long as it likes
  // (sys/kernel/block.go:128).
  if (error != Error::none && error != Error::dataTooLarge && milliseconds != 0 &&
      (error != Error::readOneTimeout || world.now() - asked < pauseAfterFailure)) {
    // It did not wait, so we have to: this will be asked again.
    world.sleep(pauseAfterFailure);
  }
  ReadOneResponse response;
  if (error != Error::none || size > replyCapacity || !read({hostReply, size}, response) || response.timeout) {
    return;
  }
  Text whole{hostReply, size};
  ExitPair pair;
  ResolvedCall resolved;
  MethodBundle bundle;
  if (response.exit.size && read(response.exit, pair) && pair.service.isSet()) {
    bool all = exitForAll || !findService(pair.service);
    exitForAll = false;
    if (!response.resolved.size || !read(response.resolved, resolved)) {
      resolved.call = {};
    }
    uint32_t asked = main == nobody ? 0 : main;
    if (uint32_t block = calls.take(resolved.call); block != noBlock) {
      asked = store[block].caller;
      store.remove(block);
    }
    answerExit(processes.size(), asked, pair, all, resolved.call);
  } else if (response.resolved.size && read(response.resolved, resolved)) {
    uint32_t block = calls.take(resolved.call);
    if (block == noBlock) {
      return;
    }
    auto& message = store[block];
    auto& caller = processes[message.caller];
    if (caller.state == State::ended) {
      store.remove(block);
      return;
    }
    message.whole = store.fill(message, whole);
    if (!message.whole) {
      message.error = Error::dataTooLarge;
    }
    caller.resolved.push(store, block);
    wake(message.caller);
  } else if (response.bundle.size && read(response.bundle, bundle)) {
    if (auto* service = findService(bundle.service)) {
      uint32_t to = service->process;
      if (processes[to].state == State::ended) {
        return;
      }
      // Room for exit requests is left.
      uint32_t outside = processes.size();
      uint32_t block = store.left(outside) > 2 * processes.size()
                         ? store.add({bundle.call, bundle.host, bundle.method, outside})
                         : noBlock;
      if (block == noBlock || !store.fill(store[block], whole)) {
        if (block != noBlock) {
          store.remove(block);
        }
        refuseHost(response.bundle);
        return;
      }
      store[block].whole = true;
      processes[to].incoming.push(store, block);
      wake(to);
    }
  }
}

} // namespace kernel
