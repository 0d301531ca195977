#include "gojs/closed_set.h"

#include <algorithm>
#include <iterator>

namespace parigot::gojs {

namespace {

// What names are properties of, for people; it is not checked.
struct Row {
  Operation operation;
  std::string_view object;
  std::string_view names; // separated by blanks
};

constexpr Row served[] = {
  // Whoever does something with fetch or AbortController names that, too, and is
  // found by it: getting them alone gives undefined.
  {Operation::Get, "global", "Object Array process fs path Uint8Array crypto Date fetch AbortController"},
  {Operation::Get, "fs", "constants lchown"},
  {Operation::Get, "fs.constants", "O_WRONLY O_RDWR O_CREAT O_TRUNC O_APPEND O_EXCL O_DIRECTORY"},
  {Operation::Get, "process", "pid ppid argv0"},
  {Operation::Get, "stat", "dev ino mode nlink uid gid rdev size blksize blocks atimeMs mtimeMs ctimeMs"},
  {Operation::Get, "error", "code message"},
  {Operation::Get, "event", "id this args"},
  {Operation::Get, "go", pendingEvent},
  {Operation::Get, "bytes", "byteLength"},
  {Operation::Call, "go", makeFuncWrapper},
  {Operation::Call,
   "fs",
   "open close read write fstat stat lstat mkdir rmdir unlink rename readdir readlink symlink link chmod fchmod "
   "truncate ftruncate fsync utimes chown lchown fchown"},
  {Operation::Call, "stat", "isDirectory"},
  {Operation::Call, "path", "resolve"},
  {Operation::Call, "process", "cwd chdir umask getuid getgid geteuid getegid getgroups"},
  {Operation::Call, "crypto", "getRandomValues"},
  {Operation::Call, "date", "getTimezoneOffset"},
  // new Uint8Array(n), new Date(), new Object(), new Array(n): other constructors
  // have a name.
  {Operation::New, "", ""},
};

// Names in functions of the standard library.
struct GuardRow {
  std::string_view package;
  std::string_view names; // separated by blanks; "*": all
  std::string_view why;
};
constexpr std::string_view inMemory = "fetch is undefined, so net/http uses Go's network, which is in memory: real "
                                      "connections are refused at run time";
constexpr std::string_view releasedCallback = "only said when JavaScript calls a function that was released";
constexpr GuardRow guarded[] = {
  {"net/http", "*", inMemory},
  {"syscall/js", "console error", releasedCallback},
  {"syscall/js", "toString message", "only for the text of an error"},
};

// Packages that ask for JavaScript on their own account. (`runtime` is none:
// TinyGo inlines a program's main into a function of it.)
constexpr std::string_view standardPackages[] = {
  "syscall/js", "syscall", "net/http", "time", "crypto/rand"};

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

// Whether a function is of a package: "time.Sleep", "time.(*Timer).Stop", TinyGo:
// "(*time.Timer).Stop". The name section of Go has '_' for '/'.
bool isOf(std::string_view function, std::string_view package) {
  while (!function.empty() && (function[0] == '(' || function[0] == '*')) {
    function.remove_prefix(1);
  }
  if (function.size() <= package.size() || function[package.size()] != '.') {
    return false;
  }
  return std::equal(package.begin(), package.end(), function.begin(), [](char a, char b) {
    return a == b || (a == '/' && b == '_');
  });
}

} // namespace

ServedName servedName(Operation operation, std::string_view name, bool onGlobal, std::string_view function) {
  // An object that is not the program's own has a name of its own.
  if (operation == Operation::Set && !onGlobal) {
    return {Served::Yes, ""};
  }
  for (auto& row : served) {
    if (row.operation == operation && (hasName(operation) ? hasWord(row.names, name) : true)) {
      return {Served::Yes, ""};
    }
  }
  for (auto& row : guarded) {
    if (isOf(function, row.package) && (row.names == "*" || hasWord(row.names, name))) {
      return {Served::Guarded, row.why};
    }
  }
  return {Served::No, ""};
}

bool computesHarmlessNames(std::string_view function) {
  return isOf(function, "net/http") || isSyscallJSFunction(function);
}

bool isSyscallJSFunction(std::string_view function) { return isOf(function, "syscall/js"); }

bool isGlobalAlias(std::string_view name) { return hasWord("globalThis global window self", name); }

bool isStandardLibrary(std::string_view function) {
  return std::any_of(std::begin(standardPackages), std::end(standardPackages), [&](std::string_view package) {
    return isOf(function, package);
  });
}

} // namespace parigot::gojs
