#include "verify/references.h"

#include "ir/find_all.h"

namespace parigot::verify {

using namespace wasm;

namespace {

// The functions that an expression refers to, without a call.
template<typename Set> void addReferences(Expression* in, Set& found) {
  for (auto* reference : FindAll<RefFunc>(in).list) {
    found.insert(reference->func);
  }
}

} // namespace

std::unordered_set<Name> findReferences(const Module& module, const Claims& claims) {
  std::unordered_set<Name> found;
  for (auto& global : module.globals) {
    if (global->init) {
      addReferences(global->init, found);
    }
  }
  for (auto& table : module.tables) {
    if (table->init) {
      addReferences(table->init, found);
    }
  }
  for (auto& segment : module.elementSegments) {
    for (auto* item : segment->data) {
      addReferences(item, found);
    }
  }
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Function) {
      found.insert(*item->getInternalName());
    }
  }
  for (auto& [function, gates] : claims.gates) {
    found.insert(function);
  }
  if (module.start) {
    found.insert(module.start);
  }
  return found;
}

std::unordered_set<Name> findReferencesInCode(const Module& module) {
  std::unordered_set<Name> found;
  for (auto& function : module.functions) {
    if (!function->imported()) {
      addReferences(function->body, found);
    }
  }
  return found;
}

} // namespace parigot::verify
