// Arrays of buffers: (address, length) pairs, whose addresses the adapter translates
// to addresses of the host.

#include "adapters/host_call.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint32_t pairBytes = 8; // an iovec: address, length

} // namespace

void HostCall::preparePairs(Index i) {
  auto& param = params[i];
  auto& carry = carried[i];
  auto count = code.local(Type::i32);
  carry.count = count;
  code.set(count, code.get(param.count));
  bool asks = view.staged() || view.checked;
  if (asks) {
    startCarrying(i, sizeOf(i));
  } else {
    carry.address = code.local(Type::i32);
  }
  auto* make = code.block([&]() {
    if (mayDoLess) {
      limitCount(count);
    }
    auto mark = code.local(Type::i32);
    // If bytes are staged, the service's addresses follow the pairs.
    auto each = pairBytes + (view.staged() ? 4 : 0);
    code.push(buffers(), mark, alignmentMask + 1, code.binary(MulInt32, code.get(count), code.number(each)));
    auto place = code.local(Type::i32);
    code.set(place, alignedAs(i, mark));
    if (view.staged()) {
      carry.guests = code.local(Type::i32);
      code.set(*carry.guests, code.plus(code.get(place), times(count, pairBytes)));
      stagePairs(i, place);
    } else {
      translatePairs(i, place);
    }
    bool isElsewhere = &buffers() != &view.host;
    code.set(*carry.address,
             view.staged() ? code.get(place)
             : isElsewhere ? code.plus(code.get(place), code.number(buffers().region.base))
                           : moved(code.get(place)));
  });
  code.add(asks ? code.ifThen(code.get(*carry.inside), make) : make);
}

Expression* HostCall::times(Index local, uint32_t factor) {
  return code.binary(MulInt32, code.get(local), code.number(factor));
}

void HostCall::limitCount(Index count) {
  auto room = [&]() { return code.binary(ShrUInt32, code.room(buffers()), code.number(5)); };
  code.add(code.ifThen(code.binary(GtUInt32, code.get(count), room()), builder.makeLocalSet(count, room())));
}

void HostCall::translatePairs(Index i, Index place) {
  auto at = code.local(Type::i32);
  auto end = code.local(Type::i32);
  auto from = code.local(Type::i32);
  auto to = code.local(Type::i32);
  auto address = code.local(Type::i32);
  code.set(end, times(*carried[i].count, pairBytes));
  code.set(at, code.number(0));
  code.loopWhile(
    [&]() { return code.binary(NeInt32, code.get(at), code.get(end)); },
    [&]() {
      code.set(from, code.plus(code.get(i), code.get(at)));
      code.set(to, code.plus(code.get(place), code.get(at)));
      code.set(address, code.load(view.service, code.get(from)));
      auto length = [&]() { return code.load(view.service, code.get(from), 4); };
      code.add(code.store(buffers(),
                          code.get(to),
                          translated([&]() { return code.get(address); }, view.checked ? wide(length()) : nullptr)));
      code.add(code.store(buffers(), code.get(to), length(), 4));
      code.set(at, code.plus(code.get(at), code.number(pairBytes)));
    });
}

void HostCall::stagePairs(Index i, Index place) {
  auto& param = params[i];
  auto at = code.local(Type::i32);
  auto from = code.local(Type::i32);
  auto address = code.local(Type::i32);
  auto length = code.local(Type::i32);
  auto staged = code.local(Type::i32);
  auto taken = code.local(Type::i32);
  auto count = *carried[i].count;
  code.set(at, code.number(0));
  code.loopWhile(
    [&]() { return code.binary(LtUInt32, code.get(at), code.get(count)); },
    [&]() {
      code.set(from, code.plus(code.get(i), times(at, pairBytes)));
      code.set(address, code.load(view.service, code.get(from)));
      code.set(length, code.load(view.service, code.get(from), 4));
      code.set(taken, code.get(length));
      code.set(staged, outOfBoundsAddress(code.get(address)));
      auto* copyBytes = code.block([&]() {
        if (mayDoLess) {
          takeWhatFits(taken, count, at);
        }
        code.push(view.host, staged, 0, code.get(taken));
        if (param.kind == ParamKind::GatherFrom || !tellsWhatItWrote(param)) {
          code.add(code.copy(view.host, code.get(staged), view.service, code.get(address), code.get(taken)));
        }
      });
      auto* isInside = inside(code.get(address), wide(code.get(length)));
      code.add(view.isService ? builder.makeIf(isInside, copyBytes, faultOfService())
                              : code.ifThen(isInside, copyBytes));
      auto entry = [&]() { return code.plus(code.get(place), times(at, pairBytes)); };
      code.add(code.store(view.host, entry(), code.get(staged)));
      code.add(code.store(view.host, entry(), code.get(taken), 4));
      code.add(code.store(view.host, code.plus(code.get(*carried[i].guests), times(at, 4)), code.get(address)));
      code.set(at, code.plus(code.get(at), code.number(1)));
    });
}

void HostCall::takeWhatFits(Index taken, Index count, Index at) {
  auto room = code.local(Type::i32);
  code.set(room, code.minus(code.room(view.host), code.number(keptBytes)));
  // A call with no bytes at all would look like the end of a file, so this traps.
  code.add(code.ifThen(builder.makeUnary(EqZInt32, code.binary(OrInt32, code.get(room), code.get(at))),
                       code.trap("arena_exhausted")));
  code.add(code.ifThen(code.binary(GtUInt32, code.get(taken), code.get(room)), code.block([&]() {
    code.set(taken, code.get(room));
    code.set(count, code.plus(code.get(at), code.number(1)));
  })));
}

void HostCall::lower(Index value, Index limit) {
  code.add(
    code.ifThen(code.binary(GtUInt32, code.get(value), code.get(limit)), builder.makeLocalSet(value, code.get(limit))));
}

void HostCall::scatterBack(Index i) {
  auto& carry = carried[i];
  std::optional<Index> left; // how many bytes that the host wrote remain to be copied
  if (tellsWhatItWrote(params[i])) {
    left = code.local(Type::i32);
    code.set(*left, code.load(view.host, code.get(*carried[params[i].written].address)));
  }
  auto at = code.local(Type::i32);
  auto entry = code.local(Type::i32);
  auto bytes = code.local(Type::i32);
  code.set(at, code.number(0));
  code.loopWhile([&]() { return code.binary(LtUInt32, code.get(at), code.get(*carry.count)); },
                 [&]() {
                   code.set(entry, code.plus(code.get(*carry.address), times(at, pairBytes)));
                   code.set(bytes, code.load(view.host, code.get(entry), 4));
                   if (left) {
                     lower(bytes, *left);
                     code.set(*left, code.minus(code.get(*left), code.get(bytes)));
                   }
                   auto from = [&]() { return code.load(view.host, code.get(entry)); };
                   auto* to = code.load(view.host, code.plus(code.get(*carry.guests), times(at, 4)));
                   auto* has = code.binary(AndInt32,
                                           code.binary(LtUInt32, from(), code.number(nowhere)),
                                           code.binary(NeInt32, code.get(bytes), code.number(0)));
                   code.add(code.ifThen(has, code.copy(view.service, to, view.host, from(), code.get(bytes))));
                   code.set(at, code.plus(code.get(at), code.number(1)));
                 });
}

} // namespace parigot
