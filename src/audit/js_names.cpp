#include "audit/js_names.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>

namespace parigot::gojs {

namespace {

// A constant that is longer than this is data, and no name.
constexpr uint64_t longestName = 256; // bytes
// A function hands few inputs on as names. More than this many are not followed.
constexpr size_t mostSinks = 16;

constexpr int64_t nowhere = INT64_MIN;

// Where an import has the object and the name: offsets from SP in Go's modules, numbers of parameters in TinyGo's.
// shim.h has the sources of these facts.
struct ImportOperands {
  ShimFunction id;
  Operation operation;
  int64_t goObject, goName;
  int64_t valuesObject, valuesName;       // TinyGoValues
  int64_t addressesObject, addressesName; // TinyGoAddresses and TinyGoTwoTrailing
};
constexpr auto importOperands = std::to_array<ImportOperands>({
  {ShimFunction::ValueGet, Operation::Get, 8, 16, 0, 1, 1, 2},
  {ShimFunction::ValueSet, Operation::Set, 8, 16, 0, 1, 0, 1},
  {ShimFunction::ValueDelete, Operation::Delete, 8, 16, 0, 1, 0, 1},
  {ShimFunction::ValueCall, Operation::Call, 8, 16, 1, 2, 1, 2},
  {ShimFunction::ValueInvoke, Operation::Invoke, 8, nowhere, 1, nowhere, 1, nowhere},
  {ShimFunction::ValueNew, Operation::New, 8, nowhere, 1, nowhere, 1, nowhere},
  {ShimFunction::ValueInstanceOf, Operation::InstanceOf, 8, nowhere, 0, nowhere, 0, nowhere},
});

// An input of a function that becomes a name of an operation.
struct Sink {
  Operation operation;
  int64_t name = nowhere;   // place of the address; the length is in the next one
  int64_t object = nowhere; // place of the object's reference
  bool onGlobal = false;    // the object is the global one, whatever the inputs are
  bool behind = false;      // the object is at the address that is at `object`

  auto operator<=>(const Sink& other) const = default;
};

bool isPrintable(const std::string& text) {
  return std::none_of(
    text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

class Finder {
public:
  Finder(const ModuleFacts& facts,
         const Shim& shim,
         const DataImage& image,
         const std::vector<bool>& mayBeCalledUnseen,
         const std::vector<bool>& isWrapper)
    : facts(facts), shim(shim), image(image), mayBeCalledUnseen(mayBeCalledUnseen), isWrapper(isWrapper),
      lengthDistance(shim.isGo() ? 8 : 1) {}

  JSNames find() {
    indexCallers();
    for (auto& entry : shim.imports) {
      for (auto& operands : importOperands) {
        if (operands.id == entry.id) {
          auto index = facts.indices.at(entry.function->name);
          imports.insert(index);
          add(index, sinkOf(operands));
        }
      }
    }
    while (!queue.empty()) {
      auto [function, sink] = queue.front();
      queue.pop_front();
      for (auto i = callersBegin[function]; i < callersBegin[function + 1]; i++) {
        follow(callers[i], sink);
      }
    }
    return result();
  }

private:
  const ModuleFacts& facts;
  const Shim& shim;
  const DataImage& image;
  const std::vector<bool>& mayBeCalledUnseen;
  const std::vector<bool>& isWrapper;
  const int64_t lengthDistance; // from a string's address to its length

  struct Caller {
    uint32_t function;
    const CallFact* call;
  };
  // Calls by callee: those of function f are callers[callersBegin[f] ...].
  std::vector<Caller> callers;
  std::vector<uint32_t> callersBegin;

  std::set<uint32_t> imports; // the imports that take names or objects
  std::map<uint32_t, std::set<Sink>> sinks;
  std::deque<std::pair<uint32_t, Sink>> queue;
  std::set<NameUse> uses;
  // The key is the caller and the call, so that one call of syscall/js.Value.Call counts once: it also gets the
  // method's property when the call fails.
  std::map<std::pair<uint32_t, const CallFact*>, Operation> computedCalls;
  std::map<std::pair<uint32_t, Operation>, size_t> computed;

  void indexCallers() {
    auto count = facts.functions.size();
    callersBegin.assign(count + 1, 0);
    for (auto& function : facts.functions) {
      for (auto& call : function.calls) {
        callersBegin[call.callee + 1]++;
      }
    }
    for (size_t i = 0; i < count; i++) {
      callersBegin[i + 1] += callersBegin[i];
    }
    callers.resize(callersBegin[count]);
    auto next = callersBegin;
    for (uint32_t i = 0; i < count; i++) {
      for (auto& call : facts.functions[i].calls) {
        callers[next[call.callee]++] = {i, &call};
      }
    }
  }

  Sink sinkOf(const ImportOperands& operands) const {
    switch (shim.abi) {
      case ShimAbi::GoStack:
        return {operands.operation, operands.goName, operands.goObject};
      case ShimAbi::TinyGoValues:
      case ShimAbi::TinyGoGeneric:
        return {operands.operation, operands.valuesName, operands.valuesObject};
      case ShimAbi::TinyGoAddresses:
      case ShimAbi::TinyGoTwoTrailing:
        return {operands.operation, operands.addressesName, operands.addressesObject, false, true};
      case ShimAbi::None:
        break;
    }
    return {operands.operation};
  }

  void add(uint32_t function, Sink sink) {
    auto& known = sinks[function];
    if (known.size() < mostSinks && known.insert(sink).second) {
      queue.emplace_back(function, sink);
    }
  }

  // The value that a call hands over at a place. It is an Input where the caller's own input is still in that place.
  Value handedOver(const CallFact& call, int64_t place, bool behind) const {
    for (auto& operand : facts.operandsOf(call)) {
      if (operand.place == place && operand.behind == behind) {
        return operand.value;
      }
    }
    bool isInput = shim.isGo() && call.inputsIntact && call.base + place >= firstInput;
    return isInput ? Value::input(call.base + place) : Value();
  }

  // A variable that no code writes to has its initial value, from the data.
  Value resolved(Value value) const {
    if (!value.is(ValueKind::Static) || facts.written.count(uint64_t(value.bits) & ~uint64_t(7))) {
      return value;
    }
    auto initial = image.read64(uint64_t(value.bits));
    return initial ? Value::constant(int64_t(*initial)) : value;
  }

  bool isGlobalObject(Value value) const {
    if (value.is(ValueKind::Static)) {
      return facts.globalObjects.count(uint64_t(value.bits)) ||
             image.read64(uint64_t(value.bits)) == uint64_t(globalObjectRef);
    }
    return value == Value::constant(globalObjectRef);
  }

  // Follows one call of a function that has this sink.
  void follow(const Caller& caller, const Sink& sink) {
    auto& call = *caller.call;
    Sink up{sink.operation};
    if (sink.object != nowhere) {
      auto object = handedOver(call, sink.object, sink.behind);
      up.onGlobal = isGlobalObject(object);
      if (object.is(ValueKind::Input)) {
        up.object = object.bits;
      }
    }
    up.onGlobal |= sink.onGlobal;
    if (up.onGlobal) {
      up.object = nowhere;
    }
    if (!hasName(sink.operation)) {
      if (isWrapper[caller.function] && up.object != nowhere) {
        add(caller.function, up);
      } else {
        uses.insert({sink.operation, "", false, caller.function});
      }
      return;
    }
    auto address = resolved(handedOver(call, sink.name, false));
    auto length = resolved(handedOver(call, sink.name + lengthDistance, false));
    if (address.is(ValueKind::Input) && length == Value::input(address.bits + lengthDistance)) {
      up.name = address.bits;
      add(caller.function, up);
      // Go's stubs of imports are written in assembly, and no code takes their address.
      bool isStub = shim.isGo() && imports.count(call.callee);
      if (mayBeCalledUnseen[caller.function] && !isStub) {
        noteComputed(caller, sink.operation);
      }
      return;
    }
    if (address.is(ValueKind::Const) && length.is(ValueKind::Const) && length.bits >= 0 &&
        uint64_t(length.bits) <= longestName) {
      auto name = image.read(uint64_t(address.bits), uint64_t(length.bits));
      if (name && isPrintable(*name)) {
        uses.insert({sink.operation, *name, up.onGlobal, caller.function});
        return;
      }
    }
    noteComputed(caller, sink.operation);
  }

  void noteComputed(const Caller& caller, Operation operation) {
    auto [found, added] = computedCalls.try_emplace({caller.function, caller.call}, operation);
    if (!added && operation == Operation::Call) {
      found->second = operation;
    }
  }

  JSNames result() {
    JSNames names;
    for (auto& use : uses) {
      // Value.Call also gets the property, to say what it is when the call fails. Only the call is reported.
      auto call = use;
      call.operation = Operation::Call;
      if (use.operation != Operation::Get || !uses.count(call)) {
        names.uses.push_back(use);
      }
    }
    for (auto& [place, operation] : computedCalls) {
      computed[{place.first, operation}]++;
    }
    for (auto& [key, calls] : computed) {
      names.computed.push_back({key.second, key.first, calls});
    }
    return names;
  }
};

} // namespace

std::string_view toString(Operation operation) {
  switch (operation) {
    case Operation::Get:
      return "get";
    case Operation::Set:
      return "set";
    case Operation::Delete:
      return "delete";
    case Operation::Call:
      return "call";
    case Operation::Invoke:
      return "invoke";
    case Operation::New:
      return "new";
    case Operation::InstanceOf:
      return "instanceof";
  }
  return "unknown";
}

bool hasName(Operation operation) {
  return operation == Operation::Get || operation == Operation::Set || operation == Operation::Delete ||
         operation == Operation::Call;
}

JSNames findNames(const ModuleFacts& facts,
                  const Shim& shim,
                  const DataImage& image,
                  const std::vector<bool>& mayBeCalledUnseen,
                  const std::vector<bool>& isWrapper) {
  return Finder(facts, shim, image, mayBeCalledUnseen, isWrapper).find();
}

} // namespace parigot::gojs
