#include "debug/call_sites.h"

#include <algorithm>
#include <unordered_map>

#include "debug/source_lines.h"
#include "ir/find_all.h"

namespace parigot::debug {

CallSites::CallSites(const wasm::Module& module, const std::vector<Span>& bodies) : callers(bodies.size(), none) {
  std::unordered_map<wasm::Name, uint32_t> numbers;
  for (auto& function : module.functions) {
    if (!function->imported()) {
      numbers.try_emplace(function->name, uint32_t(numbers.size()));
    }
  }
  for (auto& function : module.functions) {
    if (function->imported() || function->debugLocations.empty()) {
      continue;
    }
    auto caller = numbers.at(function->name);
    for (auto* call : wasm::FindAll<wasm::Call>(function->body).list) {
      auto callee = numbers.find(call->target);
      auto location = function->debugLocations.find(call);
      if (callee == numbers.end() || callee->second >= callers.size() || location == function->debugLocations.end() ||
          !location->second) {
        continue;
      }
      sites.push_back({location->second->lineNumber, callee->second});
      auto& sole = callers[callee->second];
      sole = sole == none || sole == caller ? caller : several;
    }
  }
  std::sort(sites.begin(), sites.end(), [](auto& a, auto& b) { return a.offset < b.offset; });
}

std::optional<uint32_t> CallSites::find(const Span& body, uint32_t callee, uint32_t behind) const {
  auto site = std::lower_bound(
    sites.begin(), sites.end(), body.begin, [](const Site& each, size_t begin) { return each.offset < begin; });
  std::optional<uint32_t> found;
  for (; site != sites.end() && site->offset < body.end; ++site) {
    if (site->callee == callee) {
      found = site->offset;
      if (site->offset > behind) {
        break;
      }
    }
  }
  return found;
}

std::optional<uint32_t> CallSites::soleCaller(uint32_t callee) const {
  if (callee >= callers.size() || callers[callee] >= several) {
    return {};
  }
  return callers[callee];
}

} // namespace parigot::debug
