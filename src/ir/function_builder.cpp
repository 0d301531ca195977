#include "ir/function_builder.h"

#include "ir/trap_functions.h"

namespace parigot {

using namespace wasm;

FunctionBuilder::FunctionBuilder(Module& module, Name name, Signature signature)
  : module(module), builder(module), body(builder.makeBlock()) {
  function = module.getFunctionOrNull(name);
  if (!function) {
    function = module.addFunction(builder.makeFunction(name, signature, {}, nullptr));
  }
  function->module = function->base = Name();
  // An import can be of any subtype; a definition has exactly its type.
  function->type = function->type.with(Exact);
  function->hasExplicitName = true;
}

Index FunctionBuilder::local(Type type) { return Builder::addVar(function, type); }

Expression* FunctionBuilder::get(Index local) { return builder.makeLocalGet(local, function->getLocalType(local)); }

void FunctionBuilder::set(Index local, Expression* value) { add(builder.makeLocalSet(local, value)); }

void FunctionBuilder::add(Expression* statement) { body->list.push_back(statement); }

Expression* FunctionBuilder::number(uint32_t value) { return builder.makeConst(int32_t(value)); }

Expression* FunctionBuilder::number64(uint64_t value) { return builder.makeConst(int64_t(value)); }

Expression* FunctionBuilder::plus(Expression* a, Expression* b) { return binary(AddInt32, a, b); }

Expression* FunctionBuilder::minus(Expression* a, Expression* b) { return binary(SubInt32, a, b); }

Expression* FunctionBuilder::binary(BinaryOp op, Expression* a, Expression* b) { return builder.makeBinary(op, a, b); }

Expression* FunctionBuilder::call(Name target, const std::vector<Expression*>& operands) {
  return builder.makeCall(target, operands, module.getFunction(target)->getResults());
}

Expression* FunctionBuilder::forward(Name target) {
  std::vector<Expression*> operands;
  for (Index i = 0; i < function->getNumParams(); i++) {
    operands.push_back(get(i));
  }
  return call(target, operands);
}

std::optional<Index> FunctionBuilder::addCall(Expression* call) {
  if (!call->type.isConcrete()) {
    add(call);
    return {};
  }
  auto result = local(call->type);
  set(result, call);
  return result;
}

Expression* FunctionBuilder::ifThen(Expression* condition, Expression* then) { return builder.makeIf(condition, then); }

Block* FunctionBuilder::block(const std::function<void()>& make) {
  auto* outer = body;
  auto* inner = body = builder.makeBlock();
  make();
  body = outer;
  inner->finalize();
  return inner;
}

void FunctionBuilder::loopWhile(const std::function<Expression*()>& condition, const std::function<void()>& make) {
  Name label = "loop" + std::to_string(loops++);
  auto* statements = block([&]() {
    make();
    add(builder.makeBreak(label));
  });
  add(builder.makeLoop(label, ifThen(condition(), statements)));
}

Expression* FunctionBuilder::trap(const std::string& reason) {
  return builder.makeSequence(builder.makeCall(trapFunction(module, reason), {}, Type::none),
                              builder.makeUnreachable());
}

void FunctionBuilder::finish() {
  body->finalize(function->getResults());
  function->body = body;
}

} // namespace parigot
