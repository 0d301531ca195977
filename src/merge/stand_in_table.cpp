#include "merge/stand_in_table.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>

namespace parigot {

using namespace wasm;

namespace {

// The sizes of the structures, in bytes.
constexpr uint32_t replyBytes = 40, groupBytes = 20, methodBytes = 40, nameBytes = 16, tableBytes = standInTableBytes;

// Bytes that grow, with numbers at any place.
class Image {
public:
  explicit Image(uint32_t base) : base(base) {}

  // Adds so many zeros. All structures begin at a multiple of 8, the largest alignment of a member.
  uint32_t reserve(uint64_t size) {
    bytes.resize((bytes.size() + 7) / 8 * 8);
    auto at = uint32_t(bytes.size());
    bytes.resize(bytes.size() + size);
    return at;
  }
  void put(uint32_t at, uint64_t value, uint32_t size = 4) {
    for (uint32_t i = 0; i < size; i++) {
      bytes[at + i] = char(value >> (8 * i));
    }
  }
  void putAddress(uint32_t at, uint32_t of) { put(at, base + of); }
  // A Text: address and size.
  void putText(uint32_t at, const std::string& text) {
    auto [known, added] = texts.insert({text, 0});
    if (added) {
      known->second = reserve(text.size());
      std::copy(text.begin(), text.end(), bytes.begin() + known->second);
    }
    putAddress(at, known->second);
    put(at + 4, text.size());
  }

  std::string bytes;

private:
  uint32_t base;
  std::map<std::string, uint32_t> texts;
};

template<typename To, typename From> To bitsOf(From value) {
  To bits;
  static_assert(sizeof bits == sizeof value);
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// The bits of a result of this type, from text; no value: the text is no such number.
std::optional<uint64_t> parseNumber(const std::string& text, Type type) {
  char* end = nullptr;
  errno = 0;
  std::optional<uint64_t> bits;
  if (type == Type::f32 || type == Type::f64) {
    auto number = std::strtod(text.c_str(), &end);
    bits = type == Type::f64 ? bitsOf<uint64_t>(number) : bitsOf<uint32_t>(float(number));
  } else if (text.starts_with("-")) {
    auto number = std::strtoll(text.c_str(), &end, 0);
    bits = uint64_t(number);
    if (type == Type::i32 && number < INT32_MIN) {
      return {};
    }
  } else {
    bits = std::strtoull(text.c_str(), &end, 0);
    if (type == Type::i32 && *bits > UINT32_MAX) {
      return {};
    }
  }
  bool whole = !text.empty() && *end == '\0' && !std::isspace(static_cast<unsigned char>(text[0]));
  return whole && errno == 0 ? bits : std::nullopt;
}

class TableMaker {
public:
  TableMaker(const StandInFacts& facts, const StandIn& standIn, uint32_t base)
    : facts(facts), standIn(standIn), image(base) {}

  Result<std::string> make() {
    auto table = image.reserve(tableBytes + 8 * facts.mostNumbers);
    image.putText(table, facts.service);
    auto methods = image.reserve(facts.methods.size() * methodBytes);
    image.putAddress(table + 8, methods);
    image.put(table + 12, facts.methods.size());
    for (size_t i = 0; i < facts.methods.size(); i++) {
      CHECK_ERR(method(methods + uint32_t(i) * methodBytes, facts.methods[i]));
    }
    auto names = image.reserve(facts.names.size() * nameBytes);
    image.putAddress(table + 16, names);
    image.put(table + 20, facts.names.size());
    for (size_t i = 0; i < facts.names.size(); i++) {
      auto dot = facts.names[i].rfind('.');
      image.putText(names + uint32_t(i) * nameBytes, facts.names[i].substr(0, dot));
      image.putText(names + uint32_t(i) * nameBytes + 8, facts.names[i].substr(dot + 1));
    }
    image.put(table + 24, standIn.answer == CutAnswer::Trap);
    image.put(table + 28, standIn.error.value_or(standInError));
    image.putText(table + 32, standIn.recording);
    if (image.bytes.size() > maxBytes) {
      return Err{"service '" + facts.service + "' is cut, and its replies take more than 1 GiB"};
    }
    return std::move(image.bytes);
  }

private:
  static constexpr uint64_t maxBytes = 1 << 30;
  const StandInFacts& facts;
  const StandIn& standIn;
  Image image;

  using Groups = std::map<std::string, std::vector<const CannedReply*>>; // by request

  Result<> method(uint32_t at, const StandInMethod& method) {
    Groups exact, prefixes;
    for (auto& reply : standIn.replies) {
      if (reply.method == method.name) {
        (reply.exact ? exact : prefixes)[reply.request].push_back(&reply);
      }
    }
    std::vector<const Groups::value_type*> byRequest, byLength;
    for (auto& group : exact) {
      byRequest.push_back(&group);
    }
    for (auto& group : prefixes) {
      byLength.push_back(&group);
    }
    std::stable_sort(
      byLength.begin(), byLength.end(), [](auto* a, auto* b) { return a->first.size() > b->first.size(); });
    image.putText(at, method.name);
    CHECK_ERR(groups(at + 8, byRequest, method));
    return groups(at + 16, byLength, method);
  }

  Result<> groups(uint32_t at, const std::vector<const Groups::value_type*>& all, const StandInMethod& method) {
    auto place = image.reserve(all.size() * groupBytes);
    image.putAddress(at, place);
    image.put(at + 4, all.size());
    for (auto* group : all) {
      image.putText(place, group->first);
      auto replies = image.reserve(group->second.size() * replyBytes);
      image.putAddress(place + 8, replies);
      image.put(place + 12, group->second.size());
      for (auto* one : group->second) {
        CHECK_ERR(reply(replies, *one, method));
        replies += replyBytes;
      }
      place += groupBytes;
    }
    return Ok{};
  }

  Result<> reply(uint32_t at, const CannedReply& reply, const StandInMethod& method) {
    bool isNumber = method.number != Type::unreachable;
    image.putText(at, reply.bytes);
    image.putText(at + 8, reply.type.empty() ? "" : "type.googleapis.com/" + reply.type);
    image.put(at + 16, reply.error);
    image.put(at + 24, reply.after, 8);
    if (!isNumber) {
      return Ok{};
    }
    if (reply.exact) { // the bits, as a recorder writes them
      for (size_t i = 0; i < reply.bytes.size() && i < 8; i++) {
        image.put(at + 32 + uint32_t(i), uint8_t(reply.bytes[i]), 1);
      }
      return Ok{};
    }
    auto text = reply.bytes.empty() ? std::to_string(reply.error) : reply.bytes;
    auto bits = method.number != Type::none ? parseNumber(text, method.number)
                : reply.bytes.empty()       ? std::optional<uint64_t>(0)
                                            : std::nullopt;
    if (!bits) {
      return Err{reply.where + ": [[reply]] for " + method.name + ", whose result is " + method.number.toString() +
                 ", needs that as text, not \"" + reply.bytes + "\""};
    }
    image.put(at + 32, *bits, 8);
    return Ok{};
  }
};

} // namespace

Result<std::string> makeStandInTable(const StandInFacts& facts, const StandIn& standIn, uint32_t base) {
  return TableMaker(facts, standIn, base).make();
}

} // namespace parigot
