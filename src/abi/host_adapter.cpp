#include "abi/host_adapter.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint32_t pairBytes = 8; // an iovec: address, length

Expression* toHost(Code& code, const AddressSpace& service, Index address) {
  return code.plus(code.get(address), code.number(service.region.base));
}

// Copies an array of (address, length) pairs to the arena, addresses
// translated. Returns the local with the copy's place; `count` is the parameter
// that says how many there are, and is lowered to what the arena holds (half a
// million with the default one): reading and writing less than was asked for
// is every WASI function's right.
Index translatePairs(Code& code, const AddressSpace& service, Index pairs, Index count) {
  auto mark = code.local(Type::i32);
  auto bytes = code.local(Type::i32);
  auto at = code.local(Type::i32);
  auto& builder = code.builder;
  auto room = [&]() {
    return code.binary(ShrUInt32,
                       code.minus(code.number(service.region.bytes), builder.makeGlobalGet(service.arena, Type::i32)),
                       code.number(3));
  };
  code.add(code.ifThen(code.binary(GtUInt32, code.get(count), room()), builder.makeLocalSet(count, room())));
  code.set(bytes, code.binary(MulInt32, code.get(count), code.number(pairBytes)));
  code.push(service, mark, 0, code.get(bytes));

  // for (at = 0; at != bytes; at += 8)
  auto from = [&]() { return code.plus(code.get(pairs), code.get(at)); };
  auto to = [&]() { return code.plus(code.get(mark), code.get(at)); };
  auto* body = builder.makeBlock();
  body->list.push_back(
    code.store(service, to(), code.plus(code.load(service, from()), code.number(service.region.base))));
  body->list.push_back(code.store(service, to(), code.load(service, from(), 4), 4));
  body->list.push_back(builder.makeLocalSet(at, code.plus(code.get(at), code.number(pairBytes))));
  body->list.push_back(builder.makeBreak("next"));
  body->finalize();
  code.add(builder.makeLoop("next", code.ifThen(code.binary(NeInt32, code.get(at), code.get(bytes)), body)));
  return mark;
}

// args_get and environ_get: the host fills an array with addresses of its own;
// how many there are only the sizes function tells.
void buildStringPointers(Code& code, const AddressSpace& service, Name host, Name hostSizes) {
  constexpr Index array = 0, buffer = 1;
  auto& builder = code.builder;
  auto mark = code.local(Type::i32);
  auto error = code.local(Type::i32);
  auto end = code.local(Type::i32);
  code.push(service, mark, 16);
  code.release(service, mark);
  auto returnIfError = [&]() { code.add(code.ifThen(code.get(error), builder.makeReturn(code.get(error)))); };
  code.set(error,
           code.call(hostSizes,
                     {toHost(code, service, mark), code.plus(code.get(mark), code.number(service.region.base + 4))}));
  returnIfError();
  code.set(end, code.plus(code.get(array), code.binary(MulInt32, code.load(service, code.get(mark)), code.number(4))));
  code.set(error, code.call(host, {toHost(code, service, array), toHost(code, service, buffer)}));
  returnIfError();
  auto* body = builder.makeBlock();
  body->list.push_back(code.store(
    service, code.get(array), code.minus(code.load(service, code.get(array)), code.number(service.region.base))));
  body->list.push_back(builder.makeLocalSet(array, code.plus(code.get(array), code.number(4))));
  body->list.push_back(builder.makeBreak("next"));
  body->finalize();
  code.add(builder.makeLoop("next", code.ifThen(code.binary(NeInt32, code.get(array), code.get(end)), body)));
  code.add(code.number(0));
}

uint32_t totalSize(const std::vector<std::string>& strings) {
  uint32_t bytes = 0;
  for (auto& string : strings) {
    bytes += string.size() + 1;
  }
  return bytes;
}

} // namespace

void buildWasiAdapter(
  Code& code, const AddressSpace& service, const WasiFunction& function, Name host, Name hostSizes) {
  std::optional<Index> mark;
  std::vector<Expression*> operands;
  auto params = function.parameters();
  for (Index i = 0; i < params.size(); i++) {
    switch (params[i].kind) {
      case WasiParamKind::Number:
      case WasiParamKind::Number64:
        operands.push_back(code.get(i));
        break;
      case WasiParamKind::In:
      case WasiParamKind::Out:
        operands.push_back(toHost(code, service, i));
        break;
      case WasiParamKind::GatherFrom:
      case WasiParamKind::ScatterTo:
        mark = translatePairs(code, service, i, params[i].count);
        operands.push_back(toHost(code, service, *mark));
        break;
      case WasiParamKind::StringPointers:
        buildStringPointers(code, service, host, hostSizes);
        code.finish();
        return;
    }
  }
  auto* call = code.call(host, operands);
  if (mark) {
    auto result = code.local(Type::i32);
    code.set(result, call);
    code.release(service, *mark);
    code.add(code.get(result));
  } else {
    code.add(call);
  }
  code.finish();
}

void buildParigotHostAdapter(Code& code, const AddressSpace& service, Name host) {
  constexpr Index requestBytes = 0, request = 1, reply = 2, error = 3;
  auto result = code.local(Type::i64);
  code.set(result,
           code.call(host,
                     {code.get(requestBytes),
                      toHost(code, service, request),
                      toHost(code, service, reply),
                      toHost(code, service, error)}));
  // len<<32 | ptr, where ptr is the reply buffer as the host sees it; after an
  // error it is all zero.
  code.add(code.ifThen(code.builder.makeUnary(EqZInt64, code.get(result)), code.builder.makeReturn(code.number64(0))));
  auto* address = code.minus(code.builder.makeUnary(WrapInt64, code.get(result)), code.number(service.region.base));
  code.add(code.binary(OrInt64,
                       code.binary(AndInt64, code.get(result), code.number64(~0ull << 32)),
                       code.builder.makeUnary(ExtendUInt32, address)));
  code.finish();
}

void buildStringSizes(Code& code, const AddressSpace& service, const std::vector<std::string>& strings) {
  constexpr Index count = 0, bytes = 1;
  code.add(code.store(service, code.get(count), code.number(strings.size())));
  code.add(code.store(service, code.get(bytes), code.number(totalSize(strings))));
  code.add(code.number(0));
  code.finish();
}

void buildStrings(Code& code,
                  const AddressSpace& service,
                  const std::vector<std::string>& strings,
                  const std::string& name) {
  constexpr Index array = 0, buffer = 1;
  if (!strings.empty()) {
    std::vector<char> bytes;
    uint32_t index = 0;
    for (auto& string : strings) {
      code.add(
        code.store(service, code.get(array), code.plus(code.get(buffer), code.number(bytes.size())), 4 * index++));
      bytes.insert(bytes.end(), string.begin(), string.end());
      bytes.push_back(0);
    }
    auto size = bytes.size();
    code.module.addDataSegment(Builder::makeDataSegment(name, Name(), nullptr, bytes.data(), size));
    code.module.features |= FeatureSet(FeatureSet::BulkMemory | FeatureSet::BulkMemoryOpt);
    code.add(code.builder.makeMemoryInit(name, code.get(buffer), code.number(0), code.number(size), service.memory));
  }
  code.add(code.number(0));
  code.finish();
}

} // namespace parigot
