#include "debug/inputs.h"

#include <algorithm>

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

// Takes the first source of lines that the module has. The compiler's own DWARF knows more than a source map, and both
// know more than Go's function table.
void readLines(Input& input, std::string_view bytes, const BinaryLayout& layout, const wasm::Module& module) {
  auto lines = goLines(bytes, layout, module);
  if (auto* error = lines.getErr()) {
    if (isGo(module)) {
      input.faults.push_back(error->msg);
    }
  } else {
    input.source = LineSource::Go;
    input.lines = std::move(*lines);
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
