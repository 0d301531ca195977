#include "debug/variable_places.h"

#include "debug/byte_reader.h"

namespace parigot::debug {

namespace {

// The number types: i32 is 0x7f, f64 is 0x7c. Source: the core specification, section "Number Types".
constexpr uint8_t firstNumber = 0x7c, lastNumber = 0x7f;

// Compilers write one group for each type, or for each time that the type changes. The limit bounds what a look-up
// costs.
constexpr uint64_t mostGroups = 256;

// How many locals of a type stand in the groups before this one.
uint64_t countBefore(const std::vector<LocalGroup>& groups, size_t end, uint8_t type) {
  uint64_t count = 0;
  for (size_t i = 0; i < end; i++) {
    count += groups[i].type == type ? groups[i].count : 0;
  }
  return count;
}

} // namespace

std::vector<LocalGroup> declaredLocals(std::string_view body) {
  std::vector<LocalGroup> groups;
  ByteReader in(body);
  auto left = in.uleb();
  if (left > mostGroups) {
    return {};
  }
  for (; left && !in.failed(); left--) {
    auto count = in.uleb();
    auto type = in.u8();
    if (type == 0x63 || type == 0x64) { // (ref null $t) and (ref $t)
      in.sleb();
    }
    if (count > UINT32_MAX) {
      return {};
    }
    groups.push_back({uint32_t(count), type >= firstNumber && type <= lastNumber ? type : uint8_t(0)});
  }
  return in.failed() ? std::vector<LocalGroup>() : groups;
}

std::optional<FunctionPlaces::Local> FunctionPlaces::local(uint64_t number) const {
  bool based = hasBase && number < hasBase->size() && (*hasBase)[number];
  if (number < parameters) {
    return Local{uint32_t(number), based, based};
  }
  // Its rank among the locals of its type.
  uint64_t begin = parameters, rank = 0;
  uint8_t type = 0;
  for (size_t i = 0; i < before.size() && !type; i++) {
    if (number - begin < before[i].count) {
      if (!before[i].type) {
        return {};
      }
      type = before[i].type;
      rank = countBefore(before, i, type) + (number - begin);
    }
    begin += before[i].count;
  }
  uint64_t at = parameters;
  for (auto& group : after) {
    if (type && group.type == type) {
      if (rank < group.count) {
        return Local{uint32_t(at + rank), based, false};
      }
      rank -= group.count;
    }
    at += group.count;
  }
  return {};
}

} // namespace parigot::debug
