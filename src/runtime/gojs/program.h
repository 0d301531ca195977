// The Go program is another module, with a memory of its own. The pass RemoveGoJsShim binds it to this one. This module
// reaches the program's memory through functions only. Addresses in it have the type Address here, so that none is
// taken for an address in this module's memory.
//
// The imported functions check nothing. Every address and length that the program gives is checked here (checkedSlice),
// once, against the size that the program's memory has at that time.

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

// Lets the program handle go._pendingEvent, and lets all goroutines run until they wait.
PARIGOT_GO(resume) void resume();
// Whether the program has stopped in the middle of a call from this module, since it waits for another service of its
// world. The export `proceed` goes on with it later.
PARIGOT_GO(yielded) uint32_t yielded();
// Whether the program exports functions of the user's own (go:wasmexport). If it does, it may wait for calls of them in
// the end.
PARIGOT_GO(has_exports) uint32_t hasExports();
// The directory in which the program starts: writes at most `capacity` bytes of its absolute path, and returns how many
// bytes the path has. 0 means "/".
PARIGOT_GO(cwd) uint32_t cwd(char* to, uint32_t capacity);
// The objects that JavaScript would have put on global before the program starts: writes at most `capacity` bytes of
// their names, each followed by a 0, and returns how many bytes the names have. A name with a dot is that of an object
// on an object.
PARIGOT_GO(globals) uint32_t globals(char* to, uint32_t capacity);

} // namespace program

// A part of the program's memory, checked to lie in it.
struct Slice {
  Address start = 0;
  uint32_t size = 0;
};

// Ends the program if [start, start + size) is not in its memory; the message has `what`, the import that got these
// values. They have 64 bits, since Go's have.
Slice checkedSlice(uint64_t start, uint64_t size, Text what);

// A text from the program's memory, decoded as JavaScript's TextDecoder does. Short texts, such as names of properties,
// need no allocation.
class ProgramText {
public:
  explicit ProgramText(Slice from);
  ProgramText(const ProgramText&) = delete;
  ProgramText& operator=(const ProgramText&) = delete;
  operator Text() const { return text; }

private:
  Text text;
  Characters more; // the text, if `inPlace` has no room for it, or if it was not UTF-8
  char inPlace[64];
};

} // namespace gojs

#endif // parigot_runtime_gojs_program_h
