#include "adapters/descriptor_adapter.h"

#include <algorithm>

namespace parigot {

using namespace wasm;

namespace {

// src/runtime/descriptors/descriptors.h: what is subtracted from the negative errno for a standard input without bytes.
constexpr int32_t emptyInput = 0x10000;

// The parameters of path_open.
constexpr Index flagsOfOpen = 4, rightsOfOpen = 5, inheritingOfOpen = 6;
constexpr Index countOfRead = 3; // of fd_read

class DescriptorAdapter {
public:
  DescriptorAdapter(AdapterBuilder& code,
                    const TableFunctions& tables,
                    const WorldService& service,
                    const WasiFunction& function)
    : code(code), builder(code.builder), tables(tables), service(service), function(function) {}

  void build(Name inner) {
    auto params = function.parameters();
    given = code.local(Type::i32);
    auto result = code.local(Type::i32);
    bool isFirst = true;
    for (Index i = 0; i < params.size(); i++) {
      auto use = params[i].descriptor;
      if (use == DescriptorUse::Uses || use == DescriptorUse::Changes) {
        translate(i, use == DescriptorUse::Changes, isFirst);
        isFirst = false;
      }
    }
    code.set(result, code.forward(inner));
    for (Index i = 0; i < params.size(); i++) {
      if (params[i].descriptor == DescriptorUse::Opens) {
        auto space = AddressSpace::of(code.module, service);
        auto* local = code.call(tables.opened, {table(), code.get(given), code.load(space, code.get(i))});
        code.add(code.ifThen(builder.makeUnary(EqZInt32, code.get(result)), code.store(space, code.get(i), local)));
      }
    }
    code.add(code.get(result));
    code.finish();
  }

private:
  AdapterBuilder& code;
  Builder& builder;
  const TableFunctions& tables;
  const WorldService& service;
  const WasiFunction& function;
  Index given = 0; // the service's number for the first descriptor

  Expression* table() { return code.number(*service.descriptorTable); }

  bool isReadOnlySomewhere() const {
    auto& preopens = service.descriptors.preopens;
    return service.descriptors.readOnly ||
           (preopens && std::any_of(preopens->begin(), preopens->end(), [](auto& folder) { return folder.readOnly; }));
  }

  void translate(Index i, bool changes, bool isFirst) {
    bool opens = function.hasDescriptors(DescriptorUse::Opens);
    bool opensPath = opens && function.paramCount > inheritingOfOpen;
    if (isFirst && opens) {
      code.set(given, code.get(i));
    }
    if (opensPath && isReadOnlySomewhere()) {
      // First, since the rights that are asked for decide whether they are refused.
      auto masked = [&](Index rights) {
        auto* mask = code.call(tables.rightsThrough, {table(), code.get(given)});
        return code.binary(AndInt64, code.get(rights), mask);
      };
      use(i, code.call(tables.useToOpen, {table(), code.get(i), code.get(flagsOfOpen), code.get(rightsOfOpen)}));
      code.set(rightsOfOpen, masked(rightsOfOpen));
      code.set(inheritingOfOpen, masked(inheritingOfOpen));
    } else if (opens) {
      use(i, code.call(tables.useToOpen, {table(), code.get(i), code.number(0), code.number64(0)}));
    } else {
      use(i, code.call(tables.use, {table(), code.get(i), code.number(changes)}));
    }
  }

  // Sets parameter `i` to the host's descriptor, or returns the error.
  void use(Index i, Expression* found) {
    code.set(i, found);
    auto isLess = [&](int32_t limit) { return code.binary(LtSInt32, code.get(i), code.number(uint32_t(limit))); };
    auto* refuse = code.block([&]() {
      if (function.name == "fd_read" && !service.descriptors.standardInput) {
        auto space = AddressSpace::of(code.module, service);
        code.add(code.ifThen(isLess(-emptyInput), code.block([&]() {
          code.add(code.store(space, code.get(countOfRead), code.number(0)));
          code.add(builder.makeReturn(code.number(0)));
        })));
      }
      auto* error = code.minus(code.number(0), code.get(i));
      code.add(builder.makeReturn(code.binary(AndInt32, error, code.number(emptyInput - 1))));
    });
    code.add(code.ifThen(isLess(0), refuse));
  }
};

} // namespace

std::vector<TableFunctionRow> tableFunctions() {
  auto i32 = Type::i32, i64 = Type::i64;
  return {{"use", &TableFunctions::use, Signature({i32, i32, i32}, i32)},
          {"use_to_open", &TableFunctions::useToOpen, Signature({i32, i32, i32, i64}, i32)},
          {"rights_through", &TableFunctions::rightsThrough, Signature({i32, i32}, i64)},
          {"opened", &TableFunctions::opened, Signature({i32, i32, i32}, i32)}};
}

void buildDescriptorAdapter(AdapterBuilder& code,
                            const TableFunctions& tables,
                            const WorldService& service,
                            const WasiFunction& function,
                            Name inner) {
  DescriptorAdapter(code, tables, service, function).build(inner);
}

} // namespace parigot
