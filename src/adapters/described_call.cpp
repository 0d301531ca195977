#include "adapters/described_call.h"

#include "adapters/packed.h"
#include "ir/catch_all.h"
#include "ir/imports_and_exports.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint32_t pairBytes = 8; // an address and a length

// Offsets in (address, length) records, in bytes.
uint32_t addressOffset(const Param& param) { return param.lengthFirst ? 4 : 0; }
uint32_t lengthOffset(const Param& param) { return param.lengthFirst ? 0 : 4; }

// Whether the parameter points to a place for an address, which has a fixed size; measure() has that of other bytes.
bool isPlaceForAddress(const Param& param) {
  return param.kind == ParamKind::OutPointer || param.kind == ParamKind::OutPair;
}

// Whether address 0 is valid, since a parameter tells the number of bytes. In other cases 0 means that there are none.
bool mayBeZero(const Param& param) {
  return param.from == CountFrom::Param && param.count >= 0 && !isPlaceForAddress(param);
}

} // namespace

DescribedCall::DescribedCall(
  AdapterBuilder& code, const AddressSpace& client, const AddressSpace& provider, const WorldCall& call, Name target)
  : code(code), builder(code.builder), client(client), provider(provider), call(call), description(*call.described),
    target(target), carried(description.params().values().size()) {}

void DescribedCall::build() {
  mark = code.local(Type::i32);
  code.set(mark, builder.makeGlobalGet(provider.arena, Type::i32));
  std::vector<Expression*> operands;
  for (Index i = 0; i < carried.size(); i++) {
    prepare(i);
  }
  operands.reserve(carried.size());
  for (Index i = 0; i < carried.size(); i++) {
    operands.push_back(operand(i));
  }
  auto result = code.addCall(code.call(target, operands));
  returnError();
  for (Index i = 0; i < carried.size(); i++) {
    carryBack(i);
  }
  Expression* returned = result ? resultOf(*result) : nullptr;
  releaseAllocated(code);
  code.release(provider, mark);
  if (returned) {
    code.add(returned);
  }
}

// If the callee says that the call failed, the client gets the number, and nothing else.
void DescribedCall::returnError() {
  auto error = description.params().error();
  if (!error) {
    return;
  }
  auto place = *carried[*error].place;
  auto* failed = code.ifThen(code.load(provider, code.get(place)), code.block([&]() {
    carryBack(*error);
    leave();
  }));
  code.add(code.ifThen(code.get(place), failed));
}

// Ends a call that has no result.
void DescribedCall::leave() {
  auto results = code.function->getResults();
  releaseAllocated(code);
  code.release(provider, mark);
  code.add(results == Type::none ? builder.makeReturn()
                                 : builder.makeReturn(builder.makeConstantExpression(Literal::makeZeros(results))));
}

void DescribedCall::push(Index place, uint32_t fixed, Expression* variable) {
  auto error = description.params().error();
  auto noRoom = error ? param(*error).noRoom : 0;
  if (!noRoom) {
    code.push(provider, place, fixed, variable);
    return;
  }
  code.push(provider, place, fixed, variable, [&]() {
    return code.block([&]() {
      code.add(code.ifThen(code.get(*error), code.store(client, code.get(*error), code.number(noRoom))));
      leave();
    });
  });
}

void DescribedCall::releaseOnExceptions(const ExceptionEncodings& exceptions) {
  if (exceptions.any() && !description.texts().serviceRelease.empty()) {
    AdapterBuilder outer(code.module, code.function->name, code.function->getSig());
    catchAll(
      outer, exceptions, [&]() { releaseAllocated(outer); }, ".given");
    outer.finish();
  }
}

void DescribedCall::releaseAllocated(AdapterBuilder& code) {
  auto& release = description.texts().serviceRelease;
  for (Index i = 0; i < carried.size() && !release.empty(); i++) {
    if (param(i).allocated && carried[i].place) {
      auto place = *carried[i].place;
      auto given = code.local(Type::i32);
      code.set(given, code.get(place));
      code.set(place, code.number(0));
      code.add(code.ifThen(code.get(given), code.call(exported(provider, release), {code.get(given)})));
    }
  }
}

Name DescribedCall::exported(const AddressSpace& space, const std::string& name) {
  return exportedFunction(code.module, scopedName(space.service, name))->name;
}

Expression* DescribedCall::orNull(Index address, const std::function<void()>& make) {
  return code.ifThen(code.get(address), code.block(make));
}

Expression* DescribedCall::units(const Param& param, const AddressSpace& space, Index address) {
  switch (param.from) {
    case CountFrom::Param:
      return param.count < 0 ? code.number(param.fixed) : code.get(param.count);
    case CountFrom::Pointee: {
      // If the client passes 0 as the address of the number, there are no bytes.
      auto& count = carried[param.count];
      auto pointer = &space == &client ? Index(param.count) : *count.place;
      return builder.makeIf(code.get(pointer), code.load(space, code.get(pointer)), code.number(0));
    }
    case CountFrom::Field:
      return code.load(space, code.plus(code.get(address), code.number(uint32_t(param.offset))));
    case CountFrom::Export:
      return code.call(exported(provider, description.params().exports()[param.exported]), {});
    case CountFrom::ZeroByte:
      break;
  }
  WASM_UNREACHABLE("a string has no count");
}

void DescribedCall::measure(const Param& param, const AddressSpace& space, Index address, Index bytes) {
  if (param.from == CountFrom::ZeroByte) {
    measureString(space, address, bytes);
    return;
  }
  // A number at the beginning of the data is copied with the data.
  uint32_t head = param.from == CountFrom::Field && param.offset >= 0 ? uint32_t(param.offset) + 4 : 0;
  if (param.element <= 1 && !head) {
    code.set(bytes, units(param, space, address));
    return;
  }
  auto wide = code.local(Type::i64);
  auto* all =
    code.binary(MulInt64, builder.makeUnary(ExtendUInt32, units(param, space, address)), code.number64(param.element));
  code.set(wide, code.binary(AddInt64, all, code.number64(head)));
  code.add(
    code.ifThen(code.binary(GtUInt64, code.get(wide), code.number64(UINT32_MAX)), code.trap("length_overflows")));
  code.set(bytes, builder.makeUnary(WrapInt64, code.get(wide)));
}

void DescribedCall::measureString(const AddressSpace& space, Index address, Index bytes) {
  auto byte = [&](Expression* at) { return builder.makeLoad(1, false, 0, 1, at, Type::i32, space.memory); };
  code.set(bytes, code.number(0));
  code.loopWhile([&]() { return byte(code.plus(code.get(address), code.get(bytes))); },
                 [&]() { code.set(bytes, code.plus(code.get(bytes), code.number(1))); });
  code.set(bytes, code.plus(code.get(bytes), code.number(1)));
}

void DescribedCall::prepare(Index i) {
  auto& what = param(i);
  auto& carry = carried[i];
  if (!what.isAddress() && !what.isPacked()) {
    return;
  }
  carry.place = code.local(Type::i32);
  code.set(*carry.place, code.number(0));
  if (what.isArrayOfBuffers()) {
    stageBuffers(i);
    return;
  }
  carry.bytes = code.local(Type::i32);
  if (what.isPacked()) {
    carry.address = code.local(Type::i32);
    code.set(*carry.address, addressOf(code, what, i));
    code.set(*carry.bytes, lengthOf(code, what, i));
    stage(i, *carry.address);
    return;
  }
  if (mayBeZero(what)) {
    measure(what, client, i, *carry.bytes);
    stage(i, i);
    return;
  }
  code.add(orNull(i, [&]() {
    if (isPlaceForAddress(what)) {
      push(*carry.place, pairBytes);
      code.add(code.store(provider, code.get(*carry.place), code.number(0)));
      code.add(code.store(provider, code.get(*carry.place), code.number(0), 4));
    } else {
      measure(what, client, i, *carry.bytes);
      stage(i, i);
    }
  }));
}

void DescribedCall::stage(Index i, Index address) {
  auto& what = param(i);
  auto place = *carried[i].place, bytes = *carried[i].bytes;
  if (what.allocated) {
    stageAllocated(i, address);
    return;
  }
  if (what.isError) {
    push(place, what.fixed);
    code.add(code.store(provider, code.get(place), code.number(0)));
    return;
  }
  uint32_t head = what.headBytes();
  uint32_t room = (head + 15) / 16 * 16;
  push(place, room, code.get(bytes));
  if (head) {
    // The other bytes in front of the data, such as fields of an object's header, are zero.
    code.module.features |= FeatureSet(FeatureSet::BulkMemoryOpt);
    code.add(builder.makeMemoryFill(code.get(place), code.number(0), code.number(room), provider.memory));
    code.set(place, code.plus(code.get(place), code.number(room)));
  }
  auto start = [&](Index local) { return head ? code.minus(code.get(local), code.number(head)) : code.get(local); };
  auto* size = head ? code.plus(code.get(bytes), code.number(head)) : code.get(bytes);
  code.add(code.copy(provider, start(place), client, start(address), size));
}

void DescribedCall::stageAllocated(Index i, Index address) {
  auto place = *carried[i].place, bytes = *carried[i].bytes;
  allocate(provider, description.serviceAllocator(), bytes, place);
  checkHead(param(i), provider, place, client, address);
  code.add(code.copy(provider, code.get(place), client, code.get(address), code.get(bytes)));
}

void DescribedCall::checkHead(
  const Param& param, const AddressSpace& space, Index address, const AddressSpace& from, Index original) {
  if (param.headBytes()) {
    auto* same = code.binary(NeInt32, units(param, space, address), units(param, from, original));
    code.add(code.ifThen(same, code.trap("allocator_wrote_no_length")));
  }
}

// Puts the pairs into the arena, and the bytes of the buffers behind them, in order.
void DescribedCall::stageBuffers(Index i) {
  auto& what = param(i);
  auto pairs = *carried[i].place;
  auto size = code.local(Type::i32), at = code.local(Type::i32), from = code.local(Type::i32),
       staged = code.local(Type::i32), length = code.local(Type::i32);
  measure(what, client, i, size);
  push(pairs, 0, code.get(size));
  code.set(at, code.number(0));
  code.loopWhile(
    [&]() { return code.binary(LtUInt32, code.get(at), code.get(size)); },
    [&]() {
      code.set(from, code.plus(code.get(i), code.get(at)));
      code.set(length, code.load(client, code.get(from), 4));
      push(staged, 0, code.get(length));
      code.add(code.copy(provider, code.get(staged), client, code.load(client, code.get(from)), code.get(length)));
      auto entry = [&]() { return code.plus(code.get(pairs), code.get(at)); };
      code.add(code.store(provider, entry(), code.get(staged)));
      code.add(code.store(provider, entry(), code.get(length), 4));
      code.set(at, code.plus(code.get(at), code.number(pairBytes)));
    });
  carried[i].bytes = size;
}

Expression* DescribedCall::operand(Index i) {
  auto& carry = carried[i];
  if (!carry.place) {
    return code.get(i);
  }
  return param(i).isPacked() ? packed(code, param(i), code.get(*carry.place), code.get(*carry.bytes))
                             : code.get(*carry.place);
}

Expression* DescribedCall::allocation(const AddressSpace& space, const Allocator& allocator, Index bytes) {
  if (allocator.kind == Allocator::Kind::Constant) {
    return code.number(allocator.constant);
  }
  if (allocator.kind == Allocator::Kind::Size) {
    return code.get(bytes);
  }
  std::vector<Expression*> operands;
  operands.reserve(allocator.operands.size());
  for (auto& operand : allocator.operands) {
    operands.push_back(allocation(space, operand, bytes));
  }
  return code.call(exported(space, allocator.function), operands);
}

void DescribedCall::allocate(const AddressSpace& space, const Allocator& allocator, Index bytes, Index to) {
  code.set(to, allocation(space, allocator, bytes));
  // An allocator may return 0 for zero bytes.
  auto* failed = code.binary(
    AndInt32, builder.makeUnary(EqZInt32, code.get(to)), code.binary(NeInt32, code.get(bytes), code.number(0)));
  code.add(code.ifThen(failed, code.trap("malloc_failed")));
}

void DescribedCall::carryBack(Index i) {
  auto& what = param(i);
  auto& carry = carried[i];
  auto bring = [&](Index bytes, uint32_t offset) {
    auto from = code.local(Type::i32), to = code.local(Type::i32);
    code.set(from, code.load(provider, code.get(*carry.place), offset));
    this->bring(what, from, bytes, to);
    code.add(code.store(client, code.get(i), code.get(to), offset));
  };
  if (what.kind == ParamKind::ScatterTo) {
    buffersBack(i);
  } else if (what.kind == ParamKind::Out || what.kind == ParamKind::InOut) {
    auto* back = code.copy(client, code.get(i), provider, code.get(*carry.place), code.get(*carry.bytes));
    code.add(mayBeZero(what) ? back : code.ifThen(code.get(i), back));
  } else if (what.kind == ParamKind::OutPointer) {
    code.add(orNull(i, [&]() { bring(*carry.bytes, 0); }));
  } else if (what.kind == ParamKind::OutPair) {
    code.add(orNull(i, [&]() {
      code.set(*carry.bytes, code.load(provider, code.get(*carry.place), lengthOffset(what)));
      bring(*carry.bytes, addressOffset(what));
      code.add(code.store(client, code.get(i), code.get(*carry.bytes), lengthOffset(what)));
    }));
  }
}

void DescribedCall::buffersBack(Index i) {
  auto pairs = *carried[i].place, size = *carried[i].bytes;
  auto at = code.local(Type::i32), to = code.local(Type::i32);
  code.set(at, code.number(0));
  code.loopWhile(
    [&]() { return code.binary(LtUInt32, code.get(at), code.get(size)); },
    [&]() {
      code.set(to, code.plus(code.get(i), code.get(at)));
      auto* from = code.load(provider, code.plus(code.get(pairs), code.get(at)));
      code.add(code.copy(client, code.load(client, code.get(to)), provider, from, code.load(client, code.get(to), 4)));
      code.set(at, code.plus(code.get(at), code.number(pairBytes)));
    });
}

void DescribedCall::bring(const Param& param, Index from, Index bytes, Index to) {
  code.set(to, code.number(0));
  code.add(orNull(from, [&]() {
    if (param.kind != ParamKind::OutPair && !param.isPacked()) {
      measure(param, provider, from, bytes);
    }
    auto* copied = code.block([&]() {
      allocate(client, description.allocator(), bytes, to);
      checkHead(param, client, to, provider, from);
      code.add(code.copy(client, code.get(to), provider, code.get(from), code.get(bytes)));
    });
    code.add(param.flagged ? code.ifThen(code.get(bytes), copied) : copied);
    auto& free = description.texts().serviceFree;
    if (!free.empty()) {
      // A service that answers with bytes of the request has not allocated them.
      code.add(code.ifThen(code.isOutsideArena(provider, code.get(from)),
                           code.call(exported(provider, free), {code.get(from)})));
    }
  }));
}

Expression* DescribedCall::resultOf(Index result) {
  auto& what = description.result();
  if (what.kind == ParamKind::Number) {
    return code.get(result);
  }
  if (what.kind == ParamKind::Inside || what.kind == ParamKind::PackedInside) {
    return insideOf(what, result);
  }
  auto from = code.local(Type::i32), bytes = code.local(Type::i32), to = code.local(Type::i32);
  if (what.isPacked()) {
    code.set(from, addressOf(code, what, result));
    code.set(bytes, lengthOf(code, what, result));
  } else {
    code.set(from, code.get(result));
  }
  bring(what, from, bytes, to);
  return what.isPacked() ? withFlagOf(code, what, result, packed(code, what, code.get(to), code.get(bytes)))
                         : code.get(to);
}

Expression* DescribedCall::insideOf(const Param& what, Index result) {
  auto& carry = carried[what.count];
  auto at = code.local(Type::i32), bytes = code.local(Type::i32);
  code.set(at, what.isPacked() ? addressOf(code, what, result) : code.get(result));
  code.set(bytes, what.isPacked() ? lengthOf(code, what, result) : code.number(0));
  code.add(orNull(at, [&]() {
    code.set(at, code.minus(code.get(at), code.get(*carry.place)));
    auto beyond = [&](Index local, Expression* limit) { return code.binary(GtUInt32, code.get(local), limit); };
    auto* outside = code.binary(
      OrInt32, beyond(at, code.get(*carry.bytes)), beyond(bytes, code.minus(code.get(*carry.bytes), code.get(at))));
    code.add(code.ifThen(outside, code.trap("result_lies_outside")));
    code.set(at, code.plus(code.get(at), code.get(what.count)));
  }));
  return what.isPacked() ? packed(code, what, code.get(at), code.get(bytes)) : code.get(at);
}

} // namespace parigot
