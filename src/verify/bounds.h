// The most that each local of a function ever holds, wherever in the function.
//
// Binaryen leaves out a mask if all values that are written to a local have few bits:
//
//   (loop $next
//     ..                                          ;; $n is a new value at each turn
//     (i32.load8_u (i32.wrap_i64 (local.get $n)))
//     (local.set $n (i64.load8_u ..)))            ;; but this is all that is ever written to it: at most 255
//
// The walk (walk.h) does not look ahead to the writes that follow in a loop. So a first bound holds for every local,
// that of its type, and a bound for all that is written to a local, computed from bounds that hold, holds as well.

#ifndef parigot_verify_bounds_h
#define parigot_verify_bounds_h

#include <cstdint>
#include <vector>

#include "verify/scan.h"
#include "wasm.h"

namespace parigot::verify {

// For each local of type i32 or i64 the most that it holds, as an unsigned number; for others the largest number.
std::vector<uint64_t> findBounds(wasm::Function& function, const Scan& scan);

// The most that an operation gives if its operands are at most `left` and `right`. `constant` is the right operand, if
// that is a constant.
uint64_t mostOfBinary(wasm::BinaryOp op, uint64_t left, uint64_t right, const uint64_t* constant);
uint64_t mostOfUnary(wasm::UnaryOp op, uint64_t operand);
// The most that a load gives.
uint64_t mostOfLoad(const wasm::Load& load);
// The least number of ones from the lowest bit up that covers the number.
uint64_t onesOf(uint64_t number);
// Whether an operation compares two numbers; whether it computes an i32 from two others.
bool isComparison(wasm::BinaryOp op);
bool isOfInt32(wasm::BinaryOp op);
// The largest number of a type that is i32; of any other type that of an i64.
uint64_t mostOfType(wasm::Type type);

} // namespace parigot::verify

#endif // parigot_verify_bounds_h
