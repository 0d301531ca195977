// Makes the table of a stand-in's answers: the structures of src/runtime/standin/table.h, as bytes.

#ifndef parigot_merge_stand_in_table_h
#define parigot_merge_stand_in_table_h

#include <cstdint>
#include <string>
#include <vector>

#include "support/result.h"
#include "wasm-type.h"
#include "world/stand_in.h"

namespace parigot {

struct StandInMethod {
  std::string name;
  // For the ABI scalar: the type of the results, as which the texts of replies are read. Otherwise `unreachable`.
  wasm::Type number = wasm::Type::unreachable;
};

struct StandInFacts {
  std::string service;
  std::vector<StandInMethod> methods;
  std::vector<std::string> names; // full names, "greeting.v1.greeting"; of a process
  uint32_t mostNumbers = 0;       // the most parameters of a method by the ABI scalar
};

// The size of the structure at the table's begin, in bytes. Behind it is room for the request of a call by the ABI
// scalar: the bits of its parameters, 8 bytes each.
constexpr uint32_t standInTableBytes = 40;

// The table for a memory in which it begins at `base`. An error names the reply. O(n log n) in the number of replies.
wasm::Result<std::string> makeStandInTable(const StandInFacts& facts, const StandIn& standIn, uint32_t base);

} // namespace parigot

#endif // parigot_merge_stand_in_table_h
