#include "audit/closed_set.h"

#include <algorithm>
#include <iterator>

namespace parigot::gojs {

namespace {

// Names that are served in an operation.
struct Row {
  Operation operation;
  std::string_view object; // the object that has these properties, for readers only: it is not compared
  std::string_view names;  // separated by blanks
};

constexpr std::string_view fsOperations =
  "open close read write stat lstat fstat readdir readlink mkdir rmdir unlink rename link symlink truncate ftruncate "
  "fsync fdatasync utimes lutimes futimes chmod fchmod chown lchown fchown";

constexpr Row served[] = {
  {Operation::Get,
   "global",
   "Object Array Uint8Array Date Promise Error TypeError RangeError SyntaxError JSON Math fs process path crypto "
   "performance console global globalThis NaN "
   "Infinity"},
  // These are undefined in the runtime. A program that does anything with them uses other names, or invokes them.
  {Operation::Get, "global", "fetch AbortController"},
  {Operation::Get, "fs", "constants"},
  {Operation::Get, "fs", fsOperations},
  {Operation::Get,
   "fs.constants",
   "O_RDONLY O_WRONLY O_RDWR O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_DSYNC O_DIRECTORY O_NOFOLLOW O_SYNC "
   "S_IFMT S_IFSOCK S_IFLNK S_IFREG S_IFBLK S_IFDIR S_IFCHR S_IFIFO F_OK X_OK W_OK R_OK"},
  {Operation::Get, "process", "argv argv0 env pid ppid"},
  {Operation::Get, "path", "sep delimiter"},
  {Operation::Get, "Math", "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2"},
  {Operation::Get, "an object", "hasOwnProperty propertyIsEnumerable toString toLocaleString valueOf constructor"},
  {Operation::Get, "stat", "dev ino mode nlink uid gid rdev size blksize blocks atimeMs mtimeMs ctimeMs birthtimeMs"},
  {Operation::Get, "error", "code message name"},
  {Operation::Get, "event", "id this args result"},
  {Operation::Get, "go", "_pendingEvent"},
  {Operation::Get, "array, bytes", "length byteLength byteOffset BYTES_PER_ELEMENT"},
  {Operation::Call, "go", makeFuncWrapper},
  {Operation::Call, "fs", fsOperations},
  {Operation::Call, "stat", "isDirectory isFile isSymbolicLink isCharacterDevice isBlockDevice isSocket isFIFO"},
  {Operation::Call, "path", "resolve"},
  {Operation::Call, "process", "cwd chdir umask getuid getgid geteuid getegid getgroups exit"},
  {Operation::Call, "crypto", "getRandomValues"},
  {Operation::Call, "performance", "now"},
  {Operation::Call, "date", "getTimezoneOffset getTime valueOf"},
  {Operation::Call, "array", "push"},
  {Operation::Call, "bytes", "subarray slice set fill"},
  {Operation::Call, "an object", "hasOwnProperty propertyIsEnumerable toString toLocaleString valueOf"},
  {Operation::Call, "Object", "keys values entries assign"},
  {Operation::Call, "Array", "isArray of from"},
  {Operation::Call, "Promise", "resolve reject then catch"},
  {Operation::Call, "JSON", "stringify parse"},
  {Operation::Call,
   "Math",
   "abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 "
   "log1p log2 max min pow random round sign sin sinh sqrt tan tanh trunc"},
  {Operation::Call,
   "global",
   "setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask"},
  {Operation::Call, "console", "log info debug warn error"},
};

// Operations that are always served. The object that they work on (the constructor, the owner of the property) was
// asked for by its own name, and that name is judged. Invoke is not among them: the only functions that a program could
// invoke are `fetch` and those that JavaScript hands over.
constexpr Operation servedOperations[] = {Operation::New, Operation::InstanceOf};
constexpr Operation servedOnOwnObjects[] = {Operation::Set, Operation::Delete};

// A package of the standard library whose functions may use any name, and the reason why it works without JavaScript.
struct GuardRow {
  std::string_view package, why;
};
constexpr GuardRow guarded[] = {
  {"net/http",
   "fetch is undefined, so net/http uses Go's network, which is in memory: real connections are refused at run time"},
};

// The packages of the standard library that use JavaScript themselves. `runtime` is not among them, since TinyGo
// inlines a program's main function into a function of `runtime`.
constexpr std::string_view standardPackages[] = {"syscall/js", "syscall", "net/http", "time", "crypto/rand"};

bool hasWord(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    auto end = words.find(' ');
    if (words.substr(0, end) == word) {
      return true;
    }
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
  return false;
}

// Whether a function belongs to a package. Go names functions of `time` "time.Sleep" and "time.(*Timer).Stop", TinyGo
// names them "(*time.Timer).Stop". Go's name section has '_' in place of '/'.
bool isOf(std::string_view function, std::string_view package) {
  while (!function.empty() && (function[0] == '(' || function[0] == '*')) {
    function.remove_prefix(1);
  }
  if (function.size() <= package.size() || function[package.size()] != '.') {
    return false;
  }
  return std::equal(
    package.begin(), package.end(), function.begin(), [](char a, char b) { return a == b || (a == '/' && b == '_'); });
}

} // namespace

ServedName servedName(Operation operation, std::string_view name, bool onGlobal, std::string_view function) {
  auto isIn = [&](auto& operations) {
    return std::find(std::begin(operations), std::end(operations), operation) != std::end(operations);
  };
  if (isIn(servedOperations) || (!onGlobal && isIn(servedOnOwnObjects))) {
    return {Served::Yes, ""};
  }
  for (auto& row : served) {
    if (row.operation == operation && hasWord(row.names, name)) {
      return {Served::Yes, ""};
    }
  }
  for (auto& row : guarded) {
    if (isOf(function, row.package)) {
      return {Served::Guarded, row.why};
    }
  }
  return {Served::No, ""};
}

bool computesHarmlessNames(std::string_view function) {
  return isOf(function, "net/http") || (isSyscallJSFunction(function) && function.ends_with(".ValueOf"));
}

bool isSyscallJSFunction(std::string_view function) { return isOf(function, "syscall/js"); }

bool isGlobalAlias(std::string_view name) { return hasWord("globalThis global window self", name); }

bool isStandardLibrary(std::string_view function) {
  return std::any_of(std::begin(standardPackages), std::end(standardPackages), [&](std::string_view package) {
    return isOf(function, package);
  });
}

} // namespace parigot::gojs
