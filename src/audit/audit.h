// The audit: what a binary asks of JavaScript, and who can give it.
//
// Before a module is changed, this says whether it can do without JavaScript at
// all:
//
//   needs nothing           no shim, or only its clocks, timers and println
//   served by the runtime   all names that it hands to JavaScript are in the closed
//                           set of closed_set.h
//   needs a browser         because it asks for others (each is named, with the
//                           function and how that is reached), registers functions
//                           for JavaScript to call, or imports what no shim has
//
// It is an estimate in two ways, both said in the result. Names that a program
// computes cannot be seen; they are counted, and refused at run time. And a name
// in code that is never run counts as much as any other.

#ifndef parigot_audit_audit_h
#define parigot_audit_audit_h

#include <string>
#include <string_view>
#include <vector>

#include "audit/closed_set.h"
#include "audit/js_names.h"
#include "go/function_names.h"
#include "go/shim.h"
#include "support/result.h"
#include "wasm.h"

namespace parigot::gojs {

// In ascending order.
enum class Need : uint8_t { Nothing, Runtime, Browser };

// "needs nothing", "served by the runtime", "needs a browser"
std::string_view toString(Need need);

struct AuditedImport {
  std::string module, name;
  size_t times; // Go 1.24 and later can write one twice
};

// A function that hands names to JavaScript, and how it is reached.
struct AuditedFunction {
  struct Step {
    std::string name;
    bool indirectly; // called so by the one before
  };
  std::string name;
  // The export that the chain begins with; empty when it is the start function.
  std::string exportName;
  // An exported function first, this one last; empty when no chain of calls leads
  // here that could be seen: it is called through reflection, or never.
  std::vector<Step> chain;
  // Steps that were left out of a long chain, behind the first one.
  size_t leftOut = 0;
};

struct AuditedName {
  Operation operation;
  std::string name; // empty where the operation has none
  bool onGlobal;    // a property of JavaScript's global object
  Served served;
  std::string_view why;          // see ServedName
  std::vector<size_t> functions; // in Audit::functions
};

struct AuditedComputation {
  Operation operation;
  size_t function; // in Audit::functions
  size_t calls;
};

struct Audit {
  Need need = Need::Nothing;
  // Of Browser: why; each a clause whose subject is the binary, such as "gets
  // document of the global object, in main.main".
  std::vector<std::string> because;

  std::string compiler; // "Go 1.26.5", see Shim::compiler; empty: no shim
  ShimAbi abi = ShimAbi::None;
  std::vector<AuditedImport> imports; // of the shim
  std::vector<std::string> problems;  // messages of ShimProblem
  std::vector<AuditedName> names;     // those of syscall/js itself left out
  std::vector<AuditedComputation> computed;
  std::vector<AuditedFunction> functions; // that use names, or compute them

  // A library: properties of the global object that it registers functions as.
  std::vector<std::string> registers;
  // Whether its main function then waits for ever, as far as that can be seen.
  bool waits = false;

  // Where names of functions are from, and why not from Go's table.
  NameSource nameSource = NameSource::None;
  std::string nameProblem;
};

// Of a valid module, which stays as it is. Takes time linear in its size.
Audit auditModule(wasm::Module& module);

// For who calls the functions that a library registers: that it does so is no reason to refuse it any more.
void grantRegistrations(Audit& audit);

// Whether a function of the program's own, or of a package that is not Go's, does anything with objects of JavaScript
// but look at them. If none does, the program registers no function, whatever names it computes.
bool changesObjects(const Audit& audit);

// Refuses a binary that needs more than `most`. The error is a clause whose subject
// is the binary, and a few lines of reasons below it.
wasm::Result<> checkNeed(const Audit& audit, Need most);

} // namespace parigot::gojs

#endif // parigot_audit_audit_h
