// What the fronts (gc.cpp, tinygo_*.cpp), which know where parameters are, have in common: parameters from the
// program's memory, and the loop that is the program's life.

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

// syscall/js.valuePrepareString: a reference to the value's text, which valueLoadString takes, and its length in bytes.
// What Go is given is the string itself with the tag of an object: it does nothing with it but load and finalize it.
uint64_t prepareString(uint64_t ref, uint32_t& length);
void loadString(uint64_t ref, Slice to, Text what);

// syscall/js.copyBytesToGo and copyBytesToJS: false if the reference is not to a Uint8Array.
bool copyToProgram(Slice to, uint64_t ref, uint32_t& copied);
bool copyFromProgram(uint64_t ref, Slice from, uint32_t& copied);

// runtime.getRandomData.
void randomToProgram(Slice to);

// Reads text of the program as a value.
uint64_t giveString(Slice from);

enum class Life { command, service };

// Delivers events until there are none, and until none can come: for a service, only those that need no waiting for. A
// timer that is due is `onTimer`. From then on, callbacks are delivered at once. Comes back early where the program has
// yielded.
void runEvents(Life life, void (*onTimer)());

// Ends the program if it has made functions of its own properties of the global object: it is a library for JavaScript,
// and waits for calls that nobody can make.
void refuseLibrary();

} // namespace gojs

#endif // parigot_runtime_gojs_calls_h
