#include "adapters/served_strings.h"

#include "ir/names.h"

namespace parigot {

using namespace wasm;

namespace {

uint32_t totalSize(const std::vector<std::string>& strings) {
  uint32_t bytes = 0;
  for (auto& string : strings) {
    bytes += string.size() + 1;
  }
  return bytes;
}

} // namespace

void buildStringSizes(AdapterBuilder& code, const AddressSpace& service, const std::vector<std::string>& strings) {
  constexpr Index count = 0, bytes = 1;
  code.add(code.store(service, code.get(count), code.number(strings.size())));
  code.add(code.store(service, code.get(bytes), code.number(totalSize(strings))));
  code.add(code.number(0));
  code.finish();
}

void buildStrings(AdapterBuilder& code,
                  const AddressSpace& service,
                  const std::vector<std::string>& strings,
                  const std::string& wantedName) {
  constexpr Index array = 0, buffer = 1;
  if (!strings.empty()) {
    std::vector<char> bytes;
    uint32_t index = 0;
    for (auto& string : strings) {
      code.add(
        code.store(service, code.get(array), code.plus(code.get(buffer), code.number(bytes.size())), 4 * index++));
      bytes.insert(bytes.end(), string.begin(), string.end());
      bytes.push_back(0);
    }
    auto size = bytes.size();
    // A module may import a function twice, and then needs two segments with different names.
    auto name = Names::getValidDataSegmentName(code.module, wantedName);
    code.module.addDataSegment(Builder::makeDataSegment(name, Name(), nullptr, bytes.data(), size));
    code.module.features |= FeatureSet(FeatureSet::BulkMemory | FeatureSet::BulkMemoryOpt);
    code.add(code.builder.makeMemoryInit(name, code.get(buffer), code.number(0), code.number(size), service.memory));
  }
  code.add(code.number(0));
  code.finish();
}

} // namespace parigot
