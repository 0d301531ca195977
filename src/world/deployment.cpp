#include "world/deployment.h"

#include <algorithm>
#include <tuple>

#include "support/nearest.h"
#include "world/table_reader.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
using Strings = std::vector<std::string>;

constexpr const char* defaultProfile = "dev";
// Where the runner looks for files of a profile without SearchDir: api/shared/const.go:91,
// command/runner/runner/config.go:177.
const Strings defaultSearchDirs{"/workspaces/parigot/build", "build"};

enum class Role { Server, Main, Test };

struct Microservice {
  ServiceDeclaration service;
  Role role = Role::Server;
  std::string pluginPath, pluginSymbol, pluginAlias;

  bool isPlugin() const { return !pluginPath.empty(); }
  // Whether the microservice is a plugin only, which is the host's and is not wound.
  bool isPluginOnly() const { return service.file.empty(); }
};

std::string trimmed(const std::string& text) {
  constexpr const char* space = " \t\r\n\v\f";
  auto begin = text.find_first_not_of(space);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

bool isPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool contains(const Strings& all, const std::string& name) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

// "'a'", "'a' and 'b'", "'a', 'b' and 'c'".
std::string listed(const Strings& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); i++) {
    text += (i == 0 ? "'" : i + 1 == names.size() ? " and '" : ", '") + names[i] + "'";
  }
  return text;
}

// "TZ" of "TZ=UTC".
std::string_view variable(std::string_view entry) { return entry.substr(0, entry.find('=')); }

// The environment as the runner makes it: each variable once, with its last value.
Strings environment(const Strings& entries) {
  Strings all;
  for (auto& entry : entries) {
    auto known = std::find_if(all.begin(), all.end(), [&](auto& other) { return variable(other) == variable(entry); });
    if (known == all.end()) {
      all.push_back(entry);
    } else {
      *known = entry;
    }
  }
  return all;
}

// Reads one profile, with the choices of the command line.
struct Reader {
  const toml::table& root;
  const std::string& path;
  const ManifestChoice& choice;
  std::string where; // "config.dev.", or nothing in the older form
  std::string timezone;
  std::optional<Strings> searchDirs; // an empty list has no folder to search
  std::vector<Microservice> all;
  Strings warnings;

  Err fail(const std::string& message) const { return Err{path + ": " + message}; }

  // Strings that the runner hands to processes, by its own rules.
  static Result<Strings>
  processStrings(const TableReader& reader, const toml::node& node, const std::string& key, const Strings& given) {
    Strings values;
    for (auto& value : given) {
      values.push_back(trimmed(value));
      if (values.back().empty()) {
        return reader.error(node, "'" + key + "' must not hold an empty string");
      }
      if (!isPrintable(values.back())) {
        return reader.error(node, "'" + key + "' must hold printable ASCII characters only");
      }
    }
    return values;
  }

  Result<> timeout(const toml::node& node) {
    auto* table = node.as_table();
    TableReader reader(path, "[" + where + "Timeout]", table ? *table : root);
    reader.asRunner(warnings);
    if (!table) {
      return reader.error(node, "'" + where + "Timeout' must be a table");
    }
    std::optional<uint64_t> unused;
    auto what = "a number of milliseconds, 0 or more";
    return reader.count("Startup", what, unused).count("Complete", what, unused).read();
  }

  Result<> microservices(const toml::node& node) {
    auto* table = node.as_table();
    TableReader top(path, "[" + where + "microservice]", table ? *table : root);
    if (!table) {
      return top.error(node, "'" + where + "microservice' must hold tables: [" + where + "microservice.NAME]");
    }
    auto one = [&](const std::string& name) -> Result<> {
      auto& value = *table->get(name);
      CHECK_ERR(top.checkServiceName(value, name));
      if (!value.is_table()) {
        return top.error(value, "'" + where + "microservice." + name + "' must be a table");
      }
      return microservice(name, *value.as_table());
    };
    std::string errors; // the first of each microservice
    for (auto& name : keysInFileOrder(*table)) {
      auto read = one(name);
      if (auto* error = read.getErr()) {
        errors += (errors.empty() ? "" : "\n") + error->msg;
      }
    }
    return errors.empty() ? Result<>(Ok{}) : Err{errors};
  }

  Result<> microservice(const std::string& name, const toml::table& table) {
    Microservice entry;
    auto& service = entry.service;
    Strings args, env;
    bool server = false, main = false, test = false;
    auto spoken = "[" + where + "microservice." + name + "]";
    TableReader reader(path, spoken, table);
    std::string olderPath; // the key of generation 1: command/runner/runner/config.go:42 of April 2023
    reader.asRunner(warnings)
      .text("WasmPath", false, service.file)
      .text("Path", false, olderPath)
      .texts("Arg", [&](auto given) { args = std::move(given); })
      .texts("Env", [&](auto given) { env = std::move(given); })
      .flag("Server", server)
      .flag("Main", main)
      .flag("Test", test)
      .text("PluginPath", false, entry.pluginPath)
      .text("PluginSymbol", false, entry.pluginSymbol)
      .text("PluginAlias", false, entry.pluginAlias);
    CHECK_ERR(reader.read());
    if (reader.get("WasmPath") && reader.get("Path")) {
      return reader.error(*reader.get("Path"), spoken + " has both WasmPath and Path; leave one of them out");
    }
    service.file += olderPath;
    for (auto* text : {&service.file, &entry.pluginPath, &entry.pluginSymbol, &entry.pluginAlias}) {
      *text = trimmed(*text);
    }

    Strings roles;
    for (auto [given, key, role] :
         {std::tuple(server, "Server", Role::Server), {main, "Main", Role::Main}, {test, "Test", Role::Test}}) {
      if (given) {
        roles.push_back(key);
        entry.role = role;
      }
    }
    if (roles.size() > 1) {
      return reader.error(*reader.get(roles.back()),
                          spoken + " must be one of Server, Main and Test, and says " + listed(roles));
    }
    if (entry.isPlugin() && entry.role != Role::Server) {
      return reader.error(*reader.get("PluginPath"), spoken + " has a PluginPath, and only a server can have one");
    }
    if (service.file.empty() && !entry.isPlugin()) {
      return reader.error(table, spoken + " needs 'WasmPath'");
    }

    if (!args.empty()) {
      auto values = processStrings(reader, *reader.get("Arg"), "Arg", args);
      CHECK_ERR(values);
      args = std::move(*values);
    }
    if (!env.empty()) {
      auto& node = *reader.get("Env");
      auto values = processStrings(reader, node, "Env", env);
      CHECK_ERR(values);
      for (auto& value : *values) {
        if (value.find('=') == std::string::npos || value[0] == '=') {
          return reader.error(node, "'Env' must hold \"KEY=VALUE\", not \"" + value + "\"");
        }
      }
      env = environment(*values);
    }
    args.insert(args.begin(), name);
    service.name = name;
    service.path = reader.resolve(service.file);
    service.args = std::move(args);
    service.env = std::move(env);
    all.push_back(std::move(entry));
    return Ok{};
  }

  Result<> profile(const toml::table& table, const std::string& spoken) {
    TableReader reader(path, spoken, table);
    std::string unusedText;
    std::optional<uint64_t> unusedCount;
    reader.asRunner(warnings)
      .text("ParigotLibPath", false, unusedText)
      .text("ParigotLibSymbol", false, unusedText)
      .texts("SearchDir", [&](auto given) { searchDirs = std::move(given); })
      .text("Timezone", false, timezone)
      .text("TimezoneDir", false, unusedText)
      .text("ArrangementName", false, unusedText)
      .text("SizeName", false, unusedText)
      .count("Arrangement", "a number, 0 or more", unusedCount)
      .count("Size", "a number, 0 or more", unusedCount)
      .field("Timeout", false, [&](auto& node) { return timeout(node); })
      .field("microservice", false, [&](auto& node) { return microservices(node); });
    CHECK_ERR(reader.read());
    timezone = trimmed(timezone);
    if (!isPrintable(timezone)) {
      return reader.error(*reader.get("Timezone"), "'Timezone' must hold printable ASCII characters only");
    }
    if (all.empty()) {
      return reader.error(table, spoken + " has no microservice");
    }
    for (auto& entry : all) {
      entry.service.searchDirs = searchDirs.value_or(defaultSearchDirs);
    }
    if (timezone.empty()) {
      return Ok{};
    }
    for (auto& entry : all) {
      auto& env = *entry.service.env;
      if (std::none_of(env.begin(), env.end(), [](auto& value) { return variable(value) == "TZ"; })) {
        env.push_back("TZ=" + timezone);
      }
    }
    return Ok{};
  }

  // "'prod'", followed by the source of the name if that is the environment.
  std::string spokenProfile(const std::string& wanted) const {
    return "'" + wanted + "'" + (choice.profile || !choice.environmentProfile ? "" : " (of PARIGOT_DEPLOYMENT)");
  }

  Result<> file() {
    auto wanted = choice.profile.value_or(choice.environmentProfile.value_or(defaultProfile));
    TableReader top(path, "the deployment file beside its profiles", root);
    top.asRunner(warnings);
    auto* config = top.get("config");
    auto missing = "there is no profile " + spokenProfile(wanted);
    if (!config) {
      if (wanted != defaultProfile) {
        return fail(missing + ": the file has no [config.PROFILE], and is all '" + defaultProfile + "'");
      }
      return profile(root, "the deployment file");
    }
    const toml::node* chosen = nullptr;
    top.field("config", true, [&](auto& node) -> Result<> {
      auto* profiles = node.as_table();
      if (!profiles) {
        return top.error(node, "'config' must hold tables: [config.PROFILE]");
      }
      chosen = profiles->get(wanted);
      if (!chosen) {
        return fail(missing + "; the file has " +
                    (profiles->empty() ? "none" : listed(keysInFileOrder(*profiles)) + ", to choose with --profile"));
      }
      return Ok{};
    });
    CHECK_ERR(top.read());
    where = "config." + wanted + ".";
    if (!chosen->is_table()) {
      return top.error(*chosen, "'config." + wanted + "' must be a table");
    }
    return profile(*chosen->as_table(), "[config." + wanted + "]");
  }

  const Microservice* find(const std::string& name) const {
    auto found = std::find_if(all.begin(), all.end(), [&](auto& entry) { return entry.service.name == name; });
    return found == all.end() ? nullptr : &*found;
  }

  // The role that makes a microservice a program: Main or Test.
  Role programs() const { return choice.test ? Role::Test : Role::Main; }

  bool isLeftOut(const Microservice& entry) const {
    return entry.isPluginOnly() || (entry.role != Role::Server && entry.role != programs());
  }

  // Returns an error unless a microservice of this name can be wound.
  Result<> checkChosen(const std::string& option, const std::string& name) const {
    auto* entry = find(name);
    auto what = option + " names '" + name + "', which ";
    if (!entry) {
      Strings names;
      for (auto& other : all) {
        names.push_back(other.service.name);
      }
      return fail(what + "is no microservice of this file" + didYouMean(name, names));
    }
    if (entry->isPluginOnly()) {
      auto& alias = entry->pluginAlias;
      return fail(what + "is a plugin of the host (" + entry->pluginPath + (alias.empty() ? "" : ", as " + alias) +
                  ") without a WasmPath: there is nothing to wind");
    }
    if (isLeftOut(*entry)) {
      return fail(what + (entry->role == Role::Test ? "has Test = true, and is wound with --test only"
                                                    : "has Main = true, and is not wound with --test"));
    }
    return Ok{};
  }

  // The name of the program, or an error if there are several. Empty if there is none: all microservices are servers,
  // which the runner runs until it is stopped (sys/context.go:140).
  Result<std::string> chooseMain(const Strings& candidates) const {
    if (choice.main) {
      CHECK_ERR(checkChosen("--main", *choice.main));
      return *choice.main;
    }
    auto key = std::string(choice.test ? "Test" : "Main");
    auto least = " microservice" + std::string(choice.services.empty() ? "" : " of those that --service names");
    bool serves = !choice.test && choice.services.empty() &&
                  std::none_of(all.begin(), all.end(), [](auto& entry) { return entry.role == Role::Main; });
    if (serves) {
      return std::string();
    }
    if (candidates.empty()) {
      return fail("no" + least + " has " + key + " = true; say which one is the program with --main NAME");
    }
    if (candidates.size() > 1) {
      return fail(listed(candidates) + " have " + key +
                  " = true, and a world has one program; choose with --main NAME");
    }
    return candidates[0];
  }

  Result<Manifest> wind() {
    Strings candidates;
    for (auto& name : choice.services) {
      CHECK_ERR(checkChosen("--service", name));
    }
    for (auto& entry : all) {
      auto& name = entry.service.name;
      if (entry.role == programs() && (choice.services.empty() || contains(choice.services, name))) {
        candidates.push_back(name);
      }
    }
    auto main = chooseMain(candidates);
    CHECK_ERR(main);
    Manifest manifest;
    manifest.path = path;
    manifest.deployment = true;
    manifest.main = *main;
    manifest.hasProgram = !main->empty();
    manifest.warnings = std::move(warnings);
    for (auto& entry : all) {
      auto& name = entry.service.name;
      if (entry.isPlugin()) {
        manifest.plugins.push_back({name, entry.pluginAlias, entry.pluginPath});
      }
      bool another = entry.role == programs() && name != *main && !contains(choice.services, name);
      if (!isLeftOut(entry) && !another) {
        manifest.services.push_back(entry.service);
      }
    }
    CHECK_ERR(chooseServices(manifest, choice.services));
    return manifest;
  }
};

} // namespace

bool isDeployment(const toml::table& root) {
  return std::any_of(root.begin(), root.end(), [](auto entry) {
    auto key = entry.first.str();
    return (equalFold(key, "config") || equalFold(key, "microservice")) && entry.second.is_table();
  });
}

Result<Manifest> readDeployment(const toml::table& root, const std::string& path, const ManifestChoice& choice) {
  Reader reader{root, path, choice, "", "", {}, {}, {}};
  CHECK_ERR(reader.file());
  return reader.wind();
}

} // namespace parigot
