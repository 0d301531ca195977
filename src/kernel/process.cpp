#include "kernel/process.h"

#include <algorithm>
#include <cstdio>

#include "abi/wasi.h"
#include "coroutines/asyncify_coroutines.h"
#include "coroutines/go_coroutines.h"
#include "gojs/split_shim.h"
#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "ir/redirect_functions.h"
#include "kernel/generation1.h"
#include "kernel/kernel_calls.h"
#include "wasm-builder.h"

namespace parigot::kernel {

using namespace wasm;

namespace {

// The kernel's answer to poll_oneoff when it leaves the call to the host. src/runtime/kernel: leftToHost.
constexpr uint32_t leftToHost = 0x7fffffff;

// WASI preview1: the sizes of $subscription and $event, in bytes.
constexpr uint32_t subscriptionBytes = 48;
constexpr uint32_t eventBytes = 32;
// The most events that fit into the kernel's reply.
constexpr uint32_t mostEvents = 4096 / eventBytes;

// The functions by which a Go program for JavaScript ends: os.Exit, and the end of main.
constexpr std::string_view gojsExit = "runtime.wasmExit";
// For a program with a JavaScript shim: whether its runtime module asks the kernel.
constexpr const char* pollingExport = "parigot.polling";

// Variables of the environment: the high and the low half of the host id, hexadecimal (eng/wazero.go, NewInstance). All
// digits are written, so that every id takes the same room.
constexpr const char* hostIdKeys[] = {"HOSTID_HIGH=", "HOSTID_LOW="};
constexpr int hostIdDigits = 16;

std::string hexadecimal(uint64_t n) {
  char text[hostIdDigits + 1];
  snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(n));
  return text;
}

class ProcessMaker {
public:
  ProcessMaker(Service& service,
               const ProcessOptions& options,
               std::vector<ManifestCall>& calls,
               std::vector<std::string>& entries)
    : service(service), module(*service.module), options(options), calls(calls), entries(entries), builder(module) {}

  Result<> make() {
    auto* start = exportedFunction(module, "_start");
    if (!start) {
      return error(std::string("it calls parigot's kernel, and has no _start that could be run as a process; build it "
                               "as a command (clang: without -mexec-model=reactor, Go: without -buildmode=c-shared)"));
    }
    if (start->getSig() != Signature(Type::none, Type::none)) {
      return error("it exports _start as " + describe(start->getSig()) + ", and WASI requires () -> ()");
    }
    bool generation1 = callsGeneration1(module);
    service.env = service.env.value_or(std::vector<std::string>{}); // no variables of the host
    if (!generation1) {
      setEnvironment();
    }
    CHECK_ERR(addCoroutine());
    CHECK_ERR(bindImports(service));
    if (service.runtime) {
      joinEventLoop();
      CHECK_ERR(bindImports(*service.runtime));
    }
    turnStart();
    if (auto* run = exportedFunction(module, gojs::runExport); generation1 && run && !run->imported()) {
      storeArguments(module, *run);
    }
    module.updateMaps();
    return Ok{};
  }

private:
  Service& service;
  Module& module;
  const ProcessOptions& options;
  std::vector<ManifestCall>& calls;
  std::vector<std::string>& entries;
  Builder builder;

  Err error(const std::string& message) { return Err{service.quoted() + ": " + message}; }

  // The imports in which it may wait, and has to leave the stack. An exit of main ends the world, and need not leave
  // it.
  bool mayBlock(const Function& import) const {
    if (auto* call = findKernelCall(import)) {
      return call->blocks;
    }
    if (!import.imported()) {
      return false;
    }
    bool isWasi = isWasiModule(import.module.view());
    bool exits = (isWasi && import.base == "proc_exit") ||
                 (service.runtime && import.module == service.runtime->name() && import.base == gojsExit);
    return (isWasi && import.base == "poll_oneoff") || (exits && !options.isMain);
  }

  Result<> addCoroutine() {
    std::vector<coroutines::ImportName> blocking;
    for (auto& function : module.functions) {
      if (mayBlock(*function)) {
        blocking.push_back({function->module.toString(), function->base.toString()});
      }
    }
    if (blocking.empty()) {
      addExportedFunction(
        module, coroutines::yieldExport, Signature(Type::none, Type::none), builder.makeUnreachable());
      addExportedFunction(module, coroutines::resumeExport, Signature(Type::none, Type::none), builder.makeNop());
      addExportedFunction(
        module, coroutines::yieldedExport, Signature(Type::none, Type::i32), builder.makeConst(int32_t(0)));
      return Ok{};
    }
    bool isGo = coroutines::isGo(module);
    if (!isGo && options.replicas->take(service, options.isMain)) {
      return Ok{};
    }
    auto added =
      isGo ? coroutines::addGoCoroutines(module, blocking) : coroutines::addAsyncifyCoroutines(module, blocking);
    if (auto* failed = added.getErr()) {
      return error("it has to leave the stack where it waits for other services, and cannot: " + failed->msg);
    }
    if (!isGo) {
      options.replicas->keep(service, options.isMain);
    }
    return Ok{};
  }

  // In a program for JavaScript, the runtime module sleeps in poll_oneoff, and its event loop continues when the
  // program is resumed. `parigot.polling` says that it is the runtime module that asks the kernel.
  void joinEventLoop() {
    auto proceed = exportedFunction(module, gojs::proceedExport)->name;
    auto take = [&](const char* name) {
      auto function = exportedFunction(module, name)->name;
      module.removeExport(name);
      return function;
    };
    auto yield = take(coroutines::yieldExport);
    auto resume = take(coroutines::resumeExport);
    auto yielded = take(coroutines::yieldedExport);
    auto polling = addVariable(module, "parigot.is-polling"), parked = addVariable(module, "parigot.is-parked");
    auto get = [&](Name flag) { return builder.makeGlobalGet(flag, Type::i32); };
    auto set = [&](Name flag, int32_t value) { return builder.makeGlobalSet(flag, builder.makeConst(value)); };
    auto call = [&](Name function) { return builder.makeCall(function, {}, Type::none); };
    auto isYielded = [&]() { return builder.makeCall(yielded, {}, Type::i32); };
    Signature none(Type::none, Type::none);
    addExportedFunction(
      module, coroutines::yieldExport, none, builder.makeIf(get(polling), set(parked, 1), call(yield)));
    auto* goOn = builder.makeBlock({call(resume), builder.makeIf(isYielded(), builder.makeReturn())});
    addExportedFunction(module,
                        coroutines::resumeExport,
                        none,
                        builder.makeBlock({builder.makeIf(get(parked), set(parked, 0), goOn), call(proceed)}));
    addExportedFunction(module,
                        coroutines::yieldedExport,
                        Signature(Type::none, Type::i32),
                        builder.makeBinary(OrInt32, isYielded(), get(parked)));
    addExportedFunction(module,
                        pollingExport,
                        Signature(Type::i32, Type::none),
                        builder.makeGlobalSet(polling, builder.makeLocalGet(0, Type::i32)));
  }

  // The imports of the service, or of its runtime module.
  Result<> bindImports(Service& client) {
    auto& module = *client.module;
    std::vector<Function*> imports;
    for (auto& function : module.functions) {
      if (function->imported()) {
        imports.push_back(function.get());
      }
    }
    for (auto* import : imports) {
      if (auto* call = findKernelCall(*import)) {
        if (call->generation1) {
          answerGeneration1(module, *import);
          bind(client, kernelModule, replyBytesEntry, replyBytesEntry, CallAbi::Scalar);
        }
        bind(client, kernelModule, call->name, call->name, CallAbi::Parigot, call->replyBytes);
      } else if (isWasiModule(import->module.view()) && import->base == "proc_exit") {
        bind(client, import->module.view(), "proc_exit", exitEntry, CallAbi::Scalar);
      } else if (isWasiModule(import->module.view()) && import->base == "poll_oneoff") {
        CHECK_ERR(answerPoll(client, *import));
      } else if (isWasiModule(import->module.view()) && import->base == "environ_get" && options.asksHostId) {
        CHECK_ERR(answerEnvironment(client, *import));
      }
    }
    redirectFunctions(module, {}); // updates references to the new definitions
    return Ok{};
  }

  void bind(const Service& client,
            std::string_view from,
            std::string_view base,
            std::string_view entry,
            CallAbi abi,
            std::optional<uint32_t> capacity = {}) {
    ManifestCall call;
    call.client = client.name();
    call.module = from;
    call.base = base;
    call.service = options.kernelName;
    call.export_ = entryOf(entry, options.number);
    call.abi = abi;
    call.capacity = capacity;
    if (std::find(entries.begin(), entries.end(), entry) == entries.end()) {
      entries.push_back(std::string(entry));
    }
    // A module can import a function twice, as Go's linker does.
    auto known = std::any_of(calls.begin(), calls.end(), [&](auto& other) {
      return other.client == call.client && other.module == call.module && other.base == call.base;
    });
    if (!known) {
      calls.push_back(std::move(call));
    }
  }

  Result<> checkWasiType(Function& import) {
    auto* wasi = findWasiFunction(import.module.view(), import.base.view());
    if (!wasi || wasi->signature() != import.getSig()) {
      return error("it imports " + import.module.toString() + "." + import.base.toString() + " as " +
                   describe(import.getSig()) + ", which is not WASI's signature");
    }
    return Ok{};
  }

  // poll_oneoff(in, out, count, happened) -> errno: the kernel handles clocks, and the host everything else.
  Result<> answerPoll(Service& client, Function& import) {
    auto& module = *client.module;
    Builder builder(module);
    constexpr Index in = 0, out = 1, count = 2, happened = 3;
    CHECK_ERR(checkWasiType(import));
    auto from = import.module;
    auto signature = import.getSig();
    defineImport(import, builder.makeUnreachable());
    auto host = importFrom(module, from.view(), "poll_oneoff", signature);
    auto kernel = importFrom(module, kernelModule, pollEntry, *signatureOf(CallAbi::Parigot));
    bind(client, kernelModule, pollEntry, pollEntry, CallAbi::Parigot);

    auto memory = module.memories[0]->name;
    auto get = [&](Index local) { return builder.makeLocalGet(local, Type::i32); };
    auto number = [&](uint32_t n) { return builder.makeConst(int32_t(n)); };
    auto loadHappened = [&]() { return builder.makeLoad(4, false, 0, 1, get(happened), Type::i32, memory); };
    auto result = Builder::addVar(&import, "result", Type::i64);
    auto failed = Builder::addVar(&import, "failed", Type::i32);
    auto* request = builder.makeBinary(MulInt32, get(count), number(subscriptionBytes));
    auto polling = [&](int32_t is) -> Expression* {
      if (&client == &service) {
        return builder.makeNop();
      }
      auto tell = importFrom(module, service.name(), pollingExport, Signature(Type::i32, Type::none));
      return builder.makeCall(tell, {builder.makeConst(is)}, Type::none);
    };
    auto askHost = [&]() {
      return builder.makeReturn(builder.makeCall(host, {get(in), get(out), get(count), get(happened)}, Type::i32));
    };
    std::vector<Expression*> body{
      builder.makeIf(builder.makeBinary(GtUInt32, get(count), number(mostEvents)), askHost()),
      polling(1),
      builder.makeLocalSet(result, builder.makeCall(kernel, {request, get(in), get(out), get(happened)}, Type::i64)),
      polling(0),
      builder.makeLocalSet(failed, loadHappened()),
      builder.makeIf(builder.makeBinary(EqInt32, get(failed), number(leftToHost)), askHost()),
      builder.makeIf(get(failed), builder.makeReturn(get(failed))),
      builder.makeStore(4,
                        0,
                        1,
                        get(happened),
                        builder.makeBinary(DivUInt32,
                                           builder.makeUnary(WrapInt64,
                                                             builder.makeBinary(ShrUInt64,
                                                                                builder.makeLocalGet(result, Type::i64),
                                                                                builder.makeConst(int64_t(32)))),
                                           number(eventBytes)),
                        Type::i32,
                        memory),
      number(0)};
    import.body = builder.makeBlock(body, Type::i32);
    return Ok{};
  }

  // environ_get(pointers, strings) -> errno: writes the environment from the manifest, with the current host id in
  // place of the one from when the world was wound.
  Result<> answerEnvironment(Service& client, Function& import) {
    auto& module = *client.module;
    Builder builder(module);
    constexpr Index strings = 1;
    CHECK_ERR(checkWasiType(import));
    auto from = import.module;
    auto signature = import.getSig();
    defineImport(import, builder.makeUnreachable());
    auto served = importFrom(module, from.view(), "environ_get", signature);
    auto hostId = importFrom(module, kernelModule, hostIdEntry, Signature(Type::i32, Type::i64));
    bind(client, kernelModule, hostIdEntry, hostIdEntry, CallAbi::Scalar);

    auto id = Builder::addVar(&import, "id", Type::i64);
    auto digit = Builder::addVar(&import, "digit", Type::i32);
    auto failed = Builder::addVar(&import, "failed", Type::i32);
    auto number = [&](int32_t n) { return builder.makeConst(n); };
    auto getDigit = [&]() { return builder.makeLocalGet(digit, Type::i32); };
    std::vector<Expression*> body{builder.makeLocalSet(
      failed,
      builder.makeCall(
        served, {builder.makeLocalGet(0, Type::i32), builder.makeLocalGet(strings, Type::i32)}, Type::i32))};
    auto write = [&](int32_t half, uint32_t at) {
      body.push_back(builder.makeLocalSet(id, builder.makeCall(hostId, {number(half)}, Type::i64)));
      for (int i = 0; i < hostIdDigits; i++) {
        auto* shifted = builder.makeBinary(
          ShrUInt64, builder.makeLocalGet(id, Type::i64), builder.makeConst(int64_t(4) * (hostIdDigits - 1 - i)));
        body.push_back(
          builder.makeLocalSet(digit, builder.makeBinary(AndInt32, builder.makeUnary(WrapInt64, shifted), number(15))));
        auto* base =
          builder.makeSelect(builder.makeBinary(GtUInt32, getDigit(), number(9)), number('a' - 10), number('0'));
        body.push_back(builder.makeStore(1,
                                         at + i,
                                         1,
                                         builder.makeLocalGet(strings, Type::i32),
                                         builder.makeBinary(AddInt32, getDigit(), base),
                                         Type::i32,
                                         module.memories[0]->name));
      }
    };
    uint32_t at = 0;
    for (auto& entry : *service.env) {
      for (int32_t half = 0; half < 2; half++) {
        std::string key = hostIdKeys[half];
        if (entry == key + hexadecimal(half ? options.hostId.low : options.hostId.high)) {
          write(half, at + key.size());
        }
      }
      at += entry.size() + 1;
    }
    body.push_back(builder.makeLocalGet(failed, Type::i32));
    import.body = builder.makeBlock(body, Type::i32);
    return Ok{};
  }

  void turnStart() {
    auto* start = module.getExport("_start");
    auto function = *start->getInternalName();
    module.removeExport("_start");
    module.addExport(Builder::makeExport(startExport, function, ExternalKind::Function));
    if (options.runsWorld) {
      Signature none(Type::none, Type::none);
      auto run = importFrom(module, options.kernelName, "run", none);
      addExportedFunction(module, "_start", none, builder.makeCall(run, {}, Type::none));
      ManifestCall call;
      call.client = service.name();
      call.module = call.service = options.kernelName;
      call.base = "run";
      call.abi = CallAbi::Scalar;
      calls.push_back(std::move(call));
    }
  }

  // The variables that parigot's runner gives every process: eng/wazero.go, NewInstance. The runner of generation 1
  // gave only those in the deployment file (sys/arg.go:50-55 of April 2023, 80a40219).
  void setEnvironment() {
    auto& env = *service.env;
    auto has = [&](const std::string& key) {
      return std::any_of(env.begin(), env.end(), [&](auto& entry) { return entry.starts_with(key); });
    };
    auto add = [&](const std::string& key, const std::string& value) {
      if (!has(key)) {
        env.push_back(key + value);
      }
    };
    add(hostIdKeys[0], hexadecimal(options.hostId.high));
    add(hostIdKeys[1], hexadecimal(options.hostId.low));
    add("TZ=", "UTC");
  }
};

} // namespace

bool isJoined(const Service& service) { return exportedFunction(*service.module, startExport) != nullptr; }

std::string entryOf(std::string_view entry, uint32_t process) {
  return std::string(entry) + "." + std::to_string(process);
}

Result<> makeProcess(Service& service,
                     const ProcessOptions& options,
                     std::vector<ManifestCall>& calls,
                     std::vector<std::string>& entries) {
  return ProcessMaker(service, options, calls, entries).make();
}

} // namespace parigot::kernel
