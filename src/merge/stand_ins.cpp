#include "merge/stand_ins.h"

#include <algorithm>
#include <map>
#include <set>

#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "ir/limits.h"
#include "ir/redirect_functions.h"
#include "ir/trap_functions.h"
#include "kernel/generation1.h"
#include "kernel/kernel_calls.h"
#include "merge/number_bits.h"
#include "merge/stand_in_table.h"
#include "merge/wanted_exports.h"
#include "runtime/modules.h"
#include "support/nearest.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr std::string_view runtimeName = "stand-in";
constexpr const char* tableVariable = "parigot.table";
constexpr std::string_view answerPrefix = "parigot.answer.";
// In bytes: for the stack of a process, and for requests and replies in flight.
constexpr uint64_t growthBytes = 4 << 20, arenaBytes = 4 << 20;
// What fits into a process's buffers beside the ids of a call (src/runtime/standin/process.cpp).
constexpr size_t mostOfMessage = 4096 - 256;

bool isProcess(const Service& service) { return kernel::callsKernel(*service.module); }

// The full names that a process exports.
std::vector<std::string> namesOf(const ServiceDeclaration& declared) {
  std::vector<std::string> names;
  for (auto& name : declared.provides) {
    if (name.find('.') != std::string::npos) {
      names.push_back(name);
    }
  }
  return names.empty() ? std::vector<std::string>{declared.name + ".v1." + declared.name} : names;
}

// The methods of [[reply]], each once, in order.
std::vector<std::string> methodsOf(const StandIn& standIn) {
  std::vector<std::string> methods;
  std::set<std::string> seen;
  for (auto& reply : standIn.replies) {
    if (seen.insert(reply.method).second) {
      methods.push_back(reply.method);
    }
  }
  return methods;
}

// The runtime module, with its table in a variable.
Result<std::unique_ptr<Module>> readStandIn() {
  auto read = readRuntimeModule(runtimeName);
  if (auto* error = read.getErr()) {
    return std::move(*error);
  }
  auto& module = **read;
  auto variable = addVariable(module, tableVariable);
  Builder builder(module);
  for (auto& function : module.functions) {
    if (function->imported() && function->module == "standin") {
      defineImport(*function, builder.makeGlobalGet(variable, Type::i32));
    }
  }
  redirectFunctions(module, {}); // updates references to the new definition
  return std::move(*read);
}

Result<>
makeModule(Services& services, Service& service, bool hasKernel, const std::function<void(const std::string&)>& note) {
  auto read = readStandIn();
  if (auto* error = read.getErr()) {
    return std::move(*error);
  }
  service.module = std::move(*read);
  auto& module = *service.module;
  std::map<std::string, WantedExport> known;
  std::string errors;
  Builder builder(module);
  for (auto& wanted : wantedExports(services, service)) {
    auto [first, added] = known.insert({wanted.name, wanted});
    if (added) {
      addExportedFunction(module, wanted.name, wanted.signature, builder.makeUnreachable());
    } else if (first->second.signature != wanted.signature) {
      errors += (errors.empty() ? "" : "\n") + service.quoted() + ": " + first->second.client->quoted() + " imports " +
                first->second.import() + " as " + describe(first->second.signature) + ", and " +
                wanted.client->quoted() + " imports " + wanted.import() + " as " + describe(wanted.signature) +
                "; nothing can stand in for both; build both against the same interface";
    }
  }
  if (!errors.empty()) {
    return Err{errors};
  }
  auto& standIn = *service.declared.standIn;
  bool process = hasKernel && !standIn.refusesLaunches && (known.empty() || !service.declared.provides.empty());
  if (process && services.manifest.open) {
    return Err{service.quoted() +
               ": it would be a process of an open world, and the kernel outside cannot reach one that stands in for "
               "another; cut it as \"host\", or wind the whole deployment"};
  }
  if (!process) {
    removeUnusedFunctions(module, [](auto& item) { return item.name == "_start" || item.name == "malloc"; });
  } else if (service.declared.provides.empty()) {
    note(service.quoted() + ": it stands in for parigot's service " + namesOf(service.declared)[0] +
         "; say others with provides = [\"PACKAGE.SERVICE\"], or --provides " + service.name() + "=PACKAGE.SERVICE");
  }
  return Ok{};
}

// Fills in one stand-in.
class Answerer {
public:
  Answerer(Service& service, World& world)
    : service(service), module(*service.module), world(world), standIn(*service.declared.standIn), builder(module) {}

  Result<> answer() {
    facts.service = service.name();
    if (isProcess(service)) {
      facts.names = namesOf(service.declared);
      for (auto& method : methodsOf(standIn)) {
        numberOf(method);
      }
      checkMessages();
    }
    for (auto& call : world.calls) {
      if (call.service == service.name() && !call.export_.starts_with(internalExportPrefix) &&
          call.export_ != "_initialize") {
        define(call);
      }
    }
    checkMethods();
    if (!errors.empty()) {
      return Err{errors};
    }
    CHECK_ERR(writeTable());
    removeUnusedFunctions(module, [](auto& item) { return item.name.view().starts_with(answerPrefix); });
    return Ok{};
  }

private:
  Service& service;
  Module& module;
  World& world;
  const StandIn& standIn;
  Builder builder;
  StandInFacts facts;
  std::map<std::string, uint32_t> numbers; // of methods
  std::map<std::string, CallAbi> defined;
  uint32_t base = 0;
  std::string errors;

  void fail(const std::string& message) { errors += (errors.empty() ? "" : "\n") + message; }

  uint32_t numberOf(const std::string& method) {
    auto [known, added] = numbers.insert({method, uint32_t(facts.methods.size())});
    if (added) {
      facts.methods.push_back({method});
    }
    return known->second;
  }

  bool hasReplies(const std::string& method) const {
    return std::any_of(
      standIn.replies.begin(), standIn.replies.end(), [&](auto& reply) { return reply.method == method; });
  }

  // Where the table begins: behind the memory that the module has now.
  uint32_t tableAt() const { return uint32_t(module.memories[0]->initial.addr * wasmPageBytes); }

  Expression* answerBy(const char* abi, const std::vector<Expression*>& operands, Type result) {
    auto* target = exportedFunction(module, std::string(answerPrefix) + abi);
    return builder.makeCall(target->name, operands, result);
  }

  void define(const WorldCall& call) {
    auto* function = exportedFunction(module, call.export_);
    if (!function) {
      return; // of the process itself
    }
    auto [known, added] = defined.insert({call.export_, call.abi});
    if (!added && known->second != call.abi) {
      fail(service.quoted() + ": " + call.export_ + " is called by the abi " + std::string(toString(known->second)) +
           " and by the abi " + std::string(toString(call.abi)) + "; nothing can stand in for both");
    }
    checkRoom(call);
    if (!added) {
      return;
    }
    if (standIn.answer == CutAnswer::Trap && !hasReplies(call.export_)) {
      auto trap = trapFunction(module, "call_of_cut_service");
      function->body = builder.makeBlock({builder.makeCall(trap, {}, Type::none), builder.makeUnreachable()});
      function->body->type = Type::unreachable;
      return;
    }
    auto number = numberOf(call.export_);
    std::vector<Expression*> operands{builder.makeConst(int32_t(number))};
    for (Index i = 0; i < function->getNumParams(); i++) {
      operands.push_back(builder.makeLocalGet(i, function->getLocalType(i)));
    }
    if (call.abi == CallAbi::Parigot) {
      function->body = answerBy("parigot", operands, Type::i64);
    } else if (call.abi == CallAbi::Bytes) {
      function->body = answerBy("bytes", operands, Type::i64);
    } else if (call.abi == CallAbi::Scalar && !function->getResults().isTuple()) {
      defineNumber(*function, number);
    } else {
      fail(service.quoted() + ": it is cut, and " + call.client + " calls " + call.export_ +
           " with parameters that a [[call]] describes; nothing but cut = \"trap\" or \"host\" can stand in for that");
    }
  }

  // A call by the ABI scalar. The bits of the parameters are the request.
  void defineNumber(Function& function, uint32_t number) {
    facts.methods[number].number = function.getResults();
    auto count = uint32_t(function.getNumParams());
    facts.mostNumbers = std::max(facts.mostNumbers, count);
    auto request = tableAt() + standInTableBytes;
    auto memory = module.memories[0]->name;
    std::vector<Expression*> list;
    for (Index i = 0; i < count; i++) {
      auto type = function.getLocalType(i);
      auto* value = bitsOfNumber(module, builder.makeLocalGet(i, type), type);
      list.push_back(builder.makeStore(
        8, Address::address64_t(8) * i, 1, builder.makeConst(int32_t(request)), value, Type::i64, memory));
    }
    auto result = function.getResults();
    auto* bits = answerBy("scalar",
                          {builder.makeConst(int32_t(number)),
                           builder.makeConst(int32_t(request)),
                           builder.makeConst(int32_t(8 * count)),
                           builder.makeConst(int64_t(errorBits(result)))},
                          Type::i64);
    list.push_back(numberOfBits(module, bits, result));
    function.body = builder.makeBlock(list, result);
  }

  // The error of the cut as a number of this type.
  uint64_t errorBits(Type type) const {
    auto error = standIn.error.value_or(standInError);
    if (type == Type::f32) {
      return uint32_t(Literal(float(error)).reinterpreti32());
    }
    return type == Type::f64 ? uint64_t(Literal(double(error)).reinterpreti64()) : error;
  }

  void checkRoom(const WorldCall& call) {
    for (auto& reply : standIn.replies) {
      if (call.abi == CallAbi::Parigot && reply.method == call.export_ && reply.bytes.size() > call.capacity) {
        fail(reply.where + ": the reply to " + call.export_ + " has " + std::to_string(reply.bytes.size()) +
             " bytes, and " + call.client + " has room for " + std::to_string(call.capacity));
      }
    }
  }

  void checkMessages() {
    for (auto& reply : standIn.replies) {
      if (reply.bytes.size() + reply.type.size() > mostOfMessage) {
        fail(reply.where + ": the reply to " + reply.method + " has " + std::to_string(reply.bytes.size()) +
             " bytes, and a message of parigot has room for about " + std::to_string(mostOfMessage));
      }
      if (!reply.bytes.empty() && reply.type.empty()) {
        fail(reply.where + ": the reply to " + reply.method +
             " is the result of a process, and needs type = \"PACKAGE.MESSAGE\"");
      }
    }
  }

  // A reply to a method that nobody calls has a spelling mistake. Which methods processes call is not known.
  void checkMethods() {
    std::vector<std::string> called;
    for (auto& [name, abi] : defined) {
      called.push_back(name);
    }
    if (isProcess(service)) {
      return;
    }
    for (auto& method : methodsOf(standIn)) {
      if (!defined.count(method)) {
        auto reply = std::find_if(
          standIn.replies.begin(), standIn.replies.end(), [&](auto& reply) { return reply.method == method; });
        fail(reply->where + ": nothing in this world calls '" + method + "' of the service '" + service.name() + "'" +
             didYouMean(method, called));
      }
    }
  }

  Result<> writeTable() {
    auto& memory = *module.memories[0];
    base = tableAt();
    auto table = makeStandInTable(facts, standIn, base);
    CHECK_ERR(table);
    auto pages = (table->size() + wasmPageBytes - 1) / wasmPageBytes;
    memory.initial = memory.initial + pages;
    auto segment = Builder::makeDataSegment("parigot.answers", memory.name, builder.makeConst(int32_t(base)));
    segment->data.assign(table->begin(), table->end());
    module.addDataSegment(std::move(segment));
    module.getGlobal(tableVariable)->init = builder.makeConst(int32_t(base));
    auto& own = *world.find(service.name());
    own.initialPages = uint32_t(memory.initial.addr);
    if (!service.declared.regionBytes) {
      service.declared.arenaBytes = service.declared.arenaBytes.value_or(arenaBytes);
      service.declared.regionBytes =
        uint64_t(own.initialPages) * wasmPageBytes + growthBytes + *service.declared.arenaBytes;
    }
    return Ok{};
  }
};

} // namespace

Result<> makeStandIns(Services& services, const std::function<void(const std::string&)>& note) {
  bool any = std::any_of(
    services.all.begin(), services.all.end(), [](auto& service) { return service->declared.standIn.has_value(); });
  if (!any) {
    return Ok{};
  }
  bool hasKernel = false;
  for (auto& service : services.all) {
    if (service->module) {
      kernel::separateGeneration1(*service->module);
      hasKernel |= kernel::callsKernel(*service->module);
    }
  }
  std::string errors;
  for (auto& service : services.all) {
    if (service->declared.standIn) {
      auto made = makeModule(services, *service, hasKernel, note);
      if (auto* error = made.getErr()) {
        errors += (errors.empty() ? "" : "\n") + error->msg;
      }
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

Result<> answerStandIns(Services& services, World& world) {
  std::string errors;
  for (auto& service : services.all) {
    if (!service->declared.standIn) {
      continue;
    }
    auto answered = Answerer(*service, world).answer();
    if (auto* error = answered.getErr()) {
      errors += (errors.empty() ? "" : "\n") + error->msg;
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

} // namespace parigot
