// Generates the body of one function: Binaryen's Builder, with the few shapes that generated functions are made of.
//
//   FunctionBuilder code(module, "parigot.sum", Signature({Type::i32, Type::i32}, Type::i32));
//   code.add(code.plus(code.get(0), code.get(1)));
//   code.finish();

#ifndef parigot_ir_function_builder_h
#define parigot_ir_function_builder_h

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wasm-builder.h"
#include "wasm.h"

namespace parigot {

class FunctionBuilder {
public:
  // Adds a function without a body to the module. If the module imports a function of that name, the import becomes
  // this definition.
  FunctionBuilder(wasm::Module& module, wasm::Name name, wasm::Signature signature);

  wasm::Module& module;
  wasm::Builder builder;
  wasm::Function* function;
  wasm::Block* body;

  wasm::Index local(wasm::Type type);
  wasm::Expression* get(wasm::Index local);
  void set(wasm::Index local, wasm::Expression* value);
  void add(wasm::Expression* statement);

  wasm::Expression* number(uint32_t value);
  wasm::Expression* number64(uint64_t value);
  wasm::Expression* plus(wasm::Expression* a, wasm::Expression* b);
  wasm::Expression* minus(wasm::Expression* a, wasm::Expression* b);
  wasm::Expression* binary(wasm::BinaryOp op, wasm::Expression* a, wasm::Expression* b);
  wasm::Expression* call(wasm::Name target, const std::vector<wasm::Expression*>& operands);
  wasm::Expression* ifThen(wasm::Expression* condition, wasm::Expression* then);
  // A call of a function with the same parameters, which gets them as they are.
  wasm::Expression* forward(wasm::Name target);
  // Adds a call. The local with its result, if it has one.
  std::optional<wasm::Index> addCall(wasm::Expression* call);
  // A block with the statements that `make` adds.
  wasm::Block* block(const std::function<void()>& make);
  // A loop around the statements that `make` adds. It evaluates `condition` before each turn, and ends when that is 0.
  void loopWhile(const std::function<wasm::Expression*()>& condition, const std::function<void()>& make);
  // A call that traps in the function parigot.trap.REASON, so that the back trace of an engine gives the reason.
  wasm::Expression* trap(const std::string& reason);

  // Ends the body.
  void finish();

private:
  unsigned loops = 0;
};

} // namespace parigot

#endif // parigot_ir_function_builder_h
