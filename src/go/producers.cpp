#include "go/producers.h"

#include <cstdint>
#include <optional>

namespace parigot::gojs {

namespace {

// Each value of a field repeats the field's name, so a long name with many values would take memory out of proportion.
constexpr uint32_t longestText = 256; // bytes

class Reader {
public:
  explicit Reader(const std::vector<char>& bytes) : bytes(bytes) {}

  // An unsigned LEB128 of at most 32 bits.
  std::optional<uint32_t> number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 35 && at < bytes.size(); shift += 7) {
      auto byte = uint8_t(bytes[at++]);
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value <= UINT32_MAX ? std::optional<uint32_t>(uint32_t(value)) : std::nullopt;
      }
    }
    return {};
  }

  std::optional<std::string> text() {
    auto length = number();
    if (!length || *length > longestText || *length > bytes.size() - at) {
      return {};
    }
    std::string result(bytes.data() + at, *length);
    at += *length;
    return result;
  }

private:
  const std::vector<char>& bytes;
  size_t at = 0;
};

void readSection(const std::vector<char>& bytes, std::vector<Producer>& producers) {
  Reader reader(bytes);
  auto fields = reader.number();
  for (uint32_t i = 0; fields && i < *fields; i++) {
    auto field = reader.text();
    auto values = reader.number();
    if (!field || !values) {
      return;
    }
    for (uint32_t j = 0; j < *values; j++) {
      auto name = reader.text();
      auto version = reader.text();
      if (!name || !version) {
        return;
      }
      producers.push_back({*field, std::move(*name), std::move(*version)});
    }
  }
}

} // namespace

std::vector<Producer> readProducers(const wasm::Module& module) {
  std::vector<Producer> producers;
  for (auto& section : module.customSections) {
    if (section.name == "producers") {
      readSection(section.data, producers);
    }
  }
  return producers;
}

} // namespace parigot::gojs
