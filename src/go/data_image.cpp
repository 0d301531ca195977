#include "go/data_image.h"

#include <algorithm>
#include <cstring>

namespace parigot::gojs {

namespace {

// A gap of at most this size becomes zeros within one chunk. A segment takes at least five bytes in a file, so the
// zeros stay in proportion to the file.
constexpr uint64_t largestGap = 64; // bytes

struct Placed {
  uint64_t start;
  const std::vector<char>* bytes;

  uint64_t end() const { return start + bytes->size(); }
};

std::vector<Placed> placedSegments(const wasm::Module& module) {
  std::vector<Placed> placed;
  if (module.memories.empty()) {
    return placed;
  }
  for (auto& segment : module.dataSegments) {
    if (!segment->isActive() || segment->memory != module.memories[0]->name || segment->data.empty()) {
      continue;
    }
    auto* offset = segment->offset->dynCast<wasm::Const>();
    if (offset && offset->value.getUnsigned() <= UINT32_MAX) {
      placed.push_back({offset->value.getUnsigned(), &segment->data});
    }
  }
  return placed;
}

uint64_t littleEndian(const char* bytes, size_t length) {
  uint64_t number = 0;
  while (length--) {
    number = number << 8 | uint8_t(bytes[length]);
  }
  return number;
}

} // namespace

DataImage::DataImage(const wasm::Module& module) {
  auto inOrder = placedSegments(module);
  auto sorted = inOrder;
  auto byStart = [](const Placed& a, const Placed& b) { return a.start < b.start; };
  std::stable_sort(sorted.begin(), sorted.end(), byStart);
  for (size_t i = 0; i < sorted.size();) {
    Chunk chunk{sorted[i].start, {}};
    auto end = sorted[i].end();
    for (i++; i < sorted.size() && (sorted[i].start <= end || sorted[i].start - end <= largestGap); i++) {
      end = std::max(end, sorted[i].end());
    }
    chunk.bytes.resize(end - chunk.start);
    parts.push_back(std::move(chunk));
  }
  for (auto& segment : inOrder) {
    auto& chunk = parts[size_t(at(segment.start) - parts.begin())];
    std::memcpy(chunk.bytes.data() + (segment.start - chunk.start), segment.bytes->data(), segment.bytes->size());
  }
}

std::vector<DataImage::Chunk>::const_iterator DataImage::at(uint64_t address) const {
  return std::partition_point(parts.begin(), parts.end(), [&](const Chunk& chunk) { return chunk.end() <= address; });
}

bool DataImage::copy(uint64_t address, size_t length, char* to) const {
  if (address > UINT64_MAX - length) {
    return false;
  }
  std::memset(to, 0, length);
  bool any = false;
  for (auto chunk = at(address); chunk != parts.end() && chunk->start < address + length; ++chunk) {
    auto from = std::max(address, chunk->start), until = std::min(address + length, chunk->end());
    std::memcpy(to + (from - address), chunk->bytes.data() + (from - chunk->start), until - from);
    any = true;
  }
  return any;
}

std::optional<uint32_t> DataImage::read32(uint64_t address) const {
  char bytes[4];
  return copy(address, sizeof bytes, bytes) ? std::optional(uint32_t(littleEndian(bytes, sizeof bytes))) : std::nullopt;
}

std::optional<uint64_t> DataImage::read64(uint64_t address) const {
  char bytes[8];
  return copy(address, sizeof bytes, bytes) ? std::optional(littleEndian(bytes, sizeof bytes)) : std::nullopt;
}

std::optional<std::string> DataImage::read(uint64_t address, uint64_t length) const {
  if (length > longestRead) {
    return {};
  }
  std::string bytes(length, '\0');
  if (!copy(address, length, bytes.data()) && length) {
    return {};
  }
  return bytes;
}

std::string DataImage::readString(uint64_t address, size_t most) const {
  std::string text;
  auto chunk = at(address);
  if (chunk == parts.end() || chunk->start > address) {
    return text;
  }
  auto* from = chunk->bytes.data() + (address - chunk->start);
  auto length = std::min<uint64_t>(most, chunk->end() - address);
  auto* zero = static_cast<const char*>(std::memchr(from, 0, length));
  text.assign(from, zero ? size_t(zero - from) : length);
  return text;
}

} // namespace parigot::gojs
