// Reads a world manifest: one function for each kind of table.
#include "world/manifest.h"

#include <set>
#include <sstream>

#include <toml++/toml.h>

#include "abi/param.h"
#include "support/nearest.h"
#include "world/deployment.h"
#include "world/descriptor_keys.h"
#include "world/government_reader.h"
#include "world/stand_in_keys.h"
#include "world/table_reader.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

struct Parser {
  Manifest manifest;
  const toml::table& root;
  const ManifestChoice& choice;

  static std::optional<Layout> parseLayout(const toml::node& value) {
    auto text = value.value_exact<std::string>();
    if (text == "single") {
      return Layout::Single;
    }
    return text == "multi" ? std::optional(Layout::Multi) : std::nullopt;
  }

  static std::optional<Isolation> parseIsolation(const toml::node& value) {
    if (auto flag = value.value_exact<bool>()) {
      return *flag ? Isolation::Exact : Isolation::None;
    }
    return isolationNamed(value.value_exact<std::string>().value_or(""));
  }

  Result<> world(const toml::node& node) {
    auto* table = node.as_table();
    TableReader reader(manifest.path, "[world]", table ? *table : root);
    if (!table) {
      return reader.error(node, "'world' must be a table: [world]");
    }
    std::optional<uint64_t> kernelBytes;
    std::optional<Layout> layout;
    reader.text("main", true, manifest.main)
      .field("layout",
             false,
             [&](auto& value) -> Result<> {
               layout = parseLayout(value);
               return layout ? Result<>(Ok{})
                             : reader.error(value, "'layout' of [world] must be \"single\" or \"multi\"");
             })
      .field("memory",
             false,
             [&](auto& value) -> Result<> {
               auto named = parseLayout(value);
               if (!named) {
                 return reader.region(value, "\"single\", \"multi\", ", manifest.regionBytes, manifest.fit);
               }
               manifest.layout = *named;
               return Ok{};
             })
      .bytes("arena", manifest.arenaBytes)
      .field("isolate",
             false,
             [&](auto& value) -> Result<> {
               manifest.isolate = parseIsolation(value);
               return manifest.isolate
                        ? Result<>(Ok{})
                        : reader.error(value,
                                       "'isolate' of [world] must be \"contain\", \"exact\" or \"none\"; true "
                                       "means \"exact\", and false \"none\"");
             })
      .flag("open", manifest.open)
      .bytes("kernel_memory", kernelBytes)
      .flag("shared_descriptors", manifest.sharedDescriptors)
      .flag("label_output", manifest.labelOutput)
      .texts("init", [&](auto names) { manifest.init = std::move(names); });
    CHECK_ERR(reader.read());
    manifest.layout = layout.value_or(manifest.layout);
    manifest.kernelBytes = kernelBytes.value_or(defaultKernelBytes);
    if (manifest.kernelBytes < leastKernelBytes) {
      return reader.error(*table->get("kernel_memory"), "'kernel_memory' must be at least 4MiB");
    }
    return Ok{};
  }

  Result<> services(const toml::node& node) {
    auto* table = node.as_table();
    TableReader top(manifest.path, "[service]", root);
    if (!table) {
      return top.error(node, "'service' must hold tables: [service.NAME]");
    }
    for (auto& name : keysInFileOrder(*table)) {
      auto& value = *table->get(name);
      CHECK_ERR(top.checkServiceName(value, name));
      auto* body = value.as_table();
      if (!body) {
        return top.error(value, "'service." + name + "' must be a table");
      }
      ServiceDeclaration service;
      service.name = name;
      TableReader reader(manifest.path, "[service." + name + "]", *body);
      reader.text("wasm", !mayLackFile(name, *body, root, choice), service.file)
        .texts("provides", [&](auto v) { service.provides = std::move(v); })
        .field("memory", false, [&](auto& value) { return reader.region(value, "", service.regionBytes, service.fit); })
        .flag("first", service.first)
        .flag("grow", service.grow)
        .flag("library", service.library)
        .texts("globals", [&](auto v) { service.globals = std::move(v); })
        .bytes("arena", service.arenaBytes)
        .texts("args", [&](auto v) { service.args = std::move(v); })
        .texts("env", [&](auto v) { service.env = std::move(v); })
        .text("cwd", false, service.cwd)
        .bytes("runtime_memory", service.runtimeBytes);
      descriptorFields(reader, service);
      addStandInKeys(reader, service);
      CHECK_ERR(reader.read());
      if (auto wrong = checkGlobals(service.globals); !wrong.empty()) {
        return reader.error(*body->get("globals"), "'globals' " + wrong);
      }
      if (!service.globals.empty() && !service.library) {
        return reader.error(*body->get("globals"), "'globals' are for a library, and library = true is not there");
      }
      if (service.grow && service.first) {
        return reader.error(*body->get("grow"),
                            "'grow' and 'first' exclude each other: a memory that grows is the last");
      }
      if (!service.cwd.empty() && service.cwd[0] != '/') {
        return reader.error(*body->get("cwd"), "'cwd' must be an absolute path, not \"" + service.cwd + "\"");
      }
      if (service.env) {
        for (auto& entry : *service.env) {
          if (entry.find('=') == std::string::npos || entry[0] == '=') {
            return reader.error(*body->get("env"), "'env' must hold \"KEY=VALUE\", not \"" + entry + "\"");
          }
        }
      }
      service.path = reader.resolve(service.file);
      manifest.services.push_back(std::move(service));
    }
    return Ok{};
  }

  // The keys of a [[call]] that describe its parameters.
  Result<> describe(const toml::table& table, const TableReader& reader, CallTexts texts, ManifestCall& call) {
    auto* params = table.get("params");
    if (!params) {
      for (auto& [key, text] : callTextKeys()) {
        if (auto* alone = table.get(key)) {
          return reader.error(*alone, std::string("[[call]] with '") + key + "' needs 'params' too");
        }
      }
      return Ok{};
    }
    if (call.abi || call.capacity) {
      return reader.error(table, "[[call]] can have 'abi' and 'capacity' or 'params', not both");
    }
    if (!call.copy) {
      return reader.error(table, "[[call]] can have 'copy = false' or 'params', not both");
    }
    auto described = CallDescription::parse(std::move(texts));
    if (auto* error = described.getErr()) {
      return reader.error(*params, "[[call]] " + call.module + "." + call.base + ": " + error->msg);
    }
    call.described = std::move(*described);
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
        .capacity(call.capacity)
        .flag("copy", call.copy);
      CallTexts texts;
      reader.texts("params", [&](auto params) { texts.params = std::move(params); });
      for (auto& [key, text] : callTextKeys()) {
        reader.text(key, false, texts.*text);
      }
      CHECK_ERR(reader.read());
      CHECK_ERR(describe(table, reader, std::move(texts), call));
      for (auto* name : {&call.client, &call.service}) {
        if (!name->empty() && !manifest.find(*name)) {
          return reader.error(table,
                              "[[call]] names service '" + *name + "', which the manifest does not have" +
                                didYouMean(*name, names()));
        }
      }
      if (call.service.empty() && !call.export_.empty()) {
        return reader.error(table, "[[call]] with 'export' needs 'service' too");
      }
      if (call.base == "*" && !call.export_.empty()) {
        return reader.error(table, "[[call]] for every import of a module cannot name one export");
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
      std::optional<std::vector<std::string>> texts;
      TableReader reader(manifest.path, "[[host]]", table);
      reader.import(host.module, host.base)
        .abi([&](auto abi) { host.abi = abi; })
        .texts("params", [&](auto params) { texts = std::move(params); })
        .capacity(host.capacity);
      CHECK_ERR(reader.read());
      if (host.abi && texts) {
        return reader.error(table, "[[host]] can have 'abi' or 'params', not both");
      }
      if (texts) {
        auto params = Params::parse(std::move(*texts));
        if (auto* error = params.getErr()) {
          return reader.error(*table.get("params"), "[[host]] " + host.module + "." + host.base + ": " + error->msg);
        }
        host.params = std::move(*params);
      } else {
        host.abi = host.abi.value_or(CallAbi::Scalar);
      }
      manifest.hostImports.push_back(std::move(host));
    }
    return Ok{};
  }

  std::vector<std::string> names() const { return manifest.names(); }

  Result<> check() {
    auto fail = [&](const std::string& message) { return Err{manifest.path + ": " + message}; };
    if (manifest.services.empty()) {
      return fail("a world needs at least one [service.NAME]");
    }
    if (manifest.main.empty()) { // only a deployment file can do without
      return fail("a world needs [world] with main = \"NAME\"");
    }
    if (!manifest.find(manifest.main)) {
      return fail("main is '" + manifest.main + "', but there is no [service." + manifest.main + "]" +
                  didYouMean(manifest.main, names()));
    }
    std::string first, grow;
    for (auto& service : manifest.services) {
      if (service.library && service.name == manifest.main) {
        return fail("main is '" + service.name +
                    "', which has library = true: only services can call a library in a "
                    "world; `parigot-opt strip --library` makes one that hosts call");
      }
      if (service.first && !first.empty()) {
        return fail("services '" + first + "' and '" + service.name +
                    "' both have first = true, and one can be at address 0");
      }
      first = service.first ? service.name : first;
      if (service.grow && !grow.empty()) {
        return fail("services '" + grow + "' and '" + service.name +
                    "' both have grow = true, and only the last in the memory can");
      }
      grow = service.grow ? service.name : grow;
    }
    CHECK_ERR(checkInterposers(manifest));
    std::set<std::string> seen;
    for (auto& name : manifest.init) {
      if (!manifest.find(name)) {
        return fail("'init' names '" + name + "', which is no service of this world" + didYouMean(name, names()));
      }
      if (!seen.insert(name).second) {
        return fail("'init' names '" + name + "' twice");
      }
    }
    return Ok{};
  }

  // Applies the choices of the command line, which take precedence over the manifest.
  Result<> choose(const ManifestChoice& choice) {
    auto fail = [&](const std::string& message) { return Err{manifest.path + ": " + message}; };
    if (choice.profile) {
      return fail("--profile is for parigot's deployment files, and this is a world manifest");
    }
    if (choice.test) {
      return fail("--test is for parigot's deployment files, and this is a world manifest; choose with --main NAME");
    }
    if (choice.main) {
      if (!manifest.find(*choice.main)) {
        return fail("--main names '" + *choice.main + "', but there is no [service." + *choice.main + "]" +
                    didYouMean(*choice.main, names()));
      }
      manifest.main = *choice.main;
    }
    return chooseServices(manifest, choice.services);
  }

  Result<> parse() {
    TableReader reader(manifest.path, "the manifest", root);
    reader.field("service", false, [&](auto& node) { return services(node); })
      .field("world", false, [&](auto& node) { return world(node); })
      .field("call", false, [&](auto& node) { return calls(node); })
      .field("host", false, [&](auto& node) { return hosts(node); })
      .field("government",
             false,
             [&](auto& node) { return readGovernmentTable(manifest.path, root, node, manifest.government); })
      .field("law", false, [&](auto& node) { return readLawTables(manifest.path, root, node, manifest.government); })
      .field("reply", false, [&](auto&) -> Result<> { return Ok{}; }); // readStandIns
    CHECK_ERR(reader.read());
    CHECK_ERR(checkLaws(manifest.government, manifest.names()));
    return check();
  }
};

} // namespace

namespace {

// The advice for a value that is a bare word, the most frequent mistake: key = word.
std::string hintOf(const toml::parse_error& error, const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  for (uint32_t i = 0; i < error.source().begin.line; i++) {
    std::getline(lines, line);
  }
  auto equals = line.find('=');
  auto begin = equals == line.npos ? line.npos : line.find_first_not_of(" \t[", equals + 1);
  bool isWord = begin != line.npos && (std::isalpha(static_cast<unsigned char>(line[begin])) || line[begin] == '.' ||
                                       line[begin] == '/' || line[begin] == '_');
  if (!isWord) {
    return "";
  }
  auto word = line.substr(begin, line.find_first_of(" \t,]#\r", begin) - begin);
  return "; put strings in quotes: \"" + word + "\"";
}

} // namespace

Result<Manifest> parseManifest(const std::string& text, const std::string& path, const ManifestChoice& choice) {
  try {
    auto root = toml::parse(text, path);
    if (isDeployment(root)) {
      return withStandIns(readDeployment(root, path, choice), nullptr, choice.standIns);
    }
    Parser parser{Manifest{}, root, choice};
    parser.manifest.path = path;
    CHECK_ERR(parser.parse());
    CHECK_ERR(parser.choose(choice));
    return withStandIns(std::move(parser.manifest), &root, choice.standIns);
  } catch (const toml::parse_error& error) {
    return Err{path + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description()) +
               hintOf(error, text)};
  }
}

} // namespace parigot
