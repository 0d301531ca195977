// The recording of calls to processes: docs/recordings.md.
//
// What a call asks is kept beside the call, in blocks of the caller, until the process answers. Then the world writes
// both. Calls that are refused, or never answered, are not in the recording.

#include "kernel.h"

namespace kernel {

// Keeps the parameter of a call to a process that is recorded. False: the caller has no room for it.
bool Kernel::keepRequest(const Call& call, Text param) {
  if (!processes[call.target].recorded || param.size > sizeof scratch) {
    return true;
  }
  uint32_t block = store.add(call);
  if (block == noBlock) {
    return false;
  }
  if (!store.fill(store[block], param)) {
    store.remove(block);
    return false;
  }
  requests.push({block, world.now()});
  return true;
}

// The place in `requests` of the request of this call; its size if there is none.
uint32_t Kernel::placeOfRequest(const Id& call) {
  uint32_t i = 0;
  while (i < requests.size() && !(store[requests[i].block].call == call)) {
    i++;
  }
  return i;
}

void Kernel::dropRequest(uint32_t place) {
  store.remove(requests[place].block);
  requests[place] = requests.back();
  requests.pop();
}

// Writes a call that its target answers, if it is one to a process that is recorded.
void Kernel::recordAnswer(uint32_t process, const Id& call, Text result, Error error) {
  uint32_t place = placeOfRequest(call);
  if (place == requests.size() || store[requests[place].block].target != process) {
    return;
  }
  auto& message = store[requests[place].block];
  Writer param(scratch, sizeof scratch);
  Any asked, answered;
  if (store.copy(message, param) && read({scratch, param.size()}, asked) && read(result, answered)) {
    runtime::RecordedCall recorded;
    for (auto& binding : services[message.service].bindings) {
      if (binding.method == message.method) {
        recorded.method = binding.name;
      }
    }
    recorded.request = asked.value;
    recorded.reply = answered.value;
    recorded.type = answered.url;
    recorded.error = uint32_t(error);
    recorded.nanoseconds = world.now() - requests[place].start;
    world.record(message.target, recorded);
  }
  dropRequest(place);
}

// Forgets the requests that a process that has ended made, and those that it will not answer.
void Kernel::dropRequests(uint32_t process) {
  for (uint32_t i = requests.size(); i--;) {
    auto& message = store[requests[i].block];
    if (message.caller == process || message.target == process) {
      dropRequest(i);
    }
  }
}

} // namespace kernel
