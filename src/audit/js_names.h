// The names that a program hands to JavaScript: which property or method, by
// which operation, in which function.
//
// It begins at the imports of syscall/js, whose parameters are known: the name of
// valueGet is at sp+16 of Go, parameters 1 and 2 of TinyGo. Where a function's
// own input flows into such a place, that input is a name, too, and so on up the
// calls until it is a constant:
//
//   (import "gojs" "syscall/js.valueCall")         a name at sp+16
//   syscall/js.Value.Call   hands its input on     a name at +24
//   syscall.fsCall          hands its input on     a name at +8
//   syscall.Open            "open"                 call of open, in syscall.Open
//
// Functions are recognised by what they do with their inputs, so their names are
// not needed. What reaches a name's place and is no constant is counted as
// computed. Properties of the global object are told apart from others.

#ifndef parigot_audit_js_names_h
#define parigot_audit_js_names_h

#include <string>
#include <string_view>
#include <vector>

#include "audit/flow.h"
#include "go/data_image.h"
#include "go/shim.h"

namespace parigot::gojs {

enum class Operation : uint8_t { Get, Set, Delete, Call, Invoke, New, InstanceOf };

// "get", "set", ...
std::string_view toString(Operation operation);

// Whether the operation takes a name.
bool hasName(Operation operation);

struct NameUse {
  Operation operation;
  std::string name;  // empty where the operation has none
  bool onGlobal;     // a property of the global object
  uint32_t function; // where it is a constant: index in module.functions

  auto operator<=>(const NameUse& other) const = default;
};

// Calls whose name is no constant.
struct ComputedNames {
  Operation operation;
  uint32_t function;
  size_t calls;
};

struct JSNames {
  std::vector<NameUse> uses;           // each once, in order of operation and name
  std::vector<ComputedNames> computed; // in order of function
};

// `mayBeCalledUnseen`, by index: functions that something else than a direct call
// can reach; a name that is their input can be anything.
// `isWrapper`, by index: functions of syscall/js itself. Where one of these hands
// its input on to an operation without a name, its callers are who do it.
// Linear in the number of calls.
JSNames findNames(const ModuleFacts& facts,
                  const Shim& shim,
                  const DataImage& image,
                  const std::vector<bool>& mayBeCalledUnseen,
                  const std::vector<bool>& isWrapper);

} // namespace parigot::gojs

#endif // parigot_audit_js_names_h
