// The closed set of JavaScript names that the runtime serves, as data: those that
// command-line programs use.
//
// Go's standard library asks for a few objects (fs, process, path, crypto, Date,
// Uint8Array) and a few properties of each; the runtime (src/runtime/gojs) has some
// more of the same objects. A name is known without its object, so it counts as
// served wherever it is used: a program that reaches another object must have
// asked for that one by name, too. Some names belong to uses of the standard
// library that work without a browser; those count as served in the library's
// functions only.
//
// Sources: syscall/fs_js.go, syscall/syscall_js.go, syscall/js/func.go,
// time/zoneinfo_js.go, net/http/roundtrip_js.go, crypto/rand/rand_js.go of Go 1.14
// to 1.27, and the same files of TinyGo.

#ifndef parigot_audit_closed_set_h
#define parigot_audit_closed_set_h

#include <string_view>

#include "audit/js_names.h"

namespace parigot::gojs {

enum class Served : uint8_t {
  Yes,     // by the runtime
  Guarded, // the standard library does without it
  No,
};

struct ServedName {
  Served served;
  std::string_view why; // for Guarded: why the program works without it
};

// `function` is the name of the function that uses it.
ServedName servedName(Operation operation, std::string_view name, bool onGlobal, std::string_view function);

// Whether names that this function computes do no harm: those of maps that the
// program hands over, which become objects of its own.
bool computesHarmlessNames(std::string_view function);

// Whether a function is of syscall/js itself, of Go or TinyGo.
bool isSyscallJSFunction(std::string_view function);
// The name of the call that makes a function for JavaScript: in syscall/js.FuncOf,
// which TinyGo inlines into others.
constexpr std::string_view makeFuncWrapper = "_makeFuncWrapper";
// Names that the global object has for itself.
bool isGlobalAlias(std::string_view name);
// Whether a function belongs to the standard library's use of JavaScript: its
// callbacks and the properties that it sets are no sign of a library.
bool isStandardLibrary(std::string_view function);

} // namespace parigot::gojs

#endif // parigot_audit_closed_set_h
