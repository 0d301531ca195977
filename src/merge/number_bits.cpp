#include "merge/number_bits.h"

#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

Expression* bitsOfNumber(Module& module, Expression* value, Type type) {
  Builder builder(module);
  if (type == Type::i32) {
    return builder.makeUnary(ExtendUInt32, value);
  }
  if (type == Type::f32) {
    return builder.makeUnary(ExtendUInt32, builder.makeUnary(ReinterpretFloat32, value));
  }
  return type == Type::f64 ? builder.makeUnary(ReinterpretFloat64, value) : value;
}

Expression* numberOfBits(Module& module, Expression* bits, Type type) {
  Builder builder(module);
  if (type == Type::none) {
    return builder.makeDrop(bits);
  }
  if (type == Type::i32) {
    return builder.makeUnary(WrapInt64, bits);
  }
  if (type == Type::f32) {
    return builder.makeUnary(ReinterpretInt32, builder.makeUnary(WrapInt64, bits));
  }
  return type == Type::f64 ? builder.makeUnary(ReinterpretInt64, bits) : bits;
}

} // namespace parigot
