// The direct calls of a module, by place. Where an optimiser inlined a function into another, they say through which
// functions: positions alone say only that the code is there.

#ifndef parigot_debug_call_sites_h
#define parigot_debug_call_sites_h

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "debug/binary_layout.h"

namespace parigot::debug {

class CallSites {
public:
  CallSites() = default;
  // Reads the bodies of a module; `code` is the payload of its code section. Linear in the module's instructions.
  CallSites(std::string_view code, const BinaryLayout& layout);

  // The offset of a call of `callee` in a body: the first one behind `behind`, or else the last; no value without one.
  std::optional<uint32_t> find(const Span& body, uint32_t callee, uint32_t behind) const;
  // The only body that calls this one; no value if there are none or several.
  std::optional<uint32_t> soleCaller(uint32_t callee) const;

private:
  struct Site {
    uint32_t offset, callee; // an index of a body
  };
  static constexpr uint32_t several = UINT32_MAX - 1;

  std::vector<Site> sites;       // by offset
  std::vector<uint32_t> callers; // by body: the sole caller, `none`, or `several`
};

} // namespace parigot::debug

#endif // parigot_debug_call_sites_h
