#include "kernel-world.h"

#include <cstring>
#include <random>

#include <catch2/catch.hpp>

#include "wire-facts.h"

using namespace kernel;

namespace {

// Fields of replies that the kernel writes and does not read.
struct LocateResponse {
  Id service;
  List<Text> bindings;
  static constexpr Field fields[] = {{2, Kind::id, 0}, {3, Kind::list, sizeof(Id)}};
};

struct MethodBinding {
  Text name;
  Id method;
  static constexpr Field fields[] = {{1, Kind::bytes, 0}, {2, Kind::id, sizeof(Text)}};
};

struct ResolvedResult {
  Id call, method;
  Text result;
  int64_t error = 0;
  static constexpr Field fields[] = {{2, Kind::id, 0},
                                     {3, Kind::id, sizeof(Id)},
                                     {4, Kind::bytes, 2 * sizeof(Id)},
                                     {5, Kind::number, 2 * sizeof(Id) + sizeof(Text)}};
};

constexpr size_t stackBytes = 256 << 10;

} // namespace

void ScriptedWorld::add(const std::string& name, Script script) {
  auto& added = processes.emplace_back();
  added.guest = std::make_unique<Guest>(*this, uint32_t(processes.size() - 1), name);
  added.script = std::move(script);
}

uint32_t ScriptedWorld::run() {
  Facts facts;
  for (auto& process : processes) {
    auto& fact = facts.processes.push({});
    fact.host = hostId(process.guest->number);
    fact.name << textOf(process.guest->name);
    if (recorded.count(process.guest->name)) {
      fact.recording << textOf("calls");
    }
    if (auto law = laws.find(process.guest->name); law != laws.end()) {
      fact.bound = true;
      for (auto& pattern : law->second) {
        fact.calls.push(Characters()) << textOf(pattern);
      }
    }
  }
  facts.main = hasProgram ? uint32_t(processes.size() - 1) : noIndex;
  facts.open = open;
  facts.statistics = statistics;
  facts.heapBytes = heapBytes;
  facts.arenaBytes = arenaBytes;
  kernel = std::make_unique<Kernel>(*this, std::move(facts));
  makeContext(scheduler, schedulerStack, runKernel, this);
  // Returns when the kernel's run returns, or when the world is ended.
  swapcontext(&test, &scheduler);
  return exitCode;
}

void ScriptedWorld::makeContext(ucontext_t& context,
                                std::unique_ptr<char[]>& stack,
                                void (*function)(unsigned, unsigned),
                                void* what) {
  stack.reset(new char[stackBytes]);
  getcontext(&context);
  context.uc_stack.ss_sp = stack.get();
  context.uc_stack.ss_size = stackBytes;
  context.uc_link = nullptr;
  auto bits = uint64_t(uintptr_t(what));
  makecontext(&context, reinterpret_cast<void (*)()>(function), 2, unsigned(bits >> 32), unsigned(bits));
}

void ScriptedWorld::runKernel(unsigned high, unsigned low) {
  auto& world = *reinterpret_cast<ScriptedWorld*>(uintptr_t(uint64_t(high) << 32 | low));
  world.exit(world.kernel->run());
}

void ScriptedWorld::runScript(unsigned high, unsigned low) {
  auto& process = *reinterpret_cast<Coroutine*>(uintptr_t(uint64_t(high) << 32 | low));
  process.script(*process.guest);
  process.isOut = false;
  setcontext(&process.caller);
}

void ScriptedWorld::start(uint32_t number) {
  auto& process = processes[number];
  makeContext(process.context, process.stack, runScript, &process);
  enter(number);
}

void ScriptedWorld::resume(uint32_t number) {
  processes[number].isOut = false;
  enter(number);
}

void ScriptedWorld::enter(uint32_t number) {
  switches++;
  depth++;
  deepest = std::max(deepest, depth);
  auto& process = processes[number];
  swapcontext(&process.caller, &process.context);
  depth--;
}

void ScriptedWorld::yield(uint32_t process) { processes[process].wantsYield = true; }
bool ScriptedWorld::yielded(uint32_t process) { return processes[process].isOut; }

void ScriptedWorld::switchOut(uint32_t number) {
  auto& process = processes[number];
  process.wantsYield = false;
  process.isOut = true;
  swapcontext(&process.context, &process.caller);
}

void ScriptedWorld::sleep(uint64_t nanoseconds) {
  sleeps++;
  time += nanoseconds;
}

void ScriptedWorld::random(void* to, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) {
    static_cast<char*>(to)[i] = char(generator());
  }
}

void ScriptedWorld::exit(uint32_t code) {
  exitCode = code;
  setcontext(&test);
}

void ScriptedWorld::record(uint32_t process, const runtime::RecordedCall& call) {
  recording += processes[process].guest->name + " " + stringOf(call.method) + " " + stringOf(call.request) + " -> " +
               stringOf(call.reply) + " " + stringOf(call.type) + " " + std::to_string(call.error) + "\n";
  recordedTime += call.nanoseconds;
}

uint32_t ScriptedWorld::ask(uint32_t call, Text request, char* reply, Error& error) {
  Writer writer(reply, replyCapacity);
  error = outside(HostCall(call), request, writer);
  return writer.size();
}

Guest::Answer Guest::call(KernelCall call, const std::string& request, uint32_t capacity) {
  while (true) {
    auto answer = callFromOutside(call, request, capacity);
    if (!world.wantsYield(number)) {
      return answer;
    }
    world.switchOut(number);
  }
}

Guest::Answer Guest::callFromOutside(KernelCall call, const std::string& request, uint32_t capacity) {
  std::string out(capacity, '\xee');
  Writer reply(out.data(), capacity);
  auto error = (world.kernel.get()->*call)(number, textOf(request), reply);
  error = error == Error::none && reply.overflowed() ? Error::dataTooLarge : error;
  return {error, out.substr(0, error == Error::none ? reply.size() : 0)};
}

Guest::Answer1 Guest::call1(Kernel::Handler1 call, const std::string& request, uint32_t room) {
  std::string out(4096, '\xee');
  while (true) {
    uint32_t size = 0;
    world.kernel->setRoom1(number, room);
    auto code = world.kernel->call1(call, number, textOf(request), out.data(), uint32_t(out.size()), size);
    if (!world.wantsYield(number)) {
      return {code, out.substr(0, size)};
    }
    world.switchOut(number);
  }
}

Id Guest::idFrom(const Answer& answer) {
  IdResponse response;
  return kernel::read(textOf(answer.bytes), response) ? response.id : Id{};
}

Id Guest::registerService() {
  return idFrom(call(&Kernel::registerService, encode([&](Writer& to) {
    to.id(1, world.hostId(number));
    to.text(2, textOf(name));
  })));
}

namespace {

void writeName(Writer& to, uint32_t field, const std::string& package, const std::string& service) {
  auto mark = to.open(field);
  to.text(1, textOf(package));
  to.text(2, textOf(service));
  to.close(mark);
}

void writeBundle(Writer& to, uint32_t field, const MethodBundle& bundle) {
  auto mark = to.open(field);
  to.id(1, bundle.host);
  to.id(2, bundle.service);
  to.id(3, bundle.method);
  to.id(4, bundle.call);
  to.close(mark);
}

void writeAny(Writer& to, uint32_t field, const std::string& value) {
  to.bytes(field, textOf(encode([&](Writer& any) {
             any.text(1, "type");
             any.text(2, textOf(value));
           })));
}

// The value of an Any.
std::string valueOf(Text any) {
  FullyQualifiedService fields; // a message of the same shape
  return read(any, fields) ? stringOf(fields.service) : "malformed";
}

std::string typeOf(Text any) {
  FullyQualifiedService fields;
  return read(any, fields) ? stringOf(fields.package) : "malformed";
}

} // namespace

Error Guest::exportName(Id service, const std::string& package, const std::string& exported) {
  return call(&Kernel::exportNames, encode([&](Writer& to) {
           to.id(1, service);
           writeName(to, 2, package, exported);
           to.id(3, world.hostId(number));
         }))
    .error;
}

Error Guest::require(Id service, const std::string& package, const std::string& required) {
  return call(&Kernel::require, encode([&](Writer& to) {
           writeName(to, 1, package, required);
           to.id(2, service);
         }))
    .error;
}

Id Guest::bind(Id service, const std::string& method) {
  return idFrom(call(&Kernel::bindMethod, encode([&](Writer& to) {
    to.id(1, world.hostId(number));
    to.id(2, service);
    to.text(3, textOf(method));
  })));
}

Id Guest::newCall() {
  static uint64_t next = 1;
  return {uint64_t('c') << 56 | 77, next++};
}

Error Guest::launch(Id service) {
  auto id = newCall();
  auto reply = call(&Kernel::launch, encode([&](Writer& to) {
    to.id(1, service);
    to.id(2, id);
    to.id(3, world.hostId(number));
    to.id(4, facts::id("LaunchMethod"));
  }));
  if (reply.error != Error::none) {
    return reply.error;
  }
  while (true) {
    auto message = read(50);
    if (message.isResolved && message.bundle.call == id) {
      // The guest library drops a result that it cannot unpack. Its guest then waits for ever.
      if (message.resultType != "type.googleapis.com/syscall.v1.LaunchResponse" || !message.complete) {
        log("launch ended without a LaunchResponse");
      }
      return message.resultError;
    }
  }
}

Guest::Service Guest::serve(const std::string& what, const std::vector<std::string>& requirements) {
  auto service = registerService();
  exportName(service, what + ".v1", what);
  for (auto& required : requirements) {
    require(service, required + ".v1", required);
  }
  auto method = bind(service, "Do");
  auto error = launch(service);
  if (error != Error::none) {
    log("launch failed: " + std::to_string(int(error)));
  }
  return {service, method};
}

std::optional<Guest::Service> Guest::locate(const std::string& what, Error* error) {
  auto reply = call(&Kernel::locate, encode([&](Writer& to) {
    to.text(1, textOf(what + ".v1"));
    to.text(2, textOf(what));
  }));
  if (error) {
    *error = reply.error;
  }
  LocateResponse response;
  MethodBinding binding;
  if (reply.error != Error::none || !kernel::read(textOf(reply.bytes), response) || response.bindings.empty() ||
      !kernel::read(response.bindings[0], binding)) {
    return {};
  }
  return Service{response.service, binding.method};
}

Error Guest::tryDispatch(Service service, Id id, const std::string& param) {
  return call(&Kernel::dispatch, encode([&](Writer& to) {
           writeBundle(to, 1, {world.hostId(number), service.id, service.method, id});
           writeAny(to, 3, param);
         }))
    .error;
}

Id Guest::dispatch(Service service, const std::string& param) {
  auto id = newCall();
  auto error = tryDispatch(service, id, param);
  if (error != Error::none) {
    log("dispatch failed: " + std::to_string(int(error)));
  }
  return id;
}

Guest::Message Guest::decode(const Answer& answer) {
  Message message;
  message.error = answer.error;
  ReadOneResponse response;
  if (answer.error != Error::none || !kernel::read(textOf(answer.bytes), response)) {
    return message;
  }
  message.timeout = response.timeout;
  // A reply with a resolved call has bundle and exit too, and they are empty.
  if (response.bundle.size) {
    message.isCall = kernel::read(response.bundle, message.bundle);
    message.value = valueOf(response.param);
  } else if (response.resolved.data) {
    ResolvedResult resolved;
    message.isResolved = kernel::read(response.resolved, resolved);
    message.bundle.call = resolved.call;
    message.bundle.method = resolved.method;
    message.resultError = Error(resolved.error);
    message.value = valueOf(resolved.result);
    message.resultType = typeOf(resolved.result);
    message.isExit = response.exit.size && kernel::read(response.exit, message.exit);
    message.complete = response.bundle.data && response.exit.data;
  }
  return message;
}

Guest::Message Guest::read(int32_t timeoutMillis) { return decode(call(&Kernel::readOne, readRequest(timeoutMillis))); }

std::string Guest::readRequest(int32_t timeoutMillis) {
  return encode([&](Writer& to) {
    to.number(1, timeoutMillis);
    to.id(2, world.hostId(number));
  });
}

Error Guest::returnValue(const MethodBundle& bundle, const std::string& value, Error error) {
  return call(&Kernel::returnValue, encode([&](Writer& to) {
           writeBundle(to, 1, bundle);
           writeAny(to, 2, value);
           to.number(3, int32_t(error));
         }))
    .error;
}

void Guest::answerCalls(const std::function<std::string(const std::string&)>& handler) {
  while (true) {
    auto message = read(50);
    if (message.isCall) {
      returnValue(message.bundle, handler(message.value));
    } else if (message.isExit) {
      exit(uint32_t(message.exit.code));
    }
  }
}

Guest::Message Guest::request(Service service, const std::string& param) {
  auto id = dispatch(service, param);
  while (true) {
    auto message = read(50);
    if (message.isResolved && message.bundle.call == id) {
      return message;
    }
  }
}

void Guest::requestExit(Id service, int32_t code, bool all) {
  auto id = newCall();
  call(&Kernel::exit, encode([&](Writer& to) {
    auto mark = to.open(1);
    to.id(1, service);
    to.number(2, code);
    to.close(mark);
    to.id(2, id);
    to.id(3, world.hostId(number));
    to.id(4, facts::id("ExitMethod"));
    to.number(5, all);
  }));
  // The guest library does the same.
  auto error = returnValue({world.hostId(number), service, facts::id("ExitMethod"), id}, "");
  if (error != Error::none) {
    log("return_value_ of an exit failed: " + std::to_string(int(error)));
  }
}

void Guest::exit(uint32_t code) {
  world.kernel->exitProcess(number, code);
  if (world.wantsYield(number)) {
    world.switchOut(number);
  }
  // A process that has ended is never resumed.
  log("runs on after its end");
}

void Guest::sleep(uint64_t nanos) {
  std::string subscription(48, '\0'), events(4096, '\0');
  uint32_t monotonicClock = 1;
  memcpy(&subscription[16], &monotonicClock, 4);
  memcpy(&subscription[24], &nanos, 8);
  while (true) {
    Writer reply(events.data(), 4096);
    world.kernel->poll(number, textOf(subscription), reply);
    if (!world.wantsYield(number)) {
      if (reply.size() != 32) {
        log("woke without an event");
      }
      return;
    }
    world.switchOut(number);
  }
}

void Guest::log(const std::string& line) { world.log += name + ": " + line + "\n"; }
