#include "merge/recorders.h"

#include <map>
#include <set>

#include "ir/imports_and_exports.h"
#include "ir/redirect_functions.h"
#include "ir/written_bytes.h"
#include "kernel/process.h"
#include "merge/number_bits.h"
#include "merge/wanted_exports.h"
#include "runtime/modules.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr std::string_view runtimeName = "recorder";
constexpr const char* recorderEnding = ".recorder";
// In bytes: with room for requests and replies in flight.
constexpr uint64_t regionBytes = 32 << 20, arenaBytes = 8 << 20;

// Whether the runtime module itself has an export of this name.
bool isOwn(const std::string& name) {
  return name.starts_with(internalExportPrefix) || name == "malloc" || name == "free" || name == "_initialize";
}

// The ABI of an import, as bindings.cpp decides it.
std::optional<CallAbi> abiOf(const WantedExport& wanted) {
  auto* call = wanted.call;
  return call && call->abi ? call->abi : inferCallAbi(wanted.base, wanted.signature);
}

Result<std::unique_ptr<Module>> readRecorder(const Service& service, const std::vector<std::string>& methods) {
  auto read = readRuntimeModule(runtimeName);
  if (auto* error = read.getErr()) {
    return std::move(*error);
  }
  std::string facts = service.declared.record + '\0' + service.name() + '\0';
  for (auto& method : methods) {
    facts += method + '\0';
  }
  auto& module = **read;
  for (auto& function : module.functions) {
    if (function->imported() && function->module == "recorder") {
      defineImport(*function, makeWriteBytes(module, facts));
    }
  }
  redirectFunctions(module, {}); // updates references to the new definition
  return std::move(*read);
}

ManifestCall bindingOf(const WantedExport& wanted, const std::string& client, const std::string& to) {
  ManifestCall binding;
  if (wanted.call) {
    binding = *wanted.call;
  }
  binding.line = 0;
  binding.client = client;
  binding.module = wanted.module;
  binding.base = wanted.base;
  binding.service = to;
  binding.export_ = wanted.name;
  binding.abi = binding.described ? std::nullopt : abiOf(wanted);
  return binding;
}

Result<> addRecorder(Services& services, Service& service) {
  auto wanted = wantedExports(services, service);
  bool process = kernel::isJoined(service);
  auto what = service.quoted() + ": its calls are to be recorded in " + service.declared.record + ", and ";
  if (process && wanted.empty()) {
    return Ok{}; // the kernel records them
  }
  if (process) {
    return Err{what + "it is a process of parigot, of which " + wanted[0].client->quoted() + " imports the function " +
               wanted[0].name + "; a recording has calls through the kernel, or calls of functions"};
  }
  if (wanted.empty()) {
    return Err{what + "no service imports a function of it"};
  }
  std::map<std::string, const WantedExport*> exports;
  std::vector<std::string> methods;
  for (auto& one : wanted) {
    if (isOwn(one.name)) {
      return Err{service.quoted() + ": its calls are to be recorded, and " + one.client->quoted() + " imports its " +
                 one.name + ", which is part of how other calls are made; such a service cannot be recorded"};
    }
    if (exports.insert({one.name, &one}).second) {
      methods.push_back(one.name);
    }
  }
  auto read = readRecorder(service, methods);
  if (auto* error = read.getErr()) {
    return std::move(*error);
  }
  ServiceDeclaration declaration;
  declaration.name = services.unusedName(service.name() + recorderEnding);
  declaration.file = std::string(runtimeName);
  declaration.regionBytes = regionBytes;
  declaration.arenaBytes = arenaBytes;
  std::vector<ManifestCall> calls;
  Builder builder(**read);
  for (auto& one : wanted) {
    calls.push_back(bindingOf(one, one.client->name(), declaration.name));
  }
  for (auto& method : methods) {
    auto& one = *exports[method];
    addExportedFunction(**read, method, one.signature, builder.makeUnreachable());
    auto inner = one;
    inner.module = service.name();
    inner.base = method;
    importFrom(**read, inner.module, inner.base, one.signature);
    auto binding = bindingOf(inner, declaration.name, service.name());
    binding.abi = binding.described ? std::nullopt : abiOf(one);
    calls.push_back(std::move(binding));
  }
  // Before those of the manifest: of equally precise calls, the first counts.
  services.calls.insert(services.calls.begin(), calls.begin(), calls.end());
  services.add(std::move(declaration), std::move(*read), Role::Runtime).program = nullptr;
  return Ok{};
}

// Fills in the functions of one recorder.
class Recorder {
public:
  Recorder(Service& service, const std::string& recorded, const World& world)
    : service(service), recorded(recorded), module(*service.module), world(world), builder(module) {}

  Result<> record() {
    // The exports that addRecorder added, in the order of the facts.
    std::map<std::string, uint32_t> methods;
    for (auto& item : module.exports) {
      auto name = item->name.toString();
      if (item->kind == ExternalKind::Function && !isOwn(name)) {
        methods.insert({name, uint32_t(methods.size())});
      }
    }
    std::set<std::string> seen;
    for (auto& call : world.calls) {
      if (call.service == service.name() && seen.insert(call.export_).second) {
        CHECK_ERR(define(call, methods.at(call.export_)));
      }
    }
    return Ok{};
  }

private:
  Service& service;
  const std::string& recorded;
  Module& module;
  const World& world;
  Builder builder;

  Expression* call(const char* name, const std::vector<Expression*>& operands, Type result) {
    return builder.makeCall(exportedFunction(module, name)->name, operands, result);
  }
  Expression* get(Index local) { return builder.makeLocalGet(local, Type::i32); }
  Expression* number(uint32_t value) { return builder.makeConst(int32_t(value)); }
  Expression* high(Index local) {
    return builder.makeUnary(
      WrapInt64, builder.makeBinary(ShrUInt64, builder.makeLocalGet(local, Type::i64), builder.makeConst(int64_t(32))));
  }
  Expression* low(Index local) { return builder.makeUnary(WrapInt64, builder.makeLocalGet(local, Type::i64)); }

  Result<> define(const WorldCall& of, uint32_t method) {
    auto& function = *exportedFunction(module, of.export_);
    if (of.abi == CallAbi::Described || function.getResults().isTuple()) {
      return Err{"service '" + recorded + "': its calls are to be recorded, and " + of.client + " calls " + of.export_ +
                 " with parameters that a [[call]] describes, which cannot be"};
    }
    std::vector<Expression*> operands, body;
    for (Index i = 0; i < function.getNumParams(); i++) {
      operands.push_back(builder.makeLocalGet(i, function.getLocalType(i)));
    }
    auto results = function.getResults();
    auto start = Builder::addVar(&function, "start", Type::i64);
    body.push_back(builder.makeLocalSet(start, call("parigot.record.now", {}, Type::i64)));
    auto target = importFrom(module, recorded, of.export_, function.getSig());
    auto* inner = builder.makeCall(target, operands, results);
    auto add = [&](std::vector<Expression*> texts) {
      texts.insert(texts.begin(), {number(method), builder.makeLocalGet(start, Type::i64)});
      body.push_back(call("parigot.record.add", texts, Type::none));
    };
    if (of.abi == CallAbi::Scalar) {
      defineNumbers(function, inner, body, add);
    } else {
      auto result = Builder::addVar(&function, "result", Type::i64);
      body.push_back(builder.makeLocalSet(result, inner));
      if (of.abi == CallAbi::Parigot) {
        auto* error = builder.makeLoad(4, false, 0, 1, get(3), Type::i32, module.memories[0]->name);
        add({get(1), get(0), low(result), high(result), error});
      } else {
        auto* length = builder.makeBinary(AndInt32, low(result), number(0x7fffffff));
        auto* isError = builder.makeBinary(ShrUInt32, low(result), number(31));
        add({get(0), get(1), high(result), length, isError});
      }
      body.push_back(builder.makeLocalGet(result, Type::i64));
    }
    function.body = builder.makeBlock(body, results);
    return Ok{};
  }

  // The request are the bits of the parameters, 8 bytes each; the reply are those of the result.
  template<typename Add>
  void defineNumbers(Function& function, Expression* inner, std::vector<Expression*>& body, Add add) {
    auto count = uint32_t(function.getNumParams());
    auto results = function.getResults();
    auto at = Builder::addVar(&function, "at", Type::i32);
    auto result = Builder::addVar(&function, "result", results == Type::none ? Type::i32 : results);
    auto memory = module.memories[0]->name;
    auto store = [&](uint32_t place, Index local, Type type) {
      auto* bits = bitsOfNumber(module, builder.makeLocalGet(local, type), type);
      body.push_back(builder.makeStore(8, uint64_t(8) * place, 1, get(at), bits, Type::i64, memory));
    };
    body.push_back(results == Type::none ? inner : builder.makeLocalSet(result, inner));
    body.push_back(builder.makeLocalSet(at, call("parigot.record.numbers", {number(8 * (count + 1))}, Type::i32)));
    for (Index i = 0; i < count; i++) {
      store(i, i, function.getLocalType(i));
    }
    if (results != Type::none) {
      store(count, result, results);
    }
    auto* reply = builder.makeBinary(AddInt32, get(at), number(8 * count));
    add({get(at), number(8 * count), reply, number(results == Type::none ? 0 : 8), number(0)});
    if (results != Type::none) {
      body.push_back(builder.makeLocalGet(result, results));
    }
  }
};

} // namespace

Result<> addRecorders(Services& services) {
  std::string errors;
  for (size_t i = 0, given = services.all.size(); i < given; i++) {
    auto& service = *services.all[i];
    if (service.declared.record.empty()) {
      continue;
    }
    auto added = addRecorder(services, service);
    if (auto* error = added.getErr()) {
      errors += (errors.empty() ? "" : "\n") + error->msg;
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

Result<> recordCalls(Services& services, const World& world) {
  std::string errors;
  for (auto& service : services.all) {
    auto& name = service->name();
    auto of = name.substr(0, name.rfind(recorderEnding));
    auto* recorded = services.find(of);
    if (service->role != Role::Runtime || service->declared.file != runtimeName || !recorded) {
      continue;
    }
    auto done = Recorder(*service, recorded->name(), world).record();
    if (auto* error = done.getErr()) {
      errors += (errors.empty() ? "" : "\n") + error->msg;
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

} // namespace parigot
