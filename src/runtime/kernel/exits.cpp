// Exits: exit_, which asks processes to end.
//
// A process of generation 2 gets a resolved call as the request, and ends by itself; one of generation 1 ends when
// it next waits.

#include "kernel.h"

namespace kernel {

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
    // The kernel outside tells all processes, those of this world included.
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

// The number of blocks that answerExit takes at most.
uint32_t Kernel::exitBlocks(bool all) const { return all ? processes.size() : 2; }

// Asks processes to exit, by a resolved call with the pair in it: servers look at the call, clients at the pair. A
// process that asks for the exit of another one is told that the request was sent. `account` has room for all messages.
void Kernel::answerExit(uint32_t account, uint32_t process, const ExitPair& pair, bool all, const Id& id) {
  auto tell = [&](uint32_t told, bool confirms) {
    Call call{id, processes[told].host, exitMethod, account};
    uint32_t block = store.add(call);
    if (block == noBlock) {
      return; // the account is full: the request is one of many from outside
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

} // namespace kernel
