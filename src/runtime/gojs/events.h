// What JavaScript's event loop does for a Go program: callbacks, timers, and waiting for both and for standard input.
//
// File operations are done when they are asked for, and their callbacks wait in a queue: Go's goroutines go on until
// none can, and `run` of the loop then delivers what there is,
//
//   microtasks (of queueMicrotask, and of promises), all that there are, else
//   a callback of the queue, else
//   a timer that is due, or the earliest one and data on standard input, whichever comes first, else
//   nothing: the loop ends, and its caller says what that means.
//
// Delivering is what wasm_exec.js does: set go._pendingEvent, call resume(), look at event.result. A timer has no
// event; one of setTimeout calls what it was given.
//
// Where no loop runs - the program is a service, and in a call of one of its exported functions - callbacks are
// delivered within the operation, as wasm_exec.js does with a fs of its own for browsers; Go expects either
// (syscall/fs_js.go: fsCall).

#ifndef parigot_runtime_gojs_events_h
#define parigot_runtime_gojs_events_h

#include "bytes.h"
#include "error_codes.h"

namespace gojs {

// fs.read of the bytes [start, start + size) of an array, as far as they come. What is done in the end is `readInto`.
struct PendingRead {
  uint32_t fd;
  Value bytes;
  uint32_t start, size;
  Value callback;
};

Errno readInto(uint32_t fd, Bytes& bytes, uint32_t start, uint32_t size, int64_t position, uint32_t& done);

class Events {
public:
  enum class Turn { delivered, timer, nothing, yielded };

  // Calls a function of Go's, now. What it returns is the result. Throws where calls are nested too deeply.
  struct Call {
    Value callback, arguments; // an array
  };

  Outcome enter(uint32_t goId, const Value& self, Arguments arguments);

  // Tells the callback of a file operation, in the queue or now. `operation` is for the message of an error.
  void post(const Value& callback, Errno error, const Value& result, Text operation);

  // Whether a loop runs, which could wait for a read.
  bool canWait() const { return looping; }
  void read(PendingRead read);

  // A microtask. Where no loop runs, it is called now.
  void queueMicrotask(Call call);

  // Arms a timer, and gives its id, which is not 0. One without a callback is due until it is cleared, as in
  // wasm_exec.js, which fires it again when Go missed it; others are called once, or each time that `repeats`
  // nanoseconds have gone.
  int32_t setTimer(uint64_t nanoseconds, Call call = {}, uint64_t repeats = 0);
  void clearTimer(int32_t id);

  // Does the next thing: a callback is delivered here, a timer is left to the caller. Waits for it if `mayWait`, unless
  // others of the world go on meanwhile: `yielded`.
  Turn next(bool mayWait);
  void setLooping(bool is) { looping = is; }
  // From here on callbacks of file operations are delivered within the operation, even where a loop runs.
  void setCallbacksAtOnce() { callbacksAtOnce = true; }
  // Whether Go has been entered from within itself.
  bool isNested() const { return depth > 1; }

  // go._pendingEvent; null when there is none.
  Value pending = Value::null;

private:
  struct Timer {
    int32_t id;
    uint64_t due; // of the monotonic clock
    Call call;    // without a callback: Go's own
    uint64_t repeats;
  };

  const Timer* earliest() const;
  void deliver();
  void doMicrotasks();
  Turn fire(int32_t id);
  void wait(uint64_t nanoseconds, bool forTimer);
  void finishRead(uint32_t index, bool mayBlock);

  List<Call> queue, microtasks;
  uint32_t queueHead = 0, microtaskHead = 0;
  bool inMicrotasks = false;
  List<PendingRead> reads;
  List<Timer> timers;
  int32_t lastTimer = 0;
  uint32_t depth = 0;       // of calls into Go from within calls of it
  uint32_t sinceTimers = 0; // callbacks delivered without having looked at timers
  int32_t resumedFor = 0;   // the timer that was due last
  uint32_t resumes = 0;     // in a row for that one, which the program did not clear
  uint64_t lastLook = 0;    // at standard input, by the monotonic clock
  bool looping = false;
  bool callbacksAtOnce = false;
};

} // namespace gojs

#endif // parigot_runtime_gojs_events_h
