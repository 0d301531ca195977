// `parigot-opt inspect --government`: a table of services and what they use, and the smallest laws.

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <set>

#include <nlohmann/json.hpp>

#include "parigot-opt/command.h"
#include "parigot-opt/governed_input.h"
#include "support/byte_size.h"
#include "support/printable.h"

namespace parigot {

using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;

namespace {

// A cell of the table: `used`, `unused` (allowed, and not needed), `!` (used, and not allowed), or a dot.
const char* cell(bool used, bool allowed, bool bound) {
  if (used) {
    return allowed ? "used" : "!";
  }
  return allowed && bound ? "unused" : ".";
}

bool mayWord(const ServiceUsage& entry, const HostWordRow& row) {
  return !entry.rights.hostBound || (entry.rights.words & row.bit);
}

// Names with their verdicts: what is used of other services, or of the host's own functions.
Json named(const std::vector<Use>& uses, bool calls) {
  Json json = Json::array();
  std::set<std::string> seen;
  for (auto& use : uses) {
    auto name = calls ? use.reaches : use.name();
    if (seen.insert(name).second) {
      json.push_back({{"name", name}, {"used", use.isReached}, {"allowed", use.verdict == Verdict::Allowed}});
    }
  }
  return json;
}

Json describe(const ServiceUsage& entry) {
  Json json{{"name", entry.service->name}, {"process", entry.isProcess}};
  json["calls"] = named(entry.calls, true);
  json["host"] = Json::object();
  for (auto& row : hostWords()) {
    json["host"][std::string(row.word)] = {{"used", bool(entry.neededWords & row.bit)},
                                           {"allowed", mayWord(entry, row)}};
  }
  json["functions"] = named(entry.host, false);
  json["memory"] = entry.rights.memoryBytes ? Json(*entry.rights.memoryBytes) : Json(nullptr);
  json["otherwise"] = toString(entry.rights.otherwise);
  json["unneeded"] = entry.unneeded();
  return json;
}

void printTable(std::ostream& out, const std::vector<ServiceUsage>& usage) {
  size_t width = 7;
  for (auto& entry : usage) {
    width = std::max(width, printable(entry.service->name).size());
  }
  auto pad = [&](const std::string& text, size_t to) {
    out << text << std::string(to > text.size() ? to - text.size() : 0, ' ') << "  ";
  };
  pad("service", width);
  pad("calls", 8);
  for (auto& row : hostWords()) {
    pad(std::string(row.word), 7);
  }
  out << "own functions\n";
  for (auto& entry : usage) {
    pad(printable(entry.service->name), width);
    auto used = std::count_if(entry.calls.begin(), entry.calls.end(), [](auto& use) { return use.isReached; });
    bool forbidden = std::any_of(entry.calls.begin(), entry.calls.end(), [](auto& use) { return use.isForbidden(); });
    pad(entry.isProcess ? "kernel" : !used ? "." : (forbidden ? "! " : "") + std::to_string(used), 8);
    for (auto& row : hostWords()) {
      pad(cell(entry.neededWords & row.bit, mayWord(entry, row), entry.rights.hostBound), 7);
    }
    auto own = entry.ownFunctions();
    out << (own.empty() ? "." : std::to_string(own.size())) << '\n';
  }
}

void printService(std::ostream& out, const ServiceUsage& entry) {
  out << "\n" << printable(entry.service->name) << "  (" << printable(entry.service->file) << ")\n";
  auto list = [&](const char* title, const std::vector<std::string>& lines) {
    for (size_t i = 0; i < lines.size(); i++) {
      out << "  " << std::left << std::setw(12) << (i ? "" : title) << printable(lines[i]) << '\n';
    }
  };
  std::vector<std::string> calls, forbidden, unreached;
  for (auto* uses : {&entry.calls, &entry.host}) {
    for (auto& use : *uses) {
      auto name = use.reaches.empty() ? use.name() : use.reaches;
      if (!use.isReached) {
        unreached.push_back(name);
      } else if (use.isForbidden()) {
        forbidden.push_back(name + (use.path.empty() ? "" : "  by " + use.path));
      } else if (!use.reaches.empty()) {
        calls.push_back(name);
      }
    }
  }
  list("calls", calls);
  list("functions", entry.ownFunctions());
  list("forbidden", forbidden);
  list("unreached", unreached);
  list("take away", entry.unneeded());
  if (entry.rights.memoryBytes) {
    out << "  memory      at most " << spokenBytes(*entry.rights.memoryBytes) << '\n';
  }
}

} // namespace

Result<> inspectGovernment(const InspectOptions& options) {
  auto read = readGovernedInput(options.file, options.choice, "");
  CHECK_ERR(read);
  auto& input = **read;
  auto& laws = input.world.government;
  if (options.government == "suggest") {
    std::cout << suggestLaws(input.usage);
    return Ok{};
  }
  if (options.json) {
    Json json{{"file", shownFile(options.file)},
              {"default", laws.deny ? "deny" : "allow"},
              {"laws", laws.laws.size()},
              {"enforced", laws.enforced},
              {"services", Json::array()}};
    for (auto& entry : input.usage) {
      json["services"].push_back(describe(entry));
    }
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    return Ok{};
  }
  std::cout << printable(shownFile(options.file)) << ": "
            << (laws.empty() ? "no laws"
                             : std::to_string(laws.laws.size()) + (laws.laws.size() == 1 ? " law" : " laws"))
            << ", default " << (laws.deny ? "deny" : "allow") << (laws.enforced ? ", enforced" : "") << "\n\n";
  printTable(std::cout, input.usage);
  for (auto& entry : input.usage) {
    printService(std::cout, entry);
  }
  if (input.world.stage != Stage::Merged && !laws.enforced) {
    std::cout << "\nA world that was wound without laws lists all imports that its services had, reached or not; a "
                 "manifest shows which are reached.\n";
  }
  return Ok{};
}

} // namespace parigot
