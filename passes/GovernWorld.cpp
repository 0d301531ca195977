//
// Enforces the laws of a world: what each service may call, and what of the host
// it may touch.
//
//   wasm-opt --load-pass libparigot-passes.so merged.wasm
//     --govern-world -o governed.wasm
//
// The input is a world as MergeWorld makes it, with the laws of its manifest in
// the section parigot.world (src/world/government.h). The pass decides on every
// import of every service:
//
// - If no code that can run reaches it (src/laws/call_paths.h), it is removed: an
//   unreachable takes its place.
// - If a law allows it, or no law is about it, it stays.
// - If none does, it is an error, unless the laws of the service say
//   otherwise = "errno" or "trap":
//
//    (import "greet/wasi_snapshot_preview1" "path_open" (func $greet/open ..))
//      =>
//    (func $greet/open (param ..) (result i32)
//     (i32.const 76))                           ;; errno: ENOTCAPABLE
//
//   A call that has no way to return an error (of the ABI `scalar`, of a function
//   of the host that nobody described) can only trap.
// - fd_prestat_get and fd_prestat_dir_name of a service that has no `files` answer
//   EBADF: there are no preopened folders. Refusing them would end programs that
//   only look.
//
// A table, a global or a tag of another service is judged as a call of it would be,
// and one of the host as a function of the host: what is in a table can be called.
// Nothing can take the place of one that no law allows, so that is always an error.
//
// The error has all imports that no law allows, with a chain of calls that reaches
// each, and the line that allows those of a service.
//
// The runtime module of a program is judged by the laws of the program. parigot's
// kernel is not judged, and imports of it stay: it has the laws itself, and decides
// when processes locate and call each other (src/kernel/join_kernel.h).
//
// Without laws the pass changes nothing. A world with laws must go through it
// before ServiceCallToDirectCall. The section then says that they are enforced, and
// lists only the calls and imports that are left.
//
// The pass decides on functions. Which files are opened, and which of the standard
// streams is written, is decided when the world runs, by the tables of descriptors
// (src/world/descriptor_laws.h).
//

#include <map>
#include <set>

#include "abi/wasi.h"
#include "ir/redirect_functions.h"
#include "laws/call_paths.h"
#include "laws/stand_in.h"
#include "laws/verdict.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "support/printable.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

// One import of a service.
struct Import {
  Function* function;
  const WorldService* client;
  std::string module;
  const WorldCall* call = nullptr; // nullptr: the host provides it
  std::optional<CallAbi> abi;

  std::string base() const { return function->base.toString(); }
  std::string name() const { return module + "." + base(); }
};

class GovernWorld : public Pass {
public:
  void run(Module* module_) override {
    module = module_;
    world = readWorldAt(*module, Stage::Merged);
    if (world.government.empty()) {
      return;
    }
    if (world.government.enforced) {
      throw PassError("govern-world: the laws of this world are enforced already");
    }
    CallPaths paths(*module, world);
    for (auto& import : findImports()) {
      auto verdict = judge(world, rights(*import.client), *import.client, import.module, import.base(), import.call);
      if (!paths.isReached(import.function->name) && isOfUsers(import)) {
        note(import);
        answerByTrap(*module, *import.function, *import.client, "unreached_" + import.name());
      } else if (verdict == Verdict::NoPreopens) {
        answerPreopens(import);
      } else if (verdict == Verdict::Forbidden) {
        forbid(import, paths);
      } else {
        left.insert(keyOf(import));
      }
    }
    for (auto& item : world.itemImports) {
      if (judge(world, rights(*world.find(item.client)), item) == Verdict::Forbidden) {
        blame(item);
      }
    }
    refuse();
    redirectFunctions(*module, {}); // updates references to the new definitions
    forget();
    world.government.enforced = true;
    writeWorld(*module, world);
  }

private:
  Module* module = nullptr;
  World world;
  std::map<std::string, Rights> rightsOfServices;
  // Imports that are no longer there: client, module, name.
  using Key = std::array<std::string, 3>;
  std::set<Key> gone;
  // Those that are. A module may import a function twice, and reach it by one only.
  std::set<Key> left;
  // The errors of each service, in the order of its imports, and what would allow the imports.
  struct Refused {
    std::string errors;
    std::vector<std::string> host, calls;
    bool hasErrorForm = true, canTrap = true;
  };
  std::map<std::string, Refused> refused;

  const Rights& rights(const WorldService& client) {
    auto& subject = world.subject(client);
    auto [entry, added] = rightsOfServices.insert({subject.name, {}});
    if (added) {
      entry->second = rightsOf(world.government, subject.name);
    }
    return entry->second;
  }

  std::vector<Import> findImports() {
    std::map<Key, const WorldCall*> calls;
    std::map<Key, const WorldHostImport*> hosts;
    for (auto& call : world.calls) {
      calls[{call.client, call.module, call.base}] = &call;
    }
    for (auto& host : world.hostImports) {
      hosts[{host.client, host.module, host.base}] = &host;
    }
    std::vector<Import> imports;
    for (auto& function : module->functions) {
      auto scoped = function->imported() ? parseScopedImport(function->module.view()) : std::nullopt;
      auto* client = scoped ? world.find(scoped->service) : nullptr;
      if (!client) {
        continue;
      }
      Import import{function.get(), client, scoped->module};
      Key key{client->name, import.module, import.base()};
      if (auto call = calls.find(key); call != calls.end()) {
        import.call = call->second;
        import.abi = call->second->abi;
      } else if (auto host = hosts.find(key); host != hosts.end()) {
        import.abi = host->second->abi;
      }
      imports.push_back(std::move(import));
    }
    return imports;
  }

  // A definition has no module and base any more.
  void note(const Import& import) { gone.insert(keyOf(import)); }

  static Key keyOf(const Import& import) { return {import.client->name, import.module, import.base()}; }

  // Whether an import is not part of what parigot-opt has added.
  bool isOfUsers(const Import& import) const {
    return !import.client->added && (!import.call || isServiceCall(world, *import.call));
  }

  void answerPreopens(const Import& import) {
    note(import);
    if (errorFormOf(*import.function, import.module, {}) == ErrorForm::Errno) {
      answerByErrno(*module, *import.function, errnoBadDescriptor);
    } else {
      answerByTrap(*module, *import.function, *import.client, "no_law_allows_" + import.name());
    }
  }

  void forbid(const Import& import, const CallPaths& paths) {
    auto otherwise = rights(*import.client).otherwise;
    auto form = errorFormOf(*import.function, import.module, import.abi);
    // proc_exit returns nothing, and must not return.
    bool exits = isWasiModule(import.module) && form == ErrorForm::None;
    if (otherwise == Otherwise::Refuse || (otherwise == Otherwise::Errno && form == ErrorForm::None && !exits)) {
      blame(import, paths, form, otherwise);
      return;
    }
    note(import);
    if (otherwise == Otherwise::Trap || exits) {
      answerByTrap(*module, *import.function, *import.client, "no_law_allows_" + import.name());
    } else {
      answerByError(*module, *import.function, *import.client, form);
    }
  }

  void blame(const Import& import, const CallPaths& paths, ErrorForm form, Otherwise otherwise) {
    auto& entry = refused[world.subject(*import.client).name];
    entry.errors += importInWords(world, *import.client, import.module, import.base()) + ", and no law allows it";
    if (otherwise == Otherwise::Errno) {
      entry.errors += "; otherwise = \"errno\" is not possible for it, since nothing declares how it returns an error";
    }
    entry.errors += "\n  reached by: " + paths.pathTo(import.function->name) + "\n";
    entry.hasErrorForm &= form != ErrorForm::None;
    if (import.call && isServiceCall(world, *import.call)) {
      addOnce(entry.calls, std::string(calledService(world, *import.call)) + "." + import.call->export_);
    } else {
      addOnce(entry.host, hostEntryFor(import.module, import.base()));
    }
  }

  void blame(const WorldItemImport& item) {
    auto& client = *world.find(item.client);
    auto& entry = refused[world.subject(client).name];
    entry.errors += importInWords(world, client, item.module, item.base, item.kind) + ", and no law allows it";
    if (auto otherwise = rights(client).otherwise; otherwise != Otherwise::Refuse) {
      entry.errors += "; otherwise = \"" + std::string(toString(otherwise)) + "\" is for functions only";
    }
    entry.errors += "\n";
    entry.canTrap = false;
    if (isOfService(world, item)) {
      addOnce(entry.calls, world.subject(*world.find(item.service)).name + "." + item.base);
    } else {
      addOnce(entry.host, hostEntryFor(item.module, item.base));
    }
  }

  static void addOnce(std::vector<std::string>& list, const std::string& entry) {
    if (std::find(list.begin(), list.end(), entry) == list.end()) {
      list.push_back(entry);
    }
  }

  static std::string quotedList(const char* key, const std::vector<std::string>& entries) {
    std::string text;
    for (auto& entry : entries) {
      text += (text.empty() ? "" : ", ") + ("\"" + printable(entry) + "\"");
    }
    return entries.empty() ? "" : std::string("\n    ") + key + " = [" + text + "]";
  }

  // Throws one error for all imports that no law allows.
  void refuse() const {
    std::string text;
    for (auto& [service, entry] : refused) {
      text += entry.errors + "  to allow this, " + world.government.path + " needs\n    [[law]]\n    service = \"" +
              service + "\"" + quotedList("calls", entry.calls) + quotedList("host", entry.host) +
              (entry.canTrap ? "\n    # or instead, to wind it without: otherwise = " : "") +
              (!entry.canTrap       ? "\n"
               : entry.hasErrorForm ? "\"errno\", or \"trap\"\n"
                                    : "\"trap\"\n");
    }
    if (!text.empty()) {
      text.pop_back();
      throw PassError(text);
    }
  }

  // Takes the imports that are gone out of the section.
  void forget() {
    auto isGone = [&](auto& entry) {
      Key key{entry.client, entry.module, entry.base};
      return gone.count(key) && !left.count(key);
    };
    std::erase_if(world.calls, isGone);
    std::erase_if(world.hostImports, isGone);
  }
};

} // namespace

std::unique_ptr<Pass> createGovernWorldPass() { return std::make_unique<GovernWorld>(); }

} // namespace parigot
