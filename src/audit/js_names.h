// Finds the names that a program hands to JavaScript: which property or method, by which operation, in which function.
//
// The search begins at the imports of syscall/js, whose parameters are known: valueGet has the name at sp+16 in Go's
// modules, and in parameters 1 and 2 in TinyGo's. Where an input of a function flows into such a place, that input is a
// name, too. The search follows inputs up the calls until the value is a constant:
//
//   (import "gojs" "syscall/js.valueCall")         a name at sp+16
//   syscall/js.Value.Call   hands its input on     a name at +24
//   syscall.fsCall          hands its input on     a name at +8
//   syscall.Open            "open"                 call of open, in syscall.Open
//
// The search recognizes functions by what they do with their inputs, so it needs no names of functions. A value that
// reaches the place of a name, and is no constant, counts as computed. Properties of the global object are told apart
// from others.

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
  uint32_t function; // the function in which the name is a constant: index in module.functions

  auto operator<=>(const NameUse& other) const = default;
};

// Calls in one function whose name is no constant.
struct ComputedNames {
  Operation operation;
  uint32_t function;
  size_t calls;
};

struct JSNames {
  std::vector<NameUse> uses;           // each once, in order of operation and name
  std::vector<ComputedNames> computed; // in order of function
};

// Finds all names. `mayBeCalledUnseen` says for each function, by index, whether something else than a direct call can
// reach it; a name that is an input of such a function can be anything. `isWrapper` says, by index, which functions
// belong to syscall/js itself. Where one of these hands its input on to an operation without a name, the use belongs to
// its callers. The time is linear in the number of calls.
JSNames findNames(const ModuleFacts& facts,
                  const Shim& shim,
                  const DataImage& image,
                  const std::vector<bool>& mayBeCalledUnseen,
                  const std::vector<bool>& isWrapper);

} // namespace parigot::gojs

#endif // parigot_audit_js_names_h
