#include "adapters/host_adapter.h"

#include "adapters/host_call.h"

namespace parigot {

using namespace wasm;

namespace {

// args_get and environ_get: the host fills an array with addresses. Only the sizes
// function tells how many there are.
void buildStringPointers(AdapterBuilder& code, const HostView& view, Name host, Name hostSizes) {
  constexpr Index array = 0, buffer = 1;
  auto& service = view.service;
  auto& builder = code.builder;
  auto mark = code.local(Type::i32);
  auto error = code.local(Type::i32);
  auto count = code.local(Type::i32);
  auto bytes = code.local(Type::i32);
  auto end = code.local(Type::i32);
  auto base = [&]() { return code.number(view.base()); };
  auto returnIfError = [&]() { code.add(code.ifThen(code.get(error), builder.makeReturn(code.get(error)))); };
  HiddenBytes hidden;
  hidden.reveal(code, view.host);
  code.push(view.host, mark, 16);
  code.set(
    error,
    code.call(hostSizes, {code.plus(code.get(mark), base()), code.plus(code.get(mark), code.number(view.base() + 4))}));
  code.set(count, code.load(view.host, code.get(mark)));
  code.set(bytes, code.load(view.host, code.get(mark), 4));
  code.release(view.host, mark);
  hidden.restore(code, view.host);
  returnIfError();
  // If addresses are checked, this checks those of the array and of the buffer.
  Param pointers{ParamKind::Out, 0, 4, int8_t(count)}, strings{ParamKind::Out, 0, 1, int8_t(bytes)};
  Param params[] = {pointers, strings};
  HostCall call(code, view, params, true);
  code.set(error, code.get(*call.build(host)));
  returnIfError();
  // A string has the same offset in the service's buffer as in the one that the
  // host filled.
  auto ours = [&](Expression* address) {
    return view.staged() ? code.plus(code.minus(address, call.hostAddress(buffer)), code.get(buffer))
                         : code.minus(address, base());
  };
  code.set(end, code.plus(code.get(array), code.binary(MulInt32, code.get(count), code.number(4))));
  code.loopWhile([&]() { return code.binary(NeInt32, code.get(array), code.get(end)); },
                 [&]() {
                   code.add(code.store(service, code.get(array), ours(code.load(service, code.get(array)))));
                   code.set(array, code.plus(code.get(array), code.number(4)));
                 });
  code.add(code.number(0));
}

// random_get of a staged service: calls the host repeatedly, each time for as many
// bytes as fit the arena.
void buildRandomGet(AdapterBuilder& code, const HostView& view, Name host) {
  constexpr Index buffer = 0, bytes = 1;
  auto& builder = code.builder;
  auto mark = code.local(Type::i32);
  auto taken = code.local(Type::i32);
  auto error = code.local(Type::i32);
  auto nothing = code.builder.makeUnary(EqZInt32,
                                        code.call(insideFunction(code.module, view.service),
                                                  {code.get(buffer),
                                                   builder.makeUnary(ExtendUInt32, code.get(bytes)),
                                                   builder.makeGlobalGet(view.service.arena, Type::i32)}));
  code.add(code.ifThen(nothing, builder.makeReturn(code.call(host, {code.number(nowhere), code.get(bytes)}))));
  code.loopWhile(
    [&]() { return builder.makeUnary(EqZInt32, code.get(error)); },
    [&]() {
      code.set(taken, code.get(bytes));
      code.set(mark, code.room(view.host));
      code.add(code.ifThen(code.binary(GtUInt32, code.get(taken), code.get(mark)),
                           builder.makeLocalSet(taken, code.get(mark))));
      HiddenBytes hidden;
      hidden.reveal(code, view.host);
      code.push(view.host, mark, 0, code.get(taken));
      code.set(error, code.call(host, {code.get(mark), code.get(taken)}));
      auto* carry = code.block(
        [&]() { code.add(code.copy(view.service, code.get(buffer), view.host, code.get(mark), code.get(taken))); });
      code.add(code.ifThen(builder.makeUnary(EqZInt32, code.get(error)), carry));
      code.release(view.host, mark, view.checked);
      hidden.restore(code, view.host);
      code.set(buffer, code.plus(code.get(buffer), code.get(taken)));
      code.set(bytes, code.minus(code.get(bytes), code.get(taken)));
      code.add(code.ifThen(builder.makeUnary(EqZInt32, code.get(bytes)), builder.makeReturn(code.get(error))));
    });
  code.add(code.get(error));
}

} // namespace

void buildWasiAdapter(
  AdapterBuilder& code, const HostView& view, const WasiFunction& function, Name host, Name hostSizes) {
  auto params = function.parameters();
  if (params[0].kind == ParamKind::StringPointers) {
    buildStringPointers(code, view, host, hostSizes);
  } else if (view.staged() && function.name == "random_get") {
    buildRandomGet(code, view, host);
  } else if (auto result = HostCall(code, view, params, true).build(host)) {
    code.add(code.get(*result));
  }
  code.finish();
}

void buildDeclaredAdapter(AdapterBuilder& code, const HostView& view, std::span<const Param> params, Name host) {
  if (auto result = HostCall(code, view, params, false).build(host)) {
    code.add(code.get(*result));
  }
  code.finish();
}

void buildParigotHostAdapter(AdapterBuilder& code, const HostView& view, Name host, uint32_t capacity) {
  constexpr Index bytes = 0, request = 1, reply = 2, error = 3;
  constexpr Param requestBytes;
  if (view.staged()) {
    // As in a call between services (call_adapter.cpp), the error is DataTooLarge if the arena has no room.
    constexpr uint32_t dataTooLarge = 6, alignment = 128;
    uint32_t fixed = capacity + 4 + alignment;
    auto refuseIf = [&](Expression* condition) {
      code.add(code.ifThen(condition, code.block([&]() {
        code.add(code.store(view.service, code.get(error), code.number(dataTooLarge)));
        code.add(code.builder.makeReturn(code.number64(0)));
      })));
    };
    refuseIf(code.binary(LtUInt32, code.room(view.host), code.number(fixed)));
    refuseIf(code.binary(GtUInt32, code.get(bytes), code.minus(code.room(view.host), code.number(fixed))));
  }
  Param params[] = {requestBytes, {ParamKind::In, 0, 1, 0}, {ParamKind::InOut, capacity}, {ParamKind::InOut, 4}};
  static_assert(request == 1);
  HostCall call(code, view, params, false);
  auto result = *call.build(host);
  // The result is len<<32 | ptr, where ptr is the host's address of a byte of the
  // reply buffer; or 0 after an error.
  code.add(code.ifThen(code.builder.makeUnary(EqZInt64, code.get(result)), code.builder.makeReturn(code.number64(0))));
  auto* offset = code.minus(code.builder.makeUnary(WrapInt64, code.get(result)), call.hostAddress(reply));
  code.add(code.binary(OrInt64,
                       code.binary(AndInt64, code.get(result), code.number64(~0ull << 32)),
                       code.builder.makeUnary(ExtendUInt32, code.plus(code.get(reply), offset))));
  code.finish();
}

} // namespace parigot
