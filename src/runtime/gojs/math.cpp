// global.Math. Sines, powers and the like (math_functions.h) are half as large as the rest of the runtime, so this file
// is compiled twice: with PARIGOT_ALL_OF_MATH for programs that have the word Math in their data, and without it for
// the others. Those could only ask for Math under a name that they compute, and get the functions that are small.

#include "globals.h"
#include "math_functions.h"
#include "needs_javascript.h"
#include "runtime.h"

namespace gojs {

namespace {

// JavaScript's Number(value), for values that are no text.
double toNumber(const Value& value) {
  if (value.isString()) {
    needsJavaScript("a string as a number", "Math");
  }
  return value.isNull() ? 0 : value.isBoolean() ? value.isTrue() : value.number();
}

double round(double x) {
  double floor = __builtin_floor(x);
  return x - floor >= 0.5 ? floor + 1 : floor;
}
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
double truncated(double x) { return __builtin_trunc(x); }
double toFloat(double x) { return float(x); }

template<auto function> Outcome of(const Value&, Arguments arguments) {
  return Value(double(function(toNumber(arguments[0]))));
}
double floorOf(double x) { return __builtin_floor(x); }
double ceilOf(double x) { return __builtin_ceil(x); }
double absOf(double x) { return __builtin_fabs(x); }
double sqrtOf(double x) { return __builtin_sqrt(x); }

#ifdef PARIGOT_ALL_OF_MATH
template<auto function> Outcome ofTwo(const Value&, Arguments arguments) {
  return Value(double(function(toNumber(arguments[0]), toNumber(arguments[1]))));
}

// As V8 has it: the root of a compensated sum of squares, in units of the largest.
Outcome hypot(const Value&, Arguments arguments) {
  double largest = 0;
  bool isNaN = false;
  for (uint32_t i = 0; i < arguments.size; i++) {
    double x = __builtin_fabs(toNumber(arguments[i]));
    isNaN |= x != x;
    largest = x > largest ? x : largest;
  }
  if (largest == __builtin_inf() || isNaN || largest == 0) {
    return Value(largest == __builtin_inf() || !isNaN ? largest : __builtin_nan(""));
  }
  double sum = 0, compensation = 0;
  for (uint32_t i = 0; i < arguments.size; i++) {
    double x = __builtin_fabs(toNumber(arguments[i])) / largest;
    double summand = x * x - compensation;
    double next = sum + summand;
    compensation = (next - sum) - summand;
    sum = next;
  }
  return Value(__builtin_sqrt(sum) * largest);
}
#endif

Outcome extreme(Arguments arguments, double result, bool largest) {
  for (uint32_t i = 0; i < arguments.size; i++) {
    double x = toNumber(arguments[i]);
    if (x != x || result != result) {
      result = __builtin_nan("");
    } else if (largest ? x > result : x < result) {
      result = x;
    }
  }
  return Value(result);
}
Outcome max(const Value&, Arguments arguments) { return extreme(arguments, -__builtin_inf(), true); }
Outcome min(const Value&, Arguments arguments) { return extreme(arguments, __builtin_inf(), false); }

Outcome random(const Value&, Arguments) {
  uint64_t bits;
  fillRandom(&bits, sizeof bits);
  return Value(double(bits >> 11) / 9007199254740992.0);
}

// Defines a property that is always the same number.
#define PARIGOT_CONSTANT(text, number)                                                                                 \
  {                                                                                                                    \
    .name = text, .get = [](Object&) { return Value(number); }                                                         \
  }

constexpr Member members[] = {
  {.name = "abs", .call = of<absOf>},
  {.name = "ceil", .call = of<ceilOf>},
  {.name = "floor", .call = of<floorOf>},
  {.name = "fround", .call = of<toFloat>},
  {.name = "round", .call = of<round>},
  {.name = "sign", .call = of<sign>},
  {.name = "sqrt", .call = of<sqrtOf>},
  {.name = "trunc", .call = of<truncated>},
#ifdef PARIGOT_ALL_OF_MATH
  {.name = "acos", .call = of<math::acos>},
  {.name = "acosh", .call = of<math::acosh>},
  {.name = "asin", .call = of<math::asin>},
  {.name = "asinh", .call = of<math::asinh>},
  {.name = "atan", .call = of<math::atan>},
  {.name = "atanh", .call = of<math::atanh>},
  {.name = "cbrt", .call = of<math::cbrt>},
  {.name = "clz32", .call = of<math::clz32>},
  {.name = "cos", .call = of<math::cos>},
  {.name = "cosh", .call = of<math::cosh>},
  {.name = "exp", .call = of<math::exp>},
  {.name = "expm1", .call = of<math::expm1>},
  {.name = "log", .call = of<math::log>},
  {.name = "log10", .call = of<math::log10>},
  {.name = "log1p", .call = of<math::log1p>},
  {.name = "log2", .call = of<math::log2>},
  {.name = "sin", .call = of<math::sin>},
  {.name = "sinh", .call = of<math::sinh>},
  {.name = "tan", .call = of<math::tan>},
  {.name = "tanh", .call = of<math::tanh>},
  {.name = "atan2", .call = ofTwo<math::atan2>},
  {.name = "imul", .call = ofTwo<math::imul>},
  {.name = "pow", .call = ofTwo<math::pow>},
  {.name = "hypot", .call = hypot},
#endif
  {.name = "max", .call = max},
  {.name = "min", .call = min},
  {.name = "random", .call = random},
  PARIGOT_CONSTANT("E", 2.718281828459045),
  PARIGOT_CONSTANT("LN10", 2.302585092994046),
  PARIGOT_CONSTANT("LN2", 0.6931471805599453),
  PARIGOT_CONSTANT("LOG10E", 0.4342944819032518),
  PARIGOT_CONSTANT("LOG2E", 1.4426950408889634),
  PARIGOT_CONSTANT("PI", 3.141592653589793),
  PARIGOT_CONSTANT("SQRT1_2", 0.7071067811865476),
  PARIGOT_CONSTANT("SQRT2", 1.4142135623730951),
};
#undef PARIGOT_CONSTANT

constexpr Interface mathInterface = {.name = "Math", .members = members, .memberCount = countOf(members)};

} // namespace

Builtin mathObject(&mathInterface);

} // namespace gojs
