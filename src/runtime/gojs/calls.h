// What the fronts (gc.cpp, tinygo_*.cpp) have in common. A front knows where an import has its parameters. This file
// reads parameters from the program's memory, and has the event loop in which the program runs.

#ifndef parigot_runtime_gojs_calls_h
#define parigot_runtime_gojs_calls_h

#include "program.h"
#include "value.h"

namespace gojs {

// The arguments of a call: a slice of references in the program's memory.
class CallArguments {
public:
  CallArguments(uint64_t start, uint64_t count, Text what);
  operator Arguments() const { return {more.empty() ? inPlace : more.begin(), count}; }

private:
  Value inPlace[8];
  List<Value> more;
  uint32_t count;
};

// syscall/js.valuePrepareString: gives a reference to the value's text, and the length of the text in bytes. Go passes
// the reference to valueLoadString. It is the string itself with the tag of an object, since Go only loads and
// finalizes it.
uint64_t prepareString(uint64_t ref, uint32_t& length);
void loadString(uint64_t ref, Slice to, Text what);

// syscall/js.copyBytesToGo and copyBytesToJS. `copied` is the number of bytes. False: the reference is not to a
// Uint8Array.
bool copyToProgram(Slice to, uint64_t ref, uint32_t& copied);
bool copyFromProgram(uint64_t ref, Slice from, uint32_t& copied);

// runtime.getRandomData: fills a part of the program's memory with random bytes.
void randomToProgram(Slice to);

// syscall/js.stringVal: reads text of the program, and gives a reference to it as a string.
uint64_t giveString(Slice from);

enum class Life { command, service };

// Delivers events until there are none, and none can come. For a service, delivers only events that need no waiting.
// Calls `onTimer` for a timer of Go's that is due. After the loop, callbacks are delivered at once. Returns early if
// the program has yielded.
void runEvents(Life life, void (*onTimer)());

// Ends the program if it has set functions of its own as properties of the global object: then it is a library for
// JavaScript, and waits for calls that no other code can make.
void refuseLibrary();

} // namespace gojs

#endif // parigot_runtime_gojs_calls_h
