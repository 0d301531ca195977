#include "world/manifest.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include <toml++/toml.h>

#include "world/nearest.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

constexpr uint64_t wasmPageBytes = 65536;
constexpr uint64_t maxMemoryBytes = 4ull << 30;

// Reads one TOML table by a list of fields, so that what is allowed and what
// is read cannot drift apart.
class TableReader {
public:
  TableReader(const std::string& path,
              std::string where,
              const toml::table& table)
    : path(path), where(std::move(where)), table(table) {}

  using Setter = std::function<Result<>(const toml::node&)>;

  TableReader& field(std::string name, bool required, Setter set) {
    fields.push_back({std::move(name), required, std::move(set)});
    return *this;
  }

  TableReader& text(std::string name, bool required, std::string& out) {
    return field(name, required, [this, name, &out](auto& node) -> Result<> {
      auto value = node.template value_exact<std::string>();
      if (!value) {
        return error(node, "'" + name + "' must be a string");
      }
      out = *value;
      return Ok{};
    });
  }

  TableReader& texts(std::string name,
                     std::function<void(std::vector<std::string>)> set) {
    return field(name, false, [this, name, set](auto& node) -> Result<> {
      std::vector<std::string> values;
      auto* array = node.as_array();
      if (!array) {
        return error(node, "'" + name + "' must be an array of strings");
      }
      for (auto& element : *array) {
        auto value = element.template value_exact<std::string>();
        if (!value) {
          return error(element, "'" + name + "' must hold strings only");
        }
        if (value->find('\0') != std::string::npos) {
          return error(element,
                       "'" + name + "' must not hold a zero character");
        }
        values.push_back(*value);
      }
      set(std::move(values));
      return Ok{};
    });
  }

  // A size in bytes, whole wasm pages.
  TableReader& bytes(std::string name, std::optional<uint64_t>& out) {
    return field(name, false, [this, name, &out](auto& node) -> Result<> {
      std::optional<uint64_t> size;
      if (auto value = node.template value_exact<std::string>()) {
        size = parseByteSize(*value);
      } else if (auto number = node.template value_exact<int64_t>();
                 number && *number >= 0) {
        size = uint64_t(*number);
      }
      if (!size) {
        return error(node,
                     "'" + name +
                       "' must be a size such as \"64MiB\", \"1GiB\" or a "
                       "number of bytes");
      }
      if (*size == 0 || *size % wasmPageBytes != 0 ||
          *size > maxMemoryBytes) {
        return error(node,
                     "'" + name +
                       "' must be a multiple of 64KiB (a wasm page), more "
                       "than 0 and at most 4GiB");
      }
      out = size;
      return Ok{};
    });
  }

  TableReader& abi(std::function<void(CallAbi)> set) {
    return field("abi", false, [this, set](auto& node) -> Result<> {
      auto value = node.template value_exact<std::string>();
      auto abi = value ? parseCallAbi(*value) : std::nullopt;
      if (!abi) {
        std::string known;
        for (auto& name : callAbiNames()) {
          known += (known.empty() ? "\"" : ", \"") + name + "\"";
        }
        return error(node, "'abi' must be one of " + known);
      }
      set(*abi);
      return Ok{};
    });
  }

  // "module.base"; the base is what follows the last dot, since the names of
  // packages hold dots and those of functions do not.
  TableReader& import(std::string& module, std::string& base) {
    return field("import", true, [this, &module, &base](auto& node) -> Result<> {
      auto value = node.template value_exact<std::string>();
      auto dot = value ? value->rfind('.') : std::string::npos;
      if (dot == std::string::npos || dot == 0 || dot + 1 == value->size()) {
        return error(node,
                     "'import' must be \"module.name\", as in "
                     "\"greeting.fetch_greeting_\" or \"greeting.*\"");
      }
      module = value->substr(0, dot);
      base = value->substr(dot + 1);
      return Ok{};
    });
  }

  Result<> read() {
    std::vector<std::string> known;
    for (auto& field : fields) {
      known.push_back(field.name);
    }
    for (auto&& [key, node] : table) {
      std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        return error(node,
                     "unknown key '" + name + "' in " + where +
                       didYouMean(name, known));
      }
    }
    for (auto& field : fields) {
      if (auto* node = table.get(field.name)) {
        CHECK_ERR(field.set(*node));
      } else if (field.required) {
        return error(table, where + " needs '" + field.name + "'");
      }
    }
    return Ok{};
  }

  Err error(const toml::node& node, const std::string& message) const {
    return Err{path + ":" + std::to_string(node.source().begin.line) + ": " +
               message};
  }

private:
  struct Field {
    std::string name;
    bool required;
    Setter set;
  };
  const std::string& path;
  std::string where;
  const toml::table& table;
  std::vector<Field> fields;
};

Result<> checkName(const TableReader& reader,
                   const toml::node& node,
                   std::string_view name) {
  for (unsigned char c : name) {
    if (!std::isalnum(c) && c != '_' && c != '-' && c != '.') {
      return reader.error(node,
                          "the service name '" + std::string(name) +
                            "' may hold letters, digits, '_', '-' and '.' "
                            "only: it becomes part of function names");
    }
  }
  if (name.empty()) {
    return reader.error(node, "a service needs a name");
  }
  return Ok{};
}

struct Parser {
  Manifest manifest;
  const toml::table& root;

  Result<> world(const toml::node& node) {
    auto* table = node.as_table();
    TableReader reader(manifest.path, "[world]", table ? *table : root);
    if (!table) {
      return reader.error(node, "'world' must be a table: [world]");
    }
    std::string memory = "single";
    reader.text("main", true, manifest.main)
      .field("memory",
             false,
             [&](auto& value) -> Result<> {
               auto text = value.template value_exact<std::string>();
               if (text == "single") {
                 manifest.layout = Layout::Single;
               } else if (text == "multi") {
                 manifest.layout = Layout::Multi;
               } else {
                 return reader.error(
                   value, "'memory' of [world] must be \"single\" or \"multi\"");
               }
               return Ok{};
             })
      .texts("init", [&](auto names) { manifest.init = std::move(names); });
    return reader.read();
  }

  Result<> services(const toml::node& node) {
    auto* table = node.as_table();
    TableReader top(manifest.path, "[service]", root);
    if (!table) {
      return top.error(node, "'service' must hold tables: [service.NAME]");
    }
    // toml++ sorts the keys of a table; users expect the order they wrote.
    std::map<std::pair<int, int>, std::string> order;
    for (auto&& [key, value] : *table) {
      auto begin = value.source().begin;
      order[{int(begin.line), int(begin.column)}] = std::string(key.str());
    }
    for (auto& [position, name] : order) {
      auto& value = *table->get(name);
      CHECK_ERR(checkName(top, value, name));
      auto* body = value.as_table();
      if (!body) {
        return top.error(value, "'service." + name + "' must be a table");
      }
      ManifestService service;
      service.name = name;
      TableReader reader(manifest.path, "[service." + name + "]", *body);
      reader.text("wasm", true, service.file)
        .texts("provides", [&](auto v) { service.provides = std::move(v); })
        .bytes("memory", service.regionBytes)
        .bytes("arena", service.arenaBytes)
        .texts("args", [&](auto v) { service.args = std::move(v); })
        .texts("env", [&](auto v) { service.env = std::move(v); });
      CHECK_ERR(reader.read());
      if (service.env) {
        for (auto& entry : *service.env) {
          if (entry.find('=') == std::string::npos || entry[0] == '=') {
            return reader.error(*body->get("env"),
                                "'env' must hold \"KEY=VALUE\", not \"" +
                                  entry + "\"");
          }
        }
      }
      auto path = std::filesystem::path(service.file);
      service.path =
        path.is_absolute()
          ? service.file
          : (std::filesystem::path(manifest.path).parent_path() / path)
              .string();
      manifest.services.push_back(std::move(service));
    }
    return Ok{};
  }

  Result<> calls(const toml::node& node) {
    TableReader top(manifest.path, "[[call]]", root);
    auto* array = node.as_array();
    if (!array || !array->is_homogeneous<toml::table>()) {
      return top.error(node, "'call' must be an array of tables: [[call]]");
    }
    for (auto& element : *array) {
      auto& table = *element.as_table();
      ManifestCall call;
      call.line = int(table.source().begin.line);
      TableReader reader(manifest.path, "[[call]]", table);
      reader.text("client", false, call.client)
        .import(call.module, call.base)
        .text("service", false, call.service)
        .text("export", false, call.export_)
        .abi([&](auto abi) { call.abi = abi; })
        .field("capacity", false, [&](auto& value) -> Result<> {
          auto number = value.template value_exact<int64_t>();
          if (!number || *number < 0 || *number > (1 << 30)) {
            return reader.error(value,
                                "'capacity' must be a number of bytes from 0 "
                                "to 1073741824");
          }
          call.capacity = uint32_t(*number);
          return Ok{};
        });
      CHECK_ERR(reader.read());
      for (auto* name : {&call.client, &call.service}) {
        if (!name->empty() && !manifest.find(*name)) {
          return reader.error(table,
                              "[[call]] names service '" + *name +
                                "', which the manifest does not have" +
                                didYouMean(*name, names()));
        }
      }
      if (call.service.empty() && !call.export_.empty()) {
        return reader.error(table,
                            "[[call]] with 'export' needs 'service' too");
      }
      if (call.base == "*" && !call.export_.empty()) {
        return reader.error(
          table, "[[call]] for every import of a module cannot name one export");
      }
      manifest.calls.push_back(std::move(call));
    }
    return Ok{};
  }

  Result<> hosts(const toml::node& node) {
    TableReader top(manifest.path, "[[host]]", root);
    auto* array = node.as_array();
    if (!array || !array->is_homogeneous<toml::table>()) {
      return top.error(node, "'host' must be an array of tables: [[host]]");
    }
    for (auto& element : *array) {
      auto& table = *element.as_table();
      ManifestHostImport host;
      host.line = int(table.source().begin.line);
      TableReader reader(manifest.path, "[[host]]", table);
      reader.import(host.module, host.base).abi([&](auto abi) {
        host.abi = abi;
      });
      CHECK_ERR(reader.read());
      manifest.hostImports.push_back(std::move(host));
    }
    return Ok{};
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (auto& service : manifest.services) {
      all.push_back(service.name);
    }
    return all;
  }

  Result<> check() {
    auto fail = [&](const std::string& message) {
      return Err{manifest.path + ": " + message};
    };
    if (manifest.services.empty()) {
      return fail("a world needs at least one [service.NAME]");
    }
    if (manifest.main.empty()) {
      return fail("a world needs [world] with main = \"NAME\"");
    }
    if (!manifest.find(manifest.main)) {
      return fail("main is '" + manifest.main +
                  "', but there is no [service." + manifest.main + "]" +
                  didYouMean(manifest.main, names()));
    }
    std::set<std::string> seen;
    for (auto& name : manifest.init) {
      if (!manifest.find(name)) {
        return fail("'init' names '" + name +
                    "', which is no service of this world" +
                    didYouMean(name, names()));
      }
      if (!seen.insert(name).second) {
        return fail("'init' names '" + name + "' twice");
      }
    }
    return Ok{};
  }

  Result<> parse() {
    TableReader reader(manifest.path, "the manifest", root);
    reader
      .field("service", false, [&](auto& node) { return services(node); })
      .field("world", false, [&](auto& node) { return world(node); })
      .field("call", false, [&](auto& node) { return calls(node); })
      .field("host", false, [&](auto& node) { return hosts(node); });
    CHECK_ERR(reader.read());
    return check();
  }
};

} // namespace

const ManifestService* Manifest::find(std::string_view name) const {
  for (auto& service : services) {
    if (service.name == name) {
      return &service;
    }
  }
  return nullptr;
}

std::optional<uint64_t> parseByteSize(std::string_view text) {
  uint64_t number = 0;
  auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) {
    return {};
  }
  std::string_view unit(end, text.data() + text.size() - end);
  while (unit.starts_with(' ')) {
    unit.remove_prefix(1);
  }
  int shift = 0;
  if (unit == "KiB") {
    shift = 10;
  } else if (unit == "MiB") {
    shift = 20;
  } else if (unit == "GiB") {
    shift = 30;
  } else if (!unit.empty()) {
    return {};
  }
  if (number > (UINT64_MAX >> shift)) {
    return {};
  }
  return number << shift;
}

Result<Manifest> parseManifest(const std::string& text,
                               const std::string& path) {
  try {
    auto root = toml::parse(text, path);
    Parser parser{Manifest{}, root};
    parser.manifest.path = path;
    CHECK_ERR(parser.parse());
    return std::move(parser.manifest);
  } catch (const toml::parse_error& error) {
    return Err{path + ":" + std::to_string(error.source().begin.line) + ": " +
               std::string(error.description())};
  }
}

Result<Manifest> readManifest(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return Err{path + ": is a folder, not a world manifest"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  std::stringstream text;
  text << file.rdbuf();
  return parseManifest(text.str(), path);
}

} // namespace parigot
