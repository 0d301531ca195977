#include "world/replies.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "world/recording.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

constexpr const char* contentKeys[] = {"text", "hex", "file", "json"};

// Nanoseconds of "20ms"; no value: it is no time, or longer than a day.
std::optional<uint64_t> parseTime(const std::string& text) {
  double number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string unit(end, text.data() + text.size());
  constexpr double day = 86400e9;
  double scale = unit == "ns" ? 1 : unit == "us" ? 1e3 : unit == "ms" ? 1e6 : unit == "s" ? 1e9 : 0;
  if (failed != std::errc() || !scale || !std::isfinite(number) || number < 0 || number * scale > day) {
    return {};
  }
  return uint64_t(number * scale);
}

int hexDigit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

TableReader& addHex(TableReader& reader, const char* name, std::string& to) {
  return reader.field(name, false, [&reader, name, &to](auto& node) -> Result<> {
    auto text = node.template value_exact<std::string>();
    auto bytes = text ? parseHex(*text) : std::nullopt;
    if (!bytes) {
      return reader.error(node, std::string("'") + name + "' must be pairs of hexadecimal digits, as in \"48 65 6c\"");
    }
    to = *bytes;
    return Ok{};
  });
}

} // namespace

std::optional<std::string> parseHex(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r') {
      continue;
    }
    int high = hexDigit(text[i]), low = i + 1 < text.size() ? hexDigit(text[i + 1]) : -1;
    if (high < 0 || low < 0) {
      return {};
    }
    bytes += char(high << 4 | low);
    i++;
  }
  return bytes;
}

Result<std::string> ReplyReader::readInput(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  if (!file || !(bytes << file.rdbuf())) {
    // An empty file also fails to be copied.
    if (file.is_open() && file.peek() == std::ifstream::traits_type::eof()) {
      files.push_back(path);
      return std::string();
    }
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  files.push_back(path);
  return bytes.str();
}

Result<> ReplyReader::readTypes() {
  if (typesAreRead) {
    return Ok{};
  }
  typesAreRead = true;
  for (auto& path : descriptors) {
    auto bytes = readInput(path);
    CHECK_ERR(bytes);
    auto added = types.add(*bytes);
    if (auto* error = added.getErr()) {
      return Err{path + ": " + error->msg};
    }
  }
  return Ok{};
}

// The bytes of the reply, of whichever key gives them.
Result<std::string>
ReplyReader::contents(const TableReader& reader, const toml::table& table, const std::string& type) {
  const toml::node* node = nullptr;
  std::string key;
  for (auto* candidate : contentKeys) {
    auto* found = table.get(candidate);
    if (found && node) {
      return reader.error(*found, "[[reply]] has both '" + key + "' and '" + candidate + "'; leave one of them out");
    }
    node = found ? found : node;
    key = found ? candidate : key;
  }
  if (!node) {
    return std::string();
  }
  auto text = node->value_exact<std::string>();
  if (!text) {
    return reader.error(*node, "'" + key + "' must be a string");
  }
  if (key == "text") {
    return *text;
  }
  if (key == "hex") {
    auto bytes = parseHex(*text);
    return bytes ? Result<std::string>(*bytes)
                 : reader.error(*node, "'hex' must be pairs of hexadecimal digits, as in \"48 65 6c\"");
  }
  if (key == "file") {
    auto bytes = readInput(reader.resolve(*text));
    if (auto* error = bytes.getErr()) {
      return reader.error(*node, "'file' of [[reply]]: " + error->msg);
    }
    return bytes;
  }
  if (descriptors.empty() || type.empty()) {
    return reader.error(*node,
                        "'json' of [[reply]] needs 'type', the full name of the message, and its descriptors, with "
                        "--descriptors FILE (protoc --descriptor_set_out=FILE --include_imports)");
  }
  CHECK_ERR(readTypes());
  auto encoded = types.encode(type, *text);
  if (auto* error = encoded.getErr()) {
    return reader.error(*node, "'json' of [[reply]]: " + error->msg);
  }
  return encoded;
}

Result<> ReplyReader::readOne(const toml::table& table, const std::string& path) {
  ServiceReply entry;
  auto& reply = entry.reply;
  std::string unused, from, prefix;
  std::optional<uint64_t> error;
  TableReader reader(path, "[[reply]]", table);
  reader.text("service", true, entry.service).text("method", false, reply.method).text("type", false, reply.type);
  for (auto* key : contentKeys) {
    reader.text(key, false, unused);
  }
  reader.text("from", false, from)
    .count("error", "a number from 0 to 2147483647", error)
    .text("request", false, reply.request)
    .field("after", false, [&](auto& node) -> Result<> {
      auto time = parseTime(node.template value_exact<std::string>().value_or(""));
      if (!time) {
        return reader.error(node, "'after' must be a time such as \"20ms\", \"1.5s\" or \"100us\", of a day at most");
      }
      reply.after = *time;
      return Ok{};
    });
  addHex(reader, "request_hex", prefix);
  CHECK_ERR(reader.read());
  reply.where = path + ":" + std::to_string(table.source().begin.line);
  if (table.contains("request") && table.contains("request_hex")) {
    return reader.error(table, "[[reply]] has both 'request' and 'request_hex'; leave one of them out");
  }
  if (error.value_or(0) > INT32_MAX) {
    return reader.error(*table.get("error"), "'error' must be a number from 0 to 2147483647");
  }
  if (!from.empty()) {
    for (auto&& [key, node] : table) {
      if (key != "service" && key != "from") {
        return reader.error(
          node, "[[reply]] with 'from' has everything from that file; leave '" + std::string(key.str()) + "' out");
      }
    }
    auto file = reader.resolve(from);
    auto bytes = readInput(file);
    CHECK_ERR(bytes);
    auto calls = readRecording(*bytes, file);
    CHECK_ERR(calls);
    for (auto& call : *calls) {
      replies.push_back({entry.service, std::move(call), file});
    }
    return Ok{};
  }
  if (reply.method.empty()) {
    return reader.error(table, "[[reply]] needs 'method', or 'from'");
  }
  reply.error = uint32_t(error.value_or(0));
  reply.request += prefix;
  auto bytes = contents(reader, table, reply.type);
  CHECK_ERR(bytes);
  reply.bytes = std::move(*bytes);
  replies.push_back(std::move(entry));
  return Ok{};
}

Result<> ReplyReader::read(const toml::table& root, const std::string& path) {
  auto* node = root.get("reply");
  if (!node) {
    return Ok{};
  }
  TableReader top(path, "[[reply]]", root);
  auto* array = node->as_array();
  if (!array || !array->is_homogeneous<toml::table>()) {
    return top.error(*node, "'reply' must be an array of tables: [[reply]]");
  }
  for (auto& element : *array) {
    CHECK_ERR(readOne(*element.as_table(), path));
  }
  return Ok{};
}

Result<> ReplyReader::readFile(const std::string& path) {
  auto text = readInput(path);
  CHECK_ERR(text);
  try {
    auto root = toml::parse(*text, path);
    TableReader reader(path, "a file of replies", root);
    CHECK_ERR(reader.field("reply", true, [](auto&) -> Result<> { return Ok{}; }).read());
    return read(root, path);
  } catch (const toml::parse_error& error) {
    return Err{path + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description())};
  }
}

} // namespace parigot
