// Finds the variables that always hold addresses within a service's window, or near it, so that accesses through them
// need no mask.
//
// Most accesses of compiled code go through the stack pointer, a global, and the locals that it is copied to. If each
// value that is written to the global is masked, the global is *contained*: it holds an address in the window. A local
// is contained, too, if each value that is written to it is that of a contained variable, or at most a gap below it:
//
//   (local.set $frame (i32.sub (global.get $SP) (i32.const 48)))   ;; $frame: 48 below an address in the window
//   (i64.load offset=8 (local.get $frame))                         ;; in the window or the gap below it
//
// A mask changes a value outside of the window, so only a global that holds nothing but addresses may be contained. It
// is taken for a stack pointer if
//
// - it is stepped: some value written to it is its own plus or minus a constant;
// - more accesses go through it and its copies than there are places where it is written;
// - no constant outside of the window is written to it, or compared with it, as -1 would be;
// - all functions that use it access one memory, and nothing outside of the module sees it.

#ifndef parigot_memory_contained_h
#define parigot_memory_contained_h

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "memory/address_code.h"
#include "wasm.h"

namespace parigot {

// The most that a contained variable may be below the window, and the largest offset of an access that is no part of
// what is masked. The offset and the bytes of an access fit into Region::gapAbove. No contained variable is above the
// window: a sum could pass 4 GiB, and begin anew.
constexpr int64_t mostBelow = 65536;
constexpr uint64_t mostOffset = 65520;

// How far a value can be from an address in the window: at least `low`, at most `high`.
struct Distance {
  int64_t low = 0, high = 0;
  bool isNone() const { return low == 0 && high == 0; }
};

using ContainedGlobals = std::unordered_map<wasm::Name, wasm::Name>; // global -> the memory that it points to

// The globals that are to be contained. Analyses functions in parallel, and forgets the addresses of their accesses.
ContainedGlobals findContainedGlobals(wasm::Module& module, const Windows& windows, AddressCodes& codes);

// The contained values of one function, which must not change before the last question.
class ContainedValues {
public:
  ContainedValues(wasm::Function& function,
                  const AddressCode& code,
                  const ContainedGlobals& globals,
                  const Windows& windows);

  // The memory whose addresses this is about; empty: none, since the function is about several.
  wasm::Name memory() const { return about; }
  // For a value that is contained; no value for others.
  std::optional<Distance> distanceOf(wasm::Expression* value) const;
  // Makes constants that are added to a contained address part of the offset of the access.
  void foldConstants(wasm::Expression*& ptr, wasm::Address& offset) const;
  // The place of the value that a write to a contained global is to mask: behind the tees, so that their locals are
  // contained, too.
  static wasm::Expression** writtenValue(wasm::GlobalSet* set);

private:
  struct Local {
    bool contained = false;
    std::optional<Distance> distance; // of all values that it is known to have
    unsigned changes = 0;
  };

  const ContainedGlobals& globals;
  const Window* window = nullptr;
  wasm::Name about;
  std::vector<Local> locals;
  std::unordered_set<wasm::Expression*> masked; // tees of values that are masked

  void solve(const std::vector<wasm::LocalSet*>& sets);
  std::optional<Distance> distanceOfAligned(wasm::Binary* curr) const;
};

} // namespace parigot

#endif // parigot_memory_contained_h
