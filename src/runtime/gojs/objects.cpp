#include "objects.h"

#include "bytes.h"
#include "promise.h"
#include "state.h"

namespace gojs {

Tag Object::tag() const {
  switch (kind) {
    case Kind::string:
      return Tag::string;
    case Kind::function:
      return Tag::function;
    case Kind::unserved:
      return static_cast<const Unserved*>(this)->isPlain ? Tag::object : Tag::function;
    default:
      return Tag::object;
  }
}

namespace {

template<typename T> void finish(Object* object) {
  static_cast<T*>(object)->~T();
  release(object);
}

void finish(Object* object) {
  switch (object->kind) {
    case Kind::plain:
      return finish<Plain>(object);
    case Kind::array:
      return finish<Array>(object);
    case Kind::bytes:
      state().buffers.remove(*static_cast<Bytes*>(object));
      return finish<Bytes>(object);
    case Kind::string:
      state().strings.remove(*static_cast<String*>(object));
      return finish<String>(object);
    case Kind::function:
      return finish<Function>(object);
    case Kind::date:
      return finish<Date>(object);
    case Kind::stat:
      return finish<Stat>(object);
    case Kind::error:
      return finish<Error>(object);
    case Kind::event:
      return finish<Event>(object);
    case Kind::timer:
      return finish<Timer>(object);
    case Kind::promise:
      return finish<Promise>(object);
    case Kind::builtin: // has a permanent use, so it is never freed
    case Kind::unserved:
      return;
  }
}

} // namespace

// An object that becomes free while another is being freed is queued. So a list of a million elements, each held by the
// one before it, is not freed by a million nested calls.
__attribute__((noinline)) void unuse(Object* object) {
  if (--object->uses) {
    return;
  }
  auto& dying = state().dying;
  dying.push(object);
  if (dying.size() > 1) {
    return;
  }
  for (uint32_t done = 0; done < dying.size(); done++) {
    finish(dying[done]);
  }
  dying.clear();
}

Value string(Text text) { return Value(state().strings.find(text)); }

Value error(Text code, Text message) {
  auto* made = make<Error>();
  Value result(made);
  made->code = code;
  made->message = string(message);
  return result;
}

Outcome thrownAs(Text name, Text message) {
  Value made = error({}, message);
  static_cast<Error*>(made.object())->name = name;
  return {made, true};
}

Value nativeFunction(Function::Native native, const Value& bound) {
  auto* function = make<Function>();
  Value result(function);
  function->native = native;
  function->bound = bound;
  return result;
}

Value makeArray(const Value* items, uint32_t size) {
  auto* array = make<Array>();
  for (uint32_t i = 0; i < size; i++) {
    array->items.push(items[i]);
  }
  return Value(array);
}

} // namespace gojs
