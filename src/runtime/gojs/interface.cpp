#include "interface.h"

#include "globals.h"

namespace gojs {

namespace {

template<typename Item> const Item* findIn(const Item* items, uint32_t count, Text name) {
  for (uint32_t i = 0; i < count; i++) {
    if (items[i].name == name) {
      return &items[i];
    }
  }
  return nullptr;
}

// --- Objects that have no file of their own

constexpr Interface plainInterface = {.name = "an object", .othersAreUndefined = true};
constexpr Interface stringInterface = {.name = "a string"};
constexpr Interface functionInterface = {.name = "a function"};
constexpr Interface timerInterface = {.name = "a timer"};

constexpr Member errorMembers[] = {
  {.name = "code",
   .get =
     [](Object& object) {
       auto& error = static_cast<Error&>(object);
       return error.code.size ? string(error.code) : Value();
     }},
  {.name = "message", .get = [](Object& object) { return static_cast<Error&>(object).message; }},
  {.name = "name", .get = [](Object& object) { return string(static_cast<Error&>(object).name); }},
};
constexpr Interface errorInterface = {
  .name = "an error", .members = errorMembers, .memberCount = countOf(errorMembers), .othersAreUndefined = true};

constexpr Member eventMembers[] = {
  {.name = "id", .get = [](Object& object) { return Value(double(static_cast<Event&>(object).goId)); }},
  {.name = "this", .get = [](Object& object) { return static_cast<Event&>(object).self; }},
  {.name = "args", .get = [](Object& object) { return static_cast<Event&>(object).arguments; }},
  {.name = "result", .get = [](Object& object) { return static_cast<Event&>(object).result; }},
};
constexpr Interface eventInterface = {
  .name = "an event", .members = eventMembers, .memberCount = countOf(eventMembers), .othersAreUndefined = true};

} // namespace

const Member* Interface::find(Text name) const { return findIn(members, memberCount, name); }
const NumberMember* Interface::findNumber(Text name) const { return findIn(numbers, numberCount, name); }

const Member* findMember(const Object& object, Text name, const Interface*& of) {
  of = &interfaceOf(object);
  auto* found = of->find(name);
  if (!found && of->othersAreUndefined && of->hasPrototype && !of->findNumber(name)) {
    of = &objectPrototype;
    found = of->find(name);
  }
  return found;
}

// Functions have no properties. Only constructors have those that are listed with them (Member::statics).
const Interface& interfaceOf(const Object& object) {
  switch (object.kind) {
    case Kind::plain:
      return plainInterface;
    case Kind::array:
      return arrayInterface;
    case Kind::bytes:
      return bytesInterface;
    case Kind::string:
      return stringInterface;
    case Kind::function: {
      auto* member = static_cast<const Function&>(object).member;
      return member && member->statics ? *member->statics : functionInterface;
    }
    case Kind::unserved:
      return functionInterface;
    case Kind::timer:
      return timerInterface;
    case Kind::promise:
      return promiseInterface;
    case Kind::date:
      return dateInterface;
    case Kind::stat:
      return statInterface;
    case Kind::error:
      return errorInterface;
    case Kind::event:
      return eventInterface;
    case Kind::builtin:
      return *static_cast<const Builtin&>(object).interface;
  }
  __builtin_unreachable();
}

Value functionOf(const Interface& interface, const Member& member) {
  static List<Value> made; // each function is made at most once, so that it is always the same one; never freed
  for (auto& value : made) {
    if (static_cast<Function*>(value.object())->member == &member) {
      return value;
    }
  }
  auto* function = make<Function>();
  function->member = &member;
  function->of = &interface;
  return made.push(Value(function));
}

} // namespace gojs
