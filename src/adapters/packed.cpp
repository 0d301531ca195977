#include "adapters/packed.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint32_t lengthFlag = 1u << 31;

Expression* low(FunctionBuilder& code, Expression* wide) { return code.builder.makeUnary(WrapInt64, wide); }

Expression* high(FunctionBuilder& code, Expression* wide) {
  return low(code, code.binary(ShrUInt64, wide, code.number64(32)));
}

} // namespace

Expression* addressOf(FunctionBuilder& code, const Param& param, Index packed) {
  return param.lengthFirst ? low(code, code.get(packed)) : high(code, code.get(packed));
}

Expression* lengthOf(FunctionBuilder& code, const Param& param, Index packed) {
  auto* length = param.lengthFirst ? high(code, code.get(packed)) : low(code, code.get(packed));
  return param.flagged ? code.binary(AndInt32, length, code.number(~lengthFlag)) : length;
}

Expression* packed(FunctionBuilder& code, const Param& param, Expression* address, Expression* length) {
  auto* upper = param.lengthFirst ? length : address;
  auto* lower = param.lengthFirst ? address : length;
  return code.binary(OrInt64,
                     code.binary(ShlInt64, code.builder.makeUnary(ExtendUInt32, upper), code.number64(32)),
                     code.builder.makeUnary(ExtendUInt32, lower));
}

Expression* withFlagOf(FunctionBuilder& code, const Param& param, Index packed, Expression* value) {
  return param.flagged ? code.binary(OrInt64, value, code.binary(AndInt64, code.get(packed), code.number64(lengthFlag)))
                       : value;
}

} // namespace parigot
