// The laws as JSON, in the world's section.

#include "world/government.h"

#include <nlohmann/json.hpp>

#include "ir/limits.h"

namespace parigot {

using wasm::Err;
using wasm::Result;
using Json = nlohmann::ordered_json;

std::string toJson(const Government& government) {
  Json json = {{"default", government.deny ? "deny" : "allow"}, {"laws", Json::array()}};
  if (government.enforced) {
    json["enforced"] = true;
  } else {
    json["file"] = government.path; // for messages; a finished world does not tell where its files were
  }
  for (auto& law : government.laws) {
    Json entry = {{"service", law.services}};
    if (law.calls) {
      entry["calls"] = *law.calls;
    }
    if (law.host) {
      entry["host"] = *law.host;
    }
    if (law.memoryBytes) {
      entry["memory"] = *law.memoryBytes;
    }
    if (law.otherwise) {
      entry["otherwise"] = toString(*law.otherwise);
    }
    json["laws"].push_back(std::move(entry));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

using Texts = std::vector<std::string>;

Result<Law> lawFrom(const Json& json) {
  Law law;
  law.services = json.at("service").get<Texts>();
  if (json.contains("calls")) {
    law.calls = json["calls"].get<Texts>();
    for (auto& entry : *law.calls) {
      if (auto wrong = checkCallEntry(entry); !wrong.empty()) {
        return Err{"'calls' of a law " + wrong};
      }
    }
  }
  if (json.contains("host")) {
    law.host = json["host"].get<Texts>();
    for (auto& entry : *law.host) {
      if (auto wrong = checkHostEntry(entry); !wrong.empty()) {
        return Err{"'host' of a law " + wrong};
      }
    }
  }
  if (json.contains("memory")) {
    auto& bytes = json["memory"];
    if (!bytes.is_number_unsigned() || bytes.get<uint64_t>() % wasmPageBytes ||
        bytes.get<uint64_t>() > addressableBytes) {
      return Err{"'memory' of a law must be whole pages"};
    }
    law.memoryBytes = bytes.get<uint64_t>();
  }
  if (json.contains("otherwise")) {
    law.otherwise = parseOtherwise(json["otherwise"].get<std::string>());
    if (!law.otherwise) {
      return Err{"'otherwise' of a law is unknown"};
    }
  }
  return law;
}

} // namespace

Result<Government> governmentFromJson(const std::string& text) {
  try {
    auto json = Json::parse(text);
    Government government;
    government.path = json.value("file", "the section parigot.world");
    government.deny = json.at("default") == "deny";
    if (!government.deny && json["default"] != "allow") {
      return Err{"the default of the laws is unknown"};
    }
    government.enforced = json.value("enforced", false);
    for (auto& entry : json.at("laws")) {
      auto law = lawFrom(entry);
      CHECK_ERR(law);
      government.laws.push_back(std::move(*law));
    }
    return government;
  } catch (const Json::exception& error) {
    return Err{"the laws: " + std::string(error.what())};
  }
}

} // namespace parigot
