#include "adapters/adapter_builder.h"

namespace parigot {

using namespace wasm;

AddressSpace AddressSpace::of(const Module& module, const WorldService& service) {
  auto name = [&](const std::string& exported) { return *module.getExport(exported)->getInternalName(); };
  auto* hidden = module.getExportOrNull(hiddenExport(service.name));
  return {service.name,
          name(memoryExport(service.name)),
          name(arenaExport(service.name)),
          service.region,
          hidden ? *hidden->getInternalName() : Name()};
}

AddressSpace AddressSpace::of(const Module& module, const World& world, const WorldService& service) {
  auto space = of(module, service);
  space.added = service.added;
  space.readable = world.isolation == Isolation::Contain && !service.added;
  return space;
}

Expression* AdapterBuilder::load(const AddressSpace& space, Expression* address, uint32_t offset) {
  return builder.makeLoad(4, false, offset, 4, address, Type::i32, space.memory);
}

Expression* AdapterBuilder::store(const AddressSpace& space, Expression* address, Expression* value, uint32_t offset) {
  return builder.makeStore(4, offset, 4, address, value, Type::i32, space.memory);
}

Expression* AdapterBuilder::copy(
  const AddressSpace& to, Expression* toAddress, const AddressSpace& from, Expression* fromAddress, Expression* bytes) {
  module.features |= FeatureSet(FeatureSet::BulkMemoryOpt);
  return builder.makeMemoryCopy(toAddress, fromAddress, bytes, to.memory, from.memory);
}

void AdapterBuilder::push(const AddressSpace& space,
                          Index mark,
                          uint32_t fixed,
                          Expression* variable,
                          const std::function<Expression*()>& otherwise) {
  auto noRoom = [&]() { return otherwise ? otherwise() : trap("arena_exhausted"); };
  auto end = uint32_t(space.region.arenaEnd());
  auto remaining = [&]() { return minus(number(end), get(mark)); };
  set(mark, builder.makeGlobalGet(space.arena, Type::i32));
  if (fixed) {
    add(ifThen(binary(LtUInt32, remaining(), number(fixed)), noRoom()));
  }
  Expression* top = plus(get(mark), number(fixed));
  if (variable) {
    auto bytes = local(Type::i32);
    set(bytes, variable);
    if (!fixed) {
      // Zero bytes take one byte: an isolated service may not access the first byte of an empty arena, and a copy of
      // zero bytes there would trap.
      set(bytes, plus(get(bytes), builder.makeUnary(EqZInt32, get(bytes))));
    }
    add(ifThen(binary(GtUInt32, get(bytes), minus(remaining(), number(fixed))), noRoom()));
    top = plus(top, get(bytes));
  }
  // The end is a multiple of 16, so rounding up does not pass it.
  add(builder.makeGlobalSet(space.arena, binary(AndInt32, plus(top, number(15)), number(uint32_t(-16)))));
}

Expression* AdapterBuilder::isOutsideArena(const AddressSpace& space, Expression* address) {
  return binary(
    GeUInt32, minus(address, number(uint32_t(space.region.arenaStart()))), number(uint32_t(space.region.arenaBytes)));
}

Expression* AdapterBuilder::room(const AddressSpace& space) {
  return minus(number(space.region.arenaEnd()), builder.makeGlobalGet(space.arena, Type::i32));
}

void AdapterBuilder::clear(const AddressSpace& space, Index mark) {
  auto bytes = [&]() { return minus(builder.makeGlobalGet(space.arena, Type::i32), get(mark)); };
  add(ifThen(bytes(), block([&]() { clear(space, get(mark), bytes()); })));
}

void AdapterBuilder::clear(const AddressSpace& space, Expression* address, Expression* bytes) {
  module.features |= FeatureSet(FeatureSet::BulkMemoryOpt);
  add(builder.makeMemoryFill(address, number(0), bytes, space.memory));
}

void AdapterBuilder::release(const AddressSpace& space, Index mark, bool clears) {
  if (clears || space.readable) {
    clear(space, mark);
  }
  releaseCleared(space, mark);
}

void AdapterBuilder::releaseCleared(const AddressSpace& space, Index mark) {
  add(builder.makeGlobalSet(space.arena, get(mark)));
}

} // namespace parigot
