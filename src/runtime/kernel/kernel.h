// The kernel of a world: it answers parigot's kernel calls, and decides which process runs.
//
// A process is a service that runs as a coroutine. It stops in a call that has to wait. It is resumed when there is a
// message for it, or its time is over, and then makes the same call again. So each blocking call has one form: it
// answers if it can; otherwise it calls `block`, and its result is ignored.
//
//   run -> start(0) .. register_ .. read_one_: nothing, block; unwinds to run
//       -> start(1) .. dispatch_ (to 0)
//                        -> resume(0) .. read_one_: the call .. return_value_
//                           .. read_one_: nothing, block; unwinds to dispatch_
//                      .. read_one_: the result
//
// - Direct dispatch: dispatch_ itself resumes a target that waits in read_one_ with an empty queue. The target runs on
//   top of the caller's stack, and returns when it waits again. The call is then a function call, and its result is
//   there when the caller asks. The target takes only that one message, and the results of calls that it makes for it,
//   before the caller continues: its next read_one_ yields even if there are messages. A process that got many answers
//   without waiting also lets others run.
// - Otherwise a process with a message is put at the end of the queue of ready processes, and these take turns.
// - When no process is ready, the kernel sleeps in one poll_oneoff until the next deadline. Without a deadline nothing
//   can happen any more: the kernel prints that, and the world ends with code 70. An open world waits for calls from
//   outside instead.
// - The data that the kernel keeps for a process, and its cost, are limited: see store.h.
//
// No code here holds a reference to state across start and resume: both can change everything.

#ifndef parigot_runtime_kernel_kernel_h
#define parigot_runtime_kernel_kernel_h

#include "../common/recording.h"
#include "bundle.h"
#include "calls.h"
#include "frame.h"
#include "messages.h"
#include "queue.h"

namespace kernel {

// apishared.LaunchMethod and ExitMethod, the methods of all launches and exits. id.NewIdTyped puts the letter in byte
// 7, and leaves the other seven bytes as they are (api/shared/id/id.go:52; api/shared/const.go:78, 84).
constexpr Id launchMethod = {0x6dffffffffffffff, 0xfffffffffffffff0};
constexpr Id exitMethod = {0x6dffffffffffffff, 0xfffffffffffffff2};

constexpr uint32_t noIndex = UINT32_MAX;
// A refusal that is a trap instead of an error.
constexpr uint32_t trapRefusal = UINT32_MAX;
constexpr uint64_t never = UINT64_MAX;

// The functions that the kernel needs of its environment. Times are nanoseconds of the monotonic clock.
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
  virtual void say(Text line) = 0;      // to standard error, with a newline
  virtual void exit(uint32_t code) = 0; // ends the world; returns in tests only
  // Records an answered call of a process that is recorded.
  virtual void record(uint32_t process, const runtime::RecordedCall& call) = 0;
  // Asks the kernel outside of an open world. Returns the reply's length, and sets `error`.
  virtual uint32_t ask(uint32_t call, Text request, char* reply, Error& error) = 0;
};

struct Facts {
  struct Process {
    Id host;
    Characters name;
    // The laws (rights.cpp): whether they bind the calls of the process, and the patterns of those that they allow.
    bool bound = false;
    List<Characters> calls;
    uint32_t refusal = 0; // what calls of methods that the process does not bind get; 0: what parigot says
    Characters recording; // the file in which calls of the process are recorded; empty: they are not
  };
  List<Process> processes;
  uint32_t main = 0; // noIndex: the world has no program, and ends when all processes have ended
  bool open = false;
  bool statistics = false;
  uint64_t heapBytes = 0;  // the most that the kernel may allocate
  uint32_t arenaBytes = 0; // the place of incoming requests
};

// The calls that an open world makes to the kernel outside, by number.
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

  // The number of blocks (store.h) that an account holds. Accounts are the processes, and after them what is outside.
  uint32_t blocksOf(uint32_t account) const { return store.heldBy(account); }
  const Limits& limitsOfEach() const { return limits; }

  // Runs the world. Returns the main process's exit code when that is done; without a main process, 0 when all are
  // done.
  uint32_t run();

  // The calls of generation 2, made by a process. The reply is sent only if there is no error.
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

  // The calls of generation 1 (generation1.cpp). call1 removes and adds the frames around them.
  using Handler1 = Error (Kernel::*)(uint32_t process, Text request, Writer& reply);
  // Returns generation 1's own error code, 0 for none.
  uint32_t call1(Handler1 handler, uint32_t process, Text frame, char* reply, uint32_t capacity, uint32_t& size);
  // Sets the room that the guest has for the reply of its next call, in bytes.
  void setRoom1(uint32_t process, uint32_t bytes) { processes[process].room = bytes; }
  // Whether the call that the process just made has no answer, and will be made again.
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

  // The calls for a process. Each caller's calls stay in order, and callers take turns.
  class Inbox {
  public:
    bool empty() const { return callers.empty(); }
    void push(Store& store, uint32_t block);
    uint32_t take(Store& store);

    List<MessageQueue> lines; // by account
  private:
    Queue<uint32_t> callers; // callers with calls in their lines
  };

  // The last request of read_one_, which a process repeats.
  struct KnownRead {
    char bytes[40];
    uint8_t size = 0; // 0: there is none
    int32_t timeout = 0;
  };

  struct WrittenId {
    char bytes[Writer::mostIdBytes] = {};
    uint8_t size = 0;
    operator Text() const { return {bytes, size}; }
  };

  struct Process {
    Id host;
    Characters name;
    uint32_t nameBytes = 0; // claimed
    State state = State::fresh;
    Waits waits = Waits::forNothing;
    // When its time is over, and how long it has from the moment at which the scheduler next looks at the clock; one of
    // the two is `never`.
    uint64_t deadline = never, timeout = never;
    bool again = false; // the next blocking call, poll_oneoff excepted, is one that had to wait before
    // The poll_oneoff that waits, as a hash of its subscriptions, and when it was made; 0: none. A coroutine makes the
    // same one again. The event loop of gojs looks at its clock first, and may continue without, or make another one.
    uint64_t polled = 0, polledAt = 0;
    bool nested = false; // resumed within dispatch_, for one message
    uint32_t taken = 0;  // the messages taken since then
    uint32_t exitCode = 0;
    uint32_t room = UINT32_MAX; // generation 1: the room for a reply, in bytes
    MessageQueue exits, resolved;
    Inbox incoming;
    SentBundle sent;          // of its last call
    uint32_t asker = noIndex; // the process whose call it has read last
    KnownRead read;           // its last read_one_
    WrittenId written;        // `host`
    uint8_t generation = 0;   // 1 or 2; its first call decides
    uint32_t refusal = 0;     // as in Facts
    // Generation 1: the call that the process waits for, its result, and the service that stands for the process.
    Id awaited;
    uint32_t result = noBlock;
    uint32_t head = noIndex;
    bool mustEnd = false;
    // The laws, as in Facts, and in an open world the services outside that the process has located.
    bool bound = false;
    List<Characters> allowed;
    List<Id> located;
    bool recorded = false; // whether calls of it are
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
    MessageQueue launches; // those that are not complete
    bool running = false;
    Id hostOutside; // in an open world: the host of the service, according to the kernel outside
    // Generation 1: the name that it stands for, and the service that has its launch.
    uint32_t name = noIndex, head = noIndex;
  };

  // A service's full name, and the services that export it.
  struct Name {
    Characters package, service;
    List<uint32_t> exporters; // services
    List<uint32_t> binders;   // generation 1: services that stand for it
    uint32_t next = 0;        // the exporter that locate_ gives next
  };

  // Whether the process is of this generation. Its first call decides.
  bool speaks(uint32_t process, uint8_t generation);
  uint32_t addService(uint32_t process, const Id& id);
  void notePlace(uint32_t service);
  void bindTrimmed(Service& service, Text name, Id& method);
  const Binding* findBinding(const Service& service, Text name) const;
  Error refusalOf(const Service& service, Error usual) const;
  uint32_t nextExporter(uint32_t name);
  uint32_t exporterFor(uint32_t process, uint32_t name);
  Error send(const Call& call, Text bundle, Text param, Text pctx, uint32_t requestBytes);
  Waited waitForMail(uint32_t process, uint64_t nanoseconds, Writer& reply, Error& error);
  Error answerCall(uint32_t process, const Id& id, Text result, Error error, Text pctx);
  static Text trimmed(Text text);
  static uint32_t clampedExitCode(int64_t code);
  void answerExit(uint32_t account, uint32_t process, const ExitPair& pair, bool all, const Id& call);
  uint32_t exitBlocks(bool all) const;
  void giveCall(const Process& process, const Message& message, Writer& reply);
  void giveResult(const Process& process, const Message& message, Writer& reply);
  static bool readTimeout(KnownRead& known, Text request, int32_t& timeout);
  bool readAnswered(const Process& process, Text bytes, Id& call) const;
  void giveExit(const Message& message, Writer& reply);

  // rights.cpp
  bool allows(uint32_t process, Text package, Text service, Text method) const;
  bool mayCall(uint32_t process, const Service& service, Text method) const;
  Error noteLocated(uint32_t process, const Id& service);
  void sayForbidden(uint32_t process, Text package, Text service);

  // recording.cpp
  struct Request {
    uint32_t block; // a copy of the call, with the parameter as its text
    uint64_t start;
  };
  bool keepRequest(const Call& call, Text param);
  uint32_t placeOfRequest(const Id& call);
  void dropRequest(uint32_t place);
  void recordAnswer(uint32_t process, const Id& call, Text result, Error error);
  void dropRequests(uint32_t process);

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
  void beginTimeouts();
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

  // Charges `names` more names, with `bytes` bytes of text, to a process. False: they exceed its limit.
  bool claim(uint32_t process, uint32_t names, uint64_t bytes);
  // Sets a message's text to the output of `write`, at most `capacity` bytes. False: the account has no room for it.
  template<typename Write> bool setText(Message& message, uint32_t capacity, Write write) {
    Writer writer(scratch, capacity);
    write(writer);
    if (writer.overflowed()) {
      message.tooLarge = true;
      return true;
    }
    return store.fill(message, {scratch, writer.size()});
  }

  // Sets a message's text to one field with this value, or to nothing if the value is absent; otherwise as setText.
  bool setField(Message& message, uint32_t field, Text value);

  uint64_t nextRandom();
  Id newId(char letter);
  Service* findService(const Id& id);
  // Resolves a message that is in no table or queue any more.
  void resolve(uint32_t block, Text result, Error error, Text pctx = {});
  bool take(Process& process, Writer& reply, Error& error);
  void runNested(uint32_t process);

  World& world;
  Limits limits;
  Store store;
  List<Process> processes;
  List<Service> services;
  // The places of services in the list, at the low bits of their ids or behind; noIndex: there is none. At most half of
  // the entries are in use, and their number is a power of two.
  List<uint32_t> places;
  List<Name> names;
  CallTable calls;
  List<Request> requests; // of calls to processes that are recorded
  Queue<uint32_t> ready;
  uint32_t main;
  bool open, statistics;
  uint32_t innermost = noIndex; // the process that is executing
  uint32_t depth = 0;           // of runs within dispatch_
  uint32_t switches = 0;
  uint32_t answers = 0;           // calls that could have waited and did not, since the last switch
  uint32_t alive;                 // processes that have not ended
  bool ended = false;             // the world has ended
  bool exitForAll = false;        // open world: the next exit request from outside is one that this world made for all
  uint64_t total = 0, direct = 0; // calls
  uint64_t randomBits[32];        // unused random bits from the host
  uint32_t randomLeft = 0;        // the number of them
  char hostReply[replyCapacity];
  char scratch[replyCapacity1];
};

} // namespace kernel

#endif // parigot_runtime_kernel_kernel_h
