// Go's function table (pclntab): the names of the functions of a Go program. Go's runtime needs it for back traces, so
// it is present even where the name section was stripped.
//
// The table lies somewhere in the data segments and begins with a header:
//
//   magic u32   0xfffffffb Go 1.2 to 1.15, 0xfffffffa 1.16 and 1.17,
//               0xfffffff0 1.18 and 1.19, 0xfffffff1 1.20 and later
//   0 0, quantum 1, size of a pointer 8 (as on wasm)
//   words u64   number of functions; the rest differs by version: where the
//               names are, and where the functions
//
// An entry for each function follows, with the places of the function and of its _func, which has the place of the
// name. On wasm a pc is (table slot) << 16 | block, and the first function is at slot 4096; from Go 1.25 on an entry
// holds the slot.
//
// Sources: internal/abi/symtab.go, runtime/symtab.go, runtime/runtime2.go, cmd/link/internal/ld/pcln.go and
// cmd/link/internal/wasm/asm.go of Go 1.15 to 1.27. It reads names only, and says where the rest is:
// debug/go_function_table.h reads files, lines and inlining.

#ifndef parigot_go_pclntab_h
#define parigot_go_pclntab_h

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "go/data_image.h"
#include "support/result.h"

namespace parigot::gojs {

// The slot of the first function. Source: funcValueOffset in
// cmd/link/internal/wasm/asm.go.
constexpr uint32_t firstGoSlot = 0x1000;
// A pc is a slot shifted by this, and the number of a block.
constexpr unsigned goSlotShift = 16;

class PclnTable {
public:
  // A function of the table.
  struct Entry {
    uint32_t slot;
    uint64_t name;      // its address
    uint64_t describes; // the address of its _func
    int32_t arguments;
  };

  // The parts of the table, by address, and what differs between versions in a _func. All but the first field of a
  // _func are of four bytes.
  struct Parts {
    uint64_t header;
    uint64_t names, namesEnd; // zero-terminated; the end is that of the part that follows
    uint64_t files;           // up to Go 1.15 u32 offsets from the header by number, else paths
    uint64_t units;  // from Go 1.16 on u32 offsets in `files`, by the unit of the function and the file's number in it
    uint64_t values; // the tables of values by pc, to which a _func has offsets
    unsigned firstFieldSize;   // the pc of a _func: 8 bytes up to Go 1.17, 4 later
    bool hasUnits;             // from Go 1.16 on
    bool hasStartLine;         // from Go 1.20 on
    unsigned functionDataSize; // 8, an address, up to Go 1.17; 4, an offset, later
  };

  // Finds the table and reads its entries. The error says that there is none, or how it is damaged. Linear in the size
  // of the image, which must outlive the table.
  static wasm::Result<PclnTable> find(const DataImage& image);

  // The name of the function in a slot of the table, such as "net/http.(*Client).Get"; "" when the table has none.
  // Names are cut off after longestName bytes.
  std::string name(uint32_t slot) const;
  static constexpr size_t longestName = 1024;

  // The bytes that its arguments and results take on the stack, above the return address; no value where that varies,
  // or the table has no such function.
  std::optional<uint32_t> argumentBytes(uint32_t slot) const;

  // The versions of Go that write such tables: "1.20 or later".
  std::string_view goVersions() const { return versions; }
  size_t size() const { return entries.size(); }
  // By slot.
  const std::vector<Entry>& functions() const { return entries; }
  const Parts& parts() const { return places; }

  // The place of the table, as far as it was read: [begin, end). Tables up to Go 1.17 hold the pc of each function,
  // which does not count as a reference to it.
  uint64_t begin() const { return from; }
  uint64_t end() const { return until; }

private:
  struct Layout;

  const DataImage* image = nullptr;
  std::string_view versions;
  std::vector<Entry> entries; // by slot
  Parts places = {};
  uint64_t from = 0, until = 0;

  const Entry* find(uint32_t slot) const;
  static wasm::Result<PclnTable> read(const DataImage& image, uint64_t address, const Layout& layout);
};

} // namespace parigot::gojs

#endif // parigot_go_pclntab_h
