// What JavaScript's event loop does for a Go program: it delivers callbacks and timers, and waits for timers and for
// standard input.
//
// The runtime does file operations when the program asks for them, and puts their callbacks into a queue. Go's
// goroutines run until all of them wait. Then the loop (runEvents in calls.h) delivers, each time that it is asked,
//
//   microtasks (of queueMicrotask, and of promises), all that there are, else
//   a callback of the queue, else
//   a timer that is due, or the earliest one and data on standard input, whichever comes first, else
//   nothing: the loop ends, and its caller says what that means.
//
// An event is delivered as wasm_exec.js does it: set go._pendingEvent, call resume(), look at event.result. Go's own
// timer has no event; a timer of setTimeout calls the function that setTimeout got.
//
// No loop runs while another service calls an exported function of a program that is a service. Then callbacks are
// delivered within the operation, as wasm_exec.js does with its own fs for browsers. Go expects either
// (syscall/fs_js.go: fsCall).

#ifndef parigot_runtime_gojs_events_h
#define parigot_runtime_gojs_events_h

#include "bytes.h"
#include "error_codes.h"

namespace gojs {

// An fs.read into the bytes [start, start + size) of an array, which waits for data and may get fewer bytes. In the end
// readInto() does it.
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

  // A call that is made later. `arguments` is an array.
  struct Call {
    Value callback, arguments;
  };

  // Calls a function of Go's now, and gives its result. Throws if calls are nested too deeply.

  Outcome enter(uint32_t goId, const Value& self, Arguments arguments);

  // Calls the callback of a file operation, through the queue or at once. The message of an error says `operation`.
  void post(const Value& callback, Errno error, const Value& result, Text operation);

  // Whether a loop runs. Only a loop can wait for a read.
  bool canWait() const { return looping; }
  void read(PendingRead read);

  // Queues a microtask. If no loop runs, calls it at once.
  void queueMicrotask(Call call);

  // Arms a timer, and gives its id, which is not 0. A timer without a callback is Go's own: it stays due until Go
  // clears it, as in wasm_exec.js, which fires it again when Go missed it. A timer with a callback calls it once, or
  // every `repeats` nanoseconds if that is not 0.
  int32_t setTimer(uint64_t nanoseconds, Call call = {}, uint64_t repeats = 0);
  void clearTimer(int32_t id);

  // Handles the next event. Delivers a callback itself, and leaves Go's timer to the caller. If `mayWait`, waits until
  // there is an event. If the program yields meanwhile, so that other services of the world can run, the result is
  // `yielded`.
  Turn next(bool mayWait);
  void setLooping(bool is) { looping = is; }
  // From now on callbacks of file operations are delivered within the operation, even while a loop runs.
  void setCallbacksAtOnce() { callbacksAtOnce = true; }
  // Whether Go has been entered from within itself.
  bool isNested() const { return depth > 1; }

  // The value of go._pendingEvent; null when there is no event.
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
