#include "adapters/call_adapter.h"

#include "abi/wasi.h"
#include "adapters/described_call.h"
#include "adapters/host_adapter.h"
#include "ir/imports_and_exports.h"

namespace parigot {

using namespace wasm;

namespace {

// The client's address as the provider's, for a call that copies no request. PlaceMemories adds the provider's base to
// it wherever the provider uses it, modulo 2^32, and the sum is the place of the client's byte. The address lies
// outside of the provider's own memory, so its allocator never gives it.
Expression* lent(AdapterBuilder& code, const AddressSpace& client, const AddressSpace& provider, Expression* address) {
  return code.plus(address, code.number(uint32_t(client.region.base - provider.region.base)));
}

// (req_len, req_ptr, out_ptr, err_ptr) -> len<<32 | ptr
//
// The callee's arena holds the error (16 bytes, 4 used), the reply buffer and the
// request. If they do not fit, the error is DataTooLarge, as in parigot, where
// each side has a buffer of limited size (api/proto/syscall/v1/syscall.proto:43-46).
// A request that is not copied takes no room. Of all this, the request alone has
// bytes of another service, which are cleared when the call ends. Where the callee
// is a module of parigot-opt, its reply is where it was asked for, so that all
// addresses in the callee's memory are the adapter's own.
void buildParigotAdapter(
  AdapterBuilder& code, const AddressSpace& client, const AddressSpace& provider, const WorldCall& call, Name target) {
  constexpr Index requestBytes = 0, request = 1, reply = 2, error = 3;
  constexpr uint32_t errorBytes = 16;
  constexpr uint32_t dataTooLarge = 6;
  uint32_t replyBytes = (call.capacity + 15) / 16 * 16;
  auto mark = code.local(Type::i32);
  auto result = code.local(Type::i64);
  auto bytes = code.local(Type::i32);

  auto* variable = call.copy ? code.get(requestBytes) : nullptr;
  code.push(provider, mark, errorBytes + replyBytes, variable, [&]() {
    return code.block([&]() {
      code.add(code.store(client, code.get(error), code.number(dataTooLarge)));
      code.add(code.builder.makeReturn(code.number64(0)));
    });
  });
  auto calleeRequest = [&]() {
    return call.copy ? code.plus(code.get(mark), code.number(errorBytes + replyBytes))
                     : lent(code, client, provider, code.get(request));
  };
  if (call.copy) {
    code.add(code.copy(provider, calleeRequest(), client, code.get(request), code.get(requestBytes)));
  }
  auto release = [&]() {
    if (call.copy && provider.readable) {
      code.clear(provider, calleeRequest(), code.get(requestBytes));
    }
    code.releaseCleared(provider, mark);
  };
  auto calleeReply = [&]() { return code.plus(code.get(mark), code.number(errorBytes)); };
  code.add(code.store(provider, code.get(mark), code.number(0)));
  code.set(result, code.call(target, {code.get(requestBytes), calleeRequest(), calleeReply(), code.get(mark)}));
  code.add(code.store(client, code.get(error), code.load(provider, code.get(mark))));
  code.add(code.ifThen(code.load(provider, code.get(mark)), code.block([&]() {
    release();
    code.add(code.builder.makeReturn(code.number64(0)));
  })));
  code.set(bytes, code.builder.makeUnary(WrapInt64, code.binary(ShrUInt64, code.get(result), code.number64(32))));
  code.add(code.ifThen(code.binary(GtUInt32, code.get(bytes), code.number(call.capacity)),
                       code.trap("reply_exceeds_capacity")));
  auto* from = provider.added ? calleeReply() : code.builder.makeUnary(WrapInt64, code.get(result));
  code.add(code.copy(client, code.get(reply), provider, from, code.get(bytes)));
  release();
  code.add(code.binary(OrInt64,
                       code.binary(AndInt64, code.get(result), code.number64(~0ull << 32)),
                       code.builder.makeUnary(ExtendUInt32, code.get(reply))));
}

// (ptr, len) -> ptr<<32 | len; bit 31 of len says that the reply is an error
// text, which is carried like any other reply.
void buildBytesAdapter(
  AdapterBuilder& code, const AddressSpace& client, const AddressSpace& provider, const WorldCall& call, Name target) {
  constexpr Index request = 0, requestBytes = 1;
  auto mark = code.local(Type::i32);
  auto result = code.local(Type::i64);
  auto bytes = code.local(Type::i32);
  auto reply = code.local(Type::i32);
  auto copied = code.local(Type::i32);
  auto& module = code.module;
  auto exported = [&](const std::string& service, const char* name) {
    auto* function = exportedFunction(module, scopedName(service, name));
    return function ? function->name : Name();
  };

  if (call.copy) {
    code.push(provider, mark, 0, code.get(requestBytes));
    code.add(code.copy(provider, code.get(mark), client, code.get(request), code.get(requestBytes)));
  } else {
    code.set(mark, lent(code, client, provider, code.get(request)));
  }
  code.set(result, code.call(target, {code.get(mark), code.get(requestBytes)}));
  code.set(reply, code.builder.makeUnary(WrapInt64, code.binary(ShrUInt64, code.get(result), code.number64(32))));
  code.set(bytes, code.binary(AndInt32, code.builder.makeUnary(WrapInt64, code.get(result)), code.number(0x7fffffff)));
  // An empty reply needs no memory; its address is 0.
  auto* carry = code.builder.makeBlock();
  carry->list.push_back(
    code.builder.makeLocalSet(copied, code.call(exported(call.client, "malloc"), {code.get(bytes)})));
  carry->list.push_back(code.ifThen(code.builder.makeUnary(EqZInt32, code.get(copied)), code.trap("malloc_failed")));
  carry->list.push_back(code.copy(client, code.get(copied), provider, code.get(reply), code.get(bytes)));
  carry->finalize();
  code.add(code.ifThen(code.get(bytes), carry));
  if (call.copy) {
    code.release(provider, mark);
  }
  auto free = exported(call.service, "free");
  if (free.is() && module.getFunction(free)->getSig() == Signature(Type::i32, Type::none)) {
    // A service that answers with bytes of the request has not allocated them.
    auto* isElsewhere =
      call.copy ? code.isOutsideArena(provider, code.get(reply))
                : code.binary(GtUInt32, code.binary(SubInt32, code.get(reply), code.get(mark)), code.get(requestBytes));
    auto* isAllocated = code.binary(AndInt32, code.binary(NeInt32, code.get(reply), code.number(0)), isElsewhere);
    code.add(code.ifThen(isAllocated, code.call(free, {code.get(reply)})));
  }
  code.add(code.binary(OrInt64,
                       code.binary(ShlInt64, code.builder.makeUnary(ExtendUInt32, code.get(copied)), code.number64(32)),
                       code.binary(AndInt64, code.get(result), code.number64(0xffffffffull))));
}

// (to, from, bytes): a memory.copy. The target is not called; it only tells which memory is the provider's.
void buildCopy(AdapterBuilder& code, const AddressSpace& to, const AddressSpace& from) {
  constexpr Index toAddress = 0, fromAddress = 1, bytes = 2;
  code.add(code.copy(to, code.get(toAddress), from, code.get(fromAddress), code.get(bytes)));
}

// The provider's memory is what the client's host calls see, so their bytes are staged there. Adapters at this point
// are in the n-memory form, in which every address space begins at 0.
void buildWasiCall(AdapterBuilder& code,
                   const World& world,
                   AddressSpace client,
                   AddressSpace provider,
                   const WorldCall& call,
                   Name target) {
  auto* function = findWasiFunction(call.module, call.base);
  client.region.base = provider.region.base = 0;
  provider.hidden = {};
  HostView view{client, provider, world.isolates(), true};
  Name sizes;
  if (function->params[0].kind == ParamKind::StringPointers) {
    auto name = sizesExport(call.export_);
    sizes = exportedFunction(code.module, scopedName(call.service, name))->name;
  }
  buildWasiAdapter(code, view, *function, target, sizes);
}

} // namespace

std::string sizesExport(std::string name) { return name.replace(name.size() - 4, 4, "_sizes_get"); }

void buildCallAdapter(
  AdapterBuilder& code, const World& world, const WorldCall& call, Name target, const ExceptionEncodings& exceptions) {
  auto client = AddressSpace::of(code.module, world, *world.find(call.client));
  auto provider = AddressSpace::of(code.module, world, *world.find(call.service));
  switch (call.abi) {
    case CallAbi::Scalar:
      assert(false && "a scalar call needs no adapter");
      break;
    case CallAbi::Parigot:
      buildParigotAdapter(code, client, provider, call, target);
      break;
    case CallAbi::Bytes:
      buildBytesAdapter(code, client, provider, call, target);
      break;
    case CallAbi::ReadMemory:
      buildCopy(code, client, provider);
      break;
    case CallAbi::WriteMemory:
      buildCopy(code, provider, client);
      break;
    case CallAbi::Described: {
      DescribedCall described(code, client, provider, call, target);
      described.build();
      code.finish();
      described.releaseOnExceptions(exceptions);
      return; // finished
    }
    case CallAbi::Wasi:
      buildWasiCall(code, world, client, provider, call, target);
      return; // finished
  }
  code.finish();
}

} // namespace parigot
