#include "gojs/named_strings.h"

#include <algorithm>
#include <unordered_set>

#include "go/data_image.h"
#include "ir/module-utils.h"
#include "wasm-traversal.h"

namespace parigot::gojs {

using namespace wasm;

namespace {

constexpr uint64_t wordBytes = 4;

struct Places {
  std::unordered_set<uint32_t> addresses; // of the text
  bool besideDot = false;
};

Places findText(const DataImage& image, std::string_view text) {
  Places places;
  for (auto& chunk : image.chunks()) {
    auto& bytes = chunk.bytes;
    for (auto at = bytes.begin();; at++) {
      at = std::search(at, bytes.end(), text.begin(), text.end());
      if (at == bytes.end()) {
        break;
      }
      auto after = at + ptrdiff_t(text.size());
      places.besideDot |= (at != bytes.begin() && at[-1] == '.') || (after != bytes.end() && *after == '.');
      places.addresses.insert(uint32_t(chunk.start + uint64_t(at - bytes.begin())));
    }
  }
  return places;
}

bool isInSegments(const Module& program, std::string_view text) {
  return std::any_of(program.dataSegments.begin(), program.dataSegments.end(), [&](auto& segment) {
    return std::search(segment->data.begin(), segment->data.end(), text.begin(), text.end()) != segment->data.end();
  });
}

// Whether the data have a string: one of the addresses, and the length behind it, in words of TinyGo or of Go, which
// are twice as long.
bool isInData(const DataImage& image, const Places& places, uint32_t length) {
  for (auto& chunk : image.chunks()) {
    auto first = (chunk.start + wordBytes - 1) / wordBytes * wordBytes;
    for (auto at = first; at + wordBytes <= chunk.end(); at += wordBytes) {
      if (!places.addresses.count(image.read32(at).value_or(0))) {
        continue;
      }
      auto next = image.read32(at + wordBytes).value_or(0);
      if (next == length || (next == 0 && image.read64(at + 2 * wordBytes) == length)) {
        return true;
      }
    }
  }
  return false;
}

// Whether the code has one of the addresses as a constant, alone or, as LLVM joins two stores, with the length above
// it.
bool isInCode(Module& program, const Places& places) {
  struct Finder : public PostWalker<Finder> {
    const Places& places;
    bool found = false;

    explicit Finder(const Places& places) : places(places) {}
    void visitConst(Const* curr) {
      if (curr->type == Type::i32 || curr->type == Type::i64) {
        found |= places.addresses.count(uint32_t(curr->value.getUnsigned())) > 0;
      }
    }
  };
  ModuleUtils::ParallelFunctionAnalysis<bool> analysis(program, [&](Function* function, bool& found) {
    if (!function->imported()) {
      Finder finder(places);
      finder.walk(function->body);
      found = finder.found;
    }
  });
  return std::any_of(analysis.map.begin(), analysis.map.end(), [](auto& entry) { return entry.second; });
}

} // namespace

bool hasString(Module& program, std::string_view text) {
  DataImage image(program);
  auto places = findText(image, text);
  if (places.addresses.empty()) {
    return isInSegments(program, text);
  }
  return places.besideDot || isInData(image, places, uint32_t(text.size())) || isInCode(program, places);
}

} // namespace parigot::gojs
