// The front for Go's own compiler, 1.14 to 1.27: GOOS=js, GOARCH=wasm.
//
// Every import has one parameter, Go's stack pointer (SP). The real parameters are in the program's memory from SP+8
// on, and the results follow them. A comment at each import gives their offsets from SP, in the notation of
// wasm_exec.js. `int`, pointers and lengths have 8 bytes. A function that lets Go code run must ask for SP again before
// it writes results, since the goroutine's stack may have moved.
//
// Versions differ in what they import, not in what an import means: 1.21 calls the module "gojs" instead of "go", 1.17
// renamed walltime1 to walltime, 1.21 dropped debug.

#include "arguments.h"
#include "calls.h"
#include "library.h"
#include "number.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace program {

PARIGOT_GO(run) void run(uint32_t argc, Address argv);
PARIGOT_GO(getsp) Address getsp();

} // namespace program

// WASI's proc_exit. It returns if the program is one process of a world: the others go on, and this one yields for
// good.
__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"))) void endProcess(uint32_t code);

namespace {

Life life = Life::command;

// Parameters and results of one call.
class Frame {
public:
  // `end` is the offset in bytes from SP where the last parameter or result ends.
  PARIGOT_SMALL Frame(Address sp, uint32_t end, Text import) : sp(sp), import(import) { checkedSlice(sp, end, import); }

  // The same frame after Go code has run.
  Frame again(uint32_t end) const { return {program::getsp(), end, import}; }

  uint32_t u32(uint32_t offset) const { return program::load32(sp + offset); }
  uint64_t u64(uint32_t offset) const { return program::load64(sp + offset); }
  PARIGOT_SMALL Value value(uint32_t offset) const { return state().references.take(u64(offset)); }
  PARIGOT_SMALL Slice slice(uint32_t offset) const { return checkedSlice(u64(offset), u64(offset + 8), import); }
  CallArguments arguments(uint32_t offset) const { return {u64(offset), u64(offset + 8), import}; }

  void setByte(uint32_t offset, bool b) const { program::store8(sp + offset, b); }
  void set32(uint32_t offset, uint32_t n) const { program::store32(sp + offset, n); }
  void set64(uint32_t offset, uint64_t n) const { program::store64(sp + offset, n); }
  PARIGOT_SMALL void set(uint32_t offset, const Value& value) const { set64(offset, state().references.give(value)); }
  PARIGOT_SMALL void set(uint32_t offset, const Outcome& outcome) const {
    set(offset, outcome.value);
    setByte(offset + 8, !outcome.thrown);
  }

private:
  Address sp;
  Text import;
};

} // namespace

// Defines an import of syscall/js or runtime, under its name there. `frame` has its parameters and results, up to
// offset `end`.
#define IMPORT(function, name, end)                                                                                    \
  static void function(const Frame& frame);                                                                            \
  extern "C" __attribute__((export_name(name))) void parigot_##function(Address sp) {                                  \
    function(Frame(sp, end, name));                                                                                    \
  }                                                                                                                    \
  static void function([[maybe_unused]] const Frame& frame)

// Defines the same import under another name.
#define ALIAS(function, name, end)                                                                                     \
  extern "C" __attribute__((export_name(name))) void parigot_##function##_alias(Address sp) {                          \
    function(Frame(sp, end, name));                                                                                    \
  }

// --- runtime

// wasmExit(code i32@8). Only the lowest 8 bits count, as on other systems: for hosts, larger numbers are no exit codes.
IMPORT(wasmExit, "runtime.wasmExit", 12) {
  uint32_t code = frame.u32(8) & 0xFF;
  if (endsCall(code)) {
    return; // Go unwinds to where it was entered, as it does under JavaScript
  }
  if (life == Life::service && code == 0) {
    fail("the program ended where it should have served: its main must wait, as in select {}");
  }
  endProcess(code);
}

// wasmWrite(fd@8, p@16, n i32@24)
IMPORT(wasmWrite, "runtime.wasmWrite", 28) {
  Slice left = checkedSlice(frame.u64(16), frame.u32(24), "runtime.wasmWrite");
  char some[1024];
  while (left.size) {
    uint32_t n = left.size < sizeof some ? left.size : uint32_t(sizeof some);
    program::read(some, left.start, n);
    writeAll(uint32_t(frame.u64(8)), {some, n});
    left = {left.start + n, left.size - n};
  }
}

// nanotime1() i64@8
IMPORT(nanotime1, "runtime.nanotime1", 16) { frame.set64(8, monotonic()); }

// walltime() (sec i64@8, nsec i32@16)
IMPORT(walltime, "runtime.walltime", 20) {
  uint64_t now = realtime();
  frame.set64(8, now / 1000000000);
  frame.set32(16, uint32_t(now % 1000000000));
}
ALIAS(walltime, "runtime.walltime1", 20)

// scheduleTimeoutEvent(ms@8) (id i32@16)
IMPORT(scheduleTimeoutEvent, "runtime.scheduleTimeoutEvent", 20) {
  auto delay = int64_t(frame.u64(8));
  uint64_t milliseconds = delay < 0 ? 0 : delay > INT32_MAX ? INT32_MAX : uint64_t(delay);
  frame.set32(16, uint32_t(state().events.setTimer(milliseconds * 1000000)));
}

// clearTimeoutEvent(id i32@8)
IMPORT(clearTimeoutEvent, "runtime.clearTimeoutEvent", 12) { state().events.clearTimer(int32_t(frame.u32(8))); }

// getRandomData(slice@8)
IMPORT(getRandomData, "runtime.getRandomData", 32) { randomToProgram(frame.slice(8)); }

// Only JavaScript needs this, since its views of a memory become invalid when the memory grows.
IMPORT(resetMemoryDataView, "runtime.resetMemoryDataView", 0) {}

// debug(value i32) prints its parameter, for developers of Go's runtime. It is the only import that does not get SP.
extern "C" __attribute__((export_name("debug"))) void parigot_debug(int32_t value) {
  Characters line;
  appendNumber(line, value);
  line << '\n';
  writeAll(1, line);
}

// --- syscall/js

// finalizeRef(v@8); the id is the low word of the reference
IMPORT(finalizeRef, "syscall/js.finalizeRef", 16) { state().references.finalize(frame.u32(8)); }

// stringVal(value string@8) ref@24
IMPORT(stringVal, "syscall/js.stringVal", 32) { frame.set64(24, giveString(frame.slice(8))); }

// valueGet(v@8, p string@16) ref@32
IMPORT(valueGet, "syscall/js.valueGet", 40) {
  frame.set(32, getProperty(frame.value(8), ProgramText(frame.slice(16))));
}

// valueSet(v@8, p string@16, x@32)
IMPORT(valueSet, "syscall/js.valueSet", 40) {
  setProperty(frame.value(8), ProgramText(frame.slice(16)), frame.value(32));
}

// valueDelete(v@8, p string@16)
IMPORT(valueDelete, "syscall/js.valueDelete", 32) { deleteProperty(frame.value(8), ProgramText(frame.slice(16))); }

// valueIndex(v@8, i@16) ref@24
IMPORT(valueIndex, "syscall/js.valueIndex", 32) { frame.set(24, getElement(frame.value(8), int64_t(frame.u64(16)))); }

// valueSetIndex(v@8, i@16, x@24)
IMPORT(valueSetIndex, "syscall/js.valueSetIndex", 32) {
  setElement(frame.value(8), int64_t(frame.u64(16)), frame.value(24));
}

// valueCall(v@8, m string@16, args slice@32) (ref@56, ok u8@64)
IMPORT(valueCall, "syscall/js.valueCall", 65) {
  Outcome outcome = callMethod(frame.value(8), ProgramText(frame.slice(16)), frame.arguments(32));
  frame.again(65).set(56, outcome);
}

// valueInvoke(v@8, args slice@16) (ref@40, ok u8@48)
IMPORT(valueInvoke, "syscall/js.valueInvoke", 49) {
  Outcome outcome = invoke(frame.value(8), {}, frame.arguments(16));
  frame.again(49).set(40, outcome);
}

// valueNew(v@8, args slice@16) (ref@40, ok u8@48)
IMPORT(valueNew, "syscall/js.valueNew", 49) {
  // A constructor can call Go code: Promise calls its executor.
  Outcome outcome = construct(frame.value(8), frame.arguments(16));
  frame.again(49).set(40, outcome);
}

// valueLength(v@8) int@16
IMPORT(valueLength, "syscall/js.valueLength", 24) { frame.set64(16, uint64_t(lengthOf(frame.value(8)))); }

// valuePrepareString(v@8) (ref@16, len@24)
IMPORT(valuePrepareString, "syscall/js.valuePrepareString", 32) {
  uint32_t length;
  frame.set64(16, prepareString(frame.u64(8), length));
  frame.set64(24, length);
}

// valueLoadString(v@8, b slice@16)
IMPORT(valueLoadString, "syscall/js.valueLoadString", 40) {
  loadString(frame.u64(8), frame.slice(16), "syscall/js.valueLoadString");
}

// valueInstanceOf(v@8, t@16) bool@24
IMPORT(valueInstanceOf, "syscall/js.valueInstanceOf", 25) {
  frame.setByte(24, isInstance(frame.value(8), frame.value(16)));
}

// copyBytesToGo(dst slice@8, src@32) (n@40, ok u8@48)
IMPORT(copyBytesToGo, "syscall/js.copyBytesToGo", 49) {
  uint32_t copied = 0;
  bool ok = copyToProgram(frame.slice(8), frame.u64(32), copied);
  frame.set64(40, copied);
  frame.setByte(48, ok);
}

// copyBytesToJS(dst@8, src slice@16) (n@40, ok u8@48)
IMPORT(copyBytesToJS, "syscall/js.copyBytesToJS", 49) {
  uint32_t copied = 0;
  bool ok = copyFromProgram(frame.u64(8), frame.slice(16), copied);
  frame.set64(40, copied);
  frame.setByte(48, ok);
}

// --- The program's life

namespace {

// wasm_exec.js puts the command line and the environment at argumentsStart. The linker lets data begin at dataStart at
// the earliest (cmd/link/internal/ld/data.go: wasmMinDataAddr). Linkers before 2021 let it begin earlier: then
// argumentsEnd() finds its begin, since its first bytes are not zero.
constexpr Address argumentsStart = 4096;
constexpr Address dataStart = 4096 + 8192;

Address argumentsEnd() {
  Address end = argumentsStart;
  while (end < dataStart && program::load64(end) == 0) {
    end += 8;
  }
  return end;
}

// Writes each string with a zero at its end, at addresses that are multiples of 8. The pointers to all of them follow,
// with a zero after those of the arguments and after those of the environment.
Address putArguments(uint32_t& argc) {
  List<Characters> arguments, variables;
  readArguments(arguments);
  if (arguments.empty()) {
    arguments.push({});
    arguments.back() << "js"; // the name that wasm_exec.js gives
  }
  readEnvironment(variables);
  sortTexts(variables);
  argc = arguments.size();

  checkedSlice(argumentsStart, dataStart - argumentsStart, "the start of the program");
  Address end = argumentsEnd();
  uint64_t needed = 8 * (uint64_t(2) + arguments.size() + variables.size());
  List<Characters>* lists[] = {&arguments, &variables};
  for (auto* list : lists) {
    for (auto& text : *list) {
      text << '\0';
      needed += (text.size() + 7) & ~7;
    }
  }
  if (needed > end - argumentsStart) {
    Characters room;
    appendNumber(room, end - argumentsStart);
    fail("the command line and the environment are too long for a Go program; its room is bytes: ", room);
  }
  Address at = argumentsStart;
  Address pointer = Address(argumentsStart + needed - 8 * (2 + arguments.size() + variables.size()));
  Address argv = pointer;
  for (auto* list : lists) {
    for (auto& text : *list) {
      program::write(at, text.begin(), text.size());
      program::store64(pointer, at);
      at += (text.size() + 7) & ~7;
      pointer += 8;
    }
    program::store64(pointer, 0);
    pointer += 8;
  }
  return argv;
}

void runProgram() {
  state().directory.open();
  uint32_t argc;
  Address argv = putArguments(argc);
  state().events.setLooping(true);
  program::run(argc, argv);
}

} // namespace

// Goes on with a command that has yielded and was resumed. Returns, and ends, as start() does.
extern "C" __attribute__((export_name("proceed"))) void parigot_proceed() {
  runEvents(life, program::resume);
  if (program::yielded() || program::hasExports()) {
    return;
  }
  refuseLibrary();
  // Go reports the deadlock itself, and exits with 2.
  state().events.enter(0, {}, {});
  if (!program::yielded()) {
    fail("the program waits for what can never happen, and does not say so");
  }
}

// Runs a command, and ends with the program. Returns only if the program waits for calls of functions that it exports,
// or for other services of its world. In the latter case proceed() goes on.
extern "C" __attribute__((export_name("start"))) void parigot_start() {
  runProgram();
  parigot_proceed();
}

// Runs a program that is a service up to where it waits.
extern "C" __attribute__((export_name("initialize"))) void parigot_initialize() {
  life = Life::service;
  runProgram();
  runEvents(life, program::resume);
}

// Initialises a service whose functions are those that the program sets on global. See library.h.
extern "C" __attribute__((export_name("library.initialize"))) void parigot_libraryInitialize() {
  prepareLibrary();
  parigot_initialize();
  openLibrary(program::resume);
}

} // namespace gojs
