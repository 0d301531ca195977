// The kernel's decoder of protobuf against libprotobuf, which reads the same bytes without knowing their message
// (UnknownFieldSet), on messages that are damaged, truncated, reordered, or written with longer varints than necessary.
//
// The rules of the kernel apply to what libprotobuf reads: a field that the message has must have its wire type, a
// group is an error, and of a field that occurs twice the last one counts. Two differences remain: libprotobuf drops
// the bits of a varint beyond the 64th, and those of a tag or a length beyond the 32nd, and the kernel refuses both.

#include <algorithm>
#include <memory>
#include <random>
#include <tuple>

#include <catch2/catch.hpp>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>

#include "kernel-world.h"
#include "runtime/kernel/bundle.h"

using namespace kernel;

namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// False: malformed, or with a group.
bool parse(const std::string& bytes, UnknownFieldSet& set) {
  if (!set.ParseFromString(bytes)) {
    return false;
  }
  for (int i = 0; i < set.field_count(); i++) {
    if (set.field(i).type() == UnknownField::TYPE_GROUP) {
      return false;
    }
  }
  return true;
}

// The last field of that number, null if there is none. `ok` becomes false if one of them has another type.
const UnknownField* last(const UnknownFieldSet& set, int number, UnknownField::Type type, bool& ok) {
  const UnknownField* found = nullptr;
  for (int i = 0; i < set.field_count(); i++) {
    if (set.field(i).number() == number) {
      ok &= set.field(i).type() == type;
      found = &set.field(i);
    }
  }
  return ok ? found : nullptr;
}

bool idFrom(const std::string& bytes, Id& id) {
  UnknownFieldSet set;
  bool ok = parse(bytes, set);
  id = {};
  for (int half = 1; ok && half <= 2; half++) {
    if (auto* field = last(set, half, UnknownField::TYPE_VARINT, ok)) {
      (half == 1 ? id.high : id.low) = field->varint();
    }
  }
  return ok;
}

// All occurrences of an id's field must be well formed; the last one counts.
bool idOf(const UnknownFieldSet& set, int number, Id& id) {
  bool ok = true;
  for (int i = 0; i < set.field_count(); i++) {
    if (set.field(i).number() == number) {
      ok =
        ok && set.field(i).type() == UnknownField::TYPE_LENGTH_DELIMITED && idFrom(set.field(i).length_delimited(), id);
    }
  }
  return ok;
}

// What a decoder makes of a MethodBundle, as text.
std::string words(bool ok, const MethodBundle& bundle) {
  std::string text = ok ? "" : "malformed";
  for (auto* id : {&bundle.host, &bundle.service, &bundle.method, &bundle.call}) {
    text += ok ? std::to_string(id->high) + "/" + std::to_string(id->low) + " " : "";
  }
  return text;
}

std::string expected(const std::string& bytes) {
  MethodBundle bundle;
  UnknownFieldSet set;
  bool ok = parse(bytes, set) && idOf(set, 1, bundle.host) && idOf(set, 2, bundle.service) &&
            idOf(set, 3, bundle.method) && idOf(set, 4, bundle.call);
  return words(ok, bundle);
}

std::string general(const std::string& bytes) {
  MethodBundle bundle;
  bool ok = read(textOf(bytes), bundle);
  return words(ok, bundle);
}

// Whether a varint of ten bytes may have more than 64 bits.
bool mayOverflow(const std::string& bytes) {
  size_t continued = 0;
  for (uint8_t byte : bytes) {
    if (continued >= 9 && byte > 1) {
      return true;
    }
    continued = byte & 0x80 ? continued + 1 : 0;
  }
  return false;
}

// Whether a tag or a length has more than 32 bits, in the message or in what could be a message in it.
bool hasLongNumber(const std::string& bytes) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()), int(bytes.size()));
  uint64_t tag, value;
  std::string inner;
  while (in.ReadVarint64(&tag)) {
    uint64_t type = tag & 7;
    if (tag > UINT32_MAX) {
      return true;
    }
    value = UINT64_MAX;
    if (type == 2 && in.ReadVarint64(&value) && value > UINT32_MAX) {
      return true;
    }
    bool ok = type == 0   ? in.ReadVarint64(&value)
              : type == 1 ? in.Skip(8)
              : type == 2 ? value <= bytes.size() && in.ReadString(&inner, int(value))
              : type == 5 ? in.Skip(4)
                          : false;
    if (!ok || (type == 2 && hasLongNumber(inner))) {
      return ok;
    }
  }
  return false;
}

class Source {
public:
  uint32_t below(uint32_t limit) { return uint32_t(random() % limit); }

  uint64_t number() {
    switch (below(8)) {
      case 0:
        return below(4);
      case 1:
        return ~uint64_t(0) >> below(64);
      case 2:
        return uint64_t(1) << below(64);
      default:
        return random() >> below(64);
    }
  }

  // Sometimes with more bytes than necessary.
  std::string varint(uint64_t value) {
    std::string bytes;
    uint32_t longer = below(10) ? 0 : below(4);
    for (; value >= 0x80; value >>= 7) {
      bytes += char(value | 0x80);
    }
    for (bytes += char(value); longer && bytes.size() < 10; longer--) {
      bytes.back() = char(bytes.back() | 0x80);
      bytes += char(0);
    }
    return bytes;
  }

  std::string field(uint32_t number, const std::string& content) {
    return varint(number << 3 | 2) + varint(content.size()) + content;
  }

  std::string id() {
    std::string bytes;
    for (uint32_t half : {1, 2}) {
      if (below(12)) {
        bytes += varint((below(30) ? half : below(4)) << 3) + varint(number());
      }
    }
    return bytes;
  }

  std::string bundle() {
    std::string bytes;
    for (uint32_t i = 1; i <= 4; i++) {
      if (below(20)) {
        bytes += field(below(30) ? i : 1 + below(6), id());
      }
    }
    return bytes;
  }

  std::string damaged(std::string bytes) {
    for (uint32_t i = below(3); i > 0 && !bytes.empty(); i--) {
      uint32_t at = below(uint32_t(bytes.size()));
      switch (below(4)) {
        case 0:
          bytes[at] = char(bytes[at] ^ 1 << below(8));
          break;
        case 1:
          bytes.resize(at);
          break;
        case 2:
          bytes.insert(at, bytes.substr(at / 2, below(20)));
          break;
        default:
          bytes.erase(at, 1 + below(4));
      }
    }
    return bytes;
  }

private:
  std::mt19937_64 random{19};
};

} // namespace

TEST_CASE("kernel reads 300,000 bundles as libprotobuf does", "[kernel]") {
  Source source;
  uint32_t plainOnes = 0, malformed = 0, overflowing = 0;
  for (uint32_t i = 0; i < 300000; i++) {
    auto bytes = source.bundle();
    bytes = source.below(2) ? source.damaged(bytes) : bytes;
    // A copy of the exact size: a sanitizer sees every read beyond it.
    std::unique_ptr<char[]> exact(new char[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), exact.get());
    Text text{exact.get(), uint32_t(bytes.size())};
    MethodBundle bundle;
    bool plain;
    auto ok = readBundle(text, bundle, plain);
    auto ours = words(ok, bundle);
    auto theirs = expected(bytes);
    if (ours == "malformed" && theirs != ours && (mayOverflow(bytes) || hasLongNumber(bytes))) {
      overflowing++;
      continue;
    }
    std::string hex;
    for (uint8_t byte : bytes) {
      const char* digits = "0123456789abcdef";
      hex += {digits[byte >> 4], digits[byte & 15]};
    }
    INFO(i << ": " << hex);
    REQUIRE(ours == theirs);
    REQUIRE(ours == general(bytes));
    malformed += !ok;
    char again[128];
    Writer writer(again, sizeof again);
    Call call{bundle.call, bundle.host, bundle.method};
    writeBundle(writer, 2, call, bundle.service);
    auto written = std::string(again, writer.size());
    bool same = ok && written == std::string("\x12") + char(bytes.size()) + bytes;
    REQUIRE(plain == same);
    plainOnes += plain;
  }
  CHECK(plainOnes > 10000);
  CHECK(malformed > 50000);
  CHECK(overflowing < 3000);
}

namespace {

std::string writtenBundle(const MethodBundle& bundle) {
  char bytes[128];
  Writer writer(bytes, sizeof bytes);
  writeBundle(writer, 2, {bundle.call, bundle.host, bundle.method}, bundle.service);
  return {bytes, writer.size()};
}

} // namespace

TEST_CASE("kernel reads bundles that are like the one before as any others", "[kernel]") {
  Source source;
  SentBundle sent;
  std::string before;
  uint32_t alike = 0;
  for (uint32_t i = 0; i < 300000; i++) {
    // The same call, or another one of the same method, or something else; each of them damaged or not.
    auto bytes = source.below(4) ? before : source.bundle();
    if (auto last = bytes.rfind('\x22'); last != std::string::npos && source.below(4)) {
      bytes = bytes.substr(0, last) + source.field(4, source.id());
    }
    bytes = source.below(4) ? bytes : source.damaged(bytes);
    bytes.resize(std::min<size_t>(bytes.size(), 200));
    std::unique_ptr<char[]> exact(new char[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), exact.get());
    Text text{exact.get(), uint32_t(bytes.size())};
    MethodBundle general;
    bool plain, plainToo;
    auto ok = readBundle(text, general, plain);
    REQUIRE(sent.take(text, plainToo) == ok);
    auto& known = sent.content();
    REQUIRE(words(ok, known) == words(ok, general));
    REQUIRE(plainToo == plain);
    REQUIRE(sent.is(text) == (ok && plain));
    if (!ok || !plain) {
      continue;
    }
    alike += bytes != before && bytes.substr(0, 3) == before.substr(0, 3);
    before = bytes;
    Call call{known.call, known.host, known.method};
    REQUIRE(sent.isOf(call, known.service));
    char all[128], parts[128], ids[128];
    Writer whole(all, sizeof all), some(parts, sizeof parts), same(ids, sizeof ids);
    sent.write(whole, 2);
    REQUIRE(std::string(all, whole.size()) == writtenBundle(known));
    using Part = SentBundle::Part;
    for (auto [field, part, id] : {std::tuple(1, Part::host, known.host),
                                   {3, Part::call, known.call},
                                   {15, Part::method, known.method},
                                   {2, Part::service, known.service}}) {
      sent.write(some, field, part);
      same.id(field, id);
      REQUIRE(sent.sizeOf(part) == Writer::idSize(id));
    }
    REQUIRE(std::string(parts, some.size()) == std::string(ids, same.size()));
    call.call.low++;
    REQUIRE_FALSE(sent.isOf(call));
  }
  CHECK(alike > 10000);
}

TEST_CASE("kernel writes numbers as libprotobuf reads them", "[kernel]") {
  std::mt19937_64 random(20);
  for (uint32_t i = 0; i < 20000; i++) {
    uint64_t value = i < 64 ? uint64_t(1) << i : i < 128 ? ~uint64_t(0) >> (i - 64) : random() >> random() % 64;
    char bytes[16];
    Writer writer(bytes, sizeof bytes);
    writer.number(5, int64_t(value));
    UnknownFieldSet set;
    REQUIRE(parse({bytes, writer.size()}, set));
    REQUIRE(set.field_count() == (value ? 1 : 0));
    if (value) {
      std::string theirs;
      REQUIRE(set.field(0).varint() == value);
      REQUIRE(set.SerializeToString(&theirs));
      REQUIRE(theirs == std::string(bytes, writer.size())); // as few bytes as possible
      REQUIRE(Writer::numberSize(value) == writer.size());
    }
  }
}
