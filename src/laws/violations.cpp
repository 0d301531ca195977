// What breaks the laws: the part of usage.h that `check` needs.

#include "laws/usage.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "abi/wasi.h"
#include "ir/limits.h"
#include "support/byte_size.h"
#include "support/printable.h"
#include "world/regions.h"

namespace parigot {

using namespace wasm;

namespace {

// Whether everything that fits one pattern fits one of the others.
bool isCovered(const std::string& pattern, const std::vector<std::string>& by) {
  return std::any_of(by.begin(), by.end(), [&](auto& other) {
    return other == pattern || (other.ends_with('*') && fitsPattern(other, pattern));
  });
}

class Checker {
public:
  Checker(const World& world, const Government& own, bool finished) : world(world), own(own), finished(finished) {}

  std::vector<std::string> found;

  void check(const ServiceUsage& entry) {
    for (auto* uses : {&entry.calls, &entry.host}) {
      for (auto& use : *uses) {
        bool unanswered = finished && use.isReached && use.verdict == Verdict::NoPreopens;
        if (use.isForbidden() || unanswered) {
          found.push_back(importInWords(world, *entry.service, use.module, use.base, use.kind) +
                          ", and no law allows it" + (use.path.empty() ? "" : "\n  reached by: " + use.path));
        }
      }
    }
    auto initial = uint64_t(entry.service->initialPages) * wasmPageBytes;
    if (auto& limit = entry.rights.memoryBytes; limit && entry.service->hasMemory) {
      if (auto most = finished ? mostBytes(*entry.service) : initial; most > *limit) {
        say(entry,
            (finished ? "can have " : "starts with ") + spokenBytes(most) + " of memory, and the laws allow " +
              spokenBytes(*limit));
      }
    }
    if (finished) {
      compareRights(entry);
    }
  }

private:
  const World& world;
  const Government& own;
  const bool finished;

  void say(const ServiceUsage& entry, const std::string& what) {
    found.push_back(entry.service->quoted() + " " + what);
  }

  // What the module itself decides when it runs must be no more than the laws allow.
  void compareRights(const ServiceUsage& entry) {
    auto had = rightsOf(own, entry.service->name);
    auto& may = entry.rights;
    had.hostBound &= own.enforced;
    had.callsBound &= own.enforced;
    if (may.callsBound && entry.isProcess && !covers(may.calls, had.callsBound, had.calls)) {
      say(entry, "may call other processes than the laws allow: the kernel has the laws that it was wound with");
    }
    if (!may.hostBound) {
      return;
    }
    uint32_t carried = 0; // words that its functions can serve
    for (auto& use : entry.host) {
      carried |= use.isReached && isWasiModule(use.module) ? wordsThatAllow(use.base) : 0;
    }
    for (auto word : {stdinWord, stdoutWord, stderrWord}) {
      bool all = entry.neededWords & word;
      if ((carried & word) && all && !(may.words & word) && (!had.hostBound || (had.words & word))) {
        auto rows = hostWords();
        auto row = std::find_if(rows.begin(), rows.end(), [&](auto& each) { return each.bit == word; });
        say(entry, "was wound with '" + std::string(row->word) + "', which no law allows");
      }
    }
    compareEnvironment(entry, had);
    compareFiles(entry, had, carried);
  }

  static bool covers(const std::vector<std::string>& may, bool bound, const std::vector<std::string>& had) {
    return isCovered("*", may) ||
           (bound && std::all_of(had.begin(), had.end(), [&](auto& pattern) { return isCovered(pattern, may); }));
  }

  void compareEnvironment(const ServiceUsage& entry, const Rights& had) {
    auto& service = *entry.service;
    bool asks = std::any_of(
      entry.host.begin(), entry.host.end(), [](auto& use) { return use.isReached && use.base == "environ_get"; });
    if (!asks || entry.rights.wholeEnvironment) {
      return;
    }
    if (service.env) {
      for (auto& variable : *service.env) {
        if (!entry.rights.maySee(variable) && !isVariableOfProcesses(variable)) {
          say(entry, "has the variable " + printable(variable.substr(0, variable.find('='))) + ", which no law allows");
        }
      }
    } else if (!covers(entry.rights.env, had.filtersEnvironment(), had.env)) {
      say(entry, "sees more variables of the host's environment than the laws allow");
    }
  }

  void compareFiles(const ServiceUsage& entry, const Rights& had, uint32_t carried) {
    auto allows = [&](const FileGrant& grant) {
      return std::any_of(entry.rights.files.begin(), entry.rights.files.end(), [&](auto& other) {
        return (other.path == "*" || other.path == grant.path) && (!other.readOnly || grant.readOnly);
      });
    };
    std::vector<FileGrant> all{{"*"}};
    auto& grants = had.hostBound ? had.files : all;
    if (!(carried & filesWord) || std::all_of(grants.begin(), grants.end(), allows) ||
        !(entry.neededWords & filesWord)) {
      return;
    }
    // Without a function that changes files, all grants are for reading.
    bool changes = entry.neededWords & changesFiles;
    bool onlyReads = std::all_of(grants.begin(), grants.end(), [&](auto grant) {
      grant.readOnly |= !changes;
      return allows(grant);
    });
    if (!onlyReads) {
      say(entry, "was wound with more folders than the laws allow");
    }
  }
};

// The kinds and names of all imports that the section mentions.
std::set<std::tuple<ExternalKind, std::string, std::string>> knownImports(const World& world) {
  std::set<std::tuple<ExternalKind, std::string, std::string>> known;
  for (auto& item : world.itemImports) {
    known.insert({item.kind, item.module, item.base});
  }
  for (auto& host : world.hostImports) {
    known.insert({ExternalKind::Function, host.module, host.base});
    for (std::string strings : {"args", "environ"}) {
      if (host.base.starts_with(strings + "_")) { // adapters ask for both
        known.insert({ExternalKind::Function, host.module, strings + "_get"});
        known.insert({ExternalKind::Function, host.module, strings + "_sizes_get"});
      }
    }
  }
  return known;
}

} // namespace

std::vector<std::string> violations(const Module& module,
                                    const World& world,
                                    const std::vector<ServiceUsage>& usage,
                                    const Government& own,
                                    bool finished) {
  Checker checker(world, own, finished);
  for (auto& entry : usage) {
    checker.check(entry);
  }
  if (world.stage >= Stage::Adapted) {
    auto known = knownImports(world);
    auto check = [&](ExternalKind kind, auto& items) {
      for (auto& item : items) {
        if (item->imported() && !known.count({kind, item->module.toString(), item->base.toString()})) {
          checker.found.push_back(
            "the module imports " + (kind == ExternalKind::Function ? "" : "the " + std::string(toString(kind)) + " ") +
            printable(item->module.toString() + "." + item->base.toString()) +
            ", which its section parigot.world does not mention: it was changed after it was wound");
        }
      }
    };
    check(ExternalKind::Function, module.functions);
    check(ExternalKind::Table, module.tables);
    check(ExternalKind::Global, module.globals);
    check(ExternalKind::Memory, module.memories);
    check(ExternalKind::Tag, module.tags);
  }
  return std::move(checker.found);
}

} // namespace parigot
