#include "debug/go_lines.h"

#include <algorithm>
#include <unordered_map>

#include "debug/go_blocks.h"
#include "debug/go_function_table.h"
#include "go/data_image.h"
#include "go/pclntab.h"
#include "go/producers.h"
#include "go/table_slots.h"

namespace parigot::debug {

using gojs::DataImage;
using gojs::PclnTable;
using wasm::Err;
using wasm::Result;

namespace {

constexpr uint16_t languageGo = 0x16; // DW_LANG_Go

// How deep inlined calls are told. Go's compiler inlines into a function up to a budget of 80 nodes (or 2000 of hot
// code), so that dozens are rare; without a limit, a damaged table could make a scope of each pc within the one before.
constexpr uint32_t deepestInlining = 200;

// What is in front of and behind the text with the packages and modules of a program. Source: infoStart and ModInfoData
// in cmd/go/internal/modload/build.go.
constexpr std::string_view moduleInfoStart("\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6", 16);

// The path of the main package, from the first line "path\texample.com/program\n"; "go" without modules.
std::string mainPackage(const DataImage& image) {
  constexpr std::string_view key = "path\t";
  constexpr size_t longestPath = 1024;
  for (auto& chunk : image.chunks()) {
    std::string_view bytes(chunk.bytes.data(), chunk.bytes.size());
    auto at = bytes.find(moduleInfoStart);
    if (at == bytes.npos) {
      continue;
    }
    auto info = bytes.substr(at + moduleInfoStart.size());
    auto end = info.substr(0, longestPath).find('\n');
    if (info.starts_with(key) && end != info.npos) {
      return std::string(info.substr(key.size(), end - key.size()));
    }
  }
  return "go";
}

std::string producer(const wasm::Module& module) {
  for (auto& entry : gojs::readProducers(module)) {
    if (entry.field == "processed-by" && entry.name.starts_with("Go")) {
      return entry.name + " " + entry.version;
    }
  }
  return "Go";
}

// As Go's back traces have it: the types of an instance of a generic function are left out.
std::string shortName(const std::string& name) {
  auto open = name.find('['), close = name.rfind(']');
  return open == name.npos || close == name.npos || close < open
           ? name
           : name.substr(0, open) + "[...]" + name.substr(close + 1);
}

class GoLines {
public:
  GoLines(std::string_view bytes,
          const BinaryLayout& layout,
          const wasm::Module& module,
          const DataImage& image,
          const PclnTable& table)
    : code(bytes.substr(0, layout.code.end).substr(layout.code.begin)), layout(layout), table(table),
      functions(image, table, bytes.size()), budget(mostText(bytes)) {
    lines.units.push_back({.name = mainPackage(image), .producer = producer(module), .language = languageGo});
    findBodies(module, image);
  }

  SourceLines read() {
    for (size_t body = 0; body < layout.bodies.size(); body++) {
      auto* entry = entries[body];
      GoFunctionTable::Function function;
      if (entry) {
        function = functions.read(*entry);
      }
      if (function.pcs) {
        addFunction(*entry, std::move(function), layout.bodies[body]);
      } else if (!lines.rows.empty() && lines.rows.back().place.file != none) {
        lines.rows.push_back({uint32_t(layout.bodies[body].begin), none, {}});
      }
    }
    return std::move(lines);
  }

private:
  // Names may overlap in a damaged table. Those of an intact one take no more than its bytes.
  static uint64_t mostText(std::string_view bytes) { return 2 * uint64_t(bytes.size()) + 4096; }

  std::string_view code;
  const BinaryLayout& layout;
  const PclnTable& table;
  GoFunctionTable functions;
  uint64_t budget; // bytes of text that may still be read
  SourceLines lines;
  std::vector<const PclnTable::Entry*> entries; // by body; null: the table does not have it
  GoCallees callees = {{}, UINT32_MAX};
  std::unordered_map<uint64_t, uint32_t> fileAt, functionAt; // by the address of the text

  // The function that is being read.
  GoFunctionTable::Function current;
  uint32_t scopeOfFunction = none;
  std::vector<uint32_t> depths;                  // of its scopes, from scopeOfFunction on
  std::unordered_map<int32_t, uint32_t> scopeAt; // by number in the inlining tree; none: it is being made

  void findBodies(const wasm::Module& module, const DataImage& image) {
    entries.resize(layout.bodies.size());
    std::unordered_map<wasm::Name, size_t> indices;
    for (auto& function : module.functions) {
      indices.emplace(function->name, indices.size());
      callees.effects.push_back(int(function->getResults().size()) - int(function->getParams().size()));
    }
    if (module.tables.empty()) {
      return;
    }
    auto& known = table.functions();
    constexpr std::string_view sigpanic = "runtime.sigpanic";
    auto found = std::find_if(known.begin(), known.end(), [&](const PclnTable::Entry& entry) {
      return image.readString(entry.name, sigpanic.size() + 1) == sigpanic;
    });
    gojs::forEachTableSlot(module, [&](uint32_t slot, wasm::Name name) {
      auto entry = std::partition_point(
        known.begin(), known.end(), [&](const PclnTable::Entry& entry) { return entry.slot < slot; });
      auto index = indices.at(name);
      if (entry != known.end() && entry->slot == slot && index >= layout.importedFunctions &&
          index - layout.importedFunctions < entries.size()) {
        entries[index - layout.importedFunctions] = &*entry;
        if (found != known.end() && slot == found->slot) {
          callees.sigpanic = uint32_t(index);
        }
      }
    });
  }

  std::string text(uint64_t address) {
    auto text = budget ? functions.text(address) : "";
    budget -= std::min<uint64_t>(budget, text.size() + 1);
    return text;
  }

  // The file of a pc; `none` without one.
  uint32_t file(uint32_t pc) {
    auto address = functions.path(current, GoFunctionTable::valueAt(current.files, pc));
    if (!address) {
      return none;
    }
    auto [known, isNew] = fileAt.emplace(*address, none);
    if (isNew) {
      auto path = text(*address);
      if (!path.empty()) {
        known->second = uint32_t(lines.files.size());
        lines.files.push_back({std::move(path)});
      }
    }
    return known->second;
  }

  Place place(uint32_t pc) {
    auto line = GoFunctionTable::valueAt(current.lines, pc);
    auto of = file(pc);
    return of == none || line < 0 ? Place{} : Place{of, uint32_t(line)};
  }

  // The function with this name. Up to Go 1.19 its inlined copies do not know where it begins.
  uint32_t function(uint64_t name, Place declared) {
    auto [known, isNew] = functionAt.emplace(name, uint32_t(lines.functions.size()));
    if (isNew) {
      auto linkageName = text(name);
      auto shown = shortName(linkageName);
      if (shown == linkageName) {
        linkageName.clear();
      }
      lines.functions.push_back({std::move(shown), std::move(linkageName), declared, 0});
    }
    if (auto& first = lines.functions[known->second].declared; !first.line) {
      first = declared;
    }
    return known->second;
  }

  // The scope of a pc: that of the function, or of the call that is inlined there. Makes it and those around it.
  uint32_t scope(uint32_t pc) {
    struct Wanted {
      int32_t number;
      GoFunctionTable::InlinedCall call;
      uint32_t pc; // one that it has
    };
    std::vector<Wanted> wanted;
    auto parent = scopeOfFunction;
    for (auto number = GoFunctionTable::valueAt(current.inlined, pc); number >= 0;) {
      auto [known, isNew] = scopeAt.emplace(number, none);
      if (!isNew) {
        // In a damaged table a call may be inlined in itself.
        parent = known->second == none ? scopeOfFunction : known->second;
        break;
      }
      auto call = functions.inlinedCall(current, number);
      if (!call) {
        known->second = scopeOfFunction;
        break;
      }
      wanted.push_back({number, *call, pc});
      pc = call->parentPc;
      number = GoFunctionTable::valueAt(current.inlined, pc);
    }
    for (; !wanted.empty(); wanted.pop_back()) {
      if (depths[parent - scopeOfFunction] == deepestInlining) {
        parent = scopeOfFunction;
      }
      auto& [number, call, ofCall] = wanted.back();
      auto callee = function(call.name, {file(ofCall), call.startLine});
      lines.scopes.push_back({callee, parent, place(call.parentPc)});
      depths.push_back(depths[parent - scopeOfFunction] + 1);
      parent = scopeAt[number] = uint32_t(lines.scopes.size() - 1);
    }
    return parent;
  }

  struct Where {
    uint32_t scope;
    Place place;
  };

  Where at(uint32_t pc) { return {scope(pc), place(pc)}; }

  // The place of code before what the tables say of a pc: that of the pc before, where another call is inlined.
  Where before(uint32_t pc) {
    auto here = at(pc);
    return pc && scope(pc - 1) != here.scope ? at(pc - 1) : here;
  }

  // What go_blocks.h wants to know of the pcs of the function.
  GoPcs pcsOf(uint32_t slot) const {
    GoPcs pcs = {.slot = slot, .count = current.pcs, .marks = {}, .changes = std::vector<bool>(current.pcs)};
    std::vector<int32_t> numbers;
    for (auto& [number, end] : current.inlined) {
      numbers.push_back(number);
      if (end < pcs.count) {
        pcs.changes[end] = true;
      }
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (auto number : numbers) {
      if (auto call = functions.inlinedCall(current, number)) {
        pcs.marks.push_back(call->parentPc);
      }
    }
    std::sort(pcs.marks.begin(), pcs.marks.end());
    pcs.marks.erase(std::unique(pcs.marks.begin(), pcs.marks.end()), pcs.marks.end());
    return pcs;
  }

  void addFunction(const PclnTable::Entry& entry, GoFunctionTable::Function read, Span body) {
    current = std::move(read);
    scopeAt.clear();
    auto first = place(0);
    auto declared = Place{first.file, current.startLine ? current.startLine : first.line};
    scopeOfFunction = uint32_t(lines.scopes.size());
    depths.assign(1, 0);
    lines.scopes.push_back({function(entry.name, declared), none, {}});
    for (auto& piece : goPieces(code, body, pcsOf(entry.slot), callees)) {
      auto [scope, place] = piece.before ? before(piece.pc) : at(piece.pc);
      auto& rows = lines.rows;
      if (rows.empty() || rows.back().scope != scope || rows.back().place != place) {
        rows.push_back({piece.offset, scope, place});
      }
    }
  }
};

} // namespace

Result<SourceLines> goLines(std::string_view bytes, const BinaryLayout& layout, const wasm::Module& module) {
  DataImage image(module);
  auto table = PclnTable::find(image);
  if (auto* error = table.getErr()) {
    return Err{error->msg};
  }
  auto lines = GoLines(bytes, layout, module, image, *table).read();
  if (lines.empty()) {
    return Err{"the table of Go functions in its data says nothing of the functions in its code"};
  }
  return lines;
}

} // namespace parigot::debug
