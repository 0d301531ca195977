// Decides which process runs, and what happens when none can run.

#include "../common/fail.h"
#include "kernel.h"

namespace kernel {

namespace {

// The scheduler looks at deadlines, and at messages from outside, after these numbers of turns at the latest.
constexpr uint32_t turnsBetweenClocks = 16;
constexpr uint32_t turnsBetweenLooksOutside = 64;
// A process gets this many answers at most in one turn without waiting.
constexpr uint32_t answersInATurn = 32;

constexpr uint64_t millisecond = 1000000;

} // namespace

uint32_t Kernel::run() {
  // Main starts last, so that services are there when it begins.
  for (uint32_t i = 0; i < processes.size(); i++) {
    if (i != main) {
      ready.push(i);
    }
  }
  if (main != noIndex) {
    ready.push(main);
  }
  while (!ended) {
    if (ready.empty()) {
      sleepOrFail();
      continue;
    }
    uint32_t next = ready.take();
    if (processes[next].state != State::ready && processes[next].state != State::fresh) {
      continue;
    }
    answers = 0;
    runProcess(next);
    switches++;
    if (switches % turnsBetweenClocks == 0) {
      wakeExpired();
    }
    if (open && switches % turnsBetweenLooksOutside == 0) {
      readHost(0);
    }
  }
  sayStatistics();
  return main == noIndex ? 0 : processes[main].exitCode;
}

void Kernel::makeReady(uint32_t number) {
  processes[number].state = State::ready;
  ready.push(number);
}

// Wakes a process that waits, since there is a message for it.
void Kernel::wake(uint32_t number) {
  auto& process = processes[number];
  if (process.state == State::waiting && process.waits == Waits::toRead) {
    makeReady(number);
  }
}

// A timeout begins when the scheduler looks at it, which is never before the call: one look at the clock serves many
// calls, and a call whose answer comes first needs none.
void Kernel::beginTimeouts() {
  uint64_t now = 0;
  for (auto& process : processes) {
    if (process.state == State::waiting && process.timeout != never) {
      now = now ? now : world.now();
      process.deadline = process.timeout > never - now ? never : now + process.timeout;
      process.timeout = never;
    }
  }
}

void Kernel::wakeExpired() {
  beginTimeouts();
  if (earliestDeadline() == never) {
    return;
  }
  uint64_t now = world.now();
  for (uint32_t i = 0; i < processes.size(); i++) {
    if (processes[i].state == State::waiting && processes[i].deadline <= now && processes[i].deadline != never) {
      makeReady(i);
    }
  }
}

uint64_t Kernel::earliestDeadline() const {
  uint64_t earliest = never;
  for (auto& process : processes) {
    if (process.state == State::waiting && process.deadline < earliest) {
      earliest = process.deadline;
    }
  }
  return earliest;
}

void Kernel::runProcess(uint32_t number) {
  uint32_t below = innermost;
  bool fresh = processes[number].state == State::fresh;
  innermost = number;
  processes[number].state = State::running;
  if (fresh) {
    world.start(number);
  } else {
    world.resume(number);
  }
  innermost = below;
  auto& process = processes[number];
  if (process.state != State::ended && process.mustEnd) {
    finish(number);
    if (number == main) {
      end(process.exitCode);
    }
    return;
  }
  if (process.state == State::running && !world.yielded(number)) {
    finish(number);
    if (number == main && below != noIndex) {
      end(process.exitCode); // inside another's dispatch_, which must not continue
    }
  }
}

// Whether a process with a message has to let others run before it reads the message.
bool Kernel::turnIsOver(uint32_t number) {
  auto& process = processes[number];
  if (process.nested) {
    bool ownResult = process.exits.empty() && !process.resolved.empty() && process.taken < answersInATurn;
    return process.taken && !ownResult;
  }
  if (++answers < answersInATurn) {
    return false;
  }
  answers = 0;
  wakeExpired();
  if (open) {
    readHost(0);
  }
  return !ready.empty();
}

// Ends a process. Calls to it, earlier and later ones, stay without an answer.
void Kernel::finish(uint32_t number) {
  auto& process = processes[number];
  process.state = State::ended;
  process.exits.clear(store);
  process.resolved.clear(store);
  for (auto& line : process.incoming.lines) {
    for (uint32_t block; (block = line.take(store)) != noBlock;) {
      if (store[block].listed) {
        calls.take(store[block].call);
      }
      store.remove(block);
    }
  }
  process.incoming = {};
  if (process.result != noBlock) {
    store.remove(process.result);
    process.result = noBlock;
  }
  calls.dropFor(number);
  dropRequests(number);
  alive--;
  ended |= number == main || alive == 0;
}

// Makes the current call come again when the process is resumed. False: the process cannot wait, since the code that
// made the call was not called by the kernel.
bool Kernel::block(uint32_t number, Waits waits) {
  if (innermost != number) {
    return false;
  }
  auto& process = processes[number];
  process.state = State::waiting;
  process.waits = waits;
  world.yield(number);
  return true;
}

void Kernel::sleepOrFail() {
  // A process that has passed its deadline, and has not been told yet, does not wait.
  wakeExpired();
  if (!ready.empty() || (!open && failLaunches())) {
    return;
  }
  uint64_t deadline = earliestDeadline();
  if (deadline == never && !open) {
    nothingCanHappen();
    return;
  }
  uint64_t now = deadline == never ? 0 : world.now();
  uint64_t left = deadline > now ? deadline - now : 0;
  if (open) {
    // The time is rounded up to milliseconds: shorter sleeps would make this loop spin.
    readHost(deadline == never ? -1 : int64_t((left + millisecond - 1) / millisecond));
  } else if (left) {
    world.sleep(left);
  }
  wakeExpired();
}

void Kernel::nothingCanHappen() {
  if (main == noIndex) {
    world.say("parigot: all services wait for calls, and nothing outside of this world can call them: the world ends");
    ended = true;
    return;
  }
  world.say("parigot: all services of the world wait for each other, and nothing can wake them:");
  for (auto& process : processes) {
    Characters line;
    line << "  " << Text(process.name);
    line << (process.state == State::ended       ? Text(" has ended")
             : process.waits == Waits::forResult ? Text(" waits in dispatch_ or run_ for a result")
             : process.generation == 1           ? Text(" waits in block_until_call_ for a call")
                                                 : Text(" waits in read_one_ for a call or a result"));
    world.say(line);
  }
  world.exit(exitFailed);
  __builtin_trap();
}

void Kernel::sayStatistics() {
  if (!statistics) {
    return;
  }
  Characters line;
  auto number = [&](uint64_t n) {
    char digits[20];
    uint32_t size = 0;
    do {
      digits[size++] = char('0' + n % 10);
      n /= 10;
    } while (n);
    while (size) {
      line << digits[--size];
    }
  };
  line << "parigot: ";
  number(total);
  line << " calls, ";
  number(direct);
  line << " direct";
  world.say(line);
}

void Kernel::end(uint32_t code) {
  sayStatistics();
  world.exit(code);
}

void Kernel::exitProcess(uint32_t number, uint32_t code) {
  // The process may exit in a function that it exports, and that another process has called. That function cannot be
  // left without a result. So the whole world ends, as with a service that is no process.
  if (number == main || number != innermost) {
    end(code);
    return;
  }
  finish(number);
  world.yield(number);
}

namespace {

// WASI preview1: $subscription, $event; offsets in bytes.
constexpr uint32_t subscriptionBytes = 48, eventBytes = 32;
constexpr int32_t errnoInvalid = 28;
constexpr uint8_t clockTag = 0;
constexpr uint32_t monotonicClock = 1; // 0: realtime; the other clocks do not measure time that passes by itself
constexpr uint16_t absolute = 1;

// FNV-1a, and never 0.
uint64_t hash(Text bytes) {
  uint64_t state = 0xcbf29ce484222325;
  for (uint32_t i = 0; i < bytes.size; i++) {
    state = (state ^ uint8_t(bytes[i])) * 0x100000001b3;
  }
  return state | 1;
}

template<typename T> T at(Text bytes, uint32_t offset) {
  T value;
  memcpy(&value, bytes.data + offset, sizeof value);
  return value;
}

} // namespace

int32_t Kernel::poll(uint32_t number, Text subscriptions, Writer& events) {
  uint32_t count = subscriptions.size / subscriptionBytes;
  if (count == 0 || subscriptions.size % subscriptionBytes) {
    return errnoInvalid;
  }
  if (innermost != number || count * eventBytes > replyCapacity) {
    return leftToHost;
  }
  auto& process = processes[number];
  uint64_t now = world.now();
  uint64_t polled = hash(subscriptions);
  bool again = process.polled == polled;
  process.polled = 0;
  if (!again) {
    process.polledAt = now;
  }
  uint64_t realtime = 0;
  uint64_t earliest = never;
  List<uint64_t> due;
  for (uint32_t i = 0; i < count; i++) {
    Text subscription = subscriptions.from(i * subscriptionBytes);
    auto clock = at<uint32_t>(subscription, 16);
    if (at<uint8_t>(subscription, 8) != clockTag || clock > monotonicClock) {
      return leftToHost;
    }
    auto timeout = at<uint64_t>(subscription, 24);
    uint64_t deadline;
    if (!(at<uint16_t>(subscription, 40) & absolute)) {
      deadline = timeout > never - process.polledAt ? never : process.polledAt + timeout;
    } else if (clock == monotonicClock) {
      deadline = timeout;
    } else {
      realtime = realtime ? realtime : world.realtime();
      deadline = timeout <= realtime ? now : timeout - realtime > never - now ? never : now + (timeout - realtime);
    }
    due.push(deadline);
    earliest = deadline < earliest ? deadline : earliest;
  }
  // Waits even if the time is over: other ready processes run first.
  if (earliest > now || !again) {
    process.polled = polled;
    process.deadline = earliest;
    process.timeout = never;
    block(number, Waits::forTime);
    if (earliest <= now) {
      makeReady(number);
    }
    return 0;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (due[i] <= now) {
      char event[eventBytes] = {};
      memcpy(event, subscriptions.data + size_t(i) * subscriptionBytes, 8); // userdata; error and type are 0
      events.whole({event, eventBytes});
    }
  }
  return 0;
}

} // namespace kernel
