#include "debug/go_function_table.h"

#include <algorithm>
#include <cstring>

namespace parigot::debug {

using gojs::DataImage;
using gojs::PclnTable;

namespace {

// Go's assembler accepts no more pcs than fit into 16 bits. Source: cmd/internal/obj/wasm/wasmobj.go, "function too
// big".
constexpr uint32_t mostPcs = 1 << gojs::goSlotShift;

// The pcdata with the entries of the inlining tree, from Go 1.13 on.
constexpr unsigned pcdataInlining = 2;
// The funcdata with the tree: up to Go 1.15 there was one for maps of registers before it. Source: FUNCDATA_InlTree in
// cmd/internal/objabi/funcdata.go of Go 1.15 and 1.19.
constexpr unsigned funcdataInlining = 3, oldFuncdataInlining = 4;
// In runtime.firstmoduledata, from Go 1.18 on, the word `gofunc` is that to which offsets of funcdata are added. It is
// word 38 in 1.18 and 1.19, 40 from 1.20 on and 43 in 1.27 (moduledata in runtime/symtab.go): these are tried.
constexpr unsigned firstGofuncWord = 30, lastGofuncWord = 60;
constexpr size_t mostCandidates = 256;
// How many functions are asked whether a place of trees makes sense, and how many entries of each.
constexpr size_t askedFunctions = 400;
constexpr int32_t askedEntries = 16;

struct Fields {
  unsigned files, lines, pcdataCount, unit, startLine, functionDataCount, pcdata;

  // The offsets in a _func, behind its first field.
  explicit Fields(const PclnTable::Parts& parts) {
    auto at = parts.firstFieldSize;
    files = at + 16;
    lines = at + 20;
    pcdataCount = at + 24;
    unit = at + 28;
    startLine = at + 32;
    pcdata = at + 28 + 4 * (parts.hasUnits + parts.hasStartLine) + 4;
    functionDataCount = pcdata - 1;
  }
};

} // namespace

GoFunctionTable::GoFunctionTable(const DataImage& image, const PclnTable& table, uint64_t steps)
  : image(image), parts(table.parts()), steps(steps) {
  findTrees(table);
}

uint8_t GoFunctionTable::byte(uint64_t address) const {
  if (!last || address < last->start || address >= last->end()) {
    auto& chunks = image.chunks();
    auto found = std::partition_point(
      chunks.begin(), chunks.end(), [&](const DataImage::Chunk& chunk) { return chunk.end() <= address; });
    if (found == chunks.end() || found->start > address) {
      return 0;
    }
    last = &*found;
  }
  return uint8_t(last->bytes[address - last->start]);
}

uint32_t GoFunctionTable::word(uint64_t address) const {
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; i++) {
    value |= uint32_t(byte(address + i)) << (8 * i);
  }
  return value;
}

uint32_t GoFunctionTable::varint(uint64_t& address) const {
  uint32_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    auto next = byte(address++);
    value |= shift < 32 ? uint32_t(next & 0x7f) << shift : 0;
    if (next < 0x80) {
      break;
    }
  }
  return value;
}

// Pairs of a difference of values, with its sign in the lowest bit, and a difference of pcs, up to a difference 0 of
// values that is not the first.
GoFunctionTable::Values GoFunctionTable::values(uint64_t offset) {
  Values result;
  if (!offset) {
    return result;
  }
  auto address = parts.values + offset;
  uint32_t value = UINT32_MAX, pc = 0;
  while (steps) {
    steps--;
    auto difference = varint(address);
    if (!difference && !result.empty()) {
      break;
    }
    value += difference & 1 ? ~(difference >> 1) : difference >> 1;
    auto pcs = varint(address);
    if (pcs > mostPcs - pc) {
      break;
    }
    pc += pcs;
    result.push_back({int32_t(value), pc});
  }
  return result;
}

int32_t GoFunctionTable::valueAt(const Values& values, uint32_t pc) {
  auto found = std::partition_point(values.begin(), values.end(), [&](const Value& value) { return value.end <= pc; });
  return found == values.end() ? -1 : found->value;
}

GoFunctionTable::Function GoFunctionTable::read(const PclnTable::Entry& entry) {
  Fields fields(parts);
  auto at = [&](unsigned field) { return word(entry.describes + field); };
  Function function;
  function.lines = values(at(fields.lines));
  if (function.lines.empty()) {
    return function;
  }
  function.pcs = function.lines.back().end;
  function.files = values(at(fields.files));
  function.unit = parts.hasUnits ? at(fields.unit) : 0;
  if (parts.hasStartLine) {
    auto line = int32_t(at(fields.startLine));
    function.startLine = uint32_t(std::max(line, 0));
  }
  if (trees && at(fields.pcdataCount) > pcdataInlining) {
    function.tree = treeOf(entry.describes, *trees);
    if (function.tree) {
      function.inlined = values(at(fields.pcdata + uint64_t(4) * pcdataInlining));
    }
  }
  return function;
}

std::optional<uint64_t> GoFunctionTable::path(const Function& function, int32_t number) const {
  if (number < 0) {
    return {};
  }
  if (parts.hasUnits) {
    auto offset = word(parts.units + 4 * (uint64_t(function.unit) + uint32_t(number)));
    return offset == UINT32_MAX ? std::nullopt : std::optional(parts.files + offset);
  }
  // The first word is the number of files, and their numbers begin with 1.
  if (!number || uint32_t(number) >= word(parts.files)) {
    return {};
  }
  return parts.names + word(parts.files + 4 * uint64_t(number));
}

std::optional<GoFunctionTable::InlinedCall> GoFunctionTable::inlinedCall(const Function& function,
                                                                         int32_t number) const {
  if (!function.tree || number < 0) {
    return {};
  }
  // Up to Go 1.19: parent, file and line of the call, name, pc. From Go 1.20 on: name, pc, line of the function.
  auto entry = *function.tree + uint64_t(number) * (parts.hasStartLine ? 16 : 20);
  auto rest = entry + (parts.hasStartLine ? 4 : 12);
  InlinedCall call = {.name = parts.names + word(rest), .parentPc = word(rest + 4)};
  if (parts.hasStartLine) {
    call.startLine = uint32_t(std::max(int32_t(word(rest + 8)), 0));
  }
  return call.parentPc < function.pcs && isName(call.name) ? std::optional(call) : std::nullopt;
}

std::string GoFunctionTable::text(uint64_t address) const { return image.readString(address, longestText); }

bool GoFunctionTable::isName(uint64_t address) const {
  auto printable = [&](uint64_t at) { return byte(at) > ' ' && byte(at) != 0x7f; };
  return address > parts.names && address < parts.namesEnd && printable(address) && printable(address + 1) &&
         // Names follow each other, but for those up to Go 1.15, which lie among other things.
         (!parts.hasUnits || byte(address - 1) == 0);
}

// The address of the tree of the function that is described at an address.
std::optional<uint64_t> GoFunctionTable::treeOf(uint64_t describes, const Trees& where) const {
  Fields fields(parts);
  if (byte(describes + fields.functionDataCount) <= where.number) {
    return {};
  }
  auto data = describes + fields.pcdata + 4 * uint64_t(word(describes + fields.pcdataCount));
  if (parts.functionDataSize == 8) {
    // Addresses lie at multiples of their size.
    data = (data + 7) / 8 * 8 + 8 * uint64_t(where.number);
    auto address = word(data);
    return address && !word(data + 4) ? std::optional(uint64_t(address)) : std::nullopt;
  }
  auto offset = word(data + 4 * uint64_t(where.number));
  return offset == UINT32_MAX ? std::nullopt : std::optional(where.base + offset);
}

std::vector<GoFunctionTable::Trees> GoFunctionTable::candidates() const {
  std::vector<Trees> result;
  if (parts.functionDataSize == 8) {
    return {{funcdataInlining, 0}, {oldFuncdataInlining, 0}};
  }
  // The moduledata begins with the address of the header and the slice of the names.
  char begin[16] = {};
  for (unsigned i = 0; i < 4; i++) {
    begin[i] = char(parts.header >> (8 * i));
    begin[8 + i] = char(parts.names >> (8 * i));
  }
  for (auto& chunk : image.chunks()) {
    std::string_view bytes(chunk.bytes.data(), chunk.bytes.size());
    for (auto at = bytes.find(begin, 0, sizeof begin); at != bytes.npos && result.size() < mostCandidates;
         at = bytes.find(begin, at + 1, sizeof begin)) {
      if ((chunk.start + at) % 8) {
        continue;
      }
      for (auto number = firstGofuncWord; number <= lastGofuncWord; number++) {
        if (auto base = word(chunk.start + at + uint64_t(8) * number)) {
          result.push_back({funcdataInlining, base});
        }
      }
    }
  }
  return result;
}

// Takes the place of the trees where their entries have names of functions and pcs, and asks the first functions that
// have inlined calls.
void GoFunctionTable::findTrees(const PclnTable& table) {
  Fields fields(parts);
  struct Asked {
    uint64_t describes;
    Function function;
    int32_t entries; // the greatest number that its pcs have
  };
  std::vector<Asked> functions;
  for (auto& entry : table.functions()) {
    if (functions.size() == askedFunctions) {
      break;
    }
    if (word(entry.describes + fields.pcdataCount) <= pcdataInlining) {
      continue;
    }
    Asked asked = {entry.describes, {}, -1};
    for (auto& value : values(word(entry.describes + fields.pcdata + uint64_t(4) * pcdataInlining))) {
      asked.entries = std::max(asked.entries, value.value);
      asked.function.pcs = value.end;
    }
    if (asked.entries >= 0) {
      functions.push_back(std::move(asked));
    }
  }
  size_t best = 0;
  for (auto& candidate : candidates()) {
    size_t good = 0, bad = 0;
    for (auto& asked : functions) {
      asked.function.tree = treeOf(asked.describes, candidate);
      for (int32_t number = 0; number <= std::min(asked.entries, askedEntries); number++) {
        (inlinedCall(asked.function, number) ? good : bad)++;
      }
    }
    if (good > best && bad * 10 <= good) {
      best = good;
      trees = candidate;
    }
  }
}

} // namespace parigot::debug
