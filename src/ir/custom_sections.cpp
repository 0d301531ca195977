#include "ir/custom_sections.h"

#include <algorithm>
#include <iterator>

namespace parigot {

namespace {

// Names of sections. An entry that ends with a dot or an underscore is a prefix.
constexpr std::string_view ofCode[] = {".debug_",
                                       "external_debug_info",
                                       "sourceMappingURL",
                                       "name",
                                       "linking",
                                       "reloc.",
                                       "dylink",
                                       "dylink.0",
                                       "target_features",
                                       "metadata.code."};
constexpr std::string_view ofModule[] = {"producers", "build_id", "go:buildid", "go.buildid"};

template<size_t N> bool isOneOf(std::string_view name, const std::string_view (&patterns)[N]) {
  return std::any_of(std::begin(patterns), std::end(patterns), [&](auto pattern) {
    bool isPrefix = pattern.ends_with('.') || pattern.ends_with('_');
    return isPrefix ? name.starts_with(pattern) : name == pattern;
  });
}

} // namespace

SectionUse useOfCustomSection(std::string_view name) {
  if (isOneOf(name, ofCode)) {
    return SectionUse::OfCode;
  }
  return isOneOf(name, ofModule) ? SectionUse::OfModule : SectionUse::Unknown;
}

} // namespace parigot
