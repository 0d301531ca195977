// The kernel as a wasm module: its imports and exports.
//
// An export is a call of a process, and its first parameter is the number of the process; the world has an entry for
// each process that gives the number. Addresses are the kernel's: adapters carry the bytes from and to the process
// (src/kernel/join_kernel.h).

#include "../common/facts.h"
#include "../common/wasi.h"
#include "frame.h"
#include "kernel.h"

extern "C" char __heap_base; // defined by wasm-ld: the end of the stack and the static data

namespace runtime {

Text failPrefix() { return "parigot: "; }

} // namespace runtime

namespace kernel {

namespace {

#define PARIGOT_WORLD(name) __attribute__((import_module("world"), import_name(#name)))
#define PARIGOT_HOST(name)                                                                                             \
  __attribute__((import_module("host"), import_name(#name)))                                                           \
  uint64_t host_##name(uint32_t, const char*, char*, int32_t*)

} // namespace

PARIGOT_WORLD(start) void start(uint32_t process);
PARIGOT_WORLD(resume) void resume(uint32_t process);
PARIGOT_WORLD(yield) void yield(uint32_t process);
PARIGOT_WORLD(yielded) uint32_t yielded(uint32_t process);
// Writes the facts, and at most 7 bytes more, if they fit; returns their size.
PARIGOT_WORLD(describe) uint32_t describe(char* to, uint32_t capacity);

PARIGOT_HOST(register_);
PARIGOT_HOST(export_);
PARIGOT_HOST(require_);
PARIGOT_HOST(bind_method_);
PARIGOT_HOST(launch_);
PARIGOT_HOST(locate_);
PARIGOT_HOST(dispatch_);
PARIGOT_HOST(read_one_);
PARIGOT_HOST(return_value_);
PARIGOT_HOST(exit_);

namespace {

using HostFunction = uint64_t (*)(uint32_t, const char*, char*, int32_t*);

class ModuleWorld final : public World {
public:
  void start(uint32_t process) override { kernel::start(process); }
  void resume(uint32_t process) override { kernel::resume(process); }
  void yield(uint32_t process) override { kernel::yield(process); }
  bool yielded(uint32_t process) override { return kernel::yielded(process); }
  uint64_t now() override { return monotonic(); }
  uint64_t realtime() override { return runtime::realtime(); }
  void random(void* to, uint32_t size) override { fillRandom(to, size); }
  void exit(uint32_t code) override { __wasi_proc_exit(code); }

  void sleep(uint64_t nanoseconds) override { runtime::sleep(nanoseconds); }

  void say(Text line) override {
    // Writes the line in one piece if that needs no memory: texts of guests can be long.
    char whole[512];
    if (line.size < sizeof whole) {
      memcpy(whole, line.data, line.size);
      whole[line.size] = '\n';
      writeAll(2, {whole, line.size + 1});
    } else {
      writeAll(2, line);
      writeAll(2, "\n");
    }
  }

  void record(uint32_t process, const RecordedCall& call) override { recordings[process].add(call); }

  List<Recording> recordings; // by process

  uint32_t ask(uint32_t call, Text request, char* reply, Error& error) override {
    static constexpr HostFunction functions[] = {host_register_,
                                                 host_export_,
                                                 host_require_,
                                                 host_bind_method_,
                                                 host_launch_,
                                                 host_locate_,
                                                 host_dispatch_,
                                                 host_read_one_,
                                                 host_return_value_,
                                                 host_exit_};
    int32_t code = 0;
    uint64_t result = functions[call](request.size, request.data, reply, &code);
    error = Error(code);
    return uint32_t(result >> 32);
  }
};

// Reads a variable of the host's environment as a number in hexadecimal digits. 0: there is no such variable.
uint64_t readVariable(Text key) {
  __wasi_size_t count = 0, bytes = 0;
  if (__wasi_environ_sizes_get(&count, &bytes) != 0 || !count) {
    return 0;
  }
  List<uint8_t*> pointers;
  pointers.resize(count);
  Characters strings;
  strings.resize(bytes);
  if (__wasi_environ_get(pointers.begin(), reinterpret_cast<uint8_t*>(strings.begin())) != 0) {
    return 0;
  }
  for (auto* pointer : pointers) {
    auto* text = reinterpret_cast<const char*>(pointer);
    Text variable{text, uint32_t(strlen(text))};
    if (variable.size <= key.size || !(Text{text, key.size} == key)) {
      continue;
    }
    uint64_t value = 0;
    auto digits = variable.from(key.size);
    for (uint32_t i = 0; i < digits.size; i++) {
      char c = digits.data[i];
      bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!letter && !(c >= '0' && c <= '9')) {
        return 0;
      }
      value = value << 4 | uint64_t(letter ? (c & 15) + 9 : c & 15);
    }
    return value;
  }
  return 0;
}

// A part of a deployment has the host id that the runner gives it (eng/wazero.go, NewInstance). Without one it has the
// id that was made from its names when it was wound, which all its replicas share.
void readHostId(Facts& facts) {
  Id host{readVariable("HOSTID_HIGH="), readVariable("HOSTID_LOW=")};
  if (host.high >> 56 != 'h') {
    return;
  }
  for (auto& process : facts.processes) {
    process.host = host;
  }
}

void readLaws(Text& bytes, Facts::Process& process) {
  auto count = take<uint32_t>(bytes);
  process.bound = count != UINT32_MAX;
  for (uint32_t i = 0; process.bound && i < count; i++) {
    Characters pattern;
    pattern << takeText(bytes);
    process.calls.push(static_cast<Characters&&>(pattern));
  }
}

ModuleWorld moduleWorld;

Facts readFacts() {
  Characters buffer;
  buffer.resize(describe(nullptr, 0) + uint64_t(8));
  Text bytes{buffer.begin(), describe(buffer.begin(), buffer.size())};
  Facts facts;
  auto count = take<uint32_t>(bytes);
  facts.main = take<uint32_t>(bytes);
  auto flags = take<uint32_t>(bytes);
  facts.open = flags & 1;
  facts.statistics = flags & 2;
  auto memory = take<uint64_t>(bytes);
  facts.heapBytes = memory - uintptr_t(&__heap_base);
  facts.arenaBytes = take<uint32_t>(bytes);
  for (uint32_t i = 0; i < count; i++) {
    Facts::Process process;
    process.host.high = take<uint64_t>(bytes);
    process.host.low = take<uint64_t>(bytes);
    process.refusal = take<uint32_t>(bytes);
    process.name << takeText(bytes);
    readLaws(bytes, process);
    process.recording << takeText(bytes);
    moduleWorld.recordings.push({process.recording, process.name});
    facts.processes.push(static_cast<Facts::Process&&>(process));
  }
  if (facts.open) {
    readHostId(facts);
  }
  return facts;
}

alignas(Kernel) char place[sizeof(Kernel)];
bool made = false;

[[gnu::noinline]] void makeKernel() {
  made = true;
  new (place) Kernel(moduleWorld, readFacts());
}

Kernel& theKernel() {
  if (!made) {
    makeKernel();
  }
  return *reinterpret_cast<Kernel*>(place);
}

// A template, since a call through a pointer takes longer than all else here.
template<auto call> uint64_t answer(uint32_t process, Text request, char* reply, int32_t* error) {
  Writer writer(reply, replyCapacity);
  Error code = (theKernel().*call)(process, request, writer);
  if (code == Error::none && writer.overflowed()) {
    code = Error::dataTooLarge;
  }
  *error = int32_t(code);
  return code == Error::none ? uint64_t(writer.size()) << 32 | uint32_t(uintptr_t(reply)) : 0;
}

} // namespace

#define ENTRY(function, name)                                                                                          \
  extern "C" __attribute__((export_name(name)))                                                                        \
  uint64_t kernel_##function(uint32_t process, uint32_t size, const char* request, char* reply, int32_t* error) {      \
    return answer<&Kernel::function>(process, {request, size}, reply, error);                                          \
  }

ENTRY(registerService, "register_")
ENTRY(exportNames, "export_")
ENTRY(require, "require_")
ENTRY(bindMethod, "bind_method_")
ENTRY(launch, "launch_")
ENTRY(locate, "locate_")
ENTRY(dispatch, "dispatch_")
ENTRY(readOne, "read_one_")
ENTRY(returnValue, "return_value_")
ENTRY(exit, "exit_")

namespace {

constexpr int32_t waits = 0x7ffffffe; // this is no answer: the guest makes the call again

} // namespace

#define ENTRY1(function, name)                                                                                         \
  extern "C" __attribute__((export_name(name)))                                                                        \
  uint64_t kernel_##function(uint32_t process, uint32_t size, const char* request, char* reply, int32_t* error) {      \
    uint32_t bytes = 0;                                                                                                \
    *error = int32_t(theKernel().call1(&Kernel::function, process, {request, size}, reply, readBufferBytes, bytes));   \
    *error = theKernel().hasToWait(process) ? waits : *error;                                                          \
    return *error ? 0 : uint64_t(bytes) << 32 | uint32_t(uintptr_t(reply));                                            \
  }

ENTRY1(locate1, "v1.locate_")
ENTRY1(dispatch1, "v1.dispatch_")
ENTRY1(bindMethod1, "v1.bind_method_")
ENTRY1(blockUntilCall1, "v1.block_until_call_")
ENTRY1(returnValue1, "v1.return_value_")
ENTRY1(require1, "v1.require_")
ENTRY1(export1, "v1.export_")
ENTRY1(run1, "v1.run_")
ENTRY1(exit1, "v1.exit_")
ENTRY1(log1, "v1.backdoor_log_")

extern "C" __attribute__((export_name("v1.reply_bytes"))) void kernel_room(uint32_t process, uint32_t bytes) {
  theKernel().setRoom1(process, bytes);
}

extern "C" __attribute__((export_name("poll_"))) uint64_t
kernel_poll(uint32_t process, uint32_t size, const char* subscriptions, char* events, int32_t* error) {
  Writer writer(events, replyCapacity);
  *error = theKernel().poll(process, {subscriptions, size}, writer);
  return *error ? 0 : uint64_t(writer.size()) << 32 | uint32_t(uintptr_t(events));
}

extern "C" __attribute__((export_name("host_id"))) uint64_t kernel_host_id(uint32_t process, uint32_t half) {
  auto& id = theKernel().hostId(process);
  return half ? id.low : id.high;
}

extern "C" __attribute__((export_name("exit_process"))) void kernel_exit_process(uint32_t process, uint32_t code) {
  theKernel().exitProcess(process, code);
}

extern "C" __attribute__((export_name("run"))) void kernel_run() {
  if (uint32_t code = theKernel().run()) {
    __wasi_proc_exit(code);
  }
}

} // namespace kernel
