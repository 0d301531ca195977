#include "merge/descriptors.h"

#include <algorithm>
#include <set>

#include "abi/wasi.h"
#include "adapters/descriptor_adapter.h"
#include "ir/imports_and_exports.h"
#include "ir/limits.h"
#include "ir/written_bytes.h"
#include "runtime/modules.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr std::string_view runtimeName = "parigot-descriptors";
// In bytes: the module's own needs with the arena, where the bytes of calls lie, and what a full table takes.
constexpr uint64_t ownBytes = 2 << 20, arenaBytes = 512 << 10, tableBytes = 32 << 10;

class Joiner {
public:
  explicit Joiner(Services& services) : services(services), manifest(services.manifest) {}

  Result<> join() {
    findOwners();
    bool restricts = false;
    for (auto* owner : owners) {
      restricts |= !owner->descriptors().allowsAll();
    }
    bool wanted = (owners.size() > 1 && manages) || restricts || (manifest.labelOutput && !owners.empty());
    if (!wanted) {
      return Ok{};
    }
    if (manifest.sharedDescriptors && (restricts || manifest.labelOutput)) {
      return contradiction();
    }
    if (manifest.sharedDescriptors) {
      return Ok{};
    }
    CHECK_ERR(addModule());
    for (uint32_t i = 0; i < owners.size(); i++) {
      bindAll(*owners[i], i);
      if (owners[i]->runtime) {
        bindAll(*owners[i]->runtime, i);
      }
    }
    answerFacts();
    dropConstructors();
    removeUnusedFunctions(*tables->module, [&](const Export& item) {
      return !isTableFunction(item.name.view()) && !used.count(item.name.toString());
    });
    return Ok{};
  }

private:
  Services& services;
  const Manifest& manifest;
  std::vector<Service*> owners; // of tables, by number: programs, not their runtime modules
  bool manages = false;         // whether any of them opens, closes or moves descriptors
  Service* tables = nullptr;
  std::set<std::string> used; // exports of the module

  Err contradiction() const {
    for (auto* owner : owners) {
      if (!owner->descriptors().allowsAll()) {
        return Err{
          manifest.path + ": [service." + owner->name() +
          "] has 'files' or 'stdin', or laws about them, which need descriptors of its own, and the world shares the "
          "host's; leave these out, or shared_descriptors and --shared-descriptors"};
      }
    }
    return Err{manifest.path + ": 'label_output' needs descriptors for each service, and the world shares the host's; "
                               "leave it out, or shared_descriptors and --shared-descriptors"};
  }

  // Whether a service of the world answers the import.
  bool isAnswered(const Service& client, const Function& import) const {
    for (auto& call : services.calls) {
      bool matches = call.base == "*"
                       ? call.module == import.module.view()
                       : call.module + '.' + call.base == import.module.toString() + '.' + import.base.toString();
      if (matches && (call.client.empty() || call.client == client.name()) && !call.service.empty() && !call.outside) {
        return true;
      }
    }
    return !client.isAdded() && std::any_of(services.all.begin(), services.all.end(), [&](auto& other) {
      return other.get() != &client && !other->isAdded() && other->answersTo(import.module.view());
    });
  }

  // The functions with descriptors that a service asks the host for.
  std::vector<std::pair<Function*, const WasiFunction*>> importsOf(const Service& client) const {
    std::vector<std::pair<Function*, const WasiFunction*>> found;
    for (auto& function : client.module->functions) {
      if (!function->imported() || !isWasiModule(function->module.view())) {
        continue;
      }
      auto* wasi = findWasiFunction(function->module.view(), function->base.view());
      if (wasi && wasi->hasDescriptors() && !isAnswered(client, *function)) {
        found.push_back({function.get(), wasi});
      }
    }
    return found;
  }

  void findOwners() {
    for (auto& service : services.all) {
      if (service->isAdded()) {
        continue;
      }
      bool uses = false;
      for (auto* client : {service.get(), service->runtime}) {
        for (auto& [import, function] : client ? importsOf(*client) : decltype(importsOf(*client))()) {
          uses = true;
          manages |= function->hasDescriptors(DescriptorUse::Opens) || function->hasDescriptors(DescriptorUse::Manages);
        }
      }
      if (uses) {
        owners.push_back(service.get());
      }
    }
  }

  Result<> addModule() {
    auto read = readRuntimeModule(runtimeName);
    if (auto* failed = read.getErr()) {
      return std::move(*failed);
    }
    ServiceDeclaration declaration;
    declaration.name = services.unusedName("parigot.descriptors");
    declaration.file = std::string(runtimeName);
    auto bytes = ownBytes + owners.size() * tableBytes;
    declaration.regionBytes = (bytes + wasmPageBytes - 1) / wasmPageBytes * wasmPageBytes;
    declaration.arenaBytes = arenaBytes;
    tables = &services.add(std::move(declaration), std::move(*read), Role::Tables);
    services.descriptors = tables->name();
    return Ok{};
  }

  static bool isTableFunction(std::string_view name) {
    auto rows = tableFunctions();
    return std::any_of(rows.begin(), rows.end(), [&](auto& row) { return row.name == name; });
  }

  // Whether the module answers the function itself.
  bool isCarried(const DescriptorPolicy& policy, std::string_view from, const WasiFunction& function) const {
    if (function.hasDescriptors(DescriptorUse::Manages) || function.hasDescriptors(DescriptorUse::Polls)) {
      return true;
    }
    auto name = function.name;
    if (name == "fd_write") {
      return manifest.labelOutput;
    }
    if (name == "path_symlink") {
      return policy.preopens.has_value();
    }
    if (name == "fd_filestat_get") {
      return !policy.standardInput && from != "wasi_unstable"; // preview0 has it in another size
    }
    return name == "fd_fdstat_get" ? policy.preopens || !policy.standardInput
                                   : policy.preopens && name.starts_with("fd_prestat_");
  }

  void bindAll(Service& client, uint32_t number) {
    client.descriptorTable = number;
    for (auto& [import, function] : importsOf(client)) {
      auto from = import->module.toString();
      // A module can import a function twice, as Go's linker does.
      if (!isCarried(client.descriptors(), from, *function) || isAnswered(client, *import)) {
        continue;
      }
      auto name = from + "." + std::string(function->name);
      if (!exportedFunction(*tables->module, name)) {
        name = function->name; // the same for all versions of WASI
      }
      ManifestCall call;
      call.client = client.name();
      call.module = from;
      call.base = function->name;
      call.service = tables->name();
      call.export_ = name + "." + std::to_string(number);
      call.abi = function->hasAddresses() ? CallAbi::Wasi : CallAbi::Scalar;
      // The module's function for one table. A client and its runtime module share it.
      if (used.insert(call.export_).second) {
        addEntryOf(*tables->module, name, call.export_, number);
      }
      services.calls.push_back(std::move(call));
    }
  }

  // world.describe(to, capacity) -> bytes: src/runtime/README.md says what they are.
  void answerFacts() {
    std::string bytes;
    auto number = [&](uint32_t value) {
      for (int shift = 0; shift < 32; shift += 8) {
        bytes += char(value >> shift);
      }
    };
    auto text = [&](const std::string& value) {
      number(value.size());
      bytes += value;
    };
    number(owners.size());
    number(manifest.labelOutput);
    for (auto* owner : owners) {
      auto& policy = owner->descriptors();
      uint32_t flags = (policy.preopens ? 8 : 0) | (policy.readOnly ? 16 : 0), bit = 1;
      for (auto& [name, stream] : descriptorStreams()) {
        flags |= policy.*stream ? 0 : bit;
        bit <<= 1;
      }
      text(owner->name());
      number(flags);
      number(policy.preopens ? policy.preopens->size() : 0);
      if (policy.preopens) {
        for (auto& folder : *policy.preopens) {
          text(folder.host);
          text(folder.seen);
          number(folder.readOnly);
        }
      }
    }
    auto& module = *tables->module;
    for (auto& function : module.functions) {
      if (function->imported() && function->module == "world") {
        defineImport(*function, makeWriteBytes(module, bytes));
      }
    }
    module.updateMaps();
  }

  // The module has no constructors that do anything: services call it before anything is initialised.
  void dropConstructors() {
    auto& module = *tables->module;
    if (auto* constructors = exportedFunction(module, "_initialize")) {
      auto* block = constructors->body->dynCast<Block>();
      bool isEmpty = constructors->body->is<Nop>() || (block && block->list.empty());
      assert(isEmpty && "the module needs no initialisation");
      (void)isEmpty;
      module.removeExport("_initialize");
    }
  }
};

} // namespace

Result<> joinDescriptors(Services& services) { return Joiner(services).join(); }

} // namespace parigot
