#include "world/recording.h"

#include <nlohmann/json.hpp>

#include "world/replies.h"

namespace parigot {

namespace {

using Json = nlohmann::json;
using wasm::Err;
using wasm::Ok;
using wasm::Result;

// CRC-32 as in gzip and PNG (RFC 1952, section 8).
uint32_t crc32(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (unsigned char byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; i++) {
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
  }
  return ~crc;
}

constexpr std::string_view checkKey = ",\"check\":\"";

// Whether a line ends with the checksum of what is in front of it.
bool isWhole(std::string_view line) {
  auto at = line.rfind(checkKey);
  if (at == line.npos || line.size() != at + checkKey.size() + 8 + 2 || !line.ends_with("\"}")) {
    return false;
  }
  auto bytes = parseHex(line.substr(at + checkKey.size(), 8));
  uint32_t told = 0;
  for (unsigned char byte : bytes.value_or("")) {
    told = told << 8 | byte;
  }
  return bytes && told == crc32(line.substr(0, at));
}

// The bytes of a member with hexadecimal digits.
std::optional<std::string> bytesOf(const Json& call, const char* key) {
  auto found = call.find(key);
  return found != call.end() && found->is_string() ? parseHex(found->get_ref<const std::string&>()) : std::nullopt;
}

std::optional<uint64_t> numberOf(const Json& call, const char* key) {
  auto found = call.find(key);
  return found != call.end() && found->is_number_unsigned() ? std::optional(found->get<uint64_t>()) : std::nullopt;
}

} // namespace

Result<std::vector<CannedReply>> readRecording(std::string_view text, const std::string& path) {
  std::vector<CannedReply> calls;
  int number = 0;
  auto fail = [&](const std::string& message) { return Err{path + ":" + std::to_string(number) + ": " + message}; };
  while (!text.empty()) {
    number++;
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (end == text.npos) {
      return fail("the recording is damaged: its last line is not complete; record again");
    }
    text.remove_prefix(end + 1);
    if (!isWhole(line)) {
      return fail(number == 1 ? "this is no recording of parigot-opt, or it is damaged"
                              : "the recording is damaged: the line's checksum is wrong; record again");
    }
    auto json = Json::parse(line, nullptr, false);
    if (number == 1) {
      auto version = json.is_object() ? numberOf(json, "parigot-recording") : std::nullopt;
      if (version != recordingVersion) {
        return fail("the recording has version " + (version ? std::to_string(*version) : "?") +
                    ", and this parigot-opt reads version " + std::to_string(recordingVersion) + "; record again");
      }
      continue;
    }
    auto method = json.is_object() ? json.find("method") : json.end();
    auto request = json.is_object() ? bytesOf(json, "request") : std::nullopt;
    auto reply = json.is_object() ? bytesOf(json, "reply") : std::nullopt;
    auto error = json.is_object() ? numberOf(json, "error") : std::nullopt;
    if (!json.is_object() || method == json.end() || !method->is_string() || !request || !reply || !error ||
        *error > UINT32_MAX) {
      return fail("the recording is damaged: a call needs 'method', 'request', 'reply' and 'error'");
    }
    CannedReply call;
    call.method = method->get<std::string>();
    if (json.contains("type")) {
      auto url = json["type"].is_string() ? json["type"].get<std::string>() : "";
      call.type = url.substr(url.rfind('/') + 1);
    }
    call.request = std::move(*request);
    call.exact = true;
    call.bytes = std::move(*reply);
    call.error = uint32_t(*error);
    call.where = path + ":" + std::to_string(number);
    calls.push_back(std::move(call));
  }
  if (!number) {
    return Err{path + ": the recording is empty; the world that writes it has to run to its end"};
  }
  return calls;
}

} // namespace parigot
