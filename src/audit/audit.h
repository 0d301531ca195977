// The audit: finds what a binary needs of JavaScript, and whether the runtime
// modules serve it.
//
// It reads a module, and tells whether the program can run without JavaScript:
//
//   needs nothing           no shim, or only its clocks, timers and println
//   served by the runtime   all names that it hands to JavaScript are in the closed
//                           set of closed_set.h
//   needs a browser         it uses other names (each is listed, with the function
//                           that uses it and the calls that lead there), registers
//                           functions for JavaScript to call, or has imports of
//                           those modules that no shim has
//
// The result is an estimate in two ways, and says so. Names that a program computes
// are unknown; they are counted, and the runtime refuses those that it does not
// serve. Names in code that never runs count like others.

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
  // An exported function first, this one last. Empty if no chain of calls was found:
  // the function is called through reflection, or never.
  std::vector<Step> chain;
  // The number of steps that are omitted after the first one of a long chain.
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
  // The reasons for Need::Browser. Each is a clause whose subject is the binary, such
  // as "gets document of the global object, in main.main".
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

  // The source of function names, and the reason if it is not Go's table.
  NameSource nameSource = NameSource::None;
  std::string nameProblem;
};

// Audits a valid module, and does not change it. Linear in its size.
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
