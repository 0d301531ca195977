#include "world/descriptor_keys.h"

#include <algorithm>

#include "support/nearest.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

Result<> readFiles(TableReader& reader, const toml::node& node, ServiceDeclaration& service) {
  auto* array = node.as_array();
  if (!array || (!array->empty() && !array->is_homogeneous<std::string>())) {
    return reader.error(node, "'files' must be an array of strings, such as [\"/data:ro\"]");
  }
  std::vector<PreopenPolicy> folders;
  for (auto& item : *array) {
    auto parsed = parsePreopen(*item.value<std::string>());
    if (auto* error = parsed.getErr()) {
      return reader.error(item, "'files' " + error->msg);
    }
    bool twice = std::any_of(folders.begin(), folders.end(), [&](auto& other) { return other.seen == parsed->seen; });
    if (twice) {
      return reader.error(item, "'files' has two folders that the service sees as \"" + parsed->seen + "\"");
    }
    folders.push_back(std::move(*parsed));
  }
  service.descriptors.preopens = std::move(folders);
  return Ok{};
}

} // namespace

Result<PreopenPolicy> parsePreopen(std::string_view text) {
  PreopenPolicy folder;
  auto rest = text;
  if (rest.ends_with(":ro") || rest.ends_with(":rw")) {
    folder.readOnly = rest.ends_with("o");
    rest.remove_suffix(3);
  }
  auto equals = rest.find('=');
  folder.host = rest.substr(0, equals);
  folder.seen = equals == rest.npos ? folder.host : rest.substr(equals + 1);
  if (folder.host.empty() || folder.seen.empty()) {
    return Err{"must hold \"/data\", \"/data:ro\" or \"/host/path=/seen/as:ro\", not \"" + std::string(text) + "\""};
  }
  return folder;
}

void descriptorFields(TableReader& reader, ServiceDeclaration& service) {
  reader.text("wasi", false, service.wasi)
    .field("files", false, [&](auto& node) { return readFiles(reader, node, service); })
    .field("stdin", false, [&](auto& node) -> Result<> {
      auto text = node.template value_exact<std::string>();
      if (text != "main" && text != "none") {
        return reader.error(node, "'stdin' must be \"main\" or \"none\"");
      }
      service.descriptors.standardInput = text == "main";
      return Ok{};
    });
}

Result<> checkInterposers(const Manifest& manifest) {
  auto fail = [&](const std::string& message) { return Err{manifest.path + ": " + message}; };
  for (auto& service : manifest.services) {
    size_t steps = 0;
    auto* at = &service;
    while (!at->wasi.empty()) {
      auto* next = manifest.find(at->wasi);
      if (!next) {
        return fail("[service." + at->name + "] has wasi = \"" + at->wasi + "\", and there is no [service." + at->wasi +
                    "]" + didYouMean(at->wasi, manifest.names()));
      }
      if (++steps > manifest.services.size()) {
        return fail("the services from '" + service.name +
                    "' on answer each other's calls of WASI in a circle: the last of them needs the host, without "
                    "'wasi'");
      }
      at = next;
    }
  }
  return Ok{};
}

} // namespace parigot
