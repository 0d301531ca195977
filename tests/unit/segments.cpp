// Joining of data segments: there are fewer of them, and the memory is the same.

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <random>

#include "ir/data_segments.h"
#include "support.h"
#include "wasm-builder.h"

using parigot::appendGaps;
using parigot::coalesceDataSegments;
using parigot::GapLimit;
using parigot::limitFor;

namespace {

using Strings = std::vector<std::string>;

// "name start: bytes" of each active segment, "name passive: bytes" of each passive one.
Strings shown(const wasm::Module& module) {
  Strings all;
  for (auto& segment : module.dataSegments) {
    auto text = segment->name.toString() + " ";
    if (segment->isPassive()) {
      text += "passive";
    } else if (auto* constant = segment->offset->dynCast<wasm::Const>()) {
      text += std::to_string(constant->value.getUnsigned());
    } else {
      text += "computed";
    }
    text += ": ";
    for (char c : segment->data) {
      text += c ? c : '.';
    }
    all.push_back(text);
  }
  return all;
}

Strings coalesced(const std::string& text, const std::unordered_set<wasm::Name>& referenced = {}) {
  auto module = moduleOf("(module (global $g (import \"e\" \"g\") i32) (memory $m 1) " + text + ")");
  GapLimit cheap;
  coalesceDataSegments(*module, referenced, cheap);
  for (auto& segment : module->dataSegments) {
    CHECK(module->getDataSegmentOrNull(segment->name) == segment.get());
    CHECK(segment->memory == (segment->isActive() ? wasm::Name("m") : wasm::Name()));
  }
  return shown(*module);
}

uint64_t total(const wasm::Module& module) {
  uint64_t bytes = 0;
  for (auto& segment : module.dataSegments) {
    bytes += segment->data.size();
  }
  return bytes;
}

std::string data(const std::string& name, int start, const std::string& bytes) {
  return "(data $" + name + " (i32.const " + std::to_string(start) + ") \"" + bytes + "\")";
}

} // anonymous namespace

TEST_CASE("a module without segments stays without", "[segments]") { CHECK(coalesced("").empty()); }

TEST_CASE("segments that touch become one, under the first one's name", "[segments]") {
  CHECK(coalesced(data("a", 8, "AAA") + data("b", 11, "BB") + data("c", 13, "C")) == Strings{"a 8: AAABBC"});
}

TEST_CASE("a gap is filled with zeros up to the size of a header, and no further", "[segments]") {
  CHECK(coalesced(data("a", 0, "A") + data("b", 9, "B")) == Strings{"a 0: A........B"});
  CHECK(coalesced(data("a", 0, "A") + data("b", 10, "B")) == Strings{"a 0: A", "b 10: B"});
}

TEST_CASE("segments in any order are coalesced in ascending order", "[segments]") {
  CHECK(coalesced(data("c", 100, "C") + data("b", 3, "B") + data("a", 2, "A") + data("d", 101, "D")) ==
        Strings{"a 2: AB", "c 100: CD"});
}

TEST_CASE("where segments overlap all stay as they were", "[segments]") {
  Strings same{"a 0: AAAA", "b 3: BB", "c 5: C"};
  CHECK(coalesced(data("a", 0, "AAAA") + data("b", 3, "BB") + data("c", 5, "C")) == same);
  CHECK(coalesced(data("b", 3, "BB") + data("a", 0, "AAAA")) == Strings{"b 3: BB", "a 0: AAAA"});
}

TEST_CASE("a segment that code names keeps its identity", "[segments]") {
  CHECK(coalesced(data("a", 0, "A") + data("b", 1, "B") + data("c", 2, "C") + data("d", 3, "D"), {"b"}) ==
        Strings{"a 0: A", "b 1: B", "c 2: CD"});
}

TEST_CASE("passive segments stay, behind the active ones", "[segments]") {
  CHECK(coalesced("(data $p \"P\")" + data("a", 0, "A") + "(data $q \"Q\")" + data("b", 1, "B")) ==
        Strings{"a 0: AB", "p passive: P", "q passive: Q"});
}

TEST_CASE("next to a segment in an unknown place nothing moves", "[segments]") {
  CHECK(coalesced(data("b", 1, "B") + data("a", 0, "A") + "(data $x (global.get $g) \"X\")") ==
        Strings{"b 1: B", "a 0: A", "x computed: X"});
}

TEST_CASE("addresses in the upper half are addresses, not negative numbers", "[segments]") {
  CHECK(coalesced(data("a", -2, "A") + data("b", -1, "B") + data("c", 0, "C")) ==
        Strings{"c 0: C", "a 4294967294: AB"});
}

TEST_CASE("an empty segment vanishes into its neighbour", "[segments]") {
  CHECK(coalesced(data("a", 4, "A") + data("e", 5, "") + data("b", 5, "B")) == Strings{"a 4: AB"});
}

TEST_CASE("27,000 segments in ascending order take no time", "[segments]") {
  auto module = moduleOf("(module (memory $m 16384))");
  wasm::Builder builder(*module);
  for (uint32_t i = 0; i < 27000; i++) {
    auto segment = std::make_unique<wasm::DataSegment>();
    segment->name = "d" + std::to_string(i);
    segment->memory = "m";
    segment->offset = builder.makeConst(i * 10);
    segment->data = {'a', 'b', 'c', 'd'};
    module->addDataSegment(std::move(segment));
  }
  GapLimit cheap;
  coalesceDataSegments(*module, {}, cheap);
  REQUIRE(module->dataSegments.size() == 1);
  CHECK(module->dataSegments[0]->data.size() == 26999 * 10 + 4);
}

// The memory after instantiation, and all bytes that memory.init can still read.
TEST_CASE("whatever the segments, memory is the same before and after", "[segments]") {
  constexpr size_t size = 400;
  std::mt19937 random(1);
  auto below = [&](int limit) { return int(random() % limit); };
  int fewer = 0;
  for (int round = 0; round < 3000; round++) {
    auto module = moduleOf("(module (global $g (import \"e\" \"g\") i32) (memory $m 1))");
    wasm::Builder builder(*module);
    std::unordered_set<wasm::Name> referenced;
    int start = 0;
    bool mayOverlap = below(4) == 0;
    for (int i = 0, count = below(20); i < count; i++) {
      auto segment = std::make_unique<wasm::DataSegment>();
      segment->name = "d" + std::to_string(i);
      segment->data.resize(below(8));
      for (auto& byte : segment->data) {
        byte = char(below(3)); // also zeros
      }
      start = mayOverlap ? below(size - 8) : start + below(14);
      if (below(12) != 0) {
        segment->memory = "m";
        segment->offset = builder.makeConst(int32_t(start));
        if (below(60) == 0) {
          segment->offset = builder.makeGlobalGet("g", wasm::Type::i32);
        }
        start += int(segment->data.size());
      }
      if (below(10) == 0) {
        referenced.insert(segment->name);
      }
      module->addDataSegment(std::move(segment));
    }
    if (!mayOverlap && below(2)) {
      std::shuffle(module->dataSegments.begin(), module->dataSegments.end(), random);
    }
    auto image = [&](uint32_t global) {
      std::string memory(size * 2, '\0');
      for (auto& segment : module->dataSegments) {
        if (segment->isActive()) {
          auto* constant = segment->offset->dynCast<wasm::Const>();
          auto at = constant ? constant->value.getUnsigned() : global;
          std::copy(segment->data.begin(), segment->data.end(), memory.begin() + at);
        }
      }
      return memory;
    };
    auto named = [&]() {
      std::map<std::string, std::string> all;
      for (auto& segment : module->dataSegments) {
        if (segment->isPassive() || referenced.count(segment->name)) {
          all[segment->name.toString()] = std::string(segment->data.begin(), segment->data.end());
        }
      }
      return all;
    };
    auto before = std::tuple(image(0), image(17), named());
    auto count = module->dataSegments.size();
    std::vector<uint64_t> gaps;
    appendGaps(*module, referenced, gaps);
    // Either the gaps that are cheap to close, or just as many of the smallest as are asked for.
    auto wanted = below(2) ? std::optional<size_t>() : std::optional<size_t>(below(int(gaps.size()) + 1));
    auto limit = wanted ? limitFor(gaps, *wanted) : GapLimit();
    auto bytes = total(*module);
    coalesceDataSegments(*module, referenced, limit);
    if (wanted) {
      REQUIRE(module->dataSegments.size() == count - *wanted);
      std::sort(gaps.begin(), gaps.end());
      REQUIRE(total(*module) - bytes == std::accumulate(gaps.begin(), gaps.begin() + *wanted, uint64_t(0)));
    }
    REQUIRE(std::tuple(image(0), image(17), named()) == before);
    REQUIRE(module->dataSegments.size() <= count);
    fewer += module->dataSegments.size() < count;
  }
  CHECK(fewer > 1000); // otherwise the test would check nothing
}

TEST_CASE("segments that will be packed are joined across wide gaps, where there are many", "[segments]") {
  auto withSegments = [](size_t count, const std::string& more = "") {
    std::string text = "(module (memory $m 10) " + more;
    for (size_t i = 0; i < count; i++) {
      text += "(data (i32.const " + std::to_string(i * 40) + ") \"abc\")";
    }
    return moduleOf(text + "(data (i32.const 500000) \"far\"))");
  };
  constexpr size_t many = 8200;
  auto module = withSegments(many);
  CHECK(!parigot::willBePacked(*withSegments(100)));
  CHECK(!parigot::willBePacked(*withSegments(many, "(memory $other 1)")));
  REQUIRE(parigot::willBePacked(*module));
  CHECK(parigot::findNamedSegments(*module).empty());
  parigot::joinBeforePacking(*module);
  REQUIRE(module->dataSegments.size() == 2);
  auto& joined = *module->dataSegments[0];
  REQUIRE(joined.data.size() == (many - 1) * 40 + 3);
  for (size_t i = 0; i < joined.data.size(); i++) {
    REQUIRE(joined.data[i] == (i % 40 < 3 ? "abc"[i % 40] : 0));
  }
  CHECK(module->dataSegments[1]->data.size() == 3);
}

TEST_CASE("the segments that code refers to are found", "[segments]") {
  auto module = moduleOf(R"((module (memory 1) (data $a "a") (data $b "b") (data $c "c")
    (func $init (memory.init $a (i32.const 0) (i32.const 0) (i32.const 1)))
    (func $drop (data.drop $b))))");
  CHECK(parigot::findNamedSegments(*module) == std::unordered_set<wasm::Name>{"a", "b"});
  CHECK(parigot::findNamedSegments(*module, {"drop"}) == std::unordered_set<wasm::Name>{"a"});
}
