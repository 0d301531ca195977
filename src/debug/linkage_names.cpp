#include "debug/linkage_names.h"

#include <algorithm>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <string_view>

namespace parigot::debug {

namespace {

// Rust's legacy mangling is the Itanium ABI's with a hash as the last name: "::h" and 16 hexadecimal digits. Source:
// rustc's compiler/rustc_symbol_mangling/src/legacy.rs.
std::string withoutHash(std::string name) {
  constexpr size_t size = 19;
  if (name.size() > size && std::string_view(name).substr(name.size() - size, 3) == "::h" &&
      std::all_of(name.end() - 16, name.end(), [](unsigned char c) { return std::isxdigit(c); })) {
    name.resize(name.size() - size);
  }
  return name;
}

} // namespace

std::string displayName(const SourceFunction& function) {
  auto& linkage = function.linkageName;
  if (linkage.empty()) {
    return function.name;
  }
  constexpr size_t longest = 4096; // the demangler is recursive
  if (!linkage.starts_with("_Z") || linkage.size() > longest) {
    return linkage;
  }
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(linkage.c_str(), nullptr, nullptr, &status),
                                                   std::free);
  return text ? withoutHash(text.get()) : linkage;
}

} // namespace parigot::debug
