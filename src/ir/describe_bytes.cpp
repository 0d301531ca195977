#include "ir/describe_bytes.h"

#include <vector>

#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

Expression* describeBytes(Module& module, std::string_view bytes) {
  constexpr Index to = 0, capacity = 1;
  Builder builder(module);
  auto memory = module.memories[0]->name;
  std::vector<Expression*> stores;
  for (size_t i = 0; i < bytes.size(); i += 8) {
    uint64_t word = 0;
    auto size = std::min<size_t>(8, bytes.size() - i);
    for (size_t j = 0; j < size; j++) {
      word |= uint64_t(uint8_t(bytes[i + j])) << (8 * j);
    }
    // The last word may have less than eight bytes. The zeros after them stay within the capacity, which is checked for
    // whole words.
    stores.push_back(builder.makeStore(
      8, i, 1, builder.makeLocalGet(to, Type::i32), builder.makeConst(int64_t(word)), Type::i64, memory));
  }
  auto whole = uint32_t((bytes.size() + 7) / 8 * 8);
  auto* fits =
    builder.makeBinary(GeUInt32, builder.makeLocalGet(capacity, Type::i32), builder.makeConst(int32_t(whole)));
  return builder.makeBlock({builder.makeIf(fits, builder.makeBlock(stores)), builder.makeConst(int32_t(bytes.size()))},
                           Type::i32);
}

} // namespace parigot
