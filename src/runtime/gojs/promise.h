// ECMAScript's promises (27.2), without the functions that combine promises (Promise.all).

#ifndef parigot_runtime_gojs_promise_h
#define parigot_runtime_gojs_promise_h

#include "objects.h"

namespace gojs {

struct Promise : Object {
  enum class State : uint8_t { pending, fulfilled, rejected };
  struct Reaction {
    Value onFulfilled, onRejected; // handlers; a value that is no function passes the result on
    Value derived;                 // the promise that `then` gave
  };

  State state = State::pending;
  bool handled = false; // the program has asked for the result
  Value result;
  List<Reaction> reactions; // while it is pending

  Promise() : Object(Kind::promise) {}
};

// Promise.resolve. Gives the value itself if it is a promise. Otherwise makes a promise: it follows the value if that
// has `then`, else it is fulfilled with the value.
Value promiseOf(const Value& value);

// Makes a pending promise. `callback` becomes a function (error, result) that settles it, in the form of the callbacks
// of Node's functions.
Value promiseOfCallback(Value& callback);

// Ends the program with code 1, as Node does, if a promise has been rejected and the program has not asked for its
// result. To be called when all microtasks are done.
void checkRejections();

} // namespace gojs

#endif // parigot_runtime_gojs_promise_h
