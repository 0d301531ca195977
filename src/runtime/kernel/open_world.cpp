// An open world: a part of a deployment. Other services are outside, and the kernel outside knows all services, those
// of this world too. Our kernel is one guest of it, on behalf of all processes here, which share one host id.
//
// The kernel outside handles registration, names and launches. Its answers are passed on unchanged, and tell which ids
// belong to this world. A call between two services of this world never leaves it.

#include "kernel.h"

namespace kernel {

namespace {

constexpr uint64_t pauseAfterFailure = 10000000; // nanoseconds

} // namespace

// Passes the request to the kernel outside, and the reply back. `answer` is the reply, valid until the next call.
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

// Answers a call from outside for which there is no room.
void Kernel::refuseHost(Text bundle) {
  Writer writer(scratch, sizeof scratch);
  writer.bytes(1, bundle);
  writer.number(3, int32_t(Error::writeTimeout));
  Error error = Error::none;
  world.ask(returnValueCall, {scratch, writer.size()}, hostReply, error);
}

// Waits for messages from the kernel outside for `milliseconds`; a negative number means for ever.
void Kernel::readHost(int64_t milliseconds) {
  char request[64];
  Writer writer(request, sizeof request);
  writer.number(1, milliseconds > INT32_MAX ? INT32_MAX : milliseconds);
  writer.id(2, processes[0].host); // all processes have the same
  Error error = Error::none;
  uint64_t asked = milliseconds == 0 ? 0 : world.now();
  uint32_t size = world.ask(readOneCall, {request, writer.size()}, hostReply, error);
  // There was no message. Our kernel says so in a message. parigot's own returns an error, and may wait for another
  // time than it was asked to (sys/kernel/block.go:128).
  if (error != Error::none && error != Error::dataTooLarge && milliseconds != 0 &&
      (error != Error::readOneTimeout || world.now() - asked < pauseAfterFailure)) {
    // The kernel outside did not wait, so we do, before the next request.
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
    uint32_t asked = main == noIndex ? 0 : main;
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
      // Leaves room for exit requests.
      uint32_t outside = processes.size();
      Call call{bundle.call, bundle.host, bundle.method, outside, to, uint32_t(service - services.begin())};
      uint32_t block = store.left(outside) > 2 * processes.size() ? store.add(call) : noBlock;
      if (block == noBlock || !store.fill(store[block], whole) || !keepRequest(call, response.param)) {
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
