// Where a world has the variables of its services: what the bases of address spaces, the numbers of globals and the
// numbers of locals became.
//
//   greet, alone                              in the world, greet's base being 0x10000000
//   global 0, __stack_pointer = 66560    =>   global 3 = 0x10010400, with the base in it (memory/bias.h)
//   local 2 = the frame's address        =>   local 5, with the base in it, or without
//   a variable at 1024                   =>   0x10000400
//
// The writer of a module groups the locals of a function by type and keeps the order within a type. Passes that run
// without an optimisation level only append locals.

#ifndef parigot_debug_variable_places_h
#define parigot_debug_variable_places_h

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parigot::debug {

// Neighbouring locals of one type, as a body declares them.
struct LocalGroup {
  uint32_t count;
  uint8_t type; // as the binary has it; 0: a type that no variable of C has
};

// The locals that a body declares, which are those behind its parameters. Empty for a body that is damaged.
std::vector<LocalGroup> declaredLocals(std::string_view body);

// What became of the address space and the globals of a service.
struct ServicePlaces {
  uint32_t base = 0;
  uint64_t bytes = 0;    // of its address space
  bool readable = false; // whether debuggers read its memory: they know one
  struct Global {
    uint32_t number; // in the world
    bool hasBase;    // whether it holds addresses with the base added
  };
  std::unordered_map<uint32_t, Global> globals; // by number in the service
};

// What became of the locals of a function.
struct FunctionPlaces {
  uint32_t parameters = 0;
  std::vector<LocalGroup> before, after;      // what its body declares, in the service and in the world
  const std::vector<bool>* hasBase = nullptr; // by number in the service; shorter, or null: false
  bool hasFrame = false;                      // whether there is an address that DW_OP_fbreg counts from

  struct Local {
    uint32_t number; // in the world
    bool hasBase;
    bool late; // whether it gets the base when the function begins: a parameter arrives without
  };
  // No value for a local that the function has not, or has no more.
  std::optional<Local> local(uint64_t number) const;
};

} // namespace parigot::debug

#endif // parigot_debug_variable_places_h
