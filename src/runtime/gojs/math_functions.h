// The functions of Math whose last digits ECMAScript leaves to each engine, and two that are exact (clz32, imul). Only
// runtime modules whose names end with "-math" have them.
//
// They are those of wasi-libc, which has musl's. Against Node 20, acos, asin, atan, cbrt, expm1, tan and tanh are equal
// in every bit. The others differ in at most 8 of 100 results, by one unit in the last place (log10: by two).

#ifndef parigot_runtime_gojs_math_functions_h
#define parigot_runtime_gojs_math_functions_h

namespace gojs::math {

double acos(double x);
double acosh(double x);
double asin(double x);
double asinh(double x);
double atan(double x);
double atan2(double y, double x);
double atanh(double x);
double cbrt(double x);
double clz32(double x);
double cos(double x);
double cosh(double x);
double exp(double x);
double expm1(double x);
double imul(double x, double y);
double log(double x);
double log10(double x);
double log1p(double x);
double log2(double x);
double pow(double x, double y);
double sin(double x);
double sinh(double x);
double tan(double x);
double tanh(double x);

} // namespace gojs::math

#endif // parigot_runtime_gojs_math_functions_h
