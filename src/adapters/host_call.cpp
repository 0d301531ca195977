#include "adapters/host_call.h"

#include "adapters/packed.h"
#include "memory/bounds.h"

namespace parigot {

using namespace wasm;

namespace {

// Up to this number of bytes, loads and stores are cheaper than memory.copy.
constexpr uint32_t mostInlineBytes = 64;

// preview1's errno (typenames.witx).
constexpr uint32_t errnoFault = 21, errnoNameTooLong = 37, errnoNoMemory = 48;

} // namespace

Name insideFunction(Module& module, const AddressSpace& service) {
  Name name = scopedName(service.service, "parigot.inside");
  if (module.getFunctionOrNull(name)) {
    return name;
  }
  AdapterBuilder code(module, name, Signature({Type::i32, Type::i64, Type::i32}, Type::i32));
  constexpr Index ptr = 0, bytes = 1, top = 2;
  auto& builder = code.builder;
  auto wide = [&](Expression* value) { return builder.makeUnary(ExtendUInt32, value); };
  auto* size = code.binary(ShlInt64, wide(builder.makeMemorySize(service.memory)), code.number64(16));
  code.add(makeIsInside(
    module,
    service.region,
    [&]() { return code.get(top); },
    [&]() { return code.get(ptr); },
    [&]() { return code.binary(AddInt64, wide(code.get(ptr)), code.get(bytes)); },
    size));
  code.finish();
  return name;
}

void HiddenBytes::reveal(AdapterBuilder& code, const AddressSpace& space) {
  if (space.hidden) {
    before = code.local(Type::i32);
    code.set(*before, code.builder.makeGlobalGet(space.hidden, Type::i32));
    revealAgain(code, space);
  }
}

void HiddenBytes::hide(AdapterBuilder& code, const AddressSpace& space, Index mark) {
  if (before) {
    auto* from = makeLesser(
      code.builder, [&]() { return code.get(*before); }, [&]() { return code.get(mark); });
    code.add(code.builder.makeGlobalSet(space.hidden, from));
  }
}

void HiddenBytes::revealAgain(AdapterBuilder& code, const AddressSpace& space) {
  if (before) {
    code.add(code.builder.makeGlobalSet(space.hidden, code.number(nothingHidden)));
  }
}

void HiddenBytes::restore(AdapterBuilder& code, const AddressSpace& space) {
  if (before) {
    code.add(code.builder.makeGlobalSet(space.hidden, code.get(*before)));
  }
}

HostCall::HostCall(AdapterBuilder& code, const HostView& view, std::span<const Param> params, bool mayDoLess)
  : code(code), builder(code.builder), view(view), params(params), mayDoLess(mayDoLess), carried(params.size()) {}

std::optional<Index> HostCall::build(Name host) {
  bool pushes = view.staged();
  for (auto& param : params) {
    pushes |= param.isArrayOfBuffers() || param.kind == ParamKind::Payload;
  }
  if (pushes) {
    mark = code.local(Type::i32);
    code.set(*mark, builder.makeGlobalGet(view.host.arena, Type::i32));
    hidden.reveal(code, view.host);
  }
  if (pushes && &buffers() != &view.host) {
    buffersMark = code.local(Type::i32);
    code.set(*buffersMark, builder.makeGlobalGet(buffers().arena, Type::i32));
  }
  std::vector<Expression*> operands;
  for (Index i = 0; i < params.size(); i++) {
    prepare(i);
  }
  if (view.isService) {
    for (Index i = 0; i < params.size(); i++) {
      if (carried[i].inside) {
        code.add(code.ifThen(builder.makeUnary(EqZInt32, code.get(*carried[i].inside)), failure(errnoFault)));
      }
    }
  }
  operands.reserve(params.size());
  for (Index i = 0; i < params.size(); i++) {
    operands.push_back(operand(i));
  }
  if (mark) {
    hidden.hide(code, view.host, *mark);
  }
  auto result = code.addCall(code.call(host, operands));
  hidden.revealAgain(code, view.host);
  for (Index i = 0; i < params.size(); i++) {
    carryBack(i, result);
  }
  for (Index i = 0; i < params.size(); i++) {
    if (carried[i].cut) {
      reportCut(i, *result);
    }
  }
  giveBack();
  return result;
}

void HostCall::giveBack() {
  if (buffersMark) {
    code.release(buffers(), *buffersMark);
  }
  if (mark) {
    code.release(view.host, *mark, view.checked && view.staged());
    hidden.restore(code, view.host);
  }
}

Expression* HostCall::hostAddress(Index param) {
  return carried[param].address ? code.get(*carried[param].address) : moved(code.get(param));
}

Expression* HostCall::wide(Expression* value) { return builder.makeUnary(ExtendUInt32, value); }

Expression* HostCall::sizeOf(Index i) {
  auto& param = params[i];
  if (carried[i].bytes) {
    return wide(code.get(*carried[i].bytes));
  }
  if (param.count < 0) {
    return code.number64(param.fixed);
  }
  auto* count = wide(code.get(param.count));
  return param.element == 1 ? count : code.binary(MulInt64, count, code.number64(param.element));
}

Expression* HostCall::inside(Expression* address, Expression* bytes) {
  return code.call(insideFunction(code.module, view.service), {address, bytes, serviceTop()});
}

Expression* HostCall::serviceTop() {
  auto global = [&](Name name) { return builder.makeGlobalGet(name, Type::i32); };
  auto top = [&]() { return mark && !view.staged() ? code.get(*mark) : global(view.service.arena); };
  if (!view.service.hidden) {
    return top();
  }
  return makeLesser(
    builder, top, [&]() { return hidden.before ? code.get(*hidden.before) : global(view.service.hidden); });
}

Expression* HostCall::misalignment(Expression* address) {
  return code.binary(AndInt32, address, code.number(alignmentMask));
}

Expression* HostCall::outOfBoundsAddress(Expression* address) {
  return code.binary(OrInt32, misalignment(address), code.number(nowhere));
}

Expression* HostCall::alignedAs(Index address, Index mark) {
  return code.binary(OrInt32, code.get(mark), misalignment(code.get(address)));
}

Expression* HostCall::moved(Expression* address) {
  return view.base() ? code.plus(address, code.number(view.base())) : address;
}

Expression* HostCall::translated(const std::function<Expression*()>& address, Expression* bytes) {
  if (!view.checked) {
    return moved(address());
  }
  return builder.makeSelect(inside(address(), bytes), moved(address()), outOfBoundsAddress(address()));
}

Expression* HostCall::operand(Index i) {
  auto& param = params[i];
  if (!param.isAddress() && !param.isPacked()) {
    return code.get(i);
  }
  Expression* address =
    carried[i].address ? code.get(*carried[i].address) : translated([&]() { return code.get(startOf(i)); }, sizeOf(i));
  if (param.isPacked()) {
    return packed(code, param, address, code.get(*carried[i].bytes));
  }
  return param.headBytes() ? code.plus(address, code.number(param.headBytes())) : address;
}

void HostCall::prepare(Index i) {
  auto& param = params[i];
  if (!param.isAddress() && !param.isPacked()) {
    return;
  }
  measure(i);
  if (param.kind == ParamKind::Payload) {
    preparePayload(i);
  } else if (param.isArrayOfBuffers()) {
    preparePairs(i);
  } else if (view.staged()) {
    stage(i);
  } else if (view.checked) {
    carried[i].address = code.local(Type::i32);
    code.set(*carried[i].address, translated([&]() { return code.get(startOf(i)); }, sizeOf(i)));
  }
}

void HostCall::measure(Index i) {
  auto& param = params[i];
  auto& carry = carried[i];
  bool asks = view.staged() || view.checked;
  if (param.isPacked()) {
    carry.start = code.local(Type::i32);
    carry.bytes = code.local(Type::i32);
    code.set(*carry.start, addressOf(code, param, i));
    code.set(*carry.bytes, lengthOf(code, param, i));
  } else if (param.kind == ParamKind::String && asks) {
    measureString(i);
  } else if (param.from == CountFrom::Pointee && asks) {
    carry.bytes = code.local(Type::i32);
    measureAt(code.get(param.count), param.element, 0, *carry.bytes);
  } else if (param.from == CountFrom::Field) {
    if (param.headBytes()) {
      carry.start = code.local(Type::i32);
      code.set(*carry.start, code.minus(code.get(i), code.number(param.headBytes())));
    }
    if (asks) {
      auto head = param.offset < 0 ? param.headBytes() : uint32_t(param.offset) + 4;
      carry.bytes = code.local(Type::i32);
      measureAt(code.plus(code.get(i), code.number(uint32_t(param.offset))), param.element, head, *carry.bytes);
    }
  }
}

void HostCall::measureAt(Expression* address, uint32_t element, uint32_t head, Index bytes) {
  auto at = code.local(Type::i32);
  auto all = code.local(Type::i64);
  code.set(at, address);
  code.set(bytes, code.number(UINT32_MAX));
  code.add(code.ifThen(inside(code.get(at), code.number64(4)), code.block([&]() {
    auto* product = code.binary(MulInt64, wide(code.load(view.service, code.get(at))), code.number64(element));
    code.set(all, code.binary(AddInt64, product, code.number64(head)));
    code.add(code.ifThen(code.binary(LtUInt64, code.get(all), code.number64(UINT32_MAX)),
                         builder.makeLocalSet(bytes, builder.makeUnary(WrapInt64, code.get(all)))));
  })));
}

void HostCall::measureString(Index i) {
  auto bytes = code.local(Type::i32);
  carried[i].bytes = bytes;
  auto more = code.local(Type::i32);
  code.set(more, code.number(1));
  auto at = [&]() { return code.plus(code.get(i), code.get(bytes)); };
  code.loopWhile([&]() { return code.get(more); },
                 [&]() {
                   auto* end = code.block([&]() { code.set(more, code.number(0)); });
                   auto* look = code.block(
                     [&]() { code.set(more, builder.makeLoad(1, false, 0, 1, at(), Type::i32, view.service.memory)); });
                   code.add(builder.makeIf(
                     inside(code.get(i), code.binary(AddInt64, wide(code.get(bytes)), code.number64(1))), look, end));
                   code.set(bytes, code.plus(code.get(bytes), code.number(1)));
                 });
}

bool HostCall::tellsWhatItWrote(const Param& param) { return param.written >= 0; }

void HostCall::startCarrying(Index i, Expression* bytes) {
  auto& carry = carried[i];
  carry.address = code.local(Type::i32);
  carry.inside = code.local(Type::i32);
  code.set(*carry.address, outOfBoundsAddress(code.get(startOf(i))));
  code.set(*carry.inside, inside(code.get(startOf(i)), bytes));
}

void HostCall::stage(Index i) {
  auto& param = params[i];
  auto& carry = carried[i];
  startCarrying(i, sizeOf(i));
  code.add(code.ifThen(code.get(*carry.inside), code.block([&]() {
    auto mark = code.local(Type::i32);
    if (param.count >= 0 || carry.bytes) {
      if (!carry.bytes) {
        auto* size = builder.makeUnary(WrapInt64, sizeOf(i));
        carry.bytes = code.local(Type::i32);
        code.set(*carry.bytes, size);
      }
      if (mayDoLess && param.kind == ParamKind::Out && param.element == 1) {
        takeRoom(i);
      }
      code.push(view.host, mark, alignmentMask + 1, code.get(*carry.bytes), refusal(i));
    } else {
      code.push(view.host, mark, alignmentMask + 1 + param.fixed, nullptr, refusal(i));
    }
    code.set(*carry.address, alignedAs(startOf(i), mark));
    copy(view.host, *carry.address, view.service, startOf(i), param.fixed, carry.bytes);
  })));
}

void HostCall::takeRoom(Index i) {
  auto& carry = carried[i];
  auto count = params[i].count;
  auto room = code.local(Type::i32);
  code.set(room, code.room(view.host));
  auto* isLess = code.binary(LtUInt32, code.minus(code.get(room), code.number(keptBytes)), code.get(*carry.bytes));
  auto* lower = code.block([&]() {
    code.set(*carry.bytes, code.minus(code.get(room), code.number(keptBytes)));
    code.set(count, code.get(*carry.bytes));
    if (params[i].filled >= 0) {
      carry.cut = code.local(Type::i32);
      code.set(*carry.cut, code.number(1));
    }
  });
  // If the arena has less room than that, the number stays, and refusal() applies.
  code.add(code.ifThen(code.binary(GtUInt32, code.get(room), code.number(keptBytes)), code.ifThen(isLess, lower)));
}

std::function<Expression*()> HostCall::refusal(Index i) {
  if (!mayDoLess) {
    return {};
  }
  bool isText = params[i].kind == ParamKind::In && params[i].element == 1;
  return [this, isText]() { return failure(isText ? errnoNameTooLong : errnoNoMemory); };
}

Expression* HostCall::failure(uint32_t error) {
  return code.block([&]() {
    giveBack();
    code.add(builder.makeReturn(code.number(error)));
  });
}

Expression* HostCall::faultOfService() { return failure(errnoFault); }

void HostCall::reportCut(Index i, Index result) {
  auto& filled = carried[params[i].filled];
  auto* all = code.binary(EqInt32, code.load(view.host, code.get(*filled.address)), code.get(*carried[i].bytes));
  auto* failed = code.ifThen(code.binary(AndInt32, builder.makeUnary(EqZInt32, code.get(result)), all),
                             code.block([&]() { code.set(result, code.number(errnoNoMemory)); }));
  code.add(code.ifThen(code.binary(AndInt32, code.get(*carried[i].cut), code.get(*filled.inside)), failed));
}

void HostCall::copy(const AddressSpace& to,
                    Index toAddress,
                    const AddressSpace& from,
                    Index fromAddress,
                    uint32_t fixed,
                    std::optional<Index> bytes) {
  if (bytes || fixed > mostInlineBytes) {
    code.add(
      code.copy(to, code.get(toAddress), from, code.get(fromAddress), bytes ? code.get(*bytes) : code.number(fixed)));
    return;
  }
  uint32_t at = 0;
  for (uint32_t unit : {8, 4, 2, 1}) {
    auto type = unit == 8 ? Type::i64 : Type::i32;
    for (; at + unit <= fixed; at += unit) {
      auto* value = builder.makeLoad(unit, false, at, 1, code.get(fromAddress), type, from.memory);
      code.add(builder.makeStore(unit, at, 1, code.get(toAddress), value, type, to.memory));
    }
  }
}

void HostCall::carryBack(Index i, std::optional<Index> result) {
  auto& param = params[i];
  auto& carry = carried[i];
  bool isPayload = param.kind == ParamKind::Payload; // always a copy
  bool writes = param.kind == ParamKind::Out || param.kind == ParamKind::InOut || param.kind == ParamKind::ScatterTo;
  if (isPayload && !carry.inside) {
    payloadBack(i);
    return;
  }
  if (!isPayload && (!writes || !view.staged())) {
    return;
  }
  Expression* condition = code.get(*carry.inside);
  if (tellsWhatItWrote(param)) {
    condition = code.binary(AndInt32, condition, code.get(*carried[param.written].inside));
    condition = code.binary(AndInt32, condition, builder.makeUnary(EqZInt32, code.get(*result)));
  }
  code.add(code.ifThen(condition, code.block([&]() {
    if (isPayload) {
      payloadBack(i);
    } else if (param.isArrayOfBuffers()) {
      scatterBack(i);
    } else {
      copy(view.service, startOf(i), view.host, *carry.address, param.fixed, carry.bytes);
    }
  })));
}

} // namespace parigot
