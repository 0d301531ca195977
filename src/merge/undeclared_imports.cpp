#include "merge/undeclared_imports.h"

namespace parigot {

void UndeclaredImports::note(const std::string& module, const std::string& base, const std::string& text) {
  byModule[module].push_back({base, text});
}

std::vector<UndeclaredImports::Group> UndeclaredImports::groups() const {
  std::vector<Group> groups;
  for (auto& [module, imports] : byModule) {
    Group group;
    bool severalNames = false;
    for (auto& [base, text] : imports) {
      group.texts += text + "\n";
      severalNames |= base != imports[0].first;
    }
    group.pattern = module + "." + (severalNames ? "*" : imports[0].first);
    group.count = imports.size();
    groups.push_back(std::move(group));
  }
  return groups;
}

} // namespace parigot
