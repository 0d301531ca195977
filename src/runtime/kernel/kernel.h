// The kernel of a world: it answers parigot's kernel calls, and decides which process runs.
//
// A process is a service that runs as a coroutine. It stops in a call that has to wait, and is resumed when there is
// something for it, or its time is over; it then makes the same call again. So each blocking call is written as: answer
// if you can, else `block`, and whatever it returned then is ignored.
//
//   run -> start(0) .. register_ .. read_one_: nothing, block; unwinds to run
//       -> start(1) .. dispatch_ (to 0)
//                        -> resume(0) .. read_one_: the call .. return_value_ .. read_one_: nothing, block; unwinds to
//                        dispatch_
//                      .. read_one_: the result
//
// - Direct dispatch: a process that waits in read_one_ with nothing to read is resumed within dispatch_ itself, on top
// of
//   the caller's stack, and comes back when it waits again. A call is then a function call, and its result is there
//   when the caller asks. The callee takes only that one message, and results of calls that it makes for it, before the
//   caller goes on: its next read_one_ yields whatever there is. And who has had so many answers without ever waiting
//   lets others run.
// - Otherwise who has something to read is put at the end of the queue of those that can run, and they take turns.
// - With nobody ready, all sleep in one poll_oneoff to the next deadline. Without a deadline nothing can happen any
// more,
//   which is said, and the world ends with code 70; unless it is open, and somebody outside may call.
// - What is kept for a process, and what it costs, has a limit: store.h.
//
// Nothing here is held across start and resume: both come back with anything changed.

#ifndef parigot_runtime_kernel_kernel_h
#define parigot_runtime_kernel_kernel_h

#include "calls.h"
#include "frame.h"
#include "messages.h"
#include "queue.h"

namespace kernel {

// apishared.LaunchMethod and ExitMethod: all launches and exits have them. id.NewIdTyped puts the letter in byte 7, and
// leaves the other seven bytes as they are given (api/shared/id/id.go:52; api/shared/const.go:78, 84).
constexpr Id launchMethod = {0x6dffffffffffffff, 0xfffffffffffffff0};
constexpr Id exitMethod = {0x6dffffffffffffff, 0xfffffffffffffff2};

constexpr uint32_t nobody = UINT32_MAX;
constexpr uint64_t never = UINT64_MAX;

// What the kernel stands on. Times are nanoseconds of the monotonic clock.
class World {
public:
  virtual void start(uint32_t process) = 0;
  virtual void resume(uint32_t process) = 0;
  virtual void yield(uint32_t process) = 0;
  virtual bool yielded(uint32_t process) = 0;
  virtual uint64_t now() = 0;
  virtual uint64_t realtime() = 0;
  virtual void sleep(uint64_t nanoseconds) = 0;
  virtual void random(void* to, uint32_t size) = 0;
  virtual void say(Text line) = 0;      // on standard error, with a newline
  virtual void exit(uint32_t code) = 0; // ends the world; does not come back, but in tests
  // Of an open world: asks the kernel outside. The reply's length; `error` is set.
  virtual uint32_t ask(uint32_t call, Text request, char* reply, Error& error) = 0;
};

struct Facts {
  struct Process {
    Id host;
    Characters name;
  };
  List<Process> processes;
  uint32_t main = 0; // nobody: the world has no program, and ends when all processes have ended
  bool open = false;
  bool statistics = false;
  uint64_t heapBytes = 0;  // what the kernel may allocate
  uint32_t arenaBytes = 0; // where requests lie on their way in
};

// The calls that an open world asks of the kernel outside, by number.
enum HostCall : uint32_t {
  registerCall,
  exportCall,
  requireCall,
  bindMethodCall,
  launchCall,
  locateCall,
  dispatchCall,
  readOneCall,
  returnValueCall,
  exitCall
};

constexpr uint32_t replyCapacity = 4096;             // bytes; api/shared/const.go: GuestReceiveBufferSize
constexpr uint32_t replyCapacity1 = readBufferBytes; // of generation 1

class Kernel {
public:
  Kernel(World& world, Facts facts);

  const Id& hostId(uint32_t process) const { return processes[process].host; }

  // How many blocks (store.h) are held for an account: a process, or, after the last one, what is outside.
  uint32_t blocksOf(uint32_t account) const { return store.heldBy(account); }
  const Limits& limitsOfEach() const { return limits; }

  // Runs the world. Comes back when the main process is done, with its exit code, or without one when all are, with 0.
  uint32_t run();

  // The calls of generation 2, made by a process. The reply is only sent where there is no error.
  Error registerService(uint32_t process, Text request, Writer& reply);
  Error exportNames(uint32_t process, Text request, Writer& reply);
  Error require(uint32_t process, Text request, Writer& reply);
  Error bindMethod(uint32_t process, Text request, Writer& reply);
  Error launch(uint32_t process, Text request, Writer& reply);
  Error locate(uint32_t process, Text request, Writer& reply);
  Error dispatch(uint32_t process, Text request, Writer& reply);
  Error readOne(uint32_t process, Text request, Writer& reply);
  Error returnValue(uint32_t process, Text request, Writer& reply);
  Error exit(uint32_t process, Text request, Writer& reply);

  // Those of generation 1 (generation1.cpp), by call1, which takes the frames off and puts them on.
  using Handler1 = Error (Kernel::*)(uint32_t process, Text request, Writer& reply);
  // Returns generation 1's own error code, 0 for none.
  uint32_t call1(Handler1 handler, uint32_t process, Text frame, char* reply, uint32_t capacity, uint32_t& size);
  // The room that the guest has for the reply of the call that follows, in bytes.
  void setRoom1(uint32_t process, uint32_t bytes) { processes[process].room = bytes; }
  // Whether the call that the process just made comes again, and its answer is none.
  bool hasToWait(uint32_t process) const { return innermost == process && processes[process].state != State::running; }
  Error locate1(uint32_t process, Text request, Writer& reply);
  Error dispatch1(uint32_t process, Text request, Writer& reply);
  Error bindMethod1(uint32_t process, Text request, Writer& reply);
  Error blockUntilCall1(uint32_t process, Text request, Writer& reply);
  Error returnValue1(uint32_t process, Text request, Writer& reply);
  Error require1(uint32_t process, Text request, Writer& reply);
  Error export1(uint32_t process, Text request, Writer& reply);
  Error run1(uint32_t process, Text request, Writer& reply);
  Error exit1(uint32_t process, Text request, Writer& reply);
  Error log1(uint32_t process, Text request, Writer& reply);

  // WASI's poll_oneoff and proc_exit of a process. An error of `poll` is an errno, or leftToHost.
  static constexpr int32_t leftToHost = 0x7fffffff;
  int32_t poll(uint32_t process, Text subscriptions, Writer& events);
  void exitProcess(uint32_t process, uint32_t code);

private:
  enum class State : uint8_t { fresh, ready, running, waiting, ended };
  enum class Waits : uint8_t { forNothing, toRead, forTime, forResult };
  enum class Waited : uint8_t { forMail, inVain, yields };

  // Calls for a process, in the order of each caller; callers take turns.
  class Inbox {
  public:
    bool empty() const { return callers.empty(); }
    void push(Store& store, uint32_t block);
    uint32_t take(Store& store);

    List<MessageQueue> lines; // of accounts
  private:
    Queue<uint32_t> callers; // that have something in their lines
  };

  struct Process {
    Id host;
    Characters name;
    uint32_t nameBytes = 0; // claimed
    State state = State::fresh;
    Waits waits = Waits::forNothing;
    uint64_t deadline = never;
    bool again = false; // the blocking call that comes next, but poll_oneoff, is one that had to wait
    // The poll_oneoff that waits, as a hash of what it is for, and when it was made; 0: none. A coroutine makes the
    // same one again. gojs's event loop, which looks at its clock first, may go on without, or make another.
    uint64_t polled = 0, polledAt = 0;
    bool nested = false; // resumed within dispatch_, for one message
    uint32_t taken = 0;  // messages since then
    uint32_t exitCode = 0;
    uint32_t room = UINT32_MAX; // generation 1: for a reply, in bytes
    MessageQueue exits, resolved;
    Inbox incoming;
    uint8_t generation = 0; // 1 or 2, by its first call
    // Generation 1: the call that is waited for, its result, and the service that stands for the process.
    Id awaited;
    uint32_t result = noBlock;
    uint32_t head = nobody;
    bool mustEnd = false;
    bool hasMail() const { return !exits.empty() || !resolved.empty() || !incoming.empty(); }
  };

  struct Binding {
    Characters name;
    Id method;
  };

  struct Service {
    Id id;
    uint32_t process;
    List<uint32_t> exports, requires_; // names
    List<Binding> bindings;
    MessageQueue launches; // that are not complete
    bool running = false;
    Id hostOutside; // in an open world: the host that the kernel outside says it is on
    // Generation 1: the name that it stands for, and the service whose launch counts.
    uint32_t name = nobody, head = nobody;
  };

  // A service's full name, and who exports it.
  struct Name {
    Characters package, service;
    List<uint32_t> exporters; // services
    List<uint32_t> binders;   // generation 1: services that stand for it
    uint32_t next = 0;        // which of them locate_ gives
  };

  // Whether the process is of this generation, as it is by its first call.
  bool speaks(uint32_t process, uint8_t generation);
  uint32_t addService(uint32_t process, const Id& id);
  void bindTrimmed(Service& service, Text name, Id& method);
  const Binding* findBinding(const Service& service, Text name) const;
  uint32_t nextExporter(uint32_t name);
  Error send(const Call& call, Text bundle, Text param, Text pctx, uint32_t requestBytes);
  Waited waitForMail(uint32_t process, uint64_t nanoseconds, Writer& reply, Error& error);
  Error answerCall(uint32_t process, const Id& id, Text result, Error error, Text pctx);
  static Text trimmed(Text text);
  static uint32_t clampedExitCode(int64_t code);
  void answerExit(uint32_t account, uint32_t process, const ExitPair& pair, bool all, const Id& call);
  uint32_t exitBlocks(bool all) const;
  void giveCall(const Process& process, const Message& message, Writer& reply);
  void giveResult(const Message& message, Writer& reply);

  // launches.cpp
  Error internNames(uint32_t process, const List<Text>& messages, List<uint32_t>& to);
  uint32_t internName(Text package, Text service); // its text must have been claimed
  bool isRunning(uint32_t service) const;
  uint32_t findName(Text package, Text service) const;
  void completeLaunches();
  void endLaunches(Service& service, Error error);
  bool requirementsRun(const Service& service) const;
  bool failLaunches();
  void sayMissing(const Service& service);
  bool misses(const Service& service) const;
  bool findCycle(uint32_t service, List<uint32_t>& path) const;
  void sayCycle(const List<uint32_t>& path);
  void appendName(Characters& to, uint32_t name) const;

  // scheduler.cpp
  void makeReady(uint32_t process);
  void wake(uint32_t process);
  void wakeExpired();
  uint64_t earliestDeadline() const;
  void runProcess(uint32_t process);
  bool turnIsOver(uint32_t process);
  void finish(uint32_t process);
  bool block(uint32_t process, Waits waits);
  void sleepOrFail();
  void nothingCanHappen();
  void end(uint32_t code);
  void sayStatistics();

  // open_world.cpp
  Error forward(HostCall call, Text request, Writer& reply, Text* answer = nullptr);
  void readHost(int64_t milliseconds);
  void refuseHost(Text bundle);

  // generation1.cpp
  uint32_t headOf(uint32_t process);
  uint32_t findNamed(uint32_t process, uint32_t name) const;
  uint32_t serviceNamed(uint32_t process, uint32_t name);
  Error awaitResult(uint32_t process, Writer& reply);
  void giveCall1(const Message& message, Writer& to);
  void resolve1(uint32_t block, Text result, Error error, Text pctx);
  void end1(uint32_t process);

  Id newCallId();
  // Whether so many things more with names, and bytes in those, may be kept for a process; then they are charged to it.
  bool claim(uint32_t process, uint32_t names, uint64_t bytes);
  // Sets a message's text to what `write` writes, at most so many bytes. False: the account has no room for it.
  template<typename Write> bool setText(Message& message, uint32_t capacity, Write write) {
    Writer writer(scratch, capacity);
    write(writer);
    if (writer.overflowed()) {
      message.tooLarge = true;
      return true;
    }
    return store.fill(message, {scratch, writer.size()});
  }

  uint64_t nextRandom();
  Id newId(char letter, uint32_t index);
  Service* findService(const Id& id);
  // A message that is in no table or queue any more.
  void resolve(uint32_t block, Text result, Error error, Text pctx = {});
  bool take(Process& process, Writer& reply, Error& error);
  void runNested(uint32_t process);

  World& world;
  Limits limits;
  Store store;
  List<Process> processes;
  List<Service> services;
  List<Name> names;
  CallTable calls;
  Queue<uint32_t> ready;
  uint32_t main;
  bool open, statistics;
  uint32_t innermost = nobody; // the process whose code runs
  uint32_t depth = 0;          // of runs within dispatch_
  uint32_t switches = 0;
  uint32_t answers = 0;           // calls that could have waited and did not, since the last switch
  uint32_t alive;                 // processes that have not ended
  bool ended = false;             // the world has
  bool exitForAll = false;        // of an open world: the next exit request from outside is one that we made for all
  uint64_t total = 0, direct = 0; // calls
  uint64_t randomBits[32];        // from the host, not yet used
  uint32_t randomLeft = 0;        // of these
  uint32_t callCount = 0;         // of ids that we made
  char hostReply[replyCapacity];
  char scratch[replyCapacity1];
};

} // namespace kernel

#endif // parigot_runtime_kernel_kernel_h
