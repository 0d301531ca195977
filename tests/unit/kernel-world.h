// A world for the kernel of src/runtime/kernel on this machine. Its processes are scripts, C++ functions on stacks of
// their own, and its clock is a number.
//
//   ScriptedWorld world;
//   world.add("main", [](Guest& guest) { guest.log("hello"); guest.exit(3); });
//   CHECK(world.run() == 3);
//   CHECK(world.log == "main: hello\n");
//
// A script behaves as a coroutine of wasm: in a blocking kernel call it leaves its stack when the kernel asks for that,
// and makes the same call again when it is resumed.

#ifndef parigot_unit_kernel_world_h
#define parigot_unit_kernel_world_h

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <ucontext.h>

#include "runtime/kernel/kernel.h"

inline kernel::Text textOf(const std::string& string) { return {string.data(), uint32_t(string.size())}; }
inline std::string stringOf(kernel::Text text) { return {text.data, text.size}; }

// The message that `write` writes.
template<typename Write> std::string encode(Write write) {
  char buffer[16384];
  kernel::Writer writer(buffer, sizeof buffer);
  write(writer);
  return {buffer, writer.size()};
}

class ScriptedWorld;

using KernelCall = kernel::Error (kernel::Kernel::*)(uint32_t, kernel::Text, kernel::Writer&);

// All calls of generation 2.
inline constexpr KernelCall kernelHandlers[] = {&kernel::Kernel::registerService,
                                                &kernel::Kernel::exportNames,
                                                &kernel::Kernel::require,
                                                &kernel::Kernel::bindMethod,
                                                &kernel::Kernel::launch,
                                                &kernel::Kernel::locate,
                                                &kernel::Kernel::dispatch,
                                                &kernel::Kernel::readOne,
                                                &kernel::Kernel::returnValue,
                                                &kernel::Kernel::exit};

// The kernel as a script sees it.
class Guest {
public:
  Guest(ScriptedWorld& world, uint32_t number, std::string name)
    : world(world), number(number), name(std::move(name)) {}

  struct Answer {
    kernel::Error error;
    std::string bytes;
  };

  // Makes a kernel call from encoded messages, and waits if the kernel makes the process wait.
  Answer call(KernelCall call, const std::string& request, uint32_t capacity = 4096);
  // Makes a call without waiting, as within a function that this process exports and another one calls.
  Answer callFromOutside(KernelCall call, const std::string& request, uint32_t capacity = 4096);
  // Makes a kernel call of generation 1. Returns the contents of the buffers, and generation 1's code. `room` is the
  // room for the reply.
  struct Answer1 {
    uint32_t code;
    std::string bytes;
  };
  Answer1 call1(kernel::Kernel::Handler1 call, const std::string& request, uint32_t room);
  static kernel::Id idFrom(const Answer& answer);

  kernel::Id registerService();
  kernel::Error exportName(kernel::Id service, const std::string& package, const std::string& name);
  kernel::Error require(kernel::Id service, const std::string& package, const std::string& name);
  kernel::Id bind(kernel::Id service, const std::string& method);
  // Launches, and waits until the launch ends.
  kernel::Error launch(kernel::Id service);
  // Launches a service that exports `name`.v1.`name` and has one method.
  struct Service {
    kernel::Id id, method;
  };
  Service serve(const std::string& name, const std::vector<std::string>& requirements = {});
  std::optional<Service> locate(const std::string& name, kernel::Error* error = nullptr);
  // Returns the id of the call; an error fails the test.
  kernel::Id dispatch(Service service, const std::string& param);
  kernel::Error tryDispatch(Service service, kernel::Id call, const std::string& param);
  kernel::Id newCall();

  // The content of a reply of read_one_. Texts are copies.
  struct Message {
    kernel::Error error = kernel::Error::none;
    bool timeout = false;
    bool isCall = false, isResolved = false, isExit = false;
    kernel::MethodBundle bundle; // of a call; a resolved one has `call` only
    std::string value;           // param or result, the value of the Any
    std::string resultType;      // of a resolved call: the type of the Any
    bool complete = false;       // of a resolved call: whether bundle and exit are present
    kernel::Error resultError = kernel::Error::none;
    kernel::ExitPair exit;
  };
  Message read(int32_t timeoutMillis);
  std::string readRequest(int32_t timeoutMillis);
  static Message decode(const Answer& answer);
  kernel::Error returnValue(const kernel::MethodBundle& bundle, const std::string& value, kernel::Error error = {});
  // Answers calls until it is asked to exit.
  void answerCalls(const std::function<std::string(const std::string&)>& handler);
  // Dispatches, and waits for the result.
  Message request(Service service, const std::string& param);

  void requestExit(kernel::Id service, int32_t code, bool all = false);
  void exit(uint32_t code); // proc_exit
  void sleep(uint64_t nanos);
  void log(const std::string& line);

  ScriptedWorld& world;
  uint32_t number;
  std::string name;
};

class ScriptedWorld final : public kernel::World {
public:
  using Script = std::function<void(Guest&)>;

  void add(const std::string& name, Script script);
  // Returns the exit code of the world; 0 if run() returned. The main process is the one that was added last.
  uint32_t run();

  bool hasProgram = true; // false: there is no main process
  bool open = false;
  bool statistics = false;
  // The calls that laws allow processes; those that are not named are not bound.
  std::map<std::string, std::vector<std::string>> laws;
  // The processes whose calls are recorded.
  std::set<std::string> recorded;
  // The kernel's memory: the bytes that it may allocate, and its arena.
  uint64_t heapBytes = 56 << 20;
  uint32_t arenaBytes = 8 << 20;
  // The host's kernel, in an open world.
  std::function<kernel::Error(kernel::HostCall, kernel::Text, kernel::Writer&)> outside;

  // Records of the run.
  std::string log;       // written by scripts
  std::string errors;    // standard error
  std::string recording; // "process method request -> reply type error" for each call
  uint64_t recordedTime = 0;
  uint64_t time = 1000;
  uint64_t tick = 10; // how far the clock moves each time that it is read
  uint64_t sleeps = 0;
  uint64_t switches = 0; // starts and resumes
  uint64_t deepest = 0;  // processes on top of each other

  std::unique_ptr<kernel::Kernel> kernel;

  kernel::Id hostId(uint32_t process) const { return {uint64_t('h') << 56 | 1, open ? 1 : process + 1}; }
  void switchOut(uint32_t process); // called by a script: yields

  void start(uint32_t process) override;
  void resume(uint32_t process) override;
  void yield(uint32_t process) override;
  bool yielded(uint32_t process) override;
  uint64_t now() override { return time += tick; }
  uint64_t realtime() override { return now() + 5000000000; }
  void sleep(uint64_t nanoseconds) override;
  void random(void* to, uint32_t bytes) override;
  void say(kernel::Text line) override { errors += stringOf(line) + "\n"; }
  void exit(uint32_t code) override;
  void record(uint32_t process, const runtime::RecordedCall& call) override;
  uint32_t ask(uint32_t call, kernel::Text request, char* reply, kernel::Error& error) override;

  bool wantsYield(uint32_t process) const { return processes[process].wantsYield; }

private:
  struct Coroutine {
    std::unique_ptr<Guest> guest;
    Script script;
    ucontext_t context, caller;
    std::unique_ptr<char[]> stack;
    bool wantsYield = false, isOut = false;
  };
  static void runScript(unsigned high, unsigned low);
  static void runKernel(unsigned high, unsigned low);
  void
  makeContext(ucontext_t& context, std::unique_ptr<char[]>& stack, void (*function)(unsigned, unsigned), void* what);
  void enter(uint32_t process);

  std::vector<Coroutine> processes;
  uint64_t depth = 0;
  ucontext_t test, scheduler;
  std::unique_ptr<char[]> schedulerStack;
  std::mt19937 generator{42};
  uint32_t exitCode = 0;
};

#endif // parigot_unit_kernel_world_h
