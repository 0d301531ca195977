// The audit finds what a binary needs of JavaScript, and whether the runtime modules serve it.
//
// It reads a module, and tells whether the program can run without JavaScript:
//
//   needs nothing           the program has no shim, or uses only its clocks, timers and println
//   served by the runtime   all names that the program hands to JavaScript are in the closed set of closed_set.h
//   needs a browser         the program uses other names (each is listed, with the function that uses it and the
//                           calls that lead there), registers functions for JavaScript to call, or imports
//                           functions that no shim has from the shim's modules
//
// The result is an estimate, for two reasons, and says so. The audit does not know names that a program computes: it
// counts them, and the runtime refuses those that it does not serve when the program runs. Names in code that never
// runs count like all others.

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
  size_t times; // how often the binary has it: Go 1.24 and later can write an import twice
};

// A function that hands names to JavaScript, and how it is reached.
struct AuditedFunction {
  struct Step {
    std::string name;
    bool indirectly; // the step before calls this one by an indirect call
  };
  std::string name;
  // The export that the chain begins with. It is empty when the chain begins with the start function.
  std::string exportName;
  // The chain of calls: an exported function first, this one last. It is empty if no chain was found: then the
  // function is called through reflection, or never.
  std::vector<Step> chain;
  // The number of steps that are left out after the first one of a long chain.
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

  std::string compiler; // such as "Go 1.26.5", see Shim::compiler; empty if the binary has no shim
  ShimAbi abi = ShimAbi::None;
  std::vector<AuditedImport> imports; // imports of the shim
  std::vector<std::string> problems;  // messages of ShimProblem
  std::vector<AuditedName> names;     // without those that syscall/js itself uses
  std::vector<AuditedComputation> computed;
  std::vector<AuditedFunction> functions; // functions that use names, or compute them

  // The properties under which a library registers its functions for JavaScript. Empty if the program is no library.
  std::vector<std::string> registers;
  // Whether the main function then waits for ever, as far as the audit can see.
  bool waits = false;

  // Where the names of functions come from, and the reason if that is not Go's function table.
  NameSource nameSource = NameSource::None;
  std::string nameProblem;
};

// Audits a valid module, and does not change it. The time is linear in the module's size.
Audit auditModule(wasm::Module& module);

// Removes the registered functions of a library from the reasons to refuse it, for the case that the caller will call
// these functions itself. If no other reason is left, the need becomes Need::Runtime.
void grantRegistrations(Audit& audit);

// Whether the program changes or calls objects of JavaScript, and does not only read their properties. Functions of
// Go's standard library do not count. If the result is false, the program registers no function, whatever names it
// computes.
bool changesObjects(const Audit& audit);

// Refuses a binary that needs more than `most`. The error is a clause whose subject is the binary, and a few lines of
// reasons below it.
wasm::Result<> checkNeed(const Audit& audit, Need most);

} // namespace parigot::gojs

#endif // parigot_audit_audit_h
