#include "alone/optimise_alone.h"

#include <algorithm>

#include "alone/levels.h"
#include "debug/binary_layout.h"
#include "debug/positions.h"
#include "go/shim.h"
#include "ir/data_segments.h"
#include "ir/read_module.h"
#include "ir/trap_functions.h"
#include "ir/used_features.h"
#include "ir/write_module.h"
#include "kernel/kernel_calls.h"
#include "support/sha256.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

// Less code is optimised in a second, and adapters can become part of it.
constexpr size_t leastCodeBytes = 128 << 10;

// For entries: replace() has validated what is in them.
const ReadOptions ours{.ours = true};

// Whether the bytes are a binary with enough code. The others are for the reader to judge.
bool isWorthIt(std::string_view bytes) {
  if (!bytes.starts_with(std::string_view("\0asm", 4)) || bytes.size() < leastCodeBytes) {
    return false;
  }
  auto layout = debug::BinaryLayout::read(bytes);
  return !layout.getErr() && layout->code.size() >= leastCodeBytes;
}

// Exports all imports while it lives, so that none of them is removed.
class KeptImports {
public:
  explicit KeptImports(Module& module) : module(module) {
    auto keep = [&](auto& items, ExternalKind kind) {
      for (auto& item : items) {
        if (item->imported()) {
          add(item->name, kind);
        }
      }
    };
    keep(module.functions, ExternalKind::Function);
    keep(module.globals, ExternalKind::Global);
    keep(module.tables, ExternalKind::Table);
    keep(module.tags, ExternalKind::Tag);
  }
  ~KeptImports() {
    module.removeExports([&](Export* item) { return names.count(item->name) > 0; });
  }
  KeptImports(const KeptImports&) = delete;
  KeptImports& operator=(const KeptImports&) = delete;

private:
  Module& module;
  std::unordered_set<Name> names;

  void add(Name item, ExternalKind kind) {
    Name name;
    do {
      name = "kept." + std::to_string(names.size() + taken);
      taken += module.getExportOrNull(name) ? 1 : 0;
    } while (module.getExportOrNull(name));
    module.addExport(Builder::makeExport(name, item, kind));
    names.insert(name);
  }
  size_t taken = 0; // names that the module has itself
};

// With names, which entries of the cache keep.
std::string binaryOf(Module& module, std::string* sourceMap = nullptr) {
  PassOptions options;
  options.debugInfo = true;
  return writeBinary(module, options, sourceMap);
}

// Nothing moves the instructions of a service after it was optimised, so that few of them need a position.
std::string thinnedMap(std::string_view map, std::string_view bytes) {
  auto layout = debug::BinaryLayout::read(bytes);
  if (map.empty() || layout.getErr()) {
    return std::string(map);
  }
  auto begin = layout->code.begin;
  auto code = bytes.substr(begin, layout->code.size());
  return debug::writePositions(
    debug::thinned(debug::readPositions(map, begin), code, layout->bodies, debug::Thin::ToFirst), begin);
}

// The input has all features, as readModule() gives it.
void optimiseModule(Module& module, const std::vector<std::string>& levels) {
  // DWARF would be wrong afterwards, and keeps Binaryen from running some passes.
  std::erase_if(module.customSections, [](auto& section) { return section.name.starts_with(".debug_"); });
  for (auto& function : module.functions) {
    function->hasExplicitName = true; // what has no name keeps its number of now
  }
  module.features = featuresUsed(module);
  KeptImports imports(module);
  HiddenTraps traps(module);
  PassOptions options;
  options.debugInfo = true;
  for (auto& level : levels) {
    runLevel(module, options, level, {"memory-packing"}); // MergeWorld joins segments again
  }
  traps.show();
  if (willBePacked(module) && findNamedSegments(module).empty()) {
    joinBeforePacking(module);
  }
}

// Whether a module is changed before it is merged, or makes others be changed.
bool isChanged(const Module& module) { return kernel::callsKernel(module) || gojs::detectShim(module).present(); }

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (auto& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

} // namespace

std::string OptimisedAlone::keyOf(std::string_view digest) const {
  auto key = cache->key("service");
  for (auto& level : levels) {
    key.addPart(level);
  }
  return key.addPart("").addPart(digest).digest();
}

Result<std::unique_ptr<Module>>
OptimisedAlone::read(const Service& service, std::vector<char> bytes, const ReadOptions& options) {
  auto& path = service.declared.path;
  auto& state = states[service.name()];
  state = {};
  state.positions = !options.sourceMap.empty();
  std::string_view view(bytes.data(), bytes.size());
  if (path != "-" && isWorthIt(view)) {
    state.key = keyOf(cache->files.ofRead(path, view));
    if (auto entry = kept(state)) {
      auto module = readModule(path, {entry->begin(), entry->end()}, ours);
      if (!module.getErr()) {
        state.optimised = true;
        return module;
      }
    }
  }
  return readModule(path, std::move(bytes), options);
}

// The entry of a service, if there is one that can be used.
std::optional<std::string> OptimisedAlone::kept(const State& state) const {
  return state.positions ? std::nullopt : cache->get(state.key);
}

Result<> OptimisedAlone::replace(Service& service, const std::string& bytes, const ReadOptions& options) {
  auto module = readModule(service.declared.path, {bytes.begin(), bytes.end()}, options);
  if (auto* error = module.getErr()) {
    return Err{"internal error: " + service.quoted() + " cannot be read after it was optimised alone: " + error->msg +
               "; build with --whole-program, and please report this"};
  }
  service.module = std::move(*module);
  return Ok{};
}

// Makes an entry, or takes it, and gives the service its module.
Result<> OptimisedAlone::optimise(Service& service, const State& state) {
  if (auto entry = kept(state)) {
    if (!replace(service, *entry, ours).getErr()) {
      found.push_back(service.name());
      return Ok{};
    }
  }
  show("optimising " + service.name() + " (" + listed(levels) + ")");
  optimiseModule(*service.module, levels);
  std::string positions;
  auto bytes = binaryOf(*service.module, state.positions ? &positions : nullptr);
  positions = thinnedMap(positions, bytes);
  ReadOptions options;
  options.sourceMap = positions;
  CHECK_ERR(replace(service, bytes, options));
  if (!state.positions) {
    cache->put(state.key, bytes);
  }
  made.push_back(service.name());
  return Ok{};
}

Result<> OptimisedAlone::optimiseRead(Services& services) {
  bool asRead = std::none_of(services.all.begin(), services.all.end(), [](auto& service) {
    return service->module && isChanged(*service->module);
  });
  for (auto& service : services.all) {
    auto& state = states[service->name()];
    if (state.key.empty()) {
      continue;
    }
    if (asRead && !state.optimised) {
      CHECK_ERR(optimise(*service, state));
      state.optimised = true;
    } else if (asRead) {
      found.push_back(service->name());
    } else if (state.optimised) {
      auto module = readModule(service->declared.path);
      if (auto* error = module.getErr()) {
        return Err{error->msg};
      }
      service->module = std::move(*module);
      state.optimised = false;
    }
  }
  return Ok{};
}

Result<> OptimisedAlone::optimiseChanged(Services& services) {
  for (auto& service : services.all) {
    auto& state = states[service->name()];
    if (state.key.empty() || state.optimised) {
      continue;
    }
    service->module->features = featuresUsed(*service->module); // with others, some encodings are Binaryen's own
    auto bytes = binaryOf(*service->module);
    state.key = keyOf(Sha256().add(bytes).digest());
    CHECK_ERR(optimise(*service, state));
    state.optimised = true;
  }
  return Ok{};
}

void OptimisedAlone::noteFunctions(const Service& service) {
  auto state = states.find(service.name());
  if (state == states.end() || !state->second.optimised) {
    return;
  }
  for (auto& function : service.module->functions) {
    if (!function->imported()) {
      optimised.insert(function->name);
    }
  }
}

std::string OptimisedAlone::describe() const {
  auto part = [](const char* what, const std::vector<std::string>& names) {
    return names.empty() ? std::string() : std::string(what) + listed(names);
  };
  if (found.empty() && made.empty()) {
    return "no service has enough code to be optimised alone; the world was optimised as a whole";
  }
  auto text = part("optimised alone: ", made);
  text += (text.empty() || found.empty() ? "" : "; ") + part("optimised alone by an earlier build: ", found);
  return text + "; with the rest of the world: all others";
}

} // namespace parigot
