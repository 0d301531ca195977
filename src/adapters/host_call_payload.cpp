// The record of a call of parigot's first generation, at which a Go stack pointer leads the host:
//
//   sp + 8  -> record: i64 InPtr, InLen, OutPtr, OutLen, the error's high and low half
//
// Source: parigot's apiimpl/splitutil/splitutil.go:25-33 and 161-204, 244-272, of April 2023 (commit 80a40219). There,
// two more fields follow, for an error's text; no code writes or reads them.
//
// The host gets a stack pointer and a record in the arena, with addresses of the host. The length and the error that
// the host writes into that record are copied back. Go's addresses and lengths have 32 bits: the adapter sets the upper
// halves to 0, so that the host uses the values that were checked.

#include "adapters/host_call.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint32_t stackBytes = 16, recordOnStack = 8;
constexpr uint32_t recordBytes = 48, unusedBytes = 16;
constexpr uint32_t inField = 0, outField = 16, lengthOf = 8; // an address, and behind it the number of bytes
constexpr uint32_t writtenFields[] = {24, 32, 40};           // OutLen, the error

} // namespace

void HostCall::preparePayload(Index i) {
  auto& carry = carried[i];
  bool asks = view.staged() || view.checked;
  auto record = code.local(Type::i32);
  carry.payload = Payload{record,
                          code.local(Type::i32),
                          code.local(Type::i32),
                          code.local(Type::i32),
                          code.local(Type::i32),
                          code.local(Type::i32)};
  if (asks) {
    startCarrying(i, code.number64(stackBytes));
  } else {
    carry.address = code.local(Type::i32);
  }
  auto* reach = code.block([&]() {
    code.set(record, code.load(view.service, code.get(i), recordOnStack));
    auto* make = code.block([&]() { makePayload(i); });
    if (asks) {
      code.set(*carry.inside, inside(code.get(record), code.number64(recordBytes)));
    }
    code.add(asks ? code.ifThen(code.get(*carry.inside), make) : make);
  });
  code.add(asks ? code.ifThen(code.get(*carry.inside), reach) : reach);
}

void HostCall::makePayload(Index i) {
  auto& carry = carried[i];
  auto& payload = *carry.payload;
  auto stack = code.local(Type::i32);
  auto store = [&](Index at, uint32_t offset, Expression* value) {
    code.add(builder.makeStore(8, offset, 1, code.get(at), value, Type::i64, view.host.memory));
  };
  code.push(view.host, stack, stackBytes + recordBytes + unusedBytes);
  code.set(payload.place, code.plus(code.get(stack), code.number(stackBytes)));
  copy(view.host, stack, view.service, i, stackBytes, {});
  copy(view.host, payload.place, view.service, payload.record, recordBytes, {});
  for (uint32_t unused = 0; unused < unusedBytes; unused += 8) {
    store(payload.place, recordBytes + unused, code.number64(0));
  }
  store(stack, recordOnStack, wide(moved(code.get(payload.place))));
  for (uint32_t field : {inField, outField}) {
    auto address = field == outField ? payload.out : code.local(Type::i32);
    auto bytes = field == outField ? payload.outBytes : code.local(Type::i32);
    auto place = field == outField ? payload.outPlace : code.local(Type::i32);
    code.set(address, code.load(view.service, code.get(payload.record), field));
    code.set(bytes, code.load(view.service, code.get(payload.record), field + lengthOf));
    if (view.staged()) {
      auto has = field == outField ? payload.outInside : code.local(Type::i32);
      code.set(has, inside(code.get(address), wide(code.get(bytes))));
      code.set(place, outOfBoundsAddress(code.get(address)));
      code.add(code.ifThen(code.get(has), code.block([&]() {
        code.push(view.host, place, 0, code.get(bytes));
        copy(view.host, place, view.service, address, 0, bytes);
      })));
    } else {
      code.set(place, translated([&]() { return code.get(address); }, wide(code.get(bytes))));
    }
    store(payload.place, field, wide(code.get(place)));
    store(payload.place, field + lengthOf, wide(code.get(bytes)));
  }
  code.set(*carry.address, moved(code.get(stack)));
}

void HostCall::payloadBack(Index i) {
  auto& payload = *carried[i].payload;
  if (view.staged()) {
    code.add(code.ifThen(code.get(payload.outInside), code.block([&]() {
      copy(view.service, payload.out, view.host, payload.outPlace, 0, payload.outBytes);
    })));
  }
  for (uint32_t field : writtenFields) {
    auto* written = builder.makeLoad(8, false, field, 1, code.get(payload.place), Type::i64, view.host.memory);
    code.add(builder.makeStore(8, field, 1, code.get(payload.record), written, Type::i64, view.service.memory));
  }
}

} // namespace parigot
