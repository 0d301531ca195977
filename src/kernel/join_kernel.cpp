#include "kernel/join_kernel.h"

#include <algorithm>

#include "abi/wasi.h"
#include "ir/imports_and_exports.h"
#include "ir/limits.h"
#include "ir/redirect_functions.h"
#include "ir/written_bytes.h"
#include "kernel/kernel_calls.h"
#include "kernel/process.h"
#include "pass.h"
#include "runtime/modules.h"
#include "wasm-builder.h"

namespace parigot::kernel {

using namespace wasm;

namespace {

constexpr std::string_view runtimeName = "parigot-kernel";
// The part of the kernel's region for incoming requests.
constexpr uint64_t arenaParts = 8;
// In bytes: the least share of a process, and the kernel's own needs.
constexpr uint64_t leastShareBytes = 256 << 10, ownBytes = 512 << 10;

// FNV-1a, so that the same world has the same ids wherever it is wound.
constexpr uint64_t hashStart = 0xcbf29ce484222325;
uint64_t hash(uint64_t state, std::string_view text) {
  for (unsigned char c : text) {
    state = (state ^ c) * 0x100000001b3;
  }
  return (state ^ 0xff) * 0x100000001b3; // marks the end of a text
}

// api/shared/id/id.go: a letter in the top byte, then random bits. The next byte is left 0, and the rest is never all
// 0.
HostId makeHostId(uint64_t seed) {
  constexpr uint64_t letter = uint64_t('h') << 56;
  constexpr uint64_t sixBytes = (uint64_t(1) << 48) - 1;
  return {letter | (hash(seed, "high") & sixBytes) | 1, hash(seed, "low")};
}

class Joiner {
public:
  explicit Joiner(Services& services) : services(services), manifest(services.manifest) {}

  Result<> join() {
    CHECK_ERR(findProcesses());
    CHECK_ERR(checkMemory());
    CHECK_ERR(addKernel());
    Replicas replicas(processes);
    for (uint32_t i = 0; i < processes.size(); i++) {
      CHECK_ERR(join(i, replicas));
    }
    CHECK_ERR(answerImports());
    addStart();
    removeUnused();
    std::move(calls.begin(), calls.end(), std::back_inserter(services.calls));
    return Ok{};
  }

private:
  Services& services;
  const Manifest& manifest;
  std::vector<Service*> processes;
  Service* kernel = nullptr;
  std::vector<ManifestCall> calls; // between the kernel and the processes

  Result<> findProcesses() {
    for (auto& service : services.all) {
      if (service->isAdded()) {
        continue;
      }
      if (services.isMain(*service) && !exportedFunction(*service->module, "_start")) {
        return Err{service->quoted() +
                   ": it is the main service of a world with calls of parigot's kernel, and has no _start, by "
                   "which that world could be run; make a command the main service"};
      }
      if (isProcess(services, *service)) {
        processes.push_back(service.get());
        CHECK_ERR(checkGeneration(*service));
      }
    }
    return Ok{};
  }

  // Calls of generation 1 are not passed on to a kernel outside, so its processes would wait for each other for ever.
  Result<> checkGeneration(const Service& process) const {
    auto& functions = process.module->functions;
    bool first = std::any_of(functions.begin(), functions.end(), [](auto& function) {
      return function->imported() && function->module == kernelModule &&
             function->base.view().starts_with(generation1Prefix);
    });
    if (!first || !manifest.open) {
      return Ok{};
    }
    return Err{
      process.quoted() +
      ": it is a process of parigot's first generation, whose calls do not leave the world, so it cannot be in "
      "a part of a deployment; wind the whole deployment, without open, --service, --group and cut = \"host\""};
  }

  uint64_t arenaBytes() const { return manifest.kernelBytes / arenaParts / wasmPageBytes * wasmPageBytes; }

  // Checks that each share is large enough. Only the number of processes can make it too small.
  Result<> checkMemory() const {
    auto least = (ownBytes + (processes.size() + manifest.open) * leastShareBytes) * arenaParts / (arenaParts - 1);
    if (manifest.kernelBytes >= least) {
      return Ok{};
    }
    constexpr uint64_t mebibyte = 1 << 20;
    return Err{manifest.path + ": the kernel has " + std::to_string(manifest.kernelBytes >> 10) +
               " KiB of memory for " + std::to_string(processes.size()) + " processes, which is too little; in " +
               manifest.whereToSay() + ", [world] needs kernel_memory = \"" +
               std::to_string((least + mebibyte - 1) / mebibyte) + "MiB\" or more"};
  }

  Result<> addKernel() {
    auto read = readRuntimeModule(runtimeName);
    if (auto* failed = read.getErr()) {
      return std::move(*failed);
    }
    ServiceDeclaration declaration;
    declaration.name = services.unusedName("parigot.kernel");
    declaration.file = std::string(runtimeName);
    declaration.regionBytes = manifest.kernelBytes;
    declaration.arenaBytes = arenaBytes();
    kernel = &services.add(std::move(declaration), std::move(*read), Role::Kernel);
    kernel->hostEnvironment = manifest.open;
    return Ok{};
  }

  // Outside of an open world, all of its processes count as one, and share one host id.
  HostId hostIdOf(const Service& service) const {
    auto seed = hash(hashStart, services.main);
    if (!manifest.open) {
      return makeHostId(hash(seed, service.name()));
    }
    for (auto* process : processes) {
      seed = hash(seed, process->name());
    }
    return makeHostId(seed);
  }

  Result<> join(uint32_t number, Replicas& replicas) {
    auto& process = *processes[number];
    ProcessOptions options;
    options.kernelName = kernel->name();
    options.number = number;
    options.runsWorld = services.isMain(process);
    options.isMain = options.runsWorld && manifest.hasProgram;
    options.hostId = hostIdOf(process);
    options.asksHostId = manifest.open;
    options.replicas = &replicas;
    std::vector<std::string> entries;
    CHECK_ERR(makeProcess(process, options, calls, entries));
    for (auto& used : entries) {
      addEntryOf(*kernel->module, used, entryOf(used, number), number);
    }
    return Ok{};
  }

  // Whether the kernel of this world calls a function of WASI: it reads its environment in an open world, and files are
  // for recordings.
  bool needs(std::string_view wasi) const {
    if (wasi.starts_with("environ_")) {
      return manifest.open;
    }
    bool ofFiles = wasi == "path_open" || wasi == "fd_prestat_get";
    return !ofFiles || std::any_of(processes.begin(), processes.end(), [](auto* process) {
      return !process->declared.record.empty();
    });
  }

  // An environment is empty, and there are no files.
  static int unusedAnswer(std::string_view wasi) {
    constexpr int badDescriptor = 8; // __WASI_ERRNO_BADF of wasi-libc's wasi/api.h
    return wasi.starts_with("environ_") ? 0 : badDescriptor;
  }

  // Defines the kernel's imports: the processes, by their numbers, facts about them, and parigot's kernel outside.
  Result<> answerImports() {
    auto& module = *kernel->module;
    Builder builder(module);
    std::vector<Function*> imports;
    for (auto& function : module.functions) {
      bool isUnused = function->imported() && isWasiModule(function->module.view()) && !needs(function->base.view());
      if (isUnused || (function->imported() && (function->module == "world" || function->module == "host"))) {
        imports.push_back(function.get());
      }
    }
    for (auto* import : imports) {
      if (import->module == "world" && import->base == "describe") {
        defineImport(*import, facts());
      } else if (import->module == "world") {
        auto base = import->base.toString();
        defineImport(*import, builder.makeUnreachable());
        import->body = callProcess(*import, "parigot." + base);
      } else if (import->module != "host") {
        defineImport(*import, builder.makeConst(int32_t(unusedAnswer(import->base.view()))));
      } else if (manifest.open) {
        import->module = kernelModule;
      } else {
        defineImport(*import, builder.makeConst(int64_t(0))); // never called in a closed world
      }
    }
    for (auto* process : processes) {
      ManifestCall call;
      call.client = kernel->name();
      call.module = call.service = process->name();
      call.base = "*";
      call.abi = CallAbi::Scalar;
      calls.push_back(std::move(call));
    }
    redirectFunctions(module, {}); // updates references to the new definitions
    return Ok{};
  }

  // Calls the function that every process exports under this name; the first parameter selects the process.
  Expression* callProcess(Function& from, const std::string& exported) {
    auto& module = *kernel->module;
    Builder builder(module);
    Signature signature(Type::none, from.getResults());
    auto label = [&](size_t i) { return i < processes.size() ? Name("process" + std::to_string(i)) : Name("none"); };
    std::vector<Name> labels;
    for (size_t i = 0; i < processes.size(); i++) {
      labels.push_back(label(i));
    }
    auto* cases = builder.makeBlock(
      label(0), {builder.makeSwitch(labels, label(processes.size()), builder.makeLocalGet(0, Type::i32))}, Type::none);
    for (size_t i = 0; i < processes.size(); i++) {
      auto target = importFrom(module, processes[i]->name(), exported, signature);
      auto* call = builder.makeCall(target, {}, signature.results);
      std::vector<Expression*> list{cases};
      if (signature.results == Type::none) {
        list.insert(list.end(), {call, builder.makeReturn()});
      } else {
        list.push_back(builder.makeReturn(call));
      }
      cases = builder.makeBlock(label(i + 1), list, Type::none);
    }
    return builder.makeBlock({cases, builder.makeUnreachable()}, from.getResults());
  }

  // What calls of methods that a process does not bind get, if it stands in for one that is cut; kernel.h has the trap.
  static uint32_t refusalOf(const ServiceDeclaration& process) {
    constexpr uint32_t trap = 0xffffffff;
    auto& standIn = process.standIn;
    return !standIn ? 0 : standIn->answer == CutAnswer::Trap ? trap : standIn->error.value_or(0);
  }

  // world.describe(to, capacity) -> bytes: src/runtime/README.md says what they are.
  Expression* facts() {
    std::string bytes;
    auto add = [&](uint64_t value, size_t size) {
      for (size_t i = 0; i < size; i++) {
        bytes += char(value >> (8 * i));
      }
    };
    auto main =
      std::find_if(processes.begin(), processes.end(), [&](auto* process) { return services.isMain(*process); });
    constexpr uint32_t open = 1, statistics = 2;
    add(processes.size(), 4);
    constexpr uint32_t noProgram = 0xffffffff;
    add(manifest.hasProgram ? main - processes.begin() : noProgram, 4);
    add((manifest.open ? open : 0) | (manifest.kernelStats ? statistics : 0), 4);
    add(manifest.kernelBytes - arenaBytes(), 8);
    add(arenaBytes(), 4);
    for (auto* process : processes) {
      auto id = hostIdOf(*process);
      add(id.high, 8);
      add(id.low, 8);
      add(refusalOf(process->declared), 4);
      add(process->name().size(), 4);
      bytes += process->name();
      auto rights = rightsOf(manifest.government, process->name());
      constexpr uint32_t unbound = 0xffffffff;
      add(rights.callsBound ? rights.calls.size() : unbound, 4);
      for (auto& pattern : rights.callsBound ? rights.calls : std::vector<std::string>{}) {
        add(pattern.size(), 4);
        bytes += pattern;
      }
      auto& recording = process->declared.record;
      add(recording.size(), 4);
      bytes += recording;
    }
    return makeWriteBytes(*kernel->module, bytes);
  }

  // Constructors run first. The kernel is not initialised before the other services, since it and they call each other.
  void addStart() {
    auto& module = *kernel->module;
    auto* constructors = exportedFunction(module, "_initialize");
    if (!constructors) {
      return;
    }
    auto name = constructors->name;
    bool any = !constructors->body->is<Nop>();
    module.removeExport("_initialize");
    if (!any) {
      return;
    }
    auto run = exportedFunction(module, "run")->name;
    module.removeExport("run");
    Builder builder(module);
    addExportedFunction(
      module,
      "run",
      Signature(Type::none, Type::none),
      builder.makeBlock({builder.makeCall(name, {}, Type::none), builder.makeCall(run, {}, Type::none)}));
  }

  // Entries without a process.
  void removeUnused() {
    auto& module = *kernel->module;
    removeUnusedFunctions(module, [&](const Export& item) {
      return item.name != "run" && std::none_of(calls.begin(), calls.end(), [&](auto& call) {
               return call.service == kernel->name() && item.name == call.export_;
             });
    });
  }
};

} // namespace

bool needsKernel(const Services& services) {
  bool isThere = false, isCalled = false;
  for (auto& service : services.all) {
    isThere |= service->answersTo(kernelModule);
    isCalled |= callsKernel(*service->module);
  }
  return isCalled && !isThere;
}

Result<std::string> firstProcess(const Services& services) {
  for (auto& service : services.all) {
    if (callsKernel(*service->module)) {
      return service->name();
    }
  }
  return Err{
    services.manifest.path +
    ": no microservice has Main = true, and none calls parigot's kernel, by which it could serve; say which one "
    "is the program with --main NAME"};
}

bool isProcess(const Services& services, const Service& service) {
  return services.isMain(service) || callsKernel(*service.module);
}

Result<> joinKernel(Services& services) { return Joiner(services).join(); }

} // namespace parigot::kernel
