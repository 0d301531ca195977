#include "merge/world_exports.h"

#include "ir/custom_sections.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

class Exporter {
public:
  Exporter(Module& out, const World& world, const Services& services) : out(out), world(world), services(services) {}

  Result<> add(const std::vector<Name>& memories) {
    out.exports.clear();
    out.updateMaps();
    for (auto& service : world.services) {
      if (service.hasMemory) {
        CHECK_ERR(add(arenaExport(service.name), ExternalKind::Global, arenaExport(service.name)));
      }
    }
    for (size_t i = 0; i < memories.size(); i++) {
      CHECK_ERR(add(*services.all[i], memories[i]));
    }
    return Ok{};
  }

private:
  Module& out;
  const World& world;
  const Services& services;

  Result<> add(Name name, ExternalKind kind, Name internal) {
    if (out.getExportOrNull(name)) {
      return Err{"the world would have two exports '" + name.toString() + "'; rename one in its service"};
    }
    out.addExport(Builder::makeExport(name, internal, kind));
    return Ok{};
  }

  Result<> add(const Service& service, Name memory) {
    if (memory.is()) {
      CHECK_ERR(add(memoryExport(service.name()), ExternalKind::Memory, memory));
    }
    for (auto& item : service.module->exports) {
      auto internal = *item->getInternalName();
      CHECK_ERR(add(scopedName(service.name(), item->name.view()), item->kind, internal));
      bool isEntry = item->name == "_start" || item->name == "_initialize";
      bool isOurs = item->name.view().starts_with(internalExportPrefix);
      if (services.isMain(service) && !isEntry && !isOurs) {
        CHECK_ERR(refuseScoped(service, item->name.view()));
        CHECK_ERR(add(item->name, item->kind, internal));
      }
    }
    return Ok{};
  }

  // Refuses an export of the main service that has the form `service/name`, by which passes find items of services.
  Result<> refuseScoped(const Service& service, std::string_view name) {
    auto scoped = parseScopedImport(name);
    if (scoped && world.find(scoped->service)) {
      return Err{service.quoted() + ": it exports '" + std::string(name) +
                 "', and names that begin with a service's and a slash are parigot-opt's own; "
                 "rename that export"};
    }
    return Ok{};
  }
};

} // namespace

Result<> exportItems(Module& out, const World& world, const Services& services, const std::vector<Name>& memories) {
  return Exporter(out, world, services).add(memories);
}

std::string keepCustomSections(Module& out, const Services& services) {
  out.customSections.clear();
  std::string dropped;
  for (auto& service : services.all) {
    for (auto& section : service->module->customSections) {
      auto use = useOfCustomSection(section.name);
      if (services.isMain(*service) && use != SectionUse::OfCode && section.name != worldSectionName) {
        out.customSections.push_back(section);
      } else if (use == SectionUse::Unknown && !service->isAdded() && section.name != worldSectionName) {
        dropped += (dropped.empty() ? "" : ", ") + section.name + " (" + service->name() + ")";
      }
    }
  }
  return dropped;
}

} // namespace parigot
