#include "memory/segments.h"

#include "ir/manipulation.h"
#include "ir/names.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

void checkSegments(Module& module, const Places& places) {
  Builder builder(module);
  std::vector<Expression*> list;
  for (auto& segment : module.dataSegments) {
    auto found = places.find(segment->memory);
    if (!segment->isActive() || segment->offset->is<Const>() || found == places.end() || !found->second.size) {
      continue;
    }
    auto wide = [&](Expression* value) { return builder.makeUnary(ExtendUInt32, value); };
    auto* offset = ExpressionManipulator::copy(segment->offset, module);
    auto* end = builder.makeBinary(AddInt64, wide(offset), builder.makeConst(int64_t(segment->data.size())));
    auto* size = wide(builder.makeGlobalGet(found->second.size->bytes, Type::i32));
    list.push_back(builder.makeIf(builder.makeBinary(GtUInt64, end, size), builder.makeUnreachable()));
  }
  if (list.empty()) {
    return;
  }
  if (module.start.is()) {
    list.push_back(builder.makeCall(module.start, {}, Type::none));
  }
  auto name = Names::getValidFunctionName(module, "world/check_segments");
  auto* function =
    module.addFunction(builder.makeFunction(name, Signature(Type::none, Type::none), {}, builder.makeBlock(list)));
  function->hasExplicitName = true;
  module.start = name;
}

void moveSegments(Module& module, const Places& places, Name one) {
  Builder builder(module);
  for (auto& segment : module.dataSegments) {
    auto found = places.find(segment->memory);
    if (found == places.end()) {
      continue;
    }
    segment->memory = one;
    auto base = uint32_t(found->second.base);
    if (base == 0) {
      continue;
    }
    if (auto* constant = segment->offset->dynCast<Const>()) {
      constant->value = constant->value.add(Literal(int32_t(base)));
    } else {
      segment->offset = builder.makeBinary(AddInt32, segment->offset, builder.makeConst(int32_t(base)));
      module.features |= FeatureSet(FeatureSet::ExtendedConst);
    }
  }
}

} // namespace parigot
