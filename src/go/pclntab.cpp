#include "go/pclntab.h"

#include <algorithm>
#include <optional>

namespace parigot::gojs {

using wasm::Err;
using wasm::Result;

// The layout of one version of the table. Words are numbered from the first one after the 8 bytes of magic, quantum and
// pointer size.
struct PclnTable::Layout {
  uint32_t magic;
  std::string_view versions;
  // The words that hold offsets from the header; 0: the offset is that of the header itself. Source of all: pcHeader in
  // runtime/symtab.go, and parsePclnTab of debug/gosym/pclntab.go.
  unsigned namesWord, unitsWord, filesWord, valuesWord, functionsWord;
  // The offset of the entries when functionsWord is 0.
  unsigned entriesOffset;
  // The size of each of the two fields of an entry, and of the pc with which a _func begins, before the offset of its
  // name and the size of its arguments.
  unsigned fieldSize;
  bool hasStartLine;
};

namespace {

constexpr unsigned headerSize = 8, wordSize = 8;

// The most candidates for a header that are examined. A header is 8 rare bytes, and each candidate may announce as many
// functions as there are bytes.
constexpr unsigned mostCandidates = 8;

std::string at(uint64_t address) { return " (at address " + std::to_string(address) + ")"; }

} // namespace

Result<PclnTable> PclnTable::read(const DataImage& image, uint64_t address, const Layout& layout) {
  auto word = [&](unsigned number) { return image.read64(address + headerSize + uint64_t(number) * wordSize); };
  auto place = [&](unsigned number) -> std::optional<uint64_t> {
    if (!number) {
      return address;
    }
    auto offset = word(number);
    // Memory ends at 4 GiB.
    return offset && *offset <= UINT32_MAX ? std::optional(address + *offset) : std::nullopt;
  };
  auto count = word(0);
  auto names = place(layout.namesWord), functions = place(layout.functionsWord);
  if (!count || !names || !functions) {
    return Err{"its header is damaged" + at(address)};
  }
  PclnTable table;
  table.image = &image;
  table.versions = layout.versions;
  table.from = address;
  auto entries = *functions + layout.entriesOffset;
  auto entrySize = 2 * uint64_t(layout.fieldSize);
  // One chunk holds all entries, so their number cannot exceed the size of the file.
  auto bytes = std::find_if(image.chunks().begin(), image.chunks().end(), [&](auto& chunk) {
    return chunk.start <= entries && entries < chunk.end();
  });
  if (bytes == image.chunks().end() || *count == 0 || *count > (bytes->end() - entries) / entrySize) {
    return Err{"it announces " + std::to_string(*count) + " functions and does not have them" + at(address)};
  }
  if (layout.unitsWord) {
    table.places = {.header = address,
                    .names = *names,
                    .namesEnd = place(layout.unitsWord).value_or(*names),
                    .files = place(layout.filesWord).value_or(address),
                    .units = place(layout.unitsWord).value_or(address),
                    .values = place(layout.valuesWord).value_or(address)};
  } else {
    // The pc behind the last function, and the offset of the table of files.
    auto behind = entries + *count * entrySize + wordSize;
    table.places = {.header = address,
                    .names = address,
                    .namesEnd = bytes->end(),
                    .files = address + image.read32(behind).value_or(0),
                    .units = address,
                    .values = address};
  }
  table.places.firstFieldSize = table.places.functionDataSize = layout.fieldSize;
  table.places.hasUnits = layout.unitsWord != 0;
  table.places.hasStartLine = layout.hasStartLine;
  auto field = [&](uint64_t where) -> std::optional<uint64_t> {
    if (layout.fieldSize == wordSize) {
      return image.read64(where);
    }
    return image.read32(where);
  };
  // Entries are pcs up to Go 1.24, and slots from 1.25 on; the first entry shows which.
  auto first = field(entries);
  bool pcs = first && *first >= uint64_t(firstGoSlot) << goSlotShift;
  table.until = entries;
  table.entries.reserve(*count);
  for (uint64_t i = 0; i < *count; i++) {
    auto entry = field(entries + i * entrySize);
    auto function = field(entries + i * entrySize + layout.fieldSize);
    if (!entry || !function || *function > UINT32_MAX) {
      return Err{"its entry " + std::to_string(i) + " is damaged" + at(address)};
    }
    auto slot = pcs ? *entry >> goSlotShift : *entry;
    auto describes = *functions + *function;
    auto name = image.read32(describes + layout.fieldSize);
    auto arguments = image.read32(describes + layout.fieldSize + sizeof(uint32_t));
    if (!name || !arguments || slot < firstGoSlot || slot > UINT32_MAX ||
        (!table.entries.empty() && slot < table.entries.back().slot)) {
      return Err{"its entry " + std::to_string(i) + " makes no sense" + at(address)};
    }
    table.entries.push_back({uint32_t(slot), *names + *name, describes, int32_t(*arguments)});
    table.until = std::max(table.until, describes + layout.fieldSize + 2 * sizeof(uint32_t));
  }
  return table;
}

Result<PclnTable> PclnTable::find(const DataImage& image) {
  static constexpr Layout layouts[] = {
    {0xfffffff1, "1.20 or later", 3, 4, 5, 6, 7, 0, 4, true},
    {0xfffffff0, "1.18 or 1.19", 3, 4, 5, 6, 7, 0, 4, false},
    {0xfffffffa, "1.16 or 1.17", 2, 3, 4, 5, 6, 0, 8, false},
    {0xfffffffb, "1.2 to 1.15", 0, 0, 0, 0, 0, headerSize + wordSize, 8, false},
  };
  constexpr unsigned char tail[] = {0xff, 0xff, 0xff}; // of every magic
  constexpr uint32_t shape = 0x08010000;               // 0, 0, quantum 1, pointers of 8 bytes
  std::string damaged;
  unsigned candidates = 0;
  for (auto& chunk : image.chunks()) {
    auto* begin = chunk.bytes.data();
    auto* end = begin + chunk.bytes.size();
    for (auto* here = begin; candidates < mostCandidates; here++) {
      here = std::search(here, end, std::begin(tail), std::end(tail), [](char a, unsigned char b) {
        return static_cast<unsigned char>(a) == b;
      });
      if (here == end) {
        break;
      }
      if (here == begin) {
        continue;
      }
      auto address = chunk.start + uint64_t(here - begin) - 1;
      auto magic = image.read32(address);
      auto* layout =
        std::find_if(std::begin(layouts), std::end(layouts), [&](auto& entry) { return magic == entry.magic; });
      if (address % wordSize || layout == std::end(layouts) || image.read32(address + 4) != shape) {
        continue;
      }
      candidates++;
      auto table = read(image, address, *layout);
      if (auto* error = table.getErr()) {
        damaged = error->msg;
      } else {
        return table;
      }
    }
  }
  return Err{damaged.empty() ? "there is no table of Go functions in its data"
                             : "the table of Go functions in its data cannot be read: " + damaged};
}

const PclnTable::Entry* PclnTable::find(uint32_t slot) const {
  auto found =
    std::partition_point(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.slot < slot; });
  return found == entries.end() || found->slot != slot ? nullptr : &*found;
}

std::string PclnTable::name(uint32_t slot) const {
  auto* entry = find(slot);
  return entry ? image->readString(entry->name, longestName) : "";
}

std::optional<uint32_t> PclnTable::argumentBytes(uint32_t slot) const {
  auto* entry = find(slot);
  // Negative: abi.ArgsSizeUnknown.
  return entry && entry->arguments >= 0 ? std::optional(uint32_t(entry->arguments)) : std::nullopt;
}

} // namespace parigot::gojs
