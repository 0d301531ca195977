#include "promise.h"

#include "globals.h"
#include "needs_javascript.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

Promise* asPromise(const Value& value) { return as<Promise>(value, Kind::promise); }

// The promises that were rejected before the program asked for their results.
List<Value>& rejected() {
  static List<Value> list;
  return list;
}

// Whether JavaScript's `if` takes a value for true.
bool isTruthy(const Value& value) {
  if (value.isNumber()) {
    return value.number() < 0 || value.number() > 0; // not NaN
  }
  return value.isBoolean() ? value.isTrue() : value.isString() ? asString(value)->text().size > 0 : !value.isNothing();
}

Value makePromise() { return Value(make<Promise>()); }

void resolve(const Value& promise, const Value& value);
void settle(const Value& promise, Promise::State state, const Value& result);

Outcome resolveBound(const Value& bound, Arguments arguments) {
  resolve(bound, arguments[0]);
  return {};
}
Outcome rejectBound(const Value& bound, Arguments arguments) {
  settle(bound, Promise::State::rejected, arguments[0]);
  return {};
}

Outcome calledBack(const Value& bound, Arguments arguments) {
  if (isTruthy(arguments[0])) {
    settle(bound, Promise::State::rejected, arguments[0]);
  } else {
    resolve(bound, arguments[1]);
  }
  return {};
}

// A microtask that calls a handler, and settles the derived promise with its result. `bound` has the handler, the
// derived promise, the value for the handler, and whether that is an error.
Outcome react(const Value& bound, Arguments) {
  auto& items = asArray(bound)->items;
  Value handler = items[0], derived = items[1], result = items[2];
  bool isError = items[3].isTrue();
  if (handler.isFunction()) {
    Outcome outcome = invoke(handler, {}, {&result, 1});
    result = outcome.value;
    isError = outcome.thrown;
  }
  if (isError) {
    settle(derived, Promise::State::rejected, result);
  } else {
    resolve(derived, result);
  }
  return {};
}

void queueReaction(const Promise::Reaction& reaction, const Promise& of) {
  bool isError = of.state == Promise::State::rejected;
  Value items[] = {
    isError ? reaction.onRejected : reaction.onFulfilled, reaction.derived, of.result, Value::boolean(isError)};
  state().events.queueMicrotask({nativeFunction(react, makeArray(items, 4)), makeArray(nullptr, 0)});
}

void subscribe(Promise& promise, Promise::Reaction reaction) {
  promise.handled = true;
  if (promise.state == Promise::State::pending) {
    promise.reactions.push(static_cast<Promise::Reaction&&>(reaction));
  } else {
    queueReaction(reaction, promise);
  }
}

void settle(const Value& value, Promise::State state, const Value& result) {
  auto& promise = *asPromise(value);
  if (promise.state != Promise::State::pending) {
    return;
  }
  promise.state = state;
  promise.result = result;
  if (state == Promise::State::rejected && !promise.handled) {
    rejected().push(value);
  }
  List<Promise::Reaction> reactions = static_cast<List<Promise::Reaction>&&>(promise.reactions);
  for (auto& reaction : reactions) {
    queueReaction(reaction, promise);
  }
}

// A microtask that lets a promise take the result of another one. `bound` has the promise, and a promise, or an object
// of the program that has `then`.
Outcome adopt(const Value& bound, Arguments) {
  auto& items = asArray(bound)->items;
  Value functions[] = {nativeFunction(resolveBound, items[0]), nativeFunction(rejectBound, items[0])};
  if (auto* other = asPromise(items[1])) {
    subscribe(*other, {functions[0], functions[1], makePromise()});
    return {};
  }
  Outcome outcome = callMethod(items[1], "then", {functions, 2});
  if (outcome.thrown) {
    settle(items[0], Promise::State::rejected, outcome.value);
  }
  return {};
}

void resolve(const Value& promise, const Value& value) {
  if (asPromise(promise)->state != Promise::State::pending) {
    return;
  }
  if (promise == value) {
    settle(
      promise, Promise::State::rejected, thrownAs("TypeError", "Chaining cycle detected for promise #<Promise>").value);
    return;
  }
  auto* plain = as<Plain>(value, Kind::plain);
  auto* then = plain ? plain->properties.find("then") : nullptr;
  if (!asPromise(value) && !(then && then->isFunction())) {
    settle(promise, Promise::State::fulfilled, value);
    return;
  }
  Value items[] = {promise, value};
  state().events.queueMicrotask({nativeFunction(adopt, makeArray(items, 2)), makeArray(nullptr, 0)});
}

Outcome then(const Value& self, Arguments arguments) {
  auto* promise = asPromise(self);
  if (!promise) {
    needsJavaScript("then", "what is no promise");
  }
  Value derived = makePromise();
  subscribe(*promise, {arguments[0], arguments[1], derived});
  return derived;
}

Outcome catchErrors(const Value& self, Arguments arguments) {
  Value both[] = {{}, arguments[0]};
  return then(self, {both, 2});
}

constexpr Member members[] = {
  {.name = "then", .call = then},
  {.name = "catch", .call = catchErrors},
};

Outcome resolved(const Value&, Arguments arguments) { return promiseOf(arguments[0]); }

Outcome rejectedWith(const Value&, Arguments arguments) {
  Value promise = makePromise();
  settle(promise, Promise::State::rejected, arguments[0]);
  return promise;
}

constexpr Member statics[] = {
  {.name = "resolve", .call = resolved},
  {.name = "reject", .call = rejectedWith},
};

} // namespace

Value promiseOfCallback(Value& callback) {
  Value promise = makePromise();
  callback = nativeFunction(calledBack, promise);
  return promise;
}

Value promiseOf(const Value& value) {
  if (asPromise(value)) {
    return value;
  }
  Value promise = makePromise();
  resolve(promise, value);
  return promise;
}

Outcome newPromise(const Value&, Arguments arguments) {
  if (!arguments[0].isFunction()) {
    return thrownAs("TypeError", "Promise resolver is not a function");
  }
  Value promise = makePromise();
  Value functions[] = {nativeFunction(resolveBound, promise), nativeFunction(rejectBound, promise)};
  Outcome outcome = invoke(arguments[0], {}, {functions, 2});
  if (outcome.thrown) {
    settle(promise, Promise::State::rejected, outcome.value);
  }
  return promise;
}

void checkRejections() {
  List<Value> list = static_cast<List<Value>&&>(rejected());
  for (auto& value : list) {
    auto& promise = *asPromise(value);
    if (!promise.handled) {
      auto* object = promise.result.object();
      bool isText = !object || object->kind == Kind::string || object->kind == Kind::error;
      writeAll(2, "Uncaught (in promise): ");
      writeAll(2, isText ? asString(toString(promise.result))->text() : interfaceOf(*object).name);
      writeAll(2, "\n");
      __wasi_proc_exit(1);
    }
  }
}

const Interface promiseInterface = {.name = "a promise", .members = members, .memberCount = countOf(members)};
const Interface promiseStatics = {.name = "Promise", .members = statics, .memberCount = countOf(statics)};

} // namespace gojs
