// The closed set of JavaScript names that the runtime serves, as data. They are the names that command-line programs
// use.
//
// Go's standard library asks for a few objects (fs, process, path, crypto, Date, Uint8Array) and a few properties of
// each; the runtime (src/runtime/gojs) serves some more properties of the same objects. The audit knows a name without
// its object, so a name counts as served wherever it is used: a program that reaches another object must have asked for
// that object by name, too. Some names belong to code of the standard library that also works without a browser; they
// count as served only in functions of that library.
//
// Sources: syscall/fs_js.go, syscall/syscall_js.go, syscall/js/func.go, time/zoneinfo_js.go, net/http/roundtrip_js.go,
// crypto/rand/rand_js.go of Go 1.14 to 1.27, and the same files of TinyGo.

#ifndef parigot_audit_closed_set_h
#define parigot_audit_closed_set_h

#include <string_view>

#include "audit/js_names.h"

namespace parigot::gojs {

enum class Served : uint8_t {
  Yes,     // the runtime serves it
  Guarded, // it is not served, and the program works without it
  No,
};

struct ServedName {
  Served served;
  std::string_view why; // for Guarded: why the program works without it
};

// Whether a name is served in an operation. `function` is the name of the function that uses it; `onGlobal` says
// whether the name is a property of the global object.
ServedName servedName(Operation operation, std::string_view name, bool onGlobal, std::string_view function);

// Whether the names that this function computes do no harm. They are keys of maps that the program hands over, and
// that become objects of the program's own.
bool computesHarmlessNames(std::string_view function);

// Whether a function belongs to the package syscall/js of Go or TinyGo.
bool isSyscallJSFunction(std::string_view function);
// The method that a program calls to make a function for JavaScript. The call is in syscall/js.FuncOf, which TinyGo
// inlines into other functions.
constexpr std::string_view makeFuncWrapper = "_makeFuncWrapper";
// Whether a name is a property of the global object whose value is the global object itself.
bool isGlobalAlias(std::string_view name);
// Whether a function belongs to a package of the standard library that uses JavaScript. The callbacks that it makes and
// the properties that it sets are no sign of a library for JavaScript.
bool isStandardLibrary(std::string_view function);

} // namespace parigot::gojs

#endif // parigot_audit_closed_set_h
