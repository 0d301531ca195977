// global.process and global.path.

#include "process.h"

#include "arguments.h"
#include "error_codes.h"
#include "files.h"
#include "globals.h"
#include "path.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

Outcome cwd(const Value&, Arguments) { return string(state().directory.current()); }

Outcome chdir(const Value&, Arguments arguments) {
  auto* path = asString(arguments[0]);
  if (!path) {
    return thrown("ERR_INVALID_ARG_TYPE", "The \"directory\" argument must be of type string");
  }
  if (Errno error = state().directory.change(path->text())) {
    Characters message;
    message << errnoCode(error) << ": chdir";
    return thrown(errnoCode(error), message);
  }
  return {};
}

// Reads a value as a small number that is 0 or more. All other values give 0.
uint32_t smallNumber(const Value& value) {
  double number = value.number();
  return number >= 0 && number <= INT32_MAX ? uint32_t(number) : 0;
}

// process.umask: sets a new mask, and gives the one before. The first one is 022, which most systems have. The mask has
// no effect, since there are no permissions that it could take away from new files.
Outcome umask(const Value&, Arguments arguments) {
  static uint32_t mask = 022;
  uint32_t before = mask;
  if (!arguments[0].isNothing()) {
    mask = smallNumber(arguments[0]) & 0777;
  }
  return Value(double(before));
}

Outcome user(const Value&, Arguments) { return Value(double(userId)); }

Outcome groups(const Value&, Arguments) {
  auto* array = make<Array>();
  Value result(array);
  array->items.push(Value(double(userId)));
  return result;
}

// process.exit. Only the lowest 8 bits of a code count, as on other systems: for hosts, larger numbers are no exit
// codes.
Outcome exitNow(const Value&, Arguments arguments) {
  auto& code = arguments[0];
  double number = code.isNothing() ? 0 : code.number();
  if (!(number >= -9007199254740991 && number <= 9007199254740991) || number != double(int64_t(number))) {
    return thrown("ERR_INVALID_ARG_TYPE", "The \"code\" argument must be an integer");
  }
  __wasi_proc_exit(uint32_t(int64_t(number)) & 0xFF);
}

// process.env: a copy of the environment, made when the program first asks for it.
Value environment(Object&) {
  static Value made;
  if (made.isUndefined()) {
    auto* plain = make<Plain>();
    made = Value(plain);
    List<Characters> variables;
    readEnvironment(variables);
    for (auto& variable : variables) {
      Text whole = variable;
      auto* equals = static_cast<const char*>(memchr(whole.data, '=', whole.size));
      auto length = uint32_t(equals - whole.data);
      plain->properties.set(string({whole.data, length}), string(whole.from(length + 1)));
    }
  }
  return made;
}

// process.argv: Node, the file that Node runs, and then the program's own arguments.
Value commandLine(Object&) {
  static Value made;
  if (made.isUndefined()) {
    List<Characters> arguments;
    readArguments(arguments);
    auto* array = make<Array>();
    made = Value(array);
    array->items.push(string("node"));
    array->items.push(string("wasm_exec_node.js"));
    for (auto& argument : arguments) {
      array->items.push(string(argument));
    }
  }
  return made;
}

constexpr Member processMembers[] = {
  // net/http looks at this to see whether it may use fetch (roundtrip_js.go): under Node it may not.
  {.name = "argv0", .get = [](Object&) { return string("node"); }},
  {.name = "argv", .get = commandLine},
  {.name = "env", .get = environment},
  {.name = "pid", .get = [](Object&) { return Value(double(processId)); }},
  {.name = "ppid", .get = [](Object&) { return Value(double(parentId)); }},
  {.name = "cwd", .call = cwd},
  {.name = "chdir", .call = chdir},
  {.name = "umask", .call = umask},
  {.name = "getuid", .call = user},
  {.name = "getgid", .call = user},
  {.name = "geteuid", .call = user},
  {.name = "getegid", .call = user},
  {.name = "getgroups", .call = groups},
  {.name = "exit", .call = exitNow},
};
constexpr Interface processInterface = {
  .name = "process", .members = processMembers, .memberCount = countOf(processMembers)};

Outcome resolve(const Value&, Arguments arguments) {
  Characters result = state().directory.absolute({});
  for (uint32_t i = 0; i < arguments.size; i++) {
    auto* path = asString(arguments[i]);
    if (!path) {
      return thrown("ERR_INVALID_ARG_TYPE", "A part of the path must be of type string");
    }
    resolvePath(result, path->text());
  }
  return string(result);
}

constexpr Member pathMembers[] = {
  {.name = "resolve", .call = resolve},
  {.name = "sep", .get = [](Object&) { return string("/"); }},
  {.name = "delimiter", .get = [](Object&) { return string(":"); }},
};
constexpr Interface pathInterface = {.name = "path", .members = pathMembers, .memberCount = countOf(pathMembers)};

} // namespace

Builtin processObject(&processInterface);
Builtin pathObject(&pathInterface);

} // namespace gojs
