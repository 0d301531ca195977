// Imports that no declaration explains, collected so that one error names all of them and the tables that declare them.

#ifndef parigot_merge_undeclared_imports_h
#define parigot_merge_undeclared_imports_h

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace parigot {

class UndeclaredImports {
public:
  // `text` says which service imports module.base, and what is unknown of it.
  void note(const std::string& module, const std::string& base, const std::string& text);

  // The imports from one module.
  struct Group {
    std::string pattern; // that declares them: module.base, or module.* for several names
    std::string texts;   // one line for each import
    size_t count = 0;
  };
  std::vector<Group> groups() const;

private:
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> byModule; // bases and texts
};

} // namespace parigot

#endif // parigot_merge_undeclared_imports_h
