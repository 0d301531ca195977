#include "world/table_reader.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <tuple>

#include "ir/limits.h"
#include "support/byte_size.h"
#include "support/nearest.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

} // namespace

TableReader& TableReader::field(std::string name, bool required, Setter set) {
  fields.push_back({std::move(name), required, std::move(set)});
  return *this;
}

TableReader& TableReader::text(const std::string& name, bool required, std::string& out) {
  return field(name, required, [this, name, &out](auto& node) -> Result<> {
    auto value = node.template value_exact<std::string>();
    if (!value) {
      return error(node, "'" + name + "' must be a string");
    }
    out = *value;
    return Ok{};
  });
}

TableReader& TableReader::texts(const std::string& name, const std::function<void(std::vector<std::string>)>& set) {
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
        return error(element, "'" + name + "' must not hold a zero character");
      }
      values.push_back(*value);
    }
    set(std::move(values));
    return Ok{};
  });
}

TableReader& TableReader::flag(const std::string& name, bool& out) {
  return field(name, false, [this, name, &out](auto& node) -> Result<> {
    auto value = node.template value_exact<bool>();
    if (!value) {
      return error(node, "'" + name + "' must be true or false");
    }
    out = *value;
    return Ok{};
  });
}

TableReader& TableReader::count(const std::string& name, const std::string& what, std::optional<uint64_t>& out) {
  return field(name, false, [this, name, what, &out](auto& node) -> Result<> {
    auto number = node.template value_exact<int64_t>();
    if (!number || *number < 0) {
      return error(node, "'" + name + "' must be " + what);
    }
    out = uint64_t(*number);
    return Ok{};
  });
}

TableReader& TableReader::capacity(std::optional<uint32_t>& out) {
  return field("capacity", false, [this, &out](auto& node) -> Result<> {
    auto number = node.template value_exact<int64_t>();
    if (!number || *number < 0 || *number > maxReplyCapacity) {
      return error(node, "'capacity' must be a number of bytes from 0 to " + std::to_string(maxReplyCapacity));
    }
    out = uint32_t(*number);
    return Ok{};
  });
}

Result<> TableReader::size(const toml::node& node,
                           const std::string& name,
                           const std::string& words,
                           std::optional<uint64_t>& out) const {
  std::optional<uint64_t> size;
  if (auto value = node.value_exact<std::string>()) {
    size = parseByteSize(*value);
  } else if (auto number = node.value_exact<int64_t>(); number && *number >= 0) {
    size = uint64_t(*number);
  }
  if (!size) {
    return error(node, "'" + name + "' must be " + words + "a size such as \"64MiB\", \"1GiB\" or a number of bytes");
  }
  if (*size == 0 || *size % wasmPageBytes != 0 || *size > addressableBytes) {
    return error(node, "'" + name + "' must be a multiple of 64KiB (a wasm page), more than 0 and at most 4GiB");
  }
  out = size;
  return Ok{};
}

TableReader& TableReader::bytes(std::string name, std::optional<uint64_t>& out) {
  return field(name, false, [this, name, &out](auto& node) { return size(node, name, "", out); });
}

Result<>
TableReader::region(const toml::node& node, const std::string& words, std::optional<uint64_t>& bytes, bool& fit) const {
  if (node.value_exact<std::string>() == "fit") {
    fit = true;
    return Ok{};
  }
  return size(node, "memory", words + "\"fit\", or ", bytes);
}

TableReader& TableReader::abi(const std::function<void(CallAbi)>& set) {
  return field("abi", false, [this, set](auto& node) -> Result<> {
    auto value = node.template value_exact<std::string>();
    auto abi = value ? parseCallAbi(*value) : std::nullopt;
    if (!abi || !rowOf(*abi).inManifests) {
      std::string known;
      for (auto& row : callAbis()) {
        if (row.inManifests) {
          known += (known.empty() ? "\"" : ", \"") + std::string(row.name) + "\"";
        }
      }
      return error(node, "'abi' must be one of " + known);
    }
    set(*abi);
    return Ok{};
  });
}

TableReader& TableReader::import(std::string& module, std::string& base) {
  return field("import", true, [this, &module, &base](auto& node) -> Result<> {
    auto value = node.template value_exact<std::string>();
    auto dot = value ? value->rfind('.') : std::string::npos;
    if (dot == std::string::npos || dot == 0 || dot + 1 == value->size()) {
      return error(node,
                   "'import' must be \"module.name\", as in "
                   "\"greeting.fetch_greeting_\" or \"greeting.*\"");
    }
    if (value->front() == '*') {
      return error(node,
                   "'import' is \"" + *value +
                     "\", and a * stands for all names of a module, as in \"env.*\", not for modules; declare each "
                     "module's imports by themselves");
    }
    module = value->substr(0, dot);
    base = value->substr(dot + 1);
    return Ok{};
  });
}

TableReader& TableReader::asRunner(std::vector<std::string>& to) {
  warnings = &to;
  return *this;
}

bool equalFold(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char one, unsigned char other) {
    return std::tolower(one) == std::tolower(other);
  });
}

bool TableReader::matches(std::string_view key, std::string_view field) const {
  return key == field || (warnings && equalFold(key, field));
}

const toml::node* TableReader::get(std::string_view name) const {
  if (auto* exact = table.get(name)) {
    return exact;
  }
  for (auto&& [key, node] : table) {
    if (matches(key.str(), name)) {
      return &node;
    }
  }
  return nullptr;
}

Result<> TableReader::checkKeys() const {
  std::vector<std::string> known;
  for (auto& field : fields) {
    known.push_back(field.name);
  }
  std::map<std::string, std::string> spellings; // of each field
  for (auto& name : keysInFileOrder(table)) {
    auto& node = *table.get(name);
    auto field = std::find_if(known.begin(), known.end(), [&](auto& field) { return matches(name, field); });
    if (field == known.end()) {
      auto what = "unknown key '" + name + "' in " + where;
      if (!warnings) {
        return error(node, what + didYouMean(name, known));
      }
      warnings->push_back(error(node, what + ", which has no effect" + didYouMean(name, known)).msg);
      continue;
    }
    auto [first, added] = spellings.insert({*field, name});
    if (!added) {
      return error(
        node, "'" + name + "' and '" + first->second + "' are the same key of " + where + "; leave one of them out");
    }
  }
  return Ok{};
}

Result<> TableReader::read() {
  CHECK_ERR(checkKeys());
  for (auto& field : fields) {
    if (auto* node = get(field.name)) {
      CHECK_ERR(field.set(*node));
    } else if (field.required) {
      return error(table, where + " needs '" + field.name + "'");
    }
  }
  return Ok{};
}

Err TableReader::error(const toml::node& node, const std::string& message) const {
  return Err{path + ":" + std::to_string(node.source().begin.line) + ": " + message};
}

Result<> TableReader::checkServiceName(const toml::node& node, std::string_view name) const {
  for (unsigned char c : name) {
    if (!std::isalnum(c) && c != '_' && c != '-' && c != '.') {
      return error(node,
                   "the service name '" + std::string(name) +
                     "' may hold letters, digits, '_', '-' and '.' "
                     "only: it becomes part of function names");
    }
  }
  if (name.empty()) {
    return error(node, "a service needs a name");
  }
  return Ok{};
}

std::string TableReader::resolve(const std::string& file) const {
  return std::filesystem::path(file).is_absolute() ? file : (std::filesystem::path(path).parent_path() / file).string();
}

std::vector<std::string> keysInFileOrder(const toml::table& table) {
  std::vector<std::tuple<uint64_t, uint64_t, std::string>> positions;
  for (auto&& [key, value] : table) {
    auto begin = value.source().begin;
    positions.emplace_back(begin.line, begin.column, key.str());
  }
  std::sort(positions.begin(), positions.end());
  std::vector<std::string> keys;
  for (auto& position : positions) {
    keys.push_back(std::get<2>(position));
  }
  return keys;
}

} // namespace parigot
