// JavaScript's numbers for 64-bit numbers that say who is who: inodes and devices. Hosts may give hashes (wasmtime), of
// which a number of JavaScript keeps 53 bits: two files would be one.

#ifndef parigot_runtime_gojs_wide_numbers_h
#define parigot_runtime_gojs_wide_numbers_h

#include "runtime.h"

namespace gojs {

class WideNumbers {
public:
  // What is below 2^53 is itself. Others get even numbers from 2^53 on, in the order in which they come: those are
  // exact, in Go's int64 too.
  double number(uint64_t wide);

private:
  void grow();

  List<uint64_t> known; // by what their number is
  List<uint32_t> slots; // by hash: index in `known` + 1, 0 for none; a power of two, at most half full
};

} // namespace gojs

#endif // parigot_runtime_gojs_wide_numbers_h
