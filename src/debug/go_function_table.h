// What Go's function table says of each pc of a function: file, line, and the calls that were inlined there.
//
//   _func of main.sum        pc 0  1  2  3  4 ..
//     pcfile   -> values        |  main.go      |  .. the number of a file
//     pcln     -> values        | 23 | 24  | 9  |  .. lines
//     pcdata 2 -> values        |   -1     | 1  |  .. an entry of the inlining tree; -1: of the function itself
//     funcdata 3 -> inlining tree: entry 1 is main.abs, whose caller's place is that of pc 7
//
// The pcs of a function count from 0; a pc of Go on wasm is its slot << 16 | this number. The caller of an inlined call
// is whatever the tables say of its `parentPc`, the function itself or an inlined call again.
//
// Sources, of Go 1.26 where no version is given: runtime/runtime2.go:1072 (_func), runtime/symtab.go:1285 (pcvalue and
// step), runtime/symtabinl.go:13 (inlinedCall, 16 bytes), of Go 1.19 runtime/symtab.go:1175 (inlinedCall, 20 bytes, as
// from Go 1.12 on), debug/gosym/pclntab.go (all versions of the headers), internal/abi/symtab.go (numbers of pcdata and
// funcdata).

#ifndef parigot_debug_go_function_table_h
#define parigot_debug_go_function_table_h

#include <optional>
#include <string>
#include <vector>

#include "go/data_image.h"
#include "go/pclntab.h"

namespace parigot::debug {

class GoFunctionTable {
public:
  // A stretch of pcs that have one value: up to `end`, from the end of the stretch before.
  struct Value {
    int32_t value;
    uint32_t end;
  };
  using Values = std::vector<Value>;
  // The value of a pc; -1 without one, as in Go. Logarithmic.
  static int32_t valueAt(const Values& values, uint32_t pc);

  struct Function {
    uint32_t pcs = 0;       // how many it has
    uint32_t startLine = 0; // of the word `func`; 0: not known
    Values files, lines, inlined;

  private:
    friend class GoFunctionTable;
    uint32_t unit = 0;
    std::optional<uint64_t> tree; // the address of the inlining tree
  };

  struct InlinedCall {
    uint64_t name;          // the address of the name of the inlined function
    uint32_t parentPc;      // has the place of the call in the caller
    uint32_t startLine = 0; // of the inlined function; 0: not known
  };

  // The image and the table must outlive this. Finds out where the inlining trees are; without any that makes sense,
  // there is no inlining. `steps` bounds the work for all functions, whose tables may overlap in a damaged file: the
  // number of values that are read, of which an intact program has less than bytes.
  GoFunctionTable(const gojs::DataImage& image, const gojs::PclnTable& table, uint64_t steps);

  // Reads the tables of a function. Without lines it has no pcs.
  Function read(const gojs::PclnTable::Entry& entry);
  // The address of the path of a file of the function.
  std::optional<uint64_t> path(const Function& function, int32_t number) const;
  // An entry of the inlining tree, when it makes sense.
  std::optional<InlinedCall> inlinedCall(const Function& function, int32_t number) const;
  // The text at an address, up to a zero byte; at most longestText bytes.
  std::string text(uint64_t address) const;
  static constexpr size_t longestText = 4096;

  // Whether inlining can be told.
  bool inlining() const { return trees.has_value(); }

private:
  // Where the trees are: which funcdata has them, and what its offset is added to (0: it is an address).
  struct Trees {
    unsigned number;
    uint64_t base;
  };

  const gojs::DataImage& image;
  const gojs::PclnTable::Parts parts;
  uint64_t steps;
  std::optional<Trees> trees;
  // The chunk that was read last.
  mutable const gojs::DataImage::Chunk* last = nullptr;

  uint8_t byte(uint64_t address) const;
  uint32_t word(uint64_t address) const;
  uint32_t varint(uint64_t& address) const;
  Values values(uint64_t offset);
  std::optional<uint64_t> treeOf(uint64_t describes, const Trees& where) const;
  bool isName(uint64_t address) const;
  void findTrees(const gojs::PclnTable& table);
  std::vector<Trees> candidates() const;
};

} // namespace parigot::debug

#endif // parigot_debug_go_function_table_h
