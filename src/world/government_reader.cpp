#include "world/government_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "world/laws_file.h"
#include "world/manifest.h"
#include "world/table_reader.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

// A value that is one string, or an array of strings.
Result<std::vector<std::string>> oneOrMore(const TableReader& reader, const toml::node& node) {
  if (auto one = node.value_exact<std::string>()) {
    return std::vector<std::string>{*one};
  }
  std::vector<std::string> names;
  auto* array = node.as_array();
  for (size_t i = 0; array && i < array->size(); i++) {
    auto name = (*array)[i].value_exact<std::string>();
    if (!name) {
      return reader.error((*array)[i], "'service' must hold strings only");
    }
    names.push_back(*name);
  }
  if (names.empty()) {
    return reader.error(node, "'service' must be the name of a service, a list of names, or \"*\"");
  }
  if (names.size() > 1 && std::find(names.begin(), names.end(), "*") != names.end()) {
    return reader.error(node, "'service' holds \"*\", which is every service, beside names; leave one of them out");
  }
  return names;
}

Result<> checkEntries(const TableReader& reader,
                      const toml::table& table,
                      const char* key,
                      const std::optional<std::vector<std::string>>& entries,
                      std::string (*check)(const std::string&)) {
  for (auto& entry : entries.value_or(std::vector<std::string>{})) {
    if (auto wrong = check(entry); !wrong.empty()) {
      return reader.error(*table.get(key), std::string("'") + key + "' of [[law]] " + wrong);
    }
  }
  return Ok{};
}

Result<Law> readLaw(const std::string& path, const toml::table& table) {
  Law law;
  law.line = int(table.source().begin.line);
  TableReader reader(path, "[[law]]", table);
  reader
    .field("service",
           true,
           [&](auto& node) -> Result<> {
             auto names = oneOrMore(reader, node);
             CHECK_ERR(names);
             law.services = std::move(*names);
             return Ok{};
           })
    .texts("calls", [&](auto entries) { law.calls = std::move(entries); })
    .texts("host", [&](auto entries) { law.host = std::move(entries); })
    .bytes("memory", law.memoryBytes)
    .field("otherwise", false, [&](auto& node) -> Result<> {
      auto text = node.template value_exact<std::string>();
      law.otherwise = text ? parseOtherwise(*text) : std::nullopt;
      return law.otherwise ? Result<>(Ok{})
                           : reader.error(node, "'otherwise' must be \"refuse\", \"errno\" or \"trap\"");
    });
  CHECK_ERR(reader.read());
  CHECK_ERR(checkEntries(reader, table, "calls", law.calls, checkCallEntry));
  CHECK_ERR(checkEntries(reader, table, "host", law.host, checkHostEntry));
  if (!law.calls && !law.host && !law.memoryBytes && !law.otherwise) {
    return reader.error(table, "[[law]] says nothing: it needs 'calls', 'host', 'memory' or 'otherwise'");
  }
  return law;
}

// Refuses two laws that say different things of one service by the same words.
Result<> checkOtherwise(const Government& government) {
  std::map<std::string, const Law*> first;
  for (auto& law : government.laws) {
    for (auto& name : law.services) {
      auto [known, added] = first.insert({name, &law});
      if (!law.otherwise) {
        continue;
      }
      if (!known->second->otherwise) {
        known->second = &law;
      } else if (known->second->otherwise != law.otherwise) {
        return Err{government.path + ":" + std::to_string(law.line) + ": this [[law]] for '" + name +
                   "' has otherwise = \"" + std::string(toString(*law.otherwise)) + "\", and the one in line " +
                   std::to_string(known->second->line) + " has \"" + std::string(toString(*known->second->otherwise)) +
                   "\"; leave one of them out"};
      }
    }
  }
  return Ok{};
}

} // namespace

Result<> readGovernmentTable(const std::string& path, const toml::table& root, const toml::node& node, Government& to) {
  auto* table = node.as_table();
  TableReader reader(path, "[government]", table ? *table : root);
  if (!table) {
    return reader.error(node, "'government' must be a table: [government]");
  }
  to.path = path;
  reader.field("default", false, [&](auto& value) -> Result<> {
    auto text = value.template value_exact<std::string>();
    to.deny = text == "deny";
    return to.deny || text == "allow" ? Result<>(Ok{}) : reader.error(value, "'default' must be \"deny\" or \"allow\"");
  });
  return reader.read();
}

Result<> readLawTables(const std::string& path, const toml::table& root, const toml::node& node, Government& to) {
  auto* array = node.as_array();
  if (!array || !array->is_homogeneous<toml::table>()) {
    return TableReader(path, "[[law]]", root).error(node, "'law' must be an array of tables: [[law]]");
  }
  to.path = path;
  for (auto& element : *array) {
    auto law = readLaw(path, *element.as_table());
    CHECK_ERR(law);
    to.laws.push_back(std::move(*law));
  }
  return checkOtherwise(to);
}

Result<Government> parseLaws(const std::string& text, const std::string& path) {
  try {
    auto root = toml::parse(text, path);
    Government government;
    government.path = path;
    TableReader reader(path, "a file of laws", root);
    reader.field("government", false, [&](auto& node) { return readGovernmentTable(path, root, node, government); })
      .field("law", false, [&](auto& node) { return readLawTables(path, root, node, government); });
    CHECK_ERR(reader.read());
    if (government.empty()) {
      return Err{path + ": has no laws: it needs [government] with default = \"deny\", or a [[law]]"};
    }
    return government;
  } catch (const toml::parse_error& error) {
    return Err{path + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description())};
  }
}

Result<Government> readLaws(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return Err{path + ": is a folder, not a file of laws"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  std::stringstream text;
  text << file.rdbuf();
  return parseLaws(text.str(), path);
}

Result<> addLaws(Manifest& manifest, const std::string& file) {
  auto laws = readLaws(file);
  CHECK_ERR(laws);
  if (!manifest.government.empty()) {
    return Err{manifest.path + ": has laws itself, and so has " + file + "; leave one of them out"};
  }
  if (!manifest.subset) { // a part of a world has laws for what is left out, too
    CHECK_ERR(checkLaws(*laws, manifest.names()));
  }
  manifest.government = std::move(*laws);
  return Ok{};
}

} // namespace parigot
