#include "parigot-opt/debug_places.h"

#include <algorithm>
#include <unordered_map>

#include "support/nearest.h"
#include "world/regions.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

// The number that the writer gives each global: the imported ones come first.
std::unordered_map<std::string, uint32_t> numbersOfGlobals(const wasm::Module& module) {
  std::unordered_map<std::string, uint32_t> numbers;
  for (bool imported : {true, false}) {
    for (auto& global : module.globals) {
      if (global->imported() == imported) {
        numbers.emplace(global->name.toString(), uint32_t(numbers.size()));
      }
    }
  }
  return numbers;
}

} // namespace

bool wantsVariables(const OutputOptions& options) {
  return options.debug.dwarf && !options.emitText &&
         std::all_of(options.optimize.begin(), options.optimize.end(), [](auto& level) { return level == "-O0"; });
}

void placeVariables(debug::Inputs& inputs, const World& world, const wasm::Module& module) {
  auto numbers = numbersOfGlobals(module);
  inputs.places.clear();
  for (auto& input : inputs.all) {
    debug::ServicePlaces places;
    if (auto* service = world.find(input.service); service && service->hasMemory) {
      bool single = world.layout == Layout::Single;
      places.base = single ? uint32_t(service->region.base) : 0;
      places.bytes = mostBytes(*service);
      places.readable = single || service == world.visible();
    }
    for (uint32_t i = 0; i < input.globals.size(); i++) {
      auto name = scopedName(input.service, input.globals[i]);
      if (auto found = numbers.find(name); found != numbers.end()) {
        places.globals[i] = {found->second, inputs.globalsWithBase.count(name) > 0};
      }
    }
    inputs.places.push_back(std::move(places));
  }
}

Result<> preferService(Manifest& manifest, const std::string& name) {
  auto wanted = std::find_if(
    manifest.services.begin(), manifest.services.end(), [&](auto& service) { return service.name == name; });
  if (wanted == manifest.services.end()) {
    std::vector<std::string> names;
    for (auto& service : manifest.services) {
      names.push_back(service.name);
    }
    return Err{"--debug-service: " + manifest.path + " has no service '" + name + "'" + didYouMean(name, names)};
  }
  if (manifest.layout == Layout::Multi && name != manifest.main) {
    return Err{
      "--debug-service: with a memory for each service, debuggers take addresses for those of the main service, '" +
      manifest.main + "'; wind with --memory=single to see what pointers of '" + name + "' point to"};
  }
  if (wanted->grow) {
    return Err{"--debug-service: [service." + name +
               "] has grow = true, so its memory is the last; it has to be the first, for its pointers to be addresses "
               "of the world"};
  }
  for (auto& service : manifest.services) {
    service.first = service.name == name && manifest.layout == Layout::Single;
  }
  return Ok{};
}

} // namespace parigot
