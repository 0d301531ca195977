// JavaScript's numbers for 64-bit numbers that identify something: inodes and devices. Hosts may give hashes
// (wasmtime). A number of JavaScript keeps only 53 bits of one, so that two files could seem to be the same.

#ifndef parigot_runtime_gojs_wide_numbers_h
#define parigot_runtime_gojs_wide_numbers_h

#include "runtime.h"

namespace gojs {

class WideNumbers {
public:
  // The number for `wide`. Numbers below 2^53 stay as they are. Others get even numbers from 2^53 on, in the order in
  // which they come: those are exact, also as Go's int64.
  double number(uint64_t wide);

private:
  void grow();

  List<uint64_t> known; // the wide numbers, in the order of their numbers
  List<uint32_t>
    slots; // by hash: index in `known` + 1, 0 for none; their number is a power of two, at most half in use
};

} // namespace gojs

#endif // parigot_runtime_gojs_wide_numbers_h
