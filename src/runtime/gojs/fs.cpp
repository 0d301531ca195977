// global.fs: the functions with callbacks of Node's module fs. Each function is a row of `operations`; files.h has what
// it does to files. As in Node, a function throws if its arguments are wrong. It gives all other errors, and its
// result, to the callback later.

#include "error_codes.h"
#include "events.h"
#include "files.h"
#include "globals.h"
#include "process.h"
#include "state.h"

namespace gojs {

namespace {

// --- Arguments

// One function: the types of its parameters, and what it does with arguments of these types. Each type is a letter:
//
//   p a path   s a string   f a file descriptor   n a number, 0 if not given   b a Uint8Array   . anything
//
// Further parameters, and all that are not given, are optional in Node too. The callback is the last argument.
struct Operation {
  // Does the operation. Returns an error, or sets `result` if the callback gets a result.
  using Run = Errno (*)(Arguments arguments, Value& result);
  Text name;
  Text parameters;
  Run run;
};

// This is no errno of WASI. It means that the operation is not finished: its callback will be called when the data is
// there.
constexpr Errno later = 0xFFFF;

bool isFd(const Value& value) {
  double number = value.number();
  return number >= 0 && number <= INT32_MAX && number == int32_t(number);
}

bool fits(char parameter, const Value& value) {
  switch (parameter) {
    case 'p':
    case 's':
      return value.isString();
    case 'f':
      return isFd(value);
    case 'n':
      return value.isNumber() || value.isNothing();
    case 'b':
      return value.object(Kind::bytes);
    default:
      return true;
  }
}

Text text(const Value& value) { return asString(value)->text(); }
uint32_t fd(const Value& value) { return uint32_t(value.number()); }

// A number as an integer. As in Node, numbers beyond 53 bits are cut off at the ends of that range.
int64_t integer(const Value& value) {
  constexpr double limit = 9007199254740992;
  double number = value.isNothing() ? 0 : value.number();
  return number >= limit ? int64_t(limit) : number <= -limit ? -int64_t(limit) : number == number ? int64_t(number) : 0;
}

// A length to truncate to. As in Node, a negative one means 0.
uint64_t length(const Value& value) {
  int64_t number = integer(value);
  return number < 0 ? 0 : uint64_t(number);
}

// Converts seconds since 1970, with fractions, to nanoseconds. WASI has no times before 1970: they become 0.
uint64_t nanoseconds(const Value& seconds) {
  double number = seconds.number() * 1e9;
  return number >= 1.8e19 ? UINT64_MAX : number > 0 ? uint64_t(number) : 0;
}

// --- Operations

Errno openOf(Arguments a, Value& result) {
  uint32_t opened;
  Errno error = openFile(text(a[0]), uint32_t(integer(a[1])), opened);
  result = Value(double(opened));
  return error;
}

Errno closeOf(Arguments a, Value&) { return closeFile(fd(a[0])); }

// The arguments of read and write: buffer, offset, length, position.
struct Span {
  Bytes* bytes;
  uint32_t start, size;
  int64_t position; // -1: the file's own
};

Span spanOf(Arguments a) {
  auto* bytes = asBytes(a[1]);
  auto start = uint32_t(integer(a[2]));
  uint32_t size = a[3].isNothing() ? bytes->length - start : uint32_t(integer(a[3]));
  return {bytes, start, size, a[4].isNothing() ? -1 : integer(a[4])};
}

bool spanFits(Arguments a) {
  auto* bytes = asBytes(a[1]);
  int64_t start = integer(a[2]);
  int64_t size = a[3].isNothing() ? 0 : integer(a[3]);
  return start >= 0 && start <= bytes->length && size >= 0 && size <= bytes->length - start;
}

Errno readOf(Arguments a, Value& result) {
  Span span = spanOf(a);
  if (span.size == 0) {
    result = Value::zero;
    return 0;
  }
  if (span.position < 0 && fd(a[0]) == 0 && isOpen(0) && state().events.canWait()) {
    state().events.read({fd(a[0]), a[1], span.start, span.size, a[a.size - 1]});
    return later;
  }
  uint32_t done = 0;
  Errno error = readInto(fd(a[0]), *span.bytes, span.start, span.size, span.position, done);
  result = Value(double(done));
  return error;
}

Errno writeOf(Arguments a, Value& result) {
  Span span = spanOf(a);
  uint32_t done = 0;
  auto* data = state().buffers.toReadWhole(*span.bytes, span.start, span.start + span.size);
  Errno error = writeFile(fd(a[0]), data, span.size, span.position, done);
  state().buffers.spend(*span.bytes);
  result = Value(double(done));
  return error;
}

template<Errno (*run)(Text path, bool follow, Stat& stat), bool follow> Errno statOf(Arguments a, Value& result) {
  auto* stat = make<Stat>();
  result = Value(stat);
  return run(text(a[0]), follow, *stat);
}

Errno fstatOf(Arguments a, Value& result) {
  auto* stat = make<Stat>();
  result = Value(stat);
  return statFile(fd(a[0]), *stat);
}

Errno readdirOf(Arguments a, Value& result) {
  List<Characters> names;
  if (Errno error = readDirectory(text(a[0]), names)) {
    return error;
  }
  auto* array = make<Array>();
  result = Value(array);
  for (auto& name : names) {
    array->items.push(string(name));
  }
  return 0;
}

Errno readlinkOf(Arguments a, Value& result) {
  Characters target;
  Errno error = readLink(text(a[0]), target);
  if (!error) {
    result = string(target);
  }
  return error;
}

template<Errno (*run)(Text)> Errno onPath(Arguments a, Value&) { return run(text(a[0])); }
template<Errno (*run)(Text, Text)> Errno onPaths(Arguments a, Value&) { return run(text(a[0]), text(a[1])); }
template<bool dataOnly> Errno syncOf(Arguments a, Value&) { return syncFile(fd(a[0]), dataOnly); }

Errno truncateOf(Arguments a, Value&) { return truncatePath(text(a[0]), a.size > 2 ? length(a[1]) : 0); }
Errno ftruncateOf(Arguments a, Value&) { return truncateFile(fd(a[0]), a.size > 2 ? length(a[1]) : 0); }

template<bool follow> Errno utimesOf(Arguments a, Value&) {
  return setTimes(text(a[0]), follow, nanoseconds(a[1]), nanoseconds(a[2]));
}
Errno futimesOf(Arguments a, Value&) { return setTimesOfFile(fd(a[0]), nanoseconds(a[1]), nanoseconds(a[2])); }

// WASI has no permissions. As in Go's port to WASI, setting them does nothing, successfully, if the file is there.
Errno chmodOf(Arguments a, Value&) {
  Stat stat;
  return statPath(text(a[0]), true, stat);
}
Errno fchmodOf(Arguments a, Value&) {
  Stat stat;
  return statFile(fd(a[0]), stat);
}

// WASI has no owners. As in Go's port to WASI, setting them gives ENOSYS.
Errno chownOf(Arguments, Value&) { return errnoNotServed; }

constexpr Operation operations[] = {
  {"open", "pn.", openOf},
  {"close", "f", closeOf},
  {"read", "fbnnn", readOf},
  {"write", "fbnnn", writeOf},
  {"stat", "p", statOf<statPath, true>},
  {"lstat", "p", statOf<statPath, false>},
  {"fstat", "f", fstatOf},
  {"readdir", "p", readdirOf},
  {"readlink", "p", readlinkOf},
  {"mkdir", "p", onPath<makeDirectory>},
  {"rmdir", "p", onPath<removeDirectory>},
  {"unlink", "p", onPath<removeFile>},
  {"rename", "pp", onPaths<renamePath>},
  {"link", "pp", onPaths<linkPath>},
  {"symlink", "sp", onPaths<symlinkPath>},
  {"truncate", "pn", truncateOf},
  {"ftruncate", "fn", ftruncateOf},
  {"fsync", "f", syncOf<false>},
  {"fdatasync", "f", syncOf<true>},
  {"utimes", "pnn", utimesOf<true>},
  {"lutimes", "pnn", utimesOf<false>},
  {"futimes", "fnn", futimesOf},
  {"chmod", "p", chmodOf},
  {"fchmod", "f", fchmodOf},
  {"chown", "p", chownOf},
  {"lchown", "p", chownOf},
  {"fchown", "f", chownOf},
};
constexpr uint32_t operationCount = sizeof operations / sizeof *operations;

Outcome perform(const Operation& operation, Arguments arguments) {
  if (arguments.size == 0 || !arguments[arguments.size - 1].isFunction()) {
    return thrown("ERR_INVALID_ARG_TYPE", "The last argument must be a callback");
  }
  for (uint32_t i = 0; i < operation.parameters.size; i++) {
    if (!fits(operation.parameters[i], i + 1 < arguments.size ? arguments[i] : Arguments{}[0])) {
      return thrown("ERR_INVALID_ARG_TYPE", "An argument is not of the type that the function takes");
    }
  }
  bool hasSpan = operation.parameters.size > 1 && operation.parameters[1] == 'b';
  if (hasSpan && !spanFits(arguments)) {
    return thrown("ERR_OUT_OF_RANGE", "The offset or the length is out of range");
  }
  Value result;
  Errno error = operation.run(arguments, result);
  if (error != later) {
    state().events.post(arguments[arguments.size - 1], error, result, operation.name);
  }
  return {};
}

template<uint32_t index> Outcome call(const Value&, Arguments arguments) {
  return perform(operations[index], arguments);
}

// --- As an interface

constexpr NumberMember constantNumbers[] = {
  {"O_RDONLY", 0},
  {"O_WRONLY", 1},
  {"O_RDWR", 2},
  {"O_CREAT", openCreate},
  {"O_EXCL", openExclusive},
  {"O_NOCTTY", openNoTerminal},
  {"O_TRUNC", openTruncate},
  {"O_APPEND", openAppend},
  {"O_NONBLOCK", openNonblock},
  {"O_DSYNC", openDataSync},
  {"O_DIRECTORY", openDirectory},
  {"O_NOFOLLOW", openNoFollow},
  {"O_SYNC", openSync},
  {"S_IFMT", typeMask},
  {"S_IFSOCK", typeSocket},
  {"S_IFLNK", typeLink},
  {"S_IFREG", typeRegular},
  {"S_IFBLK", typeBlock},
  {"S_IFDIR", typeDirectory},
  {"S_IFCHR", typeCharacter},
  {"S_IFIFO", 0010000},
  {"F_OK", 0},
  {"X_OK", 1},
  {"W_OK", 2},
  {"R_OK", 4},
};

constexpr Interface constantsInterface = {.name = "fs.constants",
                                          .numbers = constantNumbers,
                                          .numberCount = countOf(constantNumbers),
                                          .othersAreUndefined = true,
                                          .hasPrototype = false};

Builtin constantsObject(&constantsInterface);

template<uint32_t... index> struct Indices {};
template<uint32_t n, uint32_t... rest> struct UpTo : UpTo<n - 1, n - 1, rest...> {};
template<uint32_t... index> struct UpTo<0, index...> { using Type = Indices<index...>; };

struct FsMembers {
  Member members[operationCount + 1];
  template<uint32_t... index>
  constexpr FsMembers(Indices<index...>)
    : members{{.name = operations[index].name, .call = call<index>}...,
              {.name = "constants", .get = [](Object&) { return Value(&constantsObject); }}} {}
};
constexpr FsMembers fsMembers{UpTo<operationCount>::Type{}};

constexpr Interface fsInterface = {.name = "fs", .members = fsMembers.members, .memberCount = operationCount + 1};

// --- What stat gives

constexpr uint32_t blockSize = 4096;

Stat& statOfObject(Object& object) { return static_cast<Stat&>(object); }

template<auto field> Value number(Object& object) { return Value(double(statOfObject(object).*field)); }
template<auto field> Value identity(Object& object) {
  return Value(state().wideNumbers.number(statOfObject(object).*field));
}
template<uint64_t Stat::*field> Value milliseconds(Object& object) {
  return Value(double(statOfObject(object).*field) / 1e6);
}
PARIGOT_SMALL Outcome isOfType(const Value& self, uint32_t type) {
  auto* stat = as<Stat>(self, Kind::stat);
  return Value::boolean(stat && (stat->mode & typeMask) == type);
}
template<uint32_t type> Outcome isOfType(const Value& self, Arguments) { return isOfType(self, type); }

constexpr Member statMembers[] = {
  {.name = "dev", .get = identity<&Stat::device>},
  {.name = "ino", .get = identity<&Stat::inode>},
  {.name = "mode", .get = number<&Stat::mode>},
  {.name = "nlink", .get = number<&Stat::links>},
  {.name = "uid", .get = [](Object&) { return Value(double(userId)); }},
  {.name = "gid", .get = [](Object&) { return Value(double(userId)); }},
  {.name = "rdev", .get = [](Object&) { return Value(Value::zero); }},
  {.name = "size", .get = number<&Stat::size>},
  {.name = "blksize", .get = [](Object&) { return Value(double(blockSize)); }},
  {.name = "blocks", .get = [](Object& o) { return Value(double((statOfObject(o).size + 511) / 512)); }},
  {.name = "atimeMs", .get = milliseconds<&Stat::accessed>},
  {.name = "mtimeMs", .get = milliseconds<&Stat::modified>},
  {.name = "ctimeMs", .get = milliseconds<&Stat::changed>},
  {.name = "birthtimeMs", .get = milliseconds<&Stat::changed>},
  {.name = "isDirectory", .call = isOfType<typeDirectory>},
  {.name = "isFile", .call = isOfType<typeRegular>},
  {.name = "isSymbolicLink", .call = isOfType<typeLink>},
  {.name = "isCharacterDevice", .call = isOfType<typeCharacter>},
  {.name = "isBlockDevice", .call = isOfType<typeBlock>},
  {.name = "isSocket", .call = isOfType<typeSocket>},
  {.name = "isFIFO", .call = isOfType<0010000>},
};

} // namespace

const Interface statInterface = {.name = "Stats", .members = statMembers, .memberCount = countOf(statMembers)};
Builtin fsObject(&fsInterface);

} // namespace gojs
