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

Code::Code(Module& module, Name name, Signature signature)
  : module(module), builder(module), body(builder.makeBlock()) {
  function = module.getFunctionOrNull(name);
  if (!function) {
    function = module.addFunction(builder.makeFunction(name, signature, {}, nullptr));
  }
  function->module = function->base = Name();
  // An import may be of any subtype, a definition has exactly its type.
  function->type = function->type.with(Exact);
  function->hasExplicitName = true;
}

Index Code::local(Type type) { return Builder::addVar(function, type); }

Expression* Code::get(Index local) { return builder.makeLocalGet(local, function->getLocalType(local)); }

void Code::set(Index local, Expression* value) { add(builder.makeLocalSet(local, value)); }

void Code::add(Expression* statement) { body->list.push_back(statement); }

Expression* Code::number(uint32_t value) { return builder.makeConst(int32_t(value)); }

Expression* Code::number64(uint64_t value) { return builder.makeConst(int64_t(value)); }

Expression* Code::plus(Expression* a, Expression* b) { return binary(AddInt32, a, b); }

Expression* Code::minus(Expression* a, Expression* b) { return binary(SubInt32, a, b); }

Expression* Code::binary(BinaryOp op, Expression* a, Expression* b) { return builder.makeBinary(op, a, b); }

Expression* Code::load(const AddressSpace& space, Expression* address, uint32_t offset) {
  return builder.makeLoad(4, false, offset, 4, address, Type::i32, space.memory);
}

Expression* Code::store(const AddressSpace& space, Expression* address, Expression* value, uint32_t offset) {
  return builder.makeStore(4, offset, 4, address, value, Type::i32, space.memory);
}

Expression* Code::copy(
  const AddressSpace& to, Expression* toAddress, const AddressSpace& from, Expression* fromAddress, Expression* bytes) {
  module.features |= FeatureSet(FeatureSet::BulkMemoryOpt);
  return builder.makeMemoryCopy(toAddress, fromAddress, bytes, to.memory, from.memory);
}

Expression* Code::call(Name target, std::vector<Expression*> operands) {
  return builder.makeCall(target, operands, module.getFunction(target)->getResults());
}

Expression* Code::ifThen(Expression* condition, Expression* then) { return builder.makeIf(condition, then); }

Block* Code::block(const std::function<void()>& make) {
  auto* outer = body;
  auto* inner = body = builder.makeBlock();
  make();
  body = outer;
  inner->finalize();
  return inner;
}

void Code::loopWhile(const std::function<Expression*()>& condition, const std::function<void()>& make) {
  Name label = "loop" + std::to_string(loops++);
  auto* statements = block([&]() {
    make();
    add(builder.makeBreak(label));
  });
  add(builder.makeLoop(label, ifThen(condition(), statements)));
}

void Code::push(const AddressSpace& space,
                Index mark,
                uint32_t fixed,
                Expression* variable,
                const std::function<Expression*()>& otherwise) {
  auto noRoom = [&]() { return otherwise ? otherwise() : trap("arena_exhausted"); };
  // Wrapping arithmetic: a region that ends at 2^32 ends at 0, and the
  // difference is right all the same.
  auto end = uint32_t(space.region.bytes);
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
      // No bytes have a place, too: the first one of an empty arena is beyond all that an isolated service may touch,
      // and there even a copy of no bytes traps.
      set(bytes, plus(get(bytes), builder.makeUnary(EqZInt32, get(bytes))));
    }
    add(ifThen(binary(GtUInt32, get(bytes), minus(remaining(), number(fixed))), noRoom()));
    top = plus(top, get(bytes));
  }
  // The end is a multiple of 16, so rounding up does not pass it.
  add(builder.makeGlobalSet(space.arena, binary(AndInt32, plus(top, number(15)), number(uint32_t(-16)))));
}

Expression* Code::room(const AddressSpace& space) {
  return minus(number(space.region.bytes), builder.makeGlobalGet(space.arena, Type::i32));
}

void Code::clear(const AddressSpace& space, Index mark) {
  module.features |= FeatureSet(FeatureSet::BulkMemoryOpt);
  auto* bytes = minus(builder.makeGlobalGet(space.arena, Type::i32), get(mark));
  add(builder.makeMemoryFill(get(mark), number(0), bytes, space.memory));
}

void Code::release(const AddressSpace& space, Index mark) { add(builder.makeGlobalSet(space.arena, get(mark))); }

Expression* Code::trap(const std::string& reason) {
  Name name = "parigot.trap." + reason;
  if (!module.getFunctionOrNull(name)) {
    auto* trap =
      module.addFunction(builder.makeFunction(name, Signature(Type::none, Type::none), {}, builder.makeUnreachable()));
    trap->hasExplicitName = true;
    trap->noFullInline = trap->noPartialInline = true;
  }
  return builder.makeSequence(builder.makeCall(name, {}, Type::none), builder.makeUnreachable());
}

void Code::finish() {
  body->finalize(function->getResults());
  function->body = body;
}

} // namespace parigot
