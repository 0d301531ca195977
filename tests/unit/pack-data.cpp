// Packing of data segments: Binaryen's interpreter expands the stream, and the memory is what the segments made of it.

#include <random>

#include "ir/function_builder.h"
#include "ir/pack_data.h"
#include "ir/unpack_function.h"
#include "shell-interface.h"
#include "support.h"

using namespace parigot;

namespace {

using Image = std::string;
constexpr uint32_t pages = 4, memoryBytes = pages * 65536;

struct Segment {
  uint32_t begin;
  std::string bytes;
};
using Segments = std::vector<Segment>;

Image imageOf(const Segments& segments) {
  Image image(memoryBytes, '\0');
  for (auto& segment : segments) {
    image.replace(segment.begin, segment.bytes.size(), segment.bytes);
  }
  return image;
}

PackedData packed(const Segments& segments) {
  wasm::Module module;
  wasm::Builder builder(module);
  std::vector<wasm::DataSegment> all(segments.size());
  std::vector<const wasm::DataSegment*> pointers;
  for (size_t i = 0; i < segments.size(); i++) {
    all[i].offset = builder.makeConst(int32_t(segments[i].begin));
    all[i].data.assign(segments[i].bytes.begin(), segments[i].bytes.end());
    pointers.push_back(&all[i]);
  }
  return packData(pointers);
}

// The memory of a module with the stream, its expansion as the start, and the other segments.
Image expanded(const PackedData& data) {
  auto module = moduleOf("(module (memory $m " + std::to_string(pages) + ") (data $packed \"\"))");
  wasm::Builder builder(*module);
  module->getDataSegment("packed")->data = data.stream;
  for (auto& run : data.plain) {
    auto segment = std::make_unique<wasm::DataSegment>();
    segment->name = "plain" + std::to_string(run.begin);
    segment->memory = "m";
    segment->offset = builder.makeConst(int32_t(run.begin));
    segment->data = run.bytes;
    module->addDataSegment(std::move(segment));
  }
  addUnpackFunction(*module, "unpack", "m", "packed");
  FunctionBuilder start(*module, "start", wasm::Signature(wasm::Type::none, wasm::Type::none));
  for (auto& chunk : data.chunks) {
    start.add(start.call(
      "unpack",
      {start.number(chunk.begin), start.number(chunk.end), start.number(chunk.offset), start.number(chunk.size)}));
  }
  start.finish();
  module->start = "start";
  wasm::ShellExternalInterface memories;
  wasm::ModuleRunner runner(*module, &memories);
  runner.instantiate();
  Image image;
  for (uint32_t i = 0; i < memoryBytes; i++) {
    image += char(memories.memories.at("m").get<uint8_t>(i));
  }
  return image;
}

bool sameMemory(const Segments& segments, const PackedData& data) { return expanded(data) == imageOf(segments); }

// So many segments with as many zeros between them.
Segments regular(uint32_t begin, uint32_t count, uint32_t gap, const std::string& bytes) {
  Segments all;
  for (uint32_t i = 0; i < count; i++) {
    all.push_back({begin, bytes});
    begin += uint32_t(bytes.size()) + gap;
  }
  return all;
}

std::string streamOf(const Segments& segments) {
  auto data = packed(segments);
  return {data.stream.begin(), data.stream.end()};
}

} // anonymous namespace

TEST_CASE("a stream has the zeros before some bytes, their number, and them", "[pack-data]") {
  std::string expected("\0\x05hello", 7);
  Segments segments{{1024, "hello"}};
  for (uint32_t at = 1045; at < 1300; at += 21) {
    segments.push_back({at, "world"});
    expected += "\x10\x05world";
  }
  CHECK(streamOf(segments) == expected);
  auto data = packed(segments);
  REQUIRE(data.chunks.size() == 1);
  CHECK(data.chunks[0].begin == 1024);
  CHECK(data.chunks[0].end == 1302);
  CHECK(data.plain.empty());
  CHECK(sameMemory(segments, data));
}

TEST_CASE("bytes that a segment serves better stay one", "[pack-data]") {
  auto data = packed({{64, "alone"}, {90, std::string(3000, 'x')}});
  CHECK(data.chunks.empty());
  CHECK(data.stream.empty());
  REQUIRE(data.plain.size() == 2);
  CHECK(data.plain[1].begin == 90);
  CHECK(data.bytesAfter == data.bytesBefore);
}

TEST_CASE("zeros at the ends of segments, and segments of nothing else, vanish", "[pack-data]") {
  CHECK(packed({{64, std::string(9, '\0')}, {80, ""}}).plain.empty());
  auto data = packed({{64, std::string("\0\0\0ab\0\0", 7)}});
  REQUIRE(data.plain.size() == 1);
  CHECK(data.plain[0].begin == 67);
  CHECK(data.plain[0].bytes == std::vector<char>{'a', 'b'});
}

TEST_CASE("a large gap ends a chunk, and its memory is not touched", "[pack-data]") {
  auto segments = regular(1000, 50, 18, "ab");
  for (auto& segment : regular(100000, 50, 18, "cd")) {
    segments.push_back(segment);
  }
  auto data = packed(segments);
  REQUIRE(data.chunks.size() == 2);
  CHECK(data.chunks[0].end == 1000 + 50 * 20 - 18);
  CHECK(data.chunks[1].begin == 100000);
  CHECK(data.chunks[1].offset == data.chunks[0].size);
  CHECK(sameMemory(segments, data));
}

TEST_CASE("numbers of more than a byte, at their limits", "[pack-data]") {
  size_t chunks = 0;
  for (uint32_t gap : {4, 5, 7, 8, 9, 63, 64, 65, 254, 255, 256, 4095}) {
    for (uint32_t size : {1, 2, 3, 4, 7, 8, 15, 63, 64, 65, 254, 255, 256}) {
      INFO(gap << " zeros, " << size << " bytes");
      auto segments = regular(77, 40, gap, std::string(size, 'x'));
      if (segments.back().begin + size > memoryBytes) {
        segments.resize(memoryBytes / (gap + size) - 1);
      }
      auto data = packed(segments);
      chunks += data.chunks.size();
      CHECK(sameMemory(segments, data));
    }
  }
  CHECK(chunks > 140); // of 156
}

TEST_CASE("a chunk can lie at either end of the memory", "[pack-data]") {
  auto segments = regular(0, 100, 17, "abc");
  auto last = regular(memoryBytes - 100 * 20 + 17, 100, 17, "def");
  REQUIRE(last.back().begin + 3 == memoryBytes);
  segments.insert(segments.end(), last.begin(), last.end());
  auto data = packed(segments);
  CHECK(data.chunks.size() == 2);
  CHECK(sameMemory(segments, data));
}

// The heads of long numbers take more than the zeros before them, so what is read would be overwritten.
TEST_CASE("zeros become bytes where the stream would grow longer than what it stands for", "[pack-data]") {
  auto segments = regular(16, 40, 18, "ab");
  auto dense = regular(16 + 40 * 20, 20, 4, std::string(300, 'y'));
  segments.insert(segments.end(), dense.begin(), dense.end());
  auto data = packed(segments);
  REQUIRE(data.chunks.size() == 1);
  CHECK(sameMemory(segments, data));
  std::string stream(data.stream.begin(), data.stream.end());
  CHECK(stream.find(std::string("y\0\0\0\0y", 6)) != std::string::npos);
}

TEST_CASE("random segments make the same memory when they are packed", "[pack-data]") {
  std::mt19937 random(1);
  auto below = [&](uint32_t limit) { return uint32_t(random() % limit); };
  size_t chunks = 0, plain = 0, saved = 0;
  for (int round = 0; round < 300; round++) {
    INFO("round " << round);
    Segments segments;
    auto most = 1u << below(6), longest = 1u << below(9);
    for (auto at = below(3000);;) {
      Segment segment{at, std::string(below(longest), '\0')};
      for (auto& byte : segment.bytes) {
        byte = char(below(3) ? below(256) : 0);
      }
      if (at + segment.bytes.size() > memoryBytes || segments.size() == 2000) {
        break;
      }
      at += uint32_t(segment.bytes.size()) + below(most) + (below(100) ? 0 : below(6000));
      segments.push_back(std::move(segment));
    }
    auto data = packed(segments);
    REQUIRE(sameMemory(segments, data));
    chunks += data.chunks.size();
    plain += data.plain.size();
    saved += data.bytesAfter < data.bytesBefore;
  }
  CHECK(chunks > 300);
  CHECK(plain > 100);
  CHECK(saved > 100);
}
