// Promises, as ECMAScript has them (27.2), less those that are made of others (Promise.all).

#ifndef parigot_runtime_gojs_promise_h
#define parigot_runtime_gojs_promise_h

#include "objects.h"

namespace gojs {

struct Promise : Object {
  enum class State : uint8_t { pending, fulfilled, rejected };
  struct Reaction {
    Value onFulfilled, onRejected; // what is no function passes the result on
    Value derived;                 // the promise that `then` gave
  };

  State state = State::pending;
  bool handled = false; // somebody has asked for the result
  Value result;
  List<Reaction> reactions; // while it is pending

  Promise() : Object(Kind::promise) {}
};

// Promise.resolve: the value itself if it is a promise, else one that it fulfils, or that follows it if it has `then`.
Value promiseOf(const Value& value);

// A pending promise, and in `callback` a function (error, result) that settles it, as Node's functions call back.
Value promiseOfCallback(Value& callback);

// Ends the program where promises have been rejected and nobody has asked for their results, as Node does: with code 1.
// To be called when all microtasks are done.
void checkRejections();

} // namespace gojs

#endif // parigot_runtime_gojs_promise_h
