#include "memory/virtual_size.h"

#include "ir/limits.h"
#include "ir/names.h"
#include "wasm-builder.h"
#include "world/regions.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr int32_t pageShift = 16;
static_assert(1 << pageShift == wasmPageBytes);

} // namespace

Expression* VirtualSize::makeSize(Module& module) const {
  Builder builder(module);
  return builder.makeBinary(ShrUInt32, builder.makeGlobalGet(bytes, Type::i32), builder.makeConst(pageShift));
}

VirtualSize addVirtualSize(Module& module, const WorldService& service, Name whole) {
  Builder builder(module);
  VirtualSize size{Names::getValidGlobalName(module, scopedName(service.name, "memory.bytes")),
                   Names::getValidFunctionName(module, scopedName(service.name, "memory.grow"))};
  auto initial = uint32_t(service.initialPages * wasmPageBytes);
  auto* bytes =
    module.addGlobal(builder.makeGlobal(size.bytes, Type::i32, builder.makeConst(int32_t(initial)), Builder::Mutable));
  bytes->hasExplicitName = true;

  // if (delta > (most - bytes) >> 16) return -1; if (whole.grow(delta) == -1) return -1; bytes += delta << 16; return
  // the former bytes >> 16
  auto most = uint32_t(mostBytes(service));
  constexpr Index delta = 0, before = 1;
  auto get = [&](Index local) { return builder.makeLocalGet(local, Type::i32); };
  auto number = [&](uint32_t value) { return builder.makeConst(int32_t(value)); };
  auto pages = [&](Expression* bytes) { return builder.makeBinary(ShrUInt32, bytes, number(pageShift)); };
  auto refuseIf = [&](Expression* condition) {
    return builder.makeIf(condition, builder.makeReturn(builder.makeConst(int32_t(-1))));
  };
  std::vector<Expression*> list{
    builder.makeLocalSet(before, builder.makeGlobalGet(size.bytes, Type::i32)),
    refuseIf(builder.makeBinary(GtUInt32, get(delta), pages(builder.makeBinary(SubInt32, number(most), get(before)))))};
  if (whole) {
    list.push_back(
      refuseIf(builder.makeBinary(EqInt32, builder.makeMemoryGrow(get(delta), whole), builder.makeConst(int32_t(-1)))));
  }
  list.push_back(builder.makeGlobalSet(
    size.bytes,
    builder.makeBinary(AddInt32, get(before), builder.makeBinary(ShlInt32, get(delta), number(pageShift)))));
  list.push_back(pages(get(before)));
  auto* body = builder.makeBlock(list, Type::i32);
  auto* grow = module.addFunction(builder.makeFunction(size.grow, Signature(Type::i32, Type::i32), {Type::i32}, body));
  grow->hasExplicitName = true;
  return size;
}

} // namespace parigot
