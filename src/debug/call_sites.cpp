#include "debug/call_sites.h"

#include <algorithm>

#include "debug/instructions.h"
#include "debug/source_lines.h"

namespace parigot::debug {

CallSites::CallSites(std::string_view code, const BinaryLayout& layout) : callers(layout.bodies.size(), none) {
  for (uint32_t caller = 0; caller < layout.bodies.size(); caller++) {
    InstructionReader reader(code, layout.bodies[caller]);
    Instruction instruction;
    while (reader.next(instruction)) {
      auto callee = uint64_t(instruction.immediate) - layout.importedFunctions; // wraps for an import
      if ((instruction.opcode != op::call && instruction.opcode != op::returnCall) || callee >= callers.size()) {
        continue;
      }
      sites.push_back({instruction.offset, uint32_t(callee)});
      auto& sole = callers[callee];
      sole = sole == none || sole == caller ? caller : several;
    }
  }
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
