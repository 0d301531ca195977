#include "debug/binary_layout.h"

#include <algorithm>

#include "debug/byte_reader.h"

namespace parigot::debug {

using wasm::Err;
using wasm::Result;

namespace {

constexpr uint8_t customId = 0, importId = 2, codeId = 10;

void skipLimits(ByteReader& in) {
  auto flags = in.uleb();
  in.uleb();
  if (flags & 1) {
    in.uleb();
  }
  if (flags & 8) {
    in.uleb(); // the size of a page
  }
}

// A value type: one byte, or, for (ref null $t) and (ref $t), a heap type behind it.
void skipValueType(ByteReader& in) {
  auto type = in.u8();
  if (type == 0x63 || type == 0x64) {
    in.sleb();
  }
}

// The number of functions among the imports. Source: the core specification, section "Import Section".
uint32_t countImportedFunctions(std::string_view payload) {
  ByteReader in(payload);
  uint32_t functions = 0;
  for (auto count = in.uleb(); count && !in.failed(); count--) {
    in.view(in.uleb());
    in.view(in.uleb());
    switch (in.u8()) {
      case 0:
        functions++;
        in.uleb();
        break;
      case 1:
        skipValueType(in);
        skipLimits(in);
        break;
      case 2:
        skipLimits(in);
        break;
      case 3:
        skipValueType(in);
        in.u8();
        break;
      case 4:
        in.u8();
        in.uleb();
        break;
      default:
        in.fail();
    }
  }
  return functions;
}

bool readBodies(std::string_view payload, std::vector<Span>& bodies) {
  ByteReader in(payload);
  auto count = in.uleb();
  for (; count && !in.failed(); count--) {
    auto size = in.uleb();
    auto begin = in.at();
    in.skip(size);
    bodies.push_back({begin, in.at()});
  }
  return !in.failed();
}

} // namespace

Result<BinaryLayout> BinaryLayout::read(std::string_view bytes) {
  BinaryLayout layout;
  ByteReader in(bytes, std::min<size_t>(8, bytes.size()));
  while (!in.atEnd()) {
    auto from = in.at();
    auto id = in.u8();
    auto size = in.uleb();
    auto begin = in.at();
    auto payload = in.view(size);
    if (in.failed()) {
      return Err{"section " + std::to_string(id) + " at byte " + std::to_string(begin) +
                 " does not end within the file"};
    }
    if (id == customId) {
      ByteReader head(payload);
      std::string name(head.view(head.uleb()));
      if (!head.failed()) {
        layout.customSections.push_back(
          {std::move(name), {begin + head.at(), begin + payload.size()}, {from, begin + payload.size()}});
      }
    } else if (id == importId) {
      layout.importedFunctions = countImportedFunctions(payload);
    } else if (id == codeId) {
      layout.code = {begin, begin + payload.size()};
      if (!readBodies(payload, layout.bodies)) {
        return Err{"the code section at byte " + std::to_string(begin) + " does not hold the bodies that it announces"};
      }
    }
  }
  return layout;
}

std::string_view BinaryLayout::customSection(std::string_view bytes, std::string_view name) const {
  for (auto& section : customSections) {
    if (section.name == name) {
      return bytes.substr(section.payload.begin, section.payload.size());
    }
  }
  return {};
}

size_t bodyAt(const std::vector<Span>& bodies, uint32_t offset) {
  auto next = std::upper_bound(
    bodies.begin(), bodies.end(), offset, [](uint32_t at, const Span& body) { return at < body.begin; });
  if (next == bodies.begin() || offset >= std::prev(next)->end) {
    return bodies.size();
  }
  return size_t(std::prev(next) - bodies.begin());
}

} // namespace parigot::debug
