#include "debug/inputs.h"

#include <algorithm>

namespace parigot::debug {

size_t Input::bodyAt(uint32_t offset) const {
  auto next = std::upper_bound(
    bodies.begin(), bodies.end(), offset, [](uint32_t at, const Span& body) { return at < body.begin; });
  if (next == bodies.begin() || offset >= std::prev(next)->end) {
    return bodies.size();
  }
  return size_t(std::prev(next) - bodies.begin());
}

void Inputs::add(std::string service, std::string file, std::string_view bytes, const wasm::Module& module) {
  Input input;
  input.service = std::move(service);
  input.file = std::move(file);
  auto layout = BinaryLayout::read(bytes);
  if (auto* error = layout.getErr()) {
    input.faults.push_back(error->msg);
  } else {
    input.bodies = layout->bodies;
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
