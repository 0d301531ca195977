#include "library.h"

#include "globals.h"
#include "json_values.h"
#include "number.h"
#include "operations.h"
#include "program.h"
#include "promise.h"
#include "runtime.h"
#include "state.h"
#include "utf8.h"

namespace gojs {

namespace {

// After a call, events that are ready are handled before the reply. This limits them, for programs that always have
// more.
constexpr uint32_t turnsAfterCall = 1000;
// The time in nanoseconds, and the number of turns, in which the program must set its first function.
constexpr uint64_t longestOpening = 5000000000;
constexpr uint32_t turnsOfOpening = 100000;

// Functions are listed that are nested this deep in objects.
constexpr uint32_t deepestNames = 3;
constexpr uint32_t mostNames = 50;

// The names of prepared objects have at most this size; checkGlobals (src/world/manifest.h) checks it.
constexpr uint32_t mostBytesOfGlobals = 1024;

Library& library() { return state().library; }

// Handles the next event. False: there is none, or none that can be handled without waiting.
bool turn(bool mayWait) {
  auto& events = state().events;
  auto turn = events.next(mayWait);
  if (turn == Events::Turn::timer) {
    events.pending = Value::null;
    library().onTimer();
  }
  return turn != Events::Turn::nothing && turn != Events::Turn::yielded;
}

// --- What there is to call

const Properties* propertiesOf(const Value& value) {
  auto* plain = as<Plain>(value, Kind::plain);
  return plain ? &plain->properties : nullptr;
}

// Appends the names of functions, with commas between them, and adds their number to `count`.
void appendNames(Characters& names, const Properties& of, const Characters& prefix, uint32_t& count) {
  uint32_t dots = 0;
  for (char character : prefix) {
    dots += character == '.';
  }
  for (auto& property : of) {
    Characters name;
    name << prefix.text() << asString(property.name)->text();
    if (property.value.isFunction()) {
      if (count++ < mostNames) {
        names << (names.empty() ? Text("") : Text(", ")) << name.text();
      }
    } else if (auto* inner = propertiesOf(property.value); inner && dots < deepestNames) {
      name << '.';
      appendNames(names, *inner, name, count);
    }
  }
}

uint32_t registeredNames(Characters& names) {
  uint32_t count = 0;
  appendNames(names, globalObject.own, {}, count);
  if (count > mostNames) {
    names << " and ";
    appendNumber(names, count - mostNames);
    names << " more";
  }
  return count;
}

struct Target {
  Value self, function;
};

// Finds a function that the program has set on global. A name with a dot is that of a function on an object there.
bool findFunction(Text name, Target& target) {
  const Properties* properties = &globalObject.own;
  target.self = Value(&globalObject);
  while (true) {
    auto* found = properties->find(name);
    if (found && found->isFunction()) {
      target.function = *found;
      return true;
    }
    auto* dot = static_cast<const char*>(memchr(name.data, '.', name.size));
    found = dot ? properties->find({name.data, uint32_t(dot - name.data)}) : nullptr;
    properties = found ? propertiesOf(*found) : nullptr;
    if (!properties) {
      return false;
    }
    target.self = *found;
    name = name.from(uint32_t(dot - name.data) + 1);
  }
}

// --- One call

// One call of library.call. `reply` becomes the result's JSON, or the text of the error.
class Call {
public:
  explicit Call(Characters& reply) : reply(reply) {}

  // Answers a request. False: the reply is an error.
  bool answer(Text request) {
    auto& mine = library();
    if (!mine.onTimer) {
      return refuse("the library has not been initialised: _initialize has to be called first");
    }
    if (mine.inCall) {
      return refuse("a library does one call at a time, and one of this function has not come back: ",
                    mine.calling.text());
    }
    if (mine.ended) {
      return refuseEnded();
    }
    if (!readRequest(request)) {
      return false;
    }
    mine.inCall = true;
    auto& events = state().events;
    events.setLooping(true);
    bool ok = perform();
    for (uint32_t turns = 0; turns < turnsAfterCall && !mine.ended && turn(false);) {
      turns++;
    }
    events.setLooping(false);
    mine.inCall = false;
    return ok;
  }

private:
  Characters& reply;
  Target target;
  Value arguments;  // an array
  Value calledBack; // a promise of what the callback gets, if the request wants one

  bool refuse(Text what, Text detail = {}) {
    reply << "parigot_call: " << what << detail;
    return false;
  }

  bool refuseEnded() {
    auto& mine = library();
    Characters code;
    appendNumber(code, mine.exitCode);
    reply << "parigot_call: the program has ended with exit code " << code.text() << ", in a call of "
          << mine.calling.text();
    return false;
  }

  bool readRequest(Text request) {
    if (!isUtf8(request)) {
      return refuse("the request is no UTF-8");
    }
    JsonReader reader(request, JsonDialect::calls);
    Value whole = reader.whole();
    if (!reader.problem.empty()) {
      return refuse("the request is not understood: ", reader.problem);
    }
    auto* properties = propertiesOf(whole);
    auto* name = properties ? properties->find("name") : nullptr;
    if (!name || !name->isString()) {
      return refuse("a request is {\"name\": \"a function's\", \"args\": [..]}, and this one has no name");
    }
    auto* given = properties->find("args");
    arguments = given ? *given : makeArray(nullptr, 0);
    if (!asArray(arguments)) {
      return refuse("the args of a request are an array, and these are none");
    }
    if (auto* callback = properties->find("callback")) {
      if (!callback->isTrue()) {
        return refuse("the callback of a request is true, or left out, and this is neither");
      }
      Value function;
      calledBack = promiseOfCallback(function);
      asArray(arguments)->items.push(function);
    }
    for (auto& property : *properties) {
      Text key = asString(property.name)->text();
      if (!(key == "name" || key == "args" || key == "callback")) {
        return refuse("a request has name, args and callback, and this one has also ", key);
      }
    }
    Text wanted = asString(*name)->text();
    if (!findFunction(wanted, target)) {
      Characters names;
      registeredNames(names);
      reply << "parigot_call: the library has no function " << wanted << "; it has ";
      reply << (names.empty() ? Text("none any more") : names.text());
      return false;
    }
    library().calling = {};
    library().calling << wanted;
    return true;
  }

  bool perform() {
    auto& items = asArray(arguments)->items;
    Outcome outcome = invoke(target.function, target.self, {items.begin(), items.size()});
    if (!calledBack.isUndefined() && !outcome.thrown) {
      outcome.value = calledBack;
    }
    if (!library().ended && !outcome.thrown && !await(outcome)) {
      return refuse(
        calledBack.isUndefined()
          ? Text("nothing can settle the promise that this function gave, since all goroutines are asleep: ")
          : Text("nothing can call back for this function, since all goroutines are asleep: "),
        library().calling);
    }
    if (library().ended) {
      return refuseEnded();
    }
    // Go cannot throw, so libraries in Go return an Error instead.
    if (outcome.thrown || outcome.value.object(Kind::error)) {
      appendError(outcome.value);
      return false;
    }
    return appendResult(outcome.value);
  }

  // Waits for a value as JavaScript's `await` does, and gives what it comes to. False: it is a promise that is pending,
  // and no event can come any more.
  bool await(Outcome& outcome) {
    Value holder = promiseOf(outcome.value);
    auto& promise = *as<Promise>(holder, Kind::promise);
    promise.handled = true;
    while (promise.state == Promise::State::pending && !library().ended) {
      if (!turn(true)) {
        return false;
      }
    }
    outcome = Outcome(promise.result, promise.state == Promise::State::rejected);
    return true;
  }

  bool appendResult(const Value& value) {
    JsonWriter writer(reply, {}, JsonDialect::calls);
    bool written = writer.write(value, string(""));
    bool hasNone = value.isFunction() || !writer.problem.empty();
    if (library().ended || hasNone) {
      reply.clear();
    }
    if (library().ended) {
      return refuseEnded();
    }
    if (hasNone) {
      Characters why;
      why << library().calling.text() << ": "
          << (writer.problem.empty() ? Text("JSON has no form for a function") : writer.problem.text());
      return refuse("what this function gave is no value for a reply: ", why);
    }
    if (!written) {
      reply << "null";
    }
    return true;
  }

  void appendError(const Value& value) {
    if (value.isString() || value.object(Kind::error)) {
      reply << asString(toString(value))->text();
    } else {
      JsonWriter writer(reply, {}, JsonDialect::calls);
      if (!writer.write(value, string("")) || !writer.problem.empty()) {
        reply.clear();
      }
    }
    if (reply.empty()) {
      reply << "parigot_call: an error without a text, of " << library().calling.text();
    }
  }
};

// Bit 31 of the length says that the reply is an error.
constexpr uint64_t errorBit = 1u << 31;

} // namespace

void prepareLibrary() {
  char names[mostBytesOfGlobals];
  uint32_t size = program::globals(names, sizeof names);
  auto* place = &globalObject.own;
  for (uint32_t start = 0, i = 0; i < size; i++) {
    if (names[i] != '.' && names[i] != 0) {
      continue;
    }
    Text name{names + start, i - start};
    if (auto* there = place->find(name); !there || !propertiesOf(*there)) {
      place->set(string(name), Value(make<Plain>()));
    }
    place = names[i] ? &as<Plain>(*place->find(name), Kind::plain)->properties : &globalObject.own;
    start = i + 1;
  }
}

void openLibrary(void (*onTimer)()) {
  auto& events = state().events;
  library().onTimer = onTimer;
  events.setCallbacksAtOnce();
  events.setLooping(true);
  uint64_t start = monotonic();
  Characters names;
  bool more = true;
  for (uint32_t turns = 0; more && registeredNames(names) == 0; turns++) {
    more = turns < turnsOfOpening && monotonic() - start < longestOpening && turn(true);
  }
  events.setLooping(false);
  if (names.empty()) {
    Text line = "go program is no library: it waits, and has set no function on global, nor on an object there";
    endWith(&line, 1);
  }
}

bool endsCall(uint32_t exitCode) {
  auto& mine = library();
  if (!mine.inCall || state().events.isNested()) {
    return false;
  }
  mine.ended = true;
  mine.exitCode = exitCode;
  return true;
}

// library.call(request, bytes) -> reply<<32 | bytes. The caller owns the reply, and frees it with `free`.
extern "C" __attribute__((export_name("library.call"))) uint64_t parigot_libraryCall(const char* request,
                                                                                     uint32_t bytes) {
  Characters reply;
  bool ok = Call(reply).answer({request, bytes});
  uint64_t size = reply.size();
  auto address = uint64_t(reinterpret_cast<uintptr_t>(reply.detach()));
  return address << 32 | size | (ok ? 0 : errorBit);
}

// Gives the caller memory for a request. Null: there is none.
extern "C" __attribute__((export_name("malloc"))) void* parigot_libraryMalloc(uint32_t size) {
  return allocateIfPossible(size);
}

extern "C" __attribute__((export_name("free"))) void parigot_libraryFree(void* memory) { release(memory); }

} // namespace gojs
