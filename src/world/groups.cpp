#include "world/groups.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include <toml++/toml.h>

#include "support/nearest.h"
#include "world/table_reader.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (auto& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

bool isGroupName(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

// The key of a table in any spelling; an empty string: none. Runners match keys without regard to case.
std::string spelled(const toml::table& table, std::string_view wanted) {
  for (auto&& [key, node] : table) {
    if (equalFold(key.str(), wanted)) {
      return std::string(key.str());
    }
  }
  return "";
}

class GroupReader {
public:
  GroupReader(const Manifest& manifest, const std::vector<std::string>& options)
    : manifest(manifest), options(options) {}

  Result<std::vector<Group>> read() {
    for (auto& option : options) {
      CHECK_ERR(readOne(option));
    }
    std::vector<std::string> without;
    for (auto& service : manifest.services) {
      if (of.count(service.name)) {
        continue;
      }
      if (rest == groups.size()) {
        without.push_back(service.name);
      } else {
        of[service.name] = rest;
      }
    }
    if (!without.empty()) {
      return Err{manifest.path + ": no --group has " + listed(without) + "; add them to one, or give --group NAME=*"};
    }
    for (auto& service : manifest.services) {
      auto& group = groups[of[service.name]];
      group.services.push_back(service.name);
      group.hasMain |= manifest.hasProgram && service.name == manifest.main;
    }
    for (auto& group : groups) {
      if (group.services.empty()) {
        return Err{manifest.path + ": --group " + group.name + " has no services left; leave it out"};
      }
    }
    return std::move(groups);
  }

private:
  const Manifest& manifest;
  const std::vector<std::string>& options;
  std::vector<Group> groups;
  std::map<std::string, size_t> of; // the group of each service
  size_t rest = 0;                  // the group with *; the number of groups: none

  Result<> readOne(const std::string& option) {
    auto equals = option.find('=');
    auto name = option.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == option.size() || !isGroupName(name)) {
      return Err{"--group " + option +
                 ": must be NAME=SERVICE,SERVICE or NAME=*, with a name of letters, digits, '_' and '-'"};
    }
    if (std::any_of(groups.begin(), groups.end(), [&](auto& group) { return group.name == name; })) {
      return Err{"--group " + option + ": there are two groups of the name '" + name + "'"};
    }
    if (manifest.hasPlugin(name)) {
      return Err{"--group " + option + ": '" + name + "' is a plugin of " + manifest.path + "; give another name"};
    }
    bool noRest = rest == groups.size();
    groups.push_back({name, {}});
    rest = noRest ? groups.size() : rest;
    std::istringstream names(option.substr(equals + 1));
    for (std::string service; std::getline(names, service, ',');) {
      if (service == "*") {
        if (rest != groups.size()) {
          return Err{"--group " + option + ": two groups have '*', all that is left"};
        }
        rest = groups.size() - 1;
        continue;
      }
      if (!manifest.find(service)) {
        return Err{"--group " + option + ": '" + service + "' is no service of " + manifest.path +
                   didYouMean(service, manifest.names())};
      }
      auto [known, added] = of.insert({service, groups.size() - 1});
      if (!added) {
        return Err{"--group " + option + ": '" + service + "' is in the group " + groups[known->second].name +
                   " already"};
      }
    }
    return Ok{};
  }
};

// Makes the paths of a table absolute that are relative to the file.
void resolvePaths(toml::table& table, const std::string& path) {
  auto folder = std::filesystem::absolute(path).parent_path();
  for (auto* wanted : {"WasmPath", "Path", "PluginPath", "ParigotLibPath"}) {
    auto key = spelled(table, wanted);
    auto text = key.empty() ? std::nullopt : table[key].value<std::string>();
    if (text && !text->empty()) {
      table.insert_or_assign(key, (folder / *text).lexically_normal().string());
    }
  }
}

} // namespace

Result<std::vector<Group>> readGroups(const Manifest& manifest, const std::vector<std::string>& options) {
  return GroupReader(manifest, options).read();
}

Result<std::string> groupedDeployment(const std::string& text,
                                      const std::string& path,
                                      const std::string& profile,
                                      const std::vector<Group>& groups) {
  auto root = toml::parse(text, path);
  auto config = spelled(root, "config");
  toml::table chosen = config.empty() ? root : *root[config].as_table()->get(profile)->as_table();
  resolvePaths(chosen, path);
  auto all = spelled(chosen, "microservice");
  toml::table microservices;
  std::vector<std::string> grouped;
  for (auto& group : groups) {
    grouped.insert(grouped.end(), group.services.begin(), group.services.end());
  }
  for (auto&& [key, node] : *chosen[all].as_table()) {
    auto& entry = *node.as_table();
    bool isFile = !spelled(entry, "WasmPath").empty() || !spelled(entry, "Path").empty();
    // Plugins, which stay the host's.
    if (!isFile && std::find(grouped.begin(), grouped.end(), key.str()) == grouped.end()) {
      resolvePaths(entry, path);
      microservices.insert(key, entry);
    }
  }
  for (auto& group : groups) {
    toml::table entry{{"WasmPath", group.name + ".wasm"}};
    if (group.hasMain) {
      entry.insert("Main", true);
    }
    microservices.insert(group.name, std::move(entry));
  }
  chosen.insert_or_assign(all, std::move(microservices));
  toml::table written{{"config", toml::table{{profile, std::move(chosen)}}}};
  std::ostringstream out;
  out << "# Written by parigot-opt build --group, from " << std::filesystem::path(path).filename().string() << "\n"
      << written << '\n';
  return out.str();
}

} // namespace parigot
