#include "wire-facts.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace facts {

namespace {

json load() {
  std::ifstream file(UNIT_TESTS_SOURCE_DIR "/../parigot/facts/wire.json");
  return json::parse(file, nullptr, false);
}

std::string fullName(const std::string& message) {
  return message.find('.') == std::string::npos ? "syscall.v1." + message : message;
}

const json& findIn(const json& list, const std::string& name) {
  for (auto& fact : list) {
    if (fact["name"] == name) {
      return fact;
    }
  }
  FAIL_CHECK("the listing has no " << name);
  static const json none = {{"name", "none"},
                            {"source", "none"},
                            {"value", 0},
                            {"high", "0"},
                            {"low", "0"},
                            {"number", 0},
                            {"type", ""},
                            {"request", ""},
                            {"response", ""},
                            {"fields", json::array()}};
  return none;
}

WireType wireTypeOf(const json& field) {
  auto& type = field["type"].get_ref<const std::string&>();
  bool isNumber = type == "int32" || type == "uint64" || type == "bool" || type == "syscall.v1.MethodDirection";
  return isNumber ? asNumber : asBytes;
}

bool takeVarint(const std::string& bytes, size_t& at, uint64_t& value) {
  value = 0;
  for (uint32_t shift = 0; at < bytes.size() && shift < 70; shift += 7) {
    auto byte = uint8_t(bytes[at++]);
    value |= uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80) {
      return true;
    }
  }
  return false;
}

} // namespace

const json& listing() {
  static const json loaded = load();
  return loaded;
}

const json& find(const std::string& list, const std::string& name) { return findIn(listing()[list], name); }
int32_t number(const std::string& name) { return find("numbers", name)["value"]; }
std::string text(const std::string& name) { return find("texts", name)["value"]; }

kernel::Id id(const std::string& name) {
  auto& fact = find("ids", name);
  auto word = [&](const char* key) { return std::stoull(fact[key].get<std::string>(), nullptr, 0); };
  return {word("high"), word("low")};
}

const json& field(const std::string& message, const std::string& name) {
  return findIn(find("messages", fullName(message))["fields"], name);
}

std::string describe(const json& fact) {
  return fact["name"].get<std::string>() + " (" + fact["source"].get<std::string>() + ")";
}

std::string describe(const kernel::Id& id) {
  char text[40];
  snprintf(text,
           sizeof text,
           "%016llx %016llx",
           static_cast<unsigned long long>(id.high),
           static_cast<unsigned long long>(id.low));
  return text;
}

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) {
    bytes += char(value | 0x80);
  }
  return bytes + char(value);
}

std::string tag(uint32_t field, WireType type) { return varint(field << 3 | type); }

Message& Message::id(const std::string& field, const kernel::Id& value) {
  auto raw = Message("protosupport.v1.IdRaw").number("high", int64_t(value.high)).number("low", int64_t(value.low));
  return text(field, raw.bytes);
}

Message& Message::number(const std::string& field, int64_t value) {
  bytes += tag(facts::field(name, field)["number"], asNumber) + varint(uint64_t(value));
  return *this;
}

Message& Message::text(const std::string& field, const std::string& value) {
  bytes += tag(facts::field(name, field)["number"], asBytes) + varint(value.size()) + value;
  return *this;
}

Message wrapped(const Message& message) {
  Message any("google.protobuf.Any");
  any.text("type_url", facts::text("type_url prefix") + fullName(message.name));
  return message.bytes.empty() ? any : any.text("value", message.bytes);
}

Fields::Fields(std::string messageName, const std::string& bytes) : name(std::move(messageName)) {
  auto& known = find("messages", fullName(name))["fields"];
  for (size_t at = 0; at < bytes.size();) {
    Value value{};
    uint64_t tag = 0;
    bool whole = takeVarint(bytes, at, tag) && takeVarint(bytes, at, value.number);
    if (whole && (tag & 7) == asBytes) {
      whole = value.number <= bytes.size() - at;
      value.bytes = whole ? bytes.substr(at, value.number) : "";
      at += value.bytes.size();
    }
    value.field = uint32_t(tag >> 3);
    auto isListed = [&](auto& field) { return field["number"] == value.field && wireTypeOf(field) == (tag & 7); };
    if (!whole || std::none_of(known.begin(), known.end(), isListed)) {
      FAIL_CHECK(name << ": actual field " << (tag >> 3) << " of wire type " << (tag & 7) << ", expected one of "
                      << describe(find("messages", fullName(name))));
      return;
    }
    values.push_back(value);
  }
}

const Fields::Value* Fields::last(const std::string& field) const {
  uint32_t number = facts::field(name, field)["number"];
  const Value* found = nullptr;
  for (auto& value : values) {
    if (value.field == number) {
      found = &value;
    }
  }
  return found;
}

bool Fields::has(const std::string& field) const { return last(field); }

int64_t Fields::number(const std::string& field) const {
  auto* value = last(field);
  return value ? int64_t(value->number) : 0;
}

std::string Fields::text(const std::string& field) const {
  auto* value = last(field);
  return value ? value->bytes : "";
}

kernel::Id Fields::id(const std::string& field) const {
  Fields raw("protosupport.v1.IdRaw", text(field));
  return {uint64_t(raw.number("high")), uint64_t(raw.number("low"))};
}

std::vector<std::string> Fields::all(const std::string& field) const {
  uint32_t number = facts::field(name, field)["number"];
  std::vector<std::string> found;
  for (auto& value : values) {
    if (value.field == number) {
      found.push_back(value.bytes);
    }
  }
  return found;
}

Fields Fields::message(const std::string& field) const {
  return {facts::field(name, field)["type"].get<std::string>(), text(field)};
}

} // namespace facts
