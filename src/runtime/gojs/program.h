// The Go program: another module, with a memory of its own, that the pass RemoveGoJsShim binds to this one. Its memory
// is reached through functions only; addresses in it are the type Address here, so that none is taken for one of ours.
//
// The functions do not check anything. Every address and length that the program gives is checked here, once, against
// the size that its memory has at that time.

#ifndef parigot_runtime_gojs_program_h
#define parigot_runtime_gojs_program_h

#include "runtime.h"

namespace gojs {

using Address = uint32_t;

namespace program {

#define PARIGOT_GO(name) __attribute__((import_module("go"), import_name(#name)))

PARIGOT_GO(memory_bytes) uint32_t memoryBytes();
PARIGOT_GO(load32) uint32_t load32(Address);
PARIGOT_GO(load64) uint64_t load64(Address);
PARIGOT_GO(store8) void store8(Address, uint32_t);
PARIGOT_GO(store32) void store32(Address, uint32_t);
PARIGOT_GO(store64) void store64(Address, uint64_t);
PARIGOT_GO(read) void read(void* to, Address from, uint32_t bytes);
PARIGOT_GO(write) void write(Address to, const void* from, uint32_t bytes);

// Lets the program handle what go._pendingEvent is, and all goroutines run until they wait.
PARIGOT_GO(resume) void resume();
// Whether it has stopped in the middle of a call of ours, where it waits for another service of its world, and is gone
// on with later: by `proceed`.
PARIGOT_GO(yielded) uint32_t yielded();
// Whether it has exported functions of the user's own (go:wasmexport): then it may end up waiting for calls of them.
PARIGOT_GO(has_exports) uint32_t hasExports();
// Where the program starts to resolve relative paths: writes at most `capacity` bytes of an absolute path, and returns
// how many there are. 0: "/".
PARIGOT_GO(cwd) uint32_t cwd(char* to, uint32_t capacity);
// Objects that JavaScript would have put on global before the program starts: writes at most `capacity` bytes of their
// names, each followed by a 0, and returns how many there are. A dot leads to an object on an object.
PARIGOT_GO(globals) uint32_t globals(char* to, uint32_t capacity);

} // namespace program

// Part of the program's memory that has been checked to be there.
struct Slice {
  Address start = 0;
  uint32_t size = 0;
};

// Ends the program if [start, start + size) is not in its memory; `what` is the import that was given it. Values are
// 64-bit since Go's are.
Slice checkedSlice(uint64_t start, uint64_t size, Text what);

// Text of the program, as TextDecoder has it. Short ones, as names of properties are, need no allocation.
class ProgramText {
public:
  explicit ProgramText(Slice from);
  ProgramText(const ProgramText&) = delete;
  ProgramText& operator=(const ProgramText&) = delete;
  operator Text() const { return text; }

private:
  Text text;
  Characters more; // what `inPlace` has no room for, or what was no UTF-8
  char inPlace[64];
};

} // namespace gojs

#endif // parigot_runtime_gojs_program_h
