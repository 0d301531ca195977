// The modules that a world is made of, as debug information sees them: which instruction of the world was which
// instruction of which module, and what the debug information of that module says of it.
//
// When a module is read, instructions get a debug location of Binaryen's whose file is the number of the module and
// whose line is an offset in the module's code section. Binaryen carries locations through its own passes and ours. The
// writer makes a "source map" of them, which readPositions() takes. What the offsets mean is looked up afterwards,
// outside of Binaryen: a module needs its lines only when the world is finished.
//
// The offset is that of the begin of a row of the module's lines, which says the same of all instructions in the row.
// Neighbours then have equal locations, of which the writer notes only the first.

#ifndef parigot_debug_inputs_h
#define parigot_debug_inputs_h

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/call_sites.h"
#include "debug/positions.h"
#include "debug/source_lines.h"
#include "debug/variable_places.h"
#include "support/result.h"
#include "wasm.h"

namespace parigot::debug {

class DwarfEntries;

// Where the lines of a module come from.
enum class LineSource { None, Dwarf, SourceMap, Go };

struct Input {
  std::string service; // "" for a program that is alone
  std::string file;    // the wasm file, as the user named it
  LineSource source = LineSource::None;
  SourceLines lines;
  std::vector<Span> bodies;       // of the module, as offsets in its code section
  std::vector<std::string> names; // of the functions that it defines, in the order of the bodies
  CallSites calls;
  // For variables, if they are wanted and the module has DWARF: its entries, the locals of its bodies, and its globals.
  std::shared_ptr<DwarfEntries> entries;
  struct Locals {
    uint32_t parameters = 0;
    std::vector<LocalGroup> declared; // behind the parameters
    std::vector<bool> hasBase;        // by number: whether the world adds the base of the service (memory/bias.h)
  };
  std::vector<Locals> locals;       // by body
  std::vector<std::string> globals; // the names of all globals, the imported ones first
  std::vector<std::string> faults;  // what of its debug information could not be read, and why
};

class Inputs {
public:
  std::vector<Input> all; // by the number of the module
  bool wanted = true;     // false: services are read without positions
  // Whether passes keep the order of instructions and inline nothing: neither an optimiser changes them nor exact
  // checks.
  bool keepsOrder = false;
  // Whether types and variables are kept, too. Only a world that is not optimised has them where it can be said.
  bool variables = false;
  // What became of the address spaces and globals of the inputs, by their numbers; empty: variables are not written.
  std::vector<ServicePlaces> places;

  // Reads the debug information of a module in these bytes, and adds it. Damaged debug information is a fault, not an
  // error; the error is that of a module which cannot be read. The result is the source map with which readModule()
  // gives instructions their positions; it is empty where nothing is known of the module's code.
  wasm::Result<std::string> add(std::string service, std::string file, const std::vector<char>& bytes);
  // Reads the text of each source that can be found.
  void loadSources();
  std::unordered_set<std::string> globalsWithBase; // of the world: they hold addresses with a base added
  // Notes that these locals of a function, which has positions, get the base of its service added.
  void noteBases(const wasm::Function& function, const std::vector<bool>& locals);
  // Gives the module the files of its locations by name, "greet=greet.wasm", which Binaryen needs to print them.
  void nameFiles(wasm::Module& module) const;
};

} // namespace parigot::debug

#endif // parigot_debug_inputs_h
