#include "laws/call_paths.h"

#include <algorithm>
#include <map>
#include <set>

#include "ir/imports_and_exports.h"
#include "ir/module-utils.h"
#include "support/printable.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

// The most functions of a chain that a message shows.
constexpr size_t mostShown = 12;

using Services = std::unordered_set<std::string_view>;

struct Mentions {
  std::unordered_set<Name> called;
  std::unordered_set<HeapType> calledTypes;
  std::unordered_set<Name> referredTo;
  std::unordered_set<Name> items; // tables, and globals that hold references
};

struct MentionWalker : public PostWalker<MentionWalker> {
  Mentions& mentions;
  const Module& module;

  MentionWalker(Mentions& mentions, const Module& module) : mentions(mentions), module(module) {}

  void visitCall(Call* curr) { mentions.called.insert(curr->target); }
  void visitCallIndirect(CallIndirect* curr) {
    mentions.calledTypes.insert(curr->heapType);
    mentions.items.insert(curr->table);
  }
  void visitCallRef(CallRef* curr) {
    if (curr->target->type.isRef() && curr->target->type.getHeapType().isSignature()) {
      mentions.calledTypes.insert(curr->target->type.getHeapType());
    }
  }
  void visitRefFunc(RefFunc* curr) { mentions.referredTo.insert(curr->func); }
  void visitTableGet(TableGet* curr) { mentions.items.insert(curr->table); }
  void visitTableSet(TableSet* curr) { mentions.items.insert(curr->table); }
  void visitTableGrow(TableGrow* curr) { mentions.items.insert(curr->table); }
  void visitTableFill(TableFill* curr) { mentions.items.insert(curr->table); }
  void visitTableInit(TableInit* curr) { mentions.items.insert(curr->table); }
  void visitTableCopy(TableCopy* curr) {
    mentions.items.insert(curr->sourceTable);
    mentions.items.insert(curr->destTable);
  }
  void visitGlobalGet(GlobalGet* curr) { global(curr->name); }
  void visitGlobalSet(GlobalSet* curr) { global(curr->name); }
  void global(Name name) {
    if (module.getGlobal(name)->type.isRef()) {
      mentions.items.insert(name);
    }
  }
};

bool hasReferences(const Signature& signature) {
  auto any = [](const Type& types) {
    return std::any_of(types.begin(), types.end(), [](auto& type) { return type.isRef(); });
  };
  return any(signature.params) || any(signature.results);
}

// Whether a reference of these types can be, or hold, one to a function.
bool mayHoldFunctions(const Type& types) {
  return std::any_of(types.begin(), types.end(), [](auto& type) {
    return type.isRef() && !HeapType(type.getHeapType().getTop()).isMaybeShared(HeapType::ext);
  });
}

} // namespace

std::string_view scopeOf(std::string_view name, const Services& services) {
  auto slash = name.find('/');
  auto scope = slash == name.npos ? std::string_view() : name.substr(0, slash);
  return services.count(scope) ? scope : std::string_view();
}

class CallPathsBuilder {
public:
  CallPathsBuilder(Module& module, const World& world, CallPaths& paths) : module(module), world(world), paths(paths) {
    for (auto& service : world.services) {
      services.insert(service.name);
    }
  }

  void build() {
    ModuleUtils::ParallelFunctionAnalysis<Mentions> analysis(module, [&](Function* function, Mentions& mentions) {
      if (!function->imported()) {
        MentionWalker(mentions, module).walk(function->body);
      }
    });
    MentionWalker(outside, module).walkModuleCode(&module);
    for (auto& function : module.functions) {
      paths.nodeOf[function->name] = paths.functions.size();
      paths.functions.push_back(function.get());
      auto& mentions = analysis.map[function.get()];
      outside.referredTo.insert(mentions.referredTo.begin(), mentions.referredTo.end());
      crossed |= crosses(scope(function->name), mentions);
    }
    crossed |= segmentsCross() || callsCross();
    findExports();
    paths.callees.resize(paths.functions.size());
    connectCode(analysis.map);
    connectTypes();
    connectBindings();
    paths.callers.resize(paths.callees.size());
    for (uint32_t i = 0; i < paths.callees.size(); i++) {
      for (auto to : paths.callees[i]) {
        paths.callers[to].push_back(i);
      }
    }
    reach();
  }

private:
  Module& module;
  const World& world;
  CallPaths& paths;
  Services services;
  Mentions outside; // of module code; and all references
  // Whether a table or a reference may pass from one service to another.
  bool crossed = false;
  std::vector<uint32_t> roots;
  // The node of indirect calls of a type, by the service.
  using TypeKey = std::pair<std::string_view, decltype(HeapType().getID())>;
  std::map<TypeKey, uint32_t> typeNodes;

  std::string_view scope(Name name) const { return scopeOf(name.view(), services); }

  bool crosses(std::string_view from, const Mentions& mentions) const {
    return std::any_of(mentions.items.begin(), mentions.items.end(), [&](auto item) { return scope(item) != from; });
  }

  bool segmentsCross() const {
    for (auto& segment : module.elementSegments) {
      for (auto* item : segment->data) {
        auto* reference = item->dynCast<RefFunc>();
        if (segment->table && (reference ? scope(reference->func) : scope(segment->name)) != scope(segment->table)) {
          return true;
        }
      }
    }
    return false;
  }

  bool callsCross() const {
    return std::any_of(world.calls.begin(), world.calls.end(), [&](auto& call) {
      auto* target = exported(call.service, call.export_);
      return target && hasReferences(target->getSig());
    });
  }

  Function* exported(const std::string& service, const std::string& name) const {
    return exportedFunction(module, scopedName(service, name));
  }

  // Whether references to functions come from the host, or go there, by an import.
  bool importsCarryFunctions() const {
    auto imported = [](auto& items, auto carries) {
      return std::any_of(items.begin(), items.end(), [&](auto& item) { return item->imported() && carries(*item); });
    };
    std::set<std::pair<std::string, std::string>> bound; // to services
    for (auto& call : world.calls) {
      bound.insert({scopedName(call.client, call.module), call.base});
    }
    return imported(module.tables, [](auto&) { return true; }) ||
           imported(module.globals, [](auto& global) { return mayHoldFunctions(global.type); }) ||
           imported(module.functions, [&](auto& function) {
             return carriesFunctions(function) && !bound.count({function.module.toString(), function.base.toString()});
           });
  }

  static bool carriesFunctions(Function& function) {
    return mayHoldFunctions(function.getParams()) || mayHoldFunctions(function.getResults());
  }

  bool carriesFunctions(Export& item) const {
    auto name = item.kind == ExternalKind::Memory ? Name() : *item.getInternalName();
    return item.kind == ExternalKind::Table ||
           (item.kind == ExternalKind::Global && mayHoldFunctions(module.getGlobal(name)->type)) ||
           (item.kind == ExternalKind::Function && carriesFunctions(*module.getFunction(name)));
  }

  // The exports of services, and the roots: what the host can call.
  void findExports() {
    bool hostHasReferences = importsCarryFunctions();
    for (auto& item : module.exports) {
      auto service = scopeOf(item->name.view(), services);
      bool own = service.empty();
      hostHasReferences |= own && carriesFunctions(*item);
      if (item->kind != ExternalKind::Function) {
        continue;
      }
      auto function = *item->getInternalName();
      auto name = own ? item->name.toString() : item->name.toString().substr(service.size() + 1);
      auto& known = paths.exportedAs[function];
      known = known.empty() || known.starts_with(internalExportPrefix) ? name : known;
      if (own) {
        roots.push_back(paths.nodeOf.at(function));
        outside.referredTo.insert(function);
      }
    }
    if (module.start.is()) {
      roots.push_back(paths.nodeOf.at(module.start));
    }
    if (hostHasReferences) { // the host calls what it gets, and gives what it has
      for (auto name : outside.referredTo) {
        roots.push_back(paths.nodeOf.at(name));
      }
      crossed = true;
    }
  }

  void connect(uint32_t from, uint32_t to) { paths.callees[from].push_back(to); }

  template<typename Map> void connectCode(Map& map) {
    for (uint32_t i = 0; i < paths.functions.size(); i++) {
      auto& mentions = map[const_cast<Function*>(paths.functions[i])];
      for (auto* names : {&mentions.called, &mentions.referredTo}) {
        for (auto name : *names) {
          connect(i, paths.nodeOf.at(name));
        }
      }
      auto from = crossed ? std::string_view() : scope(paths.functions[i]->name);
      for (auto type : mentions.calledTypes) {
        auto [node, added] = typeNodes.insert({{from, type.getID()}, uint32_t(paths.callees.size())});
        if (added) {
          paths.callees.emplace_back();
        }
        connect(i, node->second);
      }
    }
  }

  void connectTypes() {
    std::map<TypeKey, std::vector<uint32_t>> referred;
    for (uint32_t i = 0; i < paths.functions.size(); i++) {
      auto name = paths.functions[i]->name;
      if (outside.referredTo.count(name)) {
        referred[{crossed ? std::string_view() : scope(name), paths.functions[i]->type.getHeapType().getID()}]
          .push_back(i);
      }
    }
    for (auto& [called, node] : typeNodes) {
      for (auto& [type, members] : referred) {
        if (type.first == called.first && HeapType::isSubType(HeapType(type.second), HeapType(called.second))) {
          paths.callees[node].insert(paths.callees[node].end(), members.begin(), members.end());
        }
      }
    }
  }

  void connectBindings() {
    std::map<std::pair<std::string, std::string>, std::vector<uint32_t>> imports;
    for (uint32_t i = 0; i < paths.functions.size(); i++) {
      if (paths.functions[i]->imported()) {
        imports[{paths.functions[i]->module.toString(), paths.functions[i]->base.toString()}].push_back(i);
      }
    }
    for (auto& call : world.calls) {
      for (auto import : imports[{scopedName(call.client, call.module), call.base}]) {
        connectExport(import, call.service, call.export_);
        if (call.abi == CallAbi::Bytes) {
          connectExport(import, call.client, "malloc");
          connectExport(import, call.service, "free");
        } else if (call.abi == CallAbi::Described) {
          connectAllocators(import, call);
        }
      }
    }
  }

  void connectExport(uint32_t import, const std::string& service, const std::string& name) {
    if (auto* function = exported(service, name)) {
      connect(import, paths.nodeOf.at(function->name));
    }
  }

  // The exports that a description mentions: "__pin(__new(size, 2))".
  void connectAllocators(uint32_t import, const WorldCall& call) {
    for (auto* side : {&call.client, &call.service}) {
      for (auto& item : world.find(*side)->exports) {
        for (auto& [key, text] : callTextKeys()) {
          if (item.kind == ExternalKind::Function &&
              (call.described->texts().*text).find(item.name) != std::string::npos) {
            connectExport(import, *side, item.name);
          }
        }
      }
    }
  }

  void reach() {
    paths.reached.resize(paths.callees.size());
    auto pending = std::move(roots);
    while (!pending.empty()) {
      auto node = pending.back();
      pending.pop_back();
      if (!paths.reached[node]) {
        paths.reached[node] = true;
        pending.insert(pending.end(), paths.callees[node].begin(), paths.callees[node].end());
      }
    }
  }
};

CallPaths::CallPaths(Module& module, const World& world) : world(world) {
  CallPathsBuilder(module, world, *this).build();
}

std::string CallPaths::shown(uint32_t node) const {
  auto& function = *functions[node];
  auto exported = exportedAs.find(function.name);
  auto name = function.imported()            ? function.base.toString()
              : exported != exportedAs.end() ? exported->second
                                             : function.name.toString();
  auto slash = name.find('/');
  bool scoped = slash != name.npos && world.find(name.substr(0, slash));
  return printable(scoped ? name.substr(slash + 1) : name);
}

std::string CallPaths::pathTo(Name import) const {
  auto target = nodeOf.at(import);
  // The next node on the way to the import, of the nodes seen so far.
  std::unordered_map<uint32_t, uint32_t> next{{target, target}};
  std::vector<uint32_t> queue{target};
  Services services;
  for (auto& service : world.services) {
    services.insert(service.name);
  }
  auto scope = scopeOf(import.view(), services);
  auto first = target;
  for (size_t i = 0; i < queue.size(); i++) {
    auto node = queue[i];
    bool called = false; // by the service's own code
    for (auto caller : callers[node]) {
      bool own = caller >= functions.size() || scopeOf(functions[caller]->name.view(), services) == scope;
      called |= own && reached[caller];
      if (own && reached[caller] && next.insert({caller, node}).second) {
        queue.push_back(caller);
      }
    }
    if (node < functions.size() && (!called || exportedAs.count(functions[node]->name))) {
      first = node;
      break;
    }
  }
  std::vector<std::string> steps;
  bool indirectly = false;
  for (auto node = first;; node = next[node]) {
    if (node >= functions.size()) {
      indirectly = true;
    } else {
      steps.push_back(shown(node) + (indirectly ? " (by reference)" : ""));
      indirectly = false;
    }
    if (node == target) {
      break;
    }
  }
  std::string text;
  auto leftOut = steps.size() > mostShown ? steps.size() - mostShown : 0;
  for (size_t i = 0; i < steps.size(); i++) {
    if (leftOut && i == 1) {
      text += " -> .. " + std::to_string(leftOut) + " more ..";
      i += leftOut;
    }
    text += (text.empty() ? "" : " -> ") + steps[i];
  }
  return text;
}

} // namespace parigot
