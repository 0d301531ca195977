#include "debug/inputs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "debug/dwarf_lines.h"
#include "debug/finished_lines.h"
#include "debug/go_lines.h"
#include "go/producers.h"

namespace parigot::debug {

size_t Input::bodyAt(uint32_t offset) const {
  auto next = std::upper_bound(
    bodies.begin(), bodies.end(), offset, [](uint32_t at, const Span& body) { return at < body.begin; });
  if (next == bodies.begin() || offset >= std::prev(next)->end) {
    return bodies.size();
  }
  return size_t(std::prev(next) - bodies.begin());
}

namespace {

// Whether Go's own compiler made the module.
bool isGo(const wasm::Module& module) {
  auto producers = gojs::readProducers(module);
  return std::any_of(
    producers.begin(), producers.end(), [](auto& producer) { return producer.name == "Go cmd/compile"; });
}

void take(Input& input, LineSource source, wasm::Result<SourceLines> lines) {
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

// Reads DWARF that the module has itself, or that its section external_debug_info says is in another file.
void readDwarf(Input& input, std::string_view bytes, const BinaryLayout& layout) {
  auto url = urlOf(layout.customSection(bytes, "external_debug_info"));
  if (url.empty()) {
    if (auto sections = DwarfSections::of(bytes, layout); !sections.empty()) {
      take(input, LineSource::Dwarf, dwarfLines(sections, layout, input.faults));
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
  take(input, LineSource::Dwarf, dwarfLines(DwarfSections::of(other, *otherLayout), layout, input.faults));
}

// Takes the first source of lines that the module has. The compiler's own DWARF knows more than Go's function table.
void readLines(Input& input, std::string_view bytes, const BinaryLayout& layout, const wasm::Module& module) {
  readDwarf(input, bytes, layout);
  if (input.source == LineSource::None && isGo(module)) {
    take(input, LineSource::Go, goLines(bytes, layout, module));
  }
}

} // namespace

void Inputs::add(std::string service, std::string file, std::string_view bytes, const wasm::Module& module) {
  Input input;
  input.service = std::move(service);
  input.file = std::move(file);
  auto layout = BinaryLayout::read(bytes);
  if (auto* error = layout.getErr()) {
    input.faults.push_back(error->msg);
  } else {
    input.bodies = layout->bodies;
    readLines(input, bytes, *layout, module);
  }
  for (auto& function : module.functions) {
    if (!function->imported()) {
      input.names.push_back(function->name.toString());
    }
  }
  all.push_back(std::move(input));
}

void Inputs::nameFiles(wasm::Module& module) const {
  module.debugInfoFileNames.clear();
  for (auto& input : all) {
    module.debugInfoFileNames.push_back(input.service + "=" + input.file);
  }
}

} // namespace parigot::debug
