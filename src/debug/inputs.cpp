#include "debug/inputs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "debug/dwarf_entries.h"
#include "debug/dwarf_lines.h"
#include "debug/go_lines.h"
#include "debug/source_map.h"
#include "go/producers.h"
#include "ir/read_module.h"

namespace parigot::debug {

using wasm::Result;

namespace {

// Whether Go's own compiler made the module.
bool isGo(const wasm::Module& module) {
  auto producers = gojs::readProducers(module);
  return std::any_of(
    producers.begin(), producers.end(), [](auto& producer) { return producer.name == "Go cmd/compile"; });
}

void take(Input& input, LineSource source, Result<SourceLines> lines) {
  if (auto* error = lines.getErr()) {
    input.faults.push_back(error->msg);
  } else {
    input.source = source;
    input.lines = std::move(*lines);
  }
}

// The whole of a file; empty if it cannot be read.
std::string readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// Adds the .dwo files of a module that was compiled with -gsplit-dwarf. The result holds their bytes.
std::vector<std::string> readSplit(Input& input, DwarfSections& sections) {
  std::vector<std::string> files;
  for (auto& name : dwoFiles(sections)) {
    auto path = std::filesystem::path(input.file).parent_path() / name;
    files.push_back(readFile(path));
    if (files.back().empty()) {
      input.faults.push_back("functions are in " + path.string() + ", which cannot be read");
    }
  }
  for (auto& file : files) {
    if (auto layout = BinaryLayout::read(file); !layout.getErr() && !file.empty()) {
      sections.split.push_back(DwarfSections::ofSplit(file, *layout));
    }
  }
  return files;
}

// Reads DWARF that the module has itself, or that its section external_debug_info says is in another file.
void readDwarf(Input& input, std::string_view bytes, const BinaryLayout& layout, bool variables) {
  auto url = urlOfSection(bytes, layout, "external_debug_info");
  if (url.empty()) {
    if (auto sections = DwarfSections::of(bytes, layout); !sections.empty()) {
      auto files = readSplit(input, sections);
      if (variables) {
        input.entries = std::make_shared<DwarfEntries>(sections);
      }
      take(input, LineSource::Dwarf, dwarfLines(sections, layout, input.faults, input.entries.get()));
    }
    return;
  }
  auto path = std::filesystem::path(input.file).parent_path() / url;
  auto other = readFile(path);
  auto otherLayout = BinaryLayout::read(other);
  if (other.empty() || otherLayout.getErr()) {
    input.faults.push_back("it is in " + path.string() + ", which cannot be read");
    return;
  }
  auto sections = DwarfSections::of(other, *otherLayout);
  if (variables) {
    input.entries = std::make_shared<DwarfEntries>(sections);
  }
  take(input, LineSource::Dwarf, dwarfLines(sections, layout, input.faults, input.entries.get()));
}

// Reads the map that the module names, if it is a file: relative to the module, or beside it for a URL of the web.
void readMap(Input& input, std::string_view bytes, const BinaryLayout& layout) {
  auto url = urlOfSection(bytes, layout, "sourceMappingURL");
  if (url.empty()) {
    return;
  }
  auto folder = std::filesystem::path(input.file).parent_path();
  auto scheme = url.find("://");
  auto path = scheme == std::string_view::npos ? folder / url
              : url.starts_with("file://")     ? std::filesystem::path(url.substr(scheme + 3))
                                               : folder / url.substr(url.rfind('/') + 1);
  auto map = readFile(path);
  if (map.empty()) {
    input.faults.push_back("its source map is " + std::string(url) + ", and " + path.string() + " cannot be read");
    return;
  }
  take(input, LineSource::SourceMap, readSourceMap(map, layout));
}

// Takes the first source of lines that the module has: each knows more than those after it. `module` need not have the
// code of its functions.
void readLines(
  Input& input, std::string_view bytes, const BinaryLayout& layout, const wasm::Module& module, bool variables) {
  readDwarf(input, bytes, layout, variables);
  if (input.source != LineSource::Dwarf) {
    input.entries = nullptr;
  }
  if (input.source == LineSource::None) {
    readMap(input, bytes, layout);
  }
  if (input.source == LineSource::None && isGo(module)) {
    take(input, LineSource::Go, goLines(bytes, layout, module));
  }
}

// Reads what the places of variables in locals and globals depend on. `code` is the payload of the code section.
void readLocals(Input& input, std::string_view code, const wasm::Module& module) {
  size_t body = 0;
  for (auto& function : module.functions) {
    if (!function->imported() && body < input.bodies.size()) {
      auto& span = input.bodies[body++];
      input.locals.push_back(
        {uint32_t(function->getNumParams()), declaredLocals(code.substr(span.begin, span.size())), {}});
    }
  }
  input.locals.resize(input.bodies.size());
  for (auto& global : module.globals) {
    input.globals.push_back(global->name.toString());
  }
}

// The positions of a module's instructions: of each row, and of the begin and the end of each body.
std::vector<Position> positionsOf(const Input& input, uint32_t number) {
  std::vector<Position> positions;
  for (auto& body : input.bodies) {
    auto rows = input.lines.rowsIn(body);
    auto begin = uint32_t(body.begin), end = uint32_t(body.end - 1);
    positions.push_back({begin, number, begin});
    if (rows.empty()) {
      positions.push_back({begin + 1, none, 0});
    }
    for (auto& row : rows) {
      if (row.offset > begin && row.offset < end) {
        positions.push_back({row.offset, number, row.offset});
      }
    }
    if (end > begin) {
      positions.push_back({end, number, end});
    }
  }
  return positions;
}

} // namespace

Result<std::string> Inputs::add(std::string service, std::string file, const std::vector<char>& bytes) {
  auto& input = all.emplace_back();
  input.service = std::move(service);
  input.file = std::move(file);
  std::string_view view(bytes.data(), bytes.size());
  if (!view.starts_with(std::string_view("\0asm", 4))) {
    return std::string(); // Text has no places in a code section.
  }
  auto module = readOutline(input.file, bytes);
  if (auto* error = module.getErr()) {
    return wasm::Err{error->msg};
  }
  for (auto& function : (*module)->functions) {
    if (!function->imported()) {
      input.names.push_back(function->name.toString());
    }
  }
  auto layout = BinaryLayout::read(view);
  if (auto* error = layout.getErr()) {
    input.faults.push_back(error->msg);
    return std::string();
  }
  input.bodies = layout->bodies;
  readLines(input, view, *layout, **module, variables);
  auto code = view.substr(layout->code.begin, layout->code.size());
  if (input.entries) {
    readLocals(input, code, **module);
  }
  if (input.lines.empty()) {
    return std::string();
  }
  if (!keepsOrder) {
    input.calls = CallSites(code, *layout);
  }
  auto positions = positionsOf(input, uint32_t(all.size() - 1));
  // Other programs can be restructured by Asyncify, and are smaller.
  if (input.source == LineSource::Go) {
    positions = thinned(positions, code, input.bodies, keepsOrder ? Thin::ToFirst : Thin::ToCalls);
  }
  return writePositions(positions, layout->code.begin);
}

void Inputs::loadSources() {
  for (auto& input : all) {
    for (auto& file : input.lines.files) {
      std::error_code failed;
      if (!file.text && std::filesystem::is_regular_file(file.path, failed)) {
        file.text = readFile(file.path);
      }
    }
  }
}

void Inputs::noteBases(const wasm::Function& function, const std::vector<bool>& locals) {
  for (auto& [_, location] : function.debugLocations) {
    if (location && location->fileIndex < all.size()) {
      auto& input = all[location->fileIndex];
      auto body = bodyAt(input.bodies, location->lineNumber);
      if (body < input.locals.size()) {
        input.locals[body].hasBase = locals;
        return;
      }
    }
  }
}

void Inputs::nameFiles(wasm::Module& module) const {
  module.debugInfoFileNames.clear();
  for (auto& input : all) {
    module.debugInfoFileNames.push_back(input.service + "=" + input.file);
  }
}

} // namespace parigot::debug
