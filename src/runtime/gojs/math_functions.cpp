#include "math_functions.h"

#include <stdint.h>

namespace gojs::math {

namespace {

// JavaScript's ToUint32.
uint32_t toUint32(double x) {
  if (x - x != 0) {
    return 0; // NaN or infinite
  }
  double whole = __builtin_trunc(x);
  return uint32_t(whole - __builtin_floor(whole / 4294967296.0) * 4294967296.0);
}

} // namespace

double acos(double x) { return __builtin_acos(x); }
double asin(double x) { return __builtin_asin(x); }
double asinh(double x) { return __builtin_asinh(x); }
double atan(double x) { return __builtin_atan(x); }
double atanh(double x) { return __builtin_atanh(x); }
double cbrt(double x) { return __builtin_cbrt(x); }
double cos(double x) { return __builtin_cos(x); }
double cosh(double x) { return __builtin_cosh(x); }
double exp(double x) { return __builtin_exp(x); }
double expm1(double x) { return __builtin_expm1(x); }
double log(double x) { return __builtin_log(x); }
double log1p(double x) { return __builtin_log1p(x); }
double log2(double x) { return __builtin_log2(x); }
double sin(double x) { return __builtin_sin(x); }
double sinh(double x) { return __builtin_sinh(x); }
double tan(double x) { return __builtin_tan(x); }
double atan2(double y, double x) { return __builtin_atan2(y, x); }

// C leaves open what the result is below 1.
double acosh(double x) { return x >= 1 ? __builtin_acosh(x) : __builtin_nan(""); }

double clz32(double x) {
  uint32_t bits = toUint32(x);
  return bits ? __builtin_clz(bits) : 32;
}

double imul(double x, double y) { return int32_t(toUint32(x) * toUint32(y)); }

// The C library's result is more exact than V8's, which adds the logarithms of the power of two and of the rest.
double log10(double x) {
  if (!(x > 0) || x - x != 0 || x == 1) {
    return __builtin_log(x);
  }
  int exponent = 0;
  double fraction = __builtin_frexp(x, &exponent); // in [0.5, 1)
  if (exponent > 0) {
    fraction *= 2;
    exponent--;
  }
  // The decimal logarithm of 2, in two parts of which the first times an exponent is exact.
  constexpr double log2High = 0x1.34413509f6000p-2, log2Low = 0x1.9fef311f12b36p-42;
  constexpr double log10OfE = 0.43429448190325182765;
  double small = exponent * log2Low + log10OfE * __builtin_log(fraction);
  return small + exponent * log2High;
}

// C says 1 where JavaScript says NaN.
double pow(double x, double y) {
  bool isOneToNothing = __builtin_fabs(x) == 1 && y - y != 0;
  return isOneToNothing || y != y ? __builtin_nan("") : __builtin_pow(x, y);
}

// (e^2x - 1) / (e^2x + 1), in the form that loses no digits. The C library uses other forms near 0.
double tanh(double x) {
  constexpr double almostOne = 22, tiny = 0x1p-28;
  double positive = __builtin_fabs(x);
  if (!(positive >= tiny)) {
    return x; // NaN, too
  }
  double result = 1;
  if (positive < 1) {
    double t = __builtin_expm1(-2 * positive);
    result = -t / (t + 2);
  } else if (positive < almostOne) {
    result = 1 - 2 / (__builtin_expm1(2 * positive) + 2);
  }
  return x < 0 ? -result : result;
}

} // namespace gojs::math
