// How a program of TinyGo runs: its _start returns when all goroutines wait. sleepTicks does not sleep, but asks for
// go_scheduler to be called after a time. The event loop that start() runs after the program's _start does that:
//
//   _start() of the program                  ->  start(): the program's _start(), then events until there are none
//   runtime.sleepTicks(d)                    ->  arms a wake-up, which is a timer of the event loop
//   standard output and error, exit, random  ->  WASI already: the program imports it itself

#include "tinygo.h"

#include "library.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace program {

PARIGOT_GO(_start) void start();
PARIGOT_GO(go_scheduler) void scheduler();

} // namespace program

namespace tinygo {

namespace {

constexpr Text import = "an import of TinyGo's syscall/js";

Value take(Ref ref) { return state().references.take(ref); }

void putOutcome(Address result, const Outcome& outcome) {
  checkedSlice(result, 9, import);
  program::store64(result, state().references.give(outcome.value));
  program::store8(result + 8, !outcome.thrown);
}

void putCopied(Address result, uint32_t copied, bool ok) {
  checkedSlice(result, 5, import);
  program::store32(result, copied);
  program::store8(result + 4, ok);
}

int32_t wakeUp = 0; // the id of the wake-up's timer; 0: none is armed
uint64_t wakeUpAt;  // its time by the monotonic clock

void onTimer() {
  state().events.clearTimer(wakeUp);
  wakeUp = 0;
  program::scheduler();
}

void runProgram(Life life) {
  state().directory.open();
  state().events.setLooping(true);
  program::start();
  runEvents(life, onTimer);
}

} // namespace

Slice slice(Address start, uint32_t size) { return checkedSlice(start, size, import); }

void finalize(Ref ref) { state().references.finalize(uint32_t(ref)); }
Ref get(Ref of, Slice name) { return state().references.give(getProperty(take(of), ProgramText(name))); }
void set(Ref of, Slice name, Ref value) { setProperty(take(of), ProgramText(name), take(value)); }
void remove(Ref of, Slice name) { deleteProperty(take(of), ProgramText(name)); }
Ref element(Ref of, int32_t index) { return state().references.give(getElement(take(of), index)); }
void setElement(Ref of, int32_t index, Ref value) { gojs::setElement(take(of), index, take(value)); }
uint32_t length(Ref of) { return uint32_t(lengthOf(take(of))); }
bool instanceOf(Ref value, Ref constructor) { return isInstance(take(value), take(constructor)); }

void call(Address result, Ref of, Slice name, Address arguments, uint32_t count) {
  putOutcome(result, callMethod(take(of), ProgramText(name), CallArguments(arguments, count, import)));
}

void invoke(Address result, Ref function, Address arguments, uint32_t count) {
  putOutcome(result, gojs::invoke(take(function), {}, CallArguments(arguments, count, import)));
}

void construct(Address result, Ref constructor, Address arguments, uint32_t count) {
  putOutcome(result, gojs::construct(take(constructor), CallArguments(arguments, count, import)));
}

void prepare(Address result, Ref value) {
  checkedSlice(result, 12, import);
  uint32_t length;
  program::store64(result, prepareString(value, length));
  program::store32(result + 8, length);
}

void load(Ref text, Slice to) { loadString(text, to, import); }

void copyToGo(Address result, Slice to, Ref from) {
  uint32_t copied = 0;
  bool ok = copyToProgram(to, from, copied);
  putCopied(result, copied, ok);
}

void copyToJs(Address result, Ref to, Slice from) {
  uint32_t copied = 0;
  bool ok = copyFromProgram(to, from, copied);
  putCopied(result, copied, ok);
}

void wakeUpIn(uint64_t nanoseconds) {
  uint64_t at = monotonic() + nanoseconds;
  if (wakeUp) {
    if (wakeUpAt <= at) {
      return;
    }
    state().events.clearTimer(wakeUp);
  }
  wakeUpAt = at;
  wakeUp = state().events.setTimer(nanoseconds);
}

// Runs a command. It returns when no event can come any more: functions that the program exports can still be called.
EXPORT("start") void parigot_start() {
  runProgram(Life::command);
  if (!program::hasExports()) {
    refuseLibrary();
  }
}

// Runs a program that is a service up to where it waits.
EXPORT("initialize") void parigot_initialize() { runProgram(Life::service); }

// Initialises a service whose functions are those that the program sets on global. See library.h.
EXPORT("library.initialize") void parigot_libraryInitialize() {
  prepareLibrary();
  runProgram(Life::service);
  openLibrary(onTimer);
}

} // namespace tinygo

} // namespace gojs
