#include "abi/host_adapter.h"

#include <optional>

#include "memory/bounds.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint32_t pairBytes = 8; // an iovec: address, length
// Addresses from here up are in no memory: those of single and multi layouts
// end a page below 4 GiB at the latest, and services' memories too.
constexpr uint32_t nowhere = uint32_t(-8);
constexpr uint32_t alignmentMask = 7; // the largest alignment of anything in WASI, less 1
// Up to here loads and stores are cheaper than memory.copy.
constexpr uint32_t mostInlineBytes = 64;

// (ptr i32, bytes i64) -> i32: whether the service has these bytes.
Name insideFunction(Module& module, const AddressSpace& service) {
  Name name = scopedName(service.service, "parigot.inside");
  if (module.getFunctionOrNull(name)) {
    return name;
  }
  Code code(module, name, Signature({Type::i32, Type::i64}, Type::i32));
  constexpr Index ptr = 0, bytes = 1;
  auto& builder = code.builder;
  auto wide = [&](Expression* value) { return builder.makeUnary(ExtendUInt32, value); };
  auto* size = code.binary(ShlInt64, wide(builder.makeMemorySize(service.memory)), code.number64(16));
  code.add(makeIsInside(
    module,
    service.region,
    service.arena,
    [&]() { return code.get(ptr); },
    [&]() { return code.binary(AddInt64, wide(code.get(ptr)), code.get(bytes)); },
    size));
  code.finish();
  return name;
}

// Generates the body of one adapter: prepares the operands in the order of the
// parameters, calls, carries back, releases.
class HostCall {
public:
  // `mayDoLess`: the host may be asked to read or write less than the service
  // asked for, which is every WASI function's right.
  HostCall(Code& code, const HostView& view, std::span<const HostParam> params, bool mayDoLess)
    : code(code), builder(code.builder), view(view), params(params), mayDoLess(mayDoLess), carried(params.size()) {}

  // Returns the local with the host's result, if it has one.
  std::optional<Index> build(Name host) {
    bool pushes = view.staged();
    for (auto& param : params) {
      pushes |= param.isArrayOfBuffers();
    }
    std::optional<Index> mark;
    if (pushes) {
      mark = code.local(Type::i32);
      code.set(*mark, builder.makeGlobalGet(view.host.arena, Type::i32));
    }
    std::vector<Expression*> operands;
    for (Index i = 0; i < params.size(); i++) {
      prepare(i);
    }
    for (Index i = 0; i < params.size(); i++) {
      operands.push_back(operand(i));
    }
    auto* call = code.call(host, operands);
    std::optional<Index> result;
    if (call->type.isConcrete()) {
      result = code.local(call->type);
      code.set(*result, call);
    } else {
      code.add(call);
    }
    if (view.staged()) {
      for (Index i = 0; i < params.size(); i++) {
        carryBack(i, result);
      }
    }
    if (mark) {
      code.release(view.host, *mark);
    }
    return result;
  }

  // What the host got for an address, behind the call.
  Expression* hostAddress(Index param) {
    return carried[param].address ? code.get(*carried[param].address) : moved(code.get(param));
  }

private:
  Code& code;
  Builder& builder;
  const HostView& view;
  std::span<const HostParam> params;
  bool mayDoLess;

  // What is known of a parameter that is an address, as locals.
  struct Carried {
    std::optional<Index> address; // the host's
    std::optional<Index> inside;  // whether the service has the range; else nothing was carried
    std::optional<Index> bytes;   // unless the number is fixed
    // Of arrays of buffers:
    std::optional<Index> count;  // how many pairs the host is given
    std::optional<Index> guests; // their addresses as the service has them
  };
  std::vector<Carried> carried;

  Expression* wide(Expression* value) { return builder.makeUnary(ExtendUInt32, value); }

  // The bytes at parameter `i`, as an i64.
  Expression* sizeOf(Index i) {
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

  Expression* inside(Expression* address, Expression* bytes) {
    return code.call(insideFunction(code.module, view.service), {address, bytes});
  }

  Expression* misalignment(Expression* address) { return code.binary(AndInt32, address, code.number(alignmentMask)); }

  Expression* elsewhere(Expression* address) {
    return code.binary(OrInt32, misalignment(address), code.number(nowhere));
  }

  // The place at `mark`, as well or badly aligned as the service's address.
  Expression* alignedAs(Index address, Index mark) {
    return code.binary(OrInt32, code.get(mark), misalignment(code.get(address)));
  }

  Expression* moved(Expression* address) {
    return view.base() ? code.plus(address, code.number(view.base())) : address;
  }

  // The host's form of an address whose bytes stay where they are.
  Expression* translated(const std::function<Expression*()>& address, Expression* bytes) {
    if (!view.checked) {
      return moved(address());
    }
    return builder.makeSelect(inside(address(), bytes), moved(address()), elsewhere(address()));
  }

  Expression* operand(Index i) {
    if (carried[i].address) {
      return code.get(*carried[i].address);
    }
    if (!params[i].isAddress()) {
      return code.get(i);
    }
    return translated([&]() { return code.get(i); }, sizeOf(i));
  }

  // Whatever has to happen before the call so that operand() is right.
  void prepare(Index i) {
    auto& param = params[i];
    if (!param.isAddress()) {
      return;
    }
    if (param.kind == HostParamKind::String && (view.staged() || view.checked)) {
      measureString(i);
    }
    if (param.isArrayOfBuffers()) {
      preparePairs(i);
    } else if (view.staged()) {
      stage(i);
    } else if (view.checked) {
      carried[i].address = code.local(Type::i32);
      code.set(*carried[i].address, translated([&]() { return code.get(i); }, sizeOf(i)));
    }
  }

  // Sets the bytes of a string: up to and with its zero byte, or to the end of
  // what the service has and one more, so that it is found not to be inside.
  void measureString(Index i) {
    auto bytes = code.local(Type::i32);
    carried[i].bytes = bytes;
    auto more = code.local(Type::i32);
    code.set(more, code.number(1));
    auto at = [&]() { return code.plus(code.get(i), code.get(bytes)); };
    code.loopWhile([&]() { return code.get(more); },
                   [&]() {
                     auto* end = code.block([&]() { code.set(more, code.number(0)); });
                     auto* look = code.block([&]() {
                       code.set(more, builder.makeLoad(1, false, 0, 1, at(), Type::i32, view.service.memory));
                     });
                     code.add(builder.makeIf(
                       inside(code.get(i), code.binary(AddInt64, wide(code.get(bytes)), code.number64(1))), look, end));
                     code.set(bytes, code.plus(code.get(bytes), code.number(1)));
                   });
  }

  bool tellsWhatItWrote(const HostParam& param) { return param.written >= 0; }

  // Sets the carried address to one that no memory has, until it is known
  // better, and `inside`.
  void startCarrying(Index i, Expression* bytes) {
    auto& carry = carried[i];
    carry.address = code.local(Type::i32);
    carry.inside = code.local(Type::i32);
    code.set(*carry.address, elsewhere(code.get(i)));
    code.set(*carry.inside, inside(code.get(i), bytes));
  }

  // Gives the bytes of parameter `i` a place in the host's memory.
  void stage(Index i) {
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
        code.push(view.host, mark, alignmentMask + 1, code.get(*carry.bytes));
      } else {
        code.push(view.host, mark, alignmentMask + 1 + param.fixed);
      }
      code.set(*carry.address, alignedAs(i, mark));
      copy(view.host, *carry.address, view.service, i, param.fixed, carry.bytes);
    })));
  }

  // Copies `fixed` bytes, or as many as a local says.
  void copy(const AddressSpace& to,
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

  // Makes the host's form of an array of (address, length) pairs in the arena.
  void preparePairs(Index i) {
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
      // Behind the pairs, when they are staged, the service's own addresses.
      auto each = pairBytes + (view.staged() ? 4 : 0);
      code.push(view.host, mark, alignmentMask + 1, code.binary(MulInt32, code.get(count), code.number(each)));
      auto place = code.local(Type::i32);
      code.set(place, alignedAs(i, mark));
      if (view.staged()) {
        carry.guests = code.local(Type::i32);
        code.set(*carry.guests, code.plus(code.get(place), times(count, pairBytes)));
        stagePairs(i, place);
      } else {
        translatePairs(i, place);
      }
      code.set(*carry.address, view.staged() ? code.get(place) : moved(code.get(place)));
    });
    code.add(asks ? code.ifThen(code.get(*carry.inside), make) : make);
  }

  Expression* times(Index local, uint32_t factor) {
    return code.binary(MulInt32, code.get(local), code.number(factor));
  }

  // Lowers the count to what half of the arena's rest holds: half a million with
  // the default one.
  void limitCount(Index count) {
    auto room = [&]() { return code.binary(ShrUInt32, code.room(view.host), code.number(5)); };
    code.add(code.ifThen(code.binary(GtUInt32, code.get(count), room()), builder.makeLocalSet(count, room())));
  }

  void translatePairs(Index i, Index place) {
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
        code.add(code.store(view.service,
                            code.get(to),
                            translated([&]() { return code.get(address); }, view.checked ? wide(length()) : nullptr)));
        code.add(code.store(view.service, code.get(to), length(), 4));
        code.set(at, code.plus(code.get(at), code.number(pairBytes)));
      });
  }

  // The same, with a place in the host's arena for the bytes of each.
  void stagePairs(Index i, Index place) {
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
        code.set(staged, elsewhere(code.get(address)));
        code.add(code.ifThen(inside(code.get(address), wide(code.get(length))), code.block([&]() {
          if (mayDoLess) {
            takeWhatFits(taken, count, at);
          }
          code.push(view.host, staged, 0, code.get(taken));
          if (param.kind == HostParamKind::GatherFrom || !tellsWhatItWrote(param)) {
            code.add(code.copy(view.host, code.get(staged), view.service, code.get(address), code.get(taken)));
          }
        })));
        auto entry = [&]() { return code.plus(code.get(place), times(at, pairBytes)); };
        code.add(code.store(view.host, entry(), code.get(staged)));
        code.add(code.store(view.host, entry(), code.get(taken), 4));
        code.add(code.store(view.host, code.plus(code.get(*carried[i].guests), times(at, 4)), code.get(address)));
        code.set(at, code.plus(code.get(at), code.number(1)));
      });
  }

  // Where a buffer does not fit what is left of the arena, it is cut, and is the
  // last one. A kibibyte is left for what the other parameters need.
  void takeWhatFits(Index taken, Index count, Index at) {
    constexpr uint32_t kept = 1024;
    auto room = code.local(Type::i32);
    code.set(room, code.minus(code.room(view.host), code.number(kept)));
    // None at all would look like the end of a file.
    code.add(code.ifThen(builder.makeUnary(EqZInt32, code.binary(OrInt32, code.get(room), code.get(at))),
                         code.trap("arena_exhausted")));
    code.add(code.ifThen(code.binary(GtUInt32, code.get(taken), code.get(room)), code.block([&]() {
      code.set(taken, code.get(room));
      code.set(count, code.plus(code.get(at), code.number(1)));
    })));
  }

  // Brings what the host wrote into the service's memory.
  void carryBack(Index i, std::optional<Index> result) {
    auto& param = params[i];
    auto& carry = carried[i];
    bool writes =
      param.kind == HostParamKind::Out || param.kind == HostParamKind::InOut || param.kind == HostParamKind::ScatterTo;
    if (!writes) {
      return;
    }
    Expression* condition = code.get(*carry.inside);
    if (tellsWhatItWrote(param)) {
      condition = code.binary(AndInt32, condition, code.get(*carried[param.written].inside));
      condition = code.binary(AndInt32, condition, builder.makeUnary(EqZInt32, code.get(*result)));
    }
    code.add(code.ifThen(condition, code.block([&]() {
      if (param.isArrayOfBuffers()) {
        scatterBack(i);
      } else {
        copy(view.service, i, view.host, *carry.address, param.fixed, carry.bytes);
      }
    })));
  }

  // Sets a local to another one if that is less.
  void lower(Index value, Index limit) {
    code.add(code.ifThen(code.binary(GtUInt32, code.get(value), code.get(limit)),
                         builder.makeLocalSet(value, code.get(limit))));
  }

  void scatterBack(Index i) {
    auto& carry = carried[i];
    std::optional<Index> left; // how much of what the host wrote is still to be carried
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
};

// args_get and environ_get: the host fills an array with addresses of its own;
// how many there are only the sizes function tells.
void buildStringPointers(Code& code, const HostView& view, Name host, Name hostSizes) {
  constexpr Index array = 0;
  assert(!view.staged());
  auto& service = view.service;
  auto& builder = code.builder;
  auto mark = code.local(Type::i32);
  auto error = code.local(Type::i32);
  auto count = code.local(Type::i32);
  auto bytes = code.local(Type::i32);
  auto end = code.local(Type::i32);
  auto base = [&]() { return code.number(view.base()); };
  auto returnIfError = [&]() { code.add(code.ifThen(code.get(error), builder.makeReturn(code.get(error)))); };
  code.push(service, mark, 16);
  code.set(
    error,
    code.call(hostSizes, {code.plus(code.get(mark), base()), code.plus(code.get(mark), code.number(view.base() + 4))}));
  code.set(count, code.load(service, code.get(mark)));
  code.set(bytes, code.load(service, code.get(mark), 4));
  code.release(service, mark);
  returnIfError();
  // With addresses checked, those of the array and of the buffer are.
  HostParam pointers{HostParamKind::Out, 0, 4, int8_t(count)}, strings{HostParamKind::Out, 0, 1, int8_t(bytes)};
  HostParam params[] = {pointers, strings};
  code.set(error, code.get(*HostCall(code, view, params, true).build(host)));
  returnIfError();
  code.set(end, code.plus(code.get(array), code.binary(MulInt32, code.get(count), code.number(4))));
  code.loopWhile([&]() { return code.binary(NeInt32, code.get(array), code.get(end)); },
                 [&]() {
                   code.add(
                     code.store(service, code.get(array), code.minus(code.load(service, code.get(array)), base())));
                   code.set(array, code.plus(code.get(array), code.number(4)));
                 });
  code.add(code.number(0));
}

// random_get of a staged service: as much at a time as fits the arena, which
// may be less than the service asked for.
void buildRandomGet(Code& code, const HostView& view, Name host) {
  constexpr Index buffer = 0, bytes = 1;
  auto& builder = code.builder;
  auto mark = code.local(Type::i32);
  auto taken = code.local(Type::i32);
  auto error = code.local(Type::i32);
  auto nothing =
    code.builder.makeUnary(EqZInt32,
                           code.call(insideFunction(code.module, view.service),
                                     {code.get(buffer), builder.makeUnary(ExtendUInt32, code.get(bytes))}));
  code.add(code.ifThen(nothing, builder.makeReturn(code.call(host, {code.number(nowhere), code.get(bytes)}))));
  code.loopWhile(
    [&]() { return builder.makeUnary(EqZInt32, code.get(error)); },
    [&]() {
      code.set(taken, code.get(bytes));
      code.set(mark, code.room(view.host));
      code.add(code.ifThen(code.binary(GtUInt32, code.get(taken), code.get(mark)),
                           builder.makeLocalSet(taken, code.get(mark))));
      code.push(view.host, mark, 0, code.get(taken));
      code.set(error, code.call(host, {code.get(mark), code.get(taken)}));
      auto* carry = code.block(
        [&]() { code.add(code.copy(view.service, code.get(buffer), view.host, code.get(mark), code.get(taken))); });
      code.add(code.ifThen(builder.makeUnary(EqZInt32, code.get(error)), carry));
      code.release(view.host, mark);
      code.set(buffer, code.plus(code.get(buffer), code.get(taken)));
      code.set(bytes, code.minus(code.get(bytes), code.get(taken)));
      code.add(code.ifThen(builder.makeUnary(EqZInt32, code.get(bytes)), builder.makeReturn(code.get(error))));
    });
  code.add(code.get(error));
}

} // namespace

void buildWasiAdapter(Code& code, const HostView& view, const WasiFunction& function, Name host, Name hostSizes) {
  auto params = function.parameters();
  if (params[0].kind == HostParamKind::StringPointers) {
    buildStringPointers(code, view, host, hostSizes);
  } else if (view.staged() && function.name == "random_get") {
    buildRandomGet(code, view, host);
  } else if (auto result = HostCall(code, view, params, true).build(host)) {
    code.add(code.get(*result));
  }
  code.finish();
}

void buildDeclaredAdapter(Code& code, const HostView& view, std::span<const HostParam> params, Name host) {
  if (auto result = HostCall(code, view, params, false).build(host)) {
    code.add(code.get(*result));
  }
  code.finish();
}

void buildParigotHostAdapter(Code& code, const HostView& view, Name host, uint32_t capacity) {
  constexpr Index request = 1, reply = 2;
  constexpr HostParam requestBytes;
  HostParam params[] = {
    requestBytes, {HostParamKind::In, 0, 1, 0}, {HostParamKind::InOut, capacity}, {HostParamKind::InOut, 4}};
  static_assert(request == 1);
  HostCall call(code, view, params, false);
  auto result = *call.build(host);
  // len<<32 | ptr, where ptr is in the reply buffer as the host sees it; after
  // an error it is all zero.
  code.add(code.ifThen(code.builder.makeUnary(EqZInt64, code.get(result)), code.builder.makeReturn(code.number64(0))));
  auto* offset = code.minus(code.builder.makeUnary(WrapInt64, code.get(result)), call.hostAddress(reply));
  code.add(code.binary(OrInt64,
                       code.binary(AndInt64, code.get(result), code.number64(~0ull << 32)),
                       code.builder.makeUnary(ExtendUInt32, code.plus(code.get(reply), offset))));
  code.finish();
}

} // namespace parigot
