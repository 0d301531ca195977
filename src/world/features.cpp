#include "world/features.h"

#include "ir/features.h"
#include "wasm-traversal.h"

namespace parigot {

namespace {

using wasm::Expression;
using wasm::FeatureSet;
using wasm::Type;

// The features of a type. The four numbers are in MVP and nearly all there is.
FeatureSet featuresOf(Type type) {
  if (type.isBasic() && type != Type::v128) {
    return FeatureSet::MVP;
  }
  return type.getFeatures();
}

FeatureSet featuresOf(wasm::MemoryOrder order) {
  switch (order) {
    case wasm::MemoryOrder::Unordered:
      return FeatureSet::MVP;
    case wasm::MemoryOrder::SeqCst:
      return FeatureSet::Atomics;
    case wasm::MemoryOrder::Relaxed:
      return FeatureSet::Atomics | FeatureSet::RelaxedAtomics;
    case wasm::MemoryOrder::AcqRel:
      return FeatureSet::Atomics | FeatureSet::AcquireReleaseAtomics;
  }
  return FeatureSet::MVP;
}

// Half precision. Binaryen's own Features::get() does not know all of these.
bool isHalf(wasm::UnaryOp op) {
  return (op >= wasm::AbsVecF16x8 && op <= wasm::NearestVecF16x8) ||
         (op >= wasm::SplatVecF16x8 && op <= wasm::DemoteZeroVecF64x2ToVecF16x8);
}

bool isHalf(wasm::BinaryOp op) {
  return (op >= wasm::EqVecF16x8 && op <= wasm::GeVecF16x8) || (op >= wasm::AddVecF16x8 && op <= wasm::PMaxVecF16x8);
}

} // namespace

FeatureSet featuresOf(Expression* curr) {
  FeatureSet features = featuresOf(curr->type);
  switch (curr->_id) {
    case Expression::UnaryId: {
      auto op = curr->cast<wasm::Unary>()->op;
      features |= wasm::Features::get(op);
      if (isHalf(op)) {
        features |= FeatureSet::FP16;
      }
      break;
    }
    case Expression::BinaryId: {
      auto op = curr->cast<wasm::Binary>()->op;
      features |= wasm::Features::get(op);
      if (isHalf(op)) {
        features |= FeatureSet::FP16;
      }
      break;
    }
    case Expression::CallId:
      if (curr->cast<wasm::Call>()->isReturn) {
        features |= FeatureSet::TailCall;
      }
      break;
    case Expression::CallIndirectId:
      if (curr->cast<wasm::CallIndirect>()->isReturn) {
        features |= FeatureSet::TailCall;
      }
      break;
    case Expression::CallRefId:
      features |= FeatureSet::GC;
      if (curr->cast<wasm::CallRef>()->isReturn) {
        features |= FeatureSet::TailCall;
      }
      break;
    case Expression::LoadId: {
      auto* load = curr->cast<wasm::Load>();
      features |= featuresOf(load->order);
      if (load->type == Type::f32 && load->bytes == 2) {
        features |= FeatureSet::FP16;
      }
      break;
    }
    case Expression::StoreId: {
      auto* store = curr->cast<wasm::Store>();
      features |= featuresOf(store->order);
      features |= featuresOf(store->valueType);
      if (store->valueType == Type::f32 && store->bytes == 2) {
        features |= FeatureSet::FP16;
      }
      break;
    }
    case Expression::AtomicRMWId:
      features |= featuresOf(curr->cast<wasm::AtomicRMW>()->order);
      features |= FeatureSet::Atomics;
      break;
    case Expression::AtomicCmpxchgId:
      features |= featuresOf(curr->cast<wasm::AtomicCmpxchg>()->order);
      features |= FeatureSet::Atomics;
      break;
    case Expression::AtomicWaitId:
    case Expression::AtomicNotifyId:
    case Expression::AtomicFenceId:
      features |= FeatureSet::Atomics;
      break;
    case Expression::PauseId:
      features |= FeatureSet::SharedEverything;
      break;
    case Expression::SIMDExtractId:
      features |= FeatureSet::SIMD;
      if (curr->cast<wasm::SIMDExtract>()->op == wasm::ExtractLaneVecF16x8) {
        features |= FeatureSet::FP16;
      }
      break;
    case Expression::SIMDReplaceId:
      features |= FeatureSet::SIMD;
      if (curr->cast<wasm::SIMDReplace>()->op == wasm::ReplaceLaneVecF16x8) {
        features |= FeatureSet::FP16;
      }
      break;
    case Expression::SIMDShuffleId:
    case Expression::SIMDShiftId:
    case Expression::SIMDLoadId:
    case Expression::SIMDLoadStoreLaneId:
      features |= FeatureSet::SIMD;
      break;
    case Expression::SIMDTernaryId: {
      auto op = curr->cast<wasm::SIMDTernary>()->op;
      features |= FeatureSet::SIMD;
      if (op == wasm::MaddVecF16x8 || op == wasm::NmaddVecF16x8) {
        features |= FeatureSet::FP16;
      } else if (op != wasm::Bitselect) {
        features |= FeatureSet::RelaxedSIMD;
      }
      break;
    }
    case Expression::MemoryInitId:
    case Expression::DataDropId:
    case Expression::TableInitId:
    case Expression::TableCopyId:
    case Expression::ElemDropId:
      features |= FeatureSet::BulkMemory;
      break;
    case Expression::TableFillId:
      features |= FeatureSet::BulkMemory | FeatureSet::ReferenceTypes;
      break;
    case Expression::MemoryCopyId:
    case Expression::MemoryFillId:
      features |= FeatureSet::BulkMemoryOpt;
      break;
    case Expression::TableGetId:
    case Expression::TableSetId:
    case Expression::TableSizeId:
    case Expression::TableGrowId:
    case Expression::RefNullId:
    case Expression::RefIsNullId:
    case Expression::RefFuncId:
      features |= FeatureSet::ReferenceTypes;
      break;
    case Expression::TryId:
    case Expression::TryTableId:
    case Expression::ThrowId:
    case Expression::RethrowId:
    case Expression::ThrowRefId:
      features |= FeatureSet::ExceptionHandling;
      break;
    case Expression::TupleMakeId:
    case Expression::TupleExtractId:
      features |= FeatureSet::Multivalue;
      break;
    case Expression::BrOnId:
    case Expression::RefEqId:
    case Expression::RefTestId:
    case Expression::RefCastId:
    case Expression::RefAsId:
    case Expression::RefI31Id:
    case Expression::I31GetId:
    case Expression::StructGetId:
    case Expression::StructSetId:
    case Expression::ArrayGetId:
    case Expression::ArraySetId:
    case Expression::ArrayLenId:
    case Expression::ArrayCopyId:
    case Expression::ArrayFillId:
    case Expression::ArrayInitElemId:
      features |= FeatureSet::GC;
      break;
    case Expression::ArrayNewDataId:
    case Expression::ArrayInitDataId:
      features |= FeatureSet::GC | FeatureSet::BulkMemory;
      break;
    case Expression::ArrayLoadId:
    case Expression::ArrayStoreId:
      features |= FeatureSet::GC | FeatureSet::Multibyte;
      break;
    case Expression::WideIntAddSubId:
    case Expression::WideIntMulId:
      features |= FeatureSet::WideArithmetic;
      break;
    case Expression::ContNewId:
    case Expression::ContBindId:
    case Expression::SuspendId:
    case Expression::ResumeId:
    case Expression::ResumeThrowId:
    case Expression::StackSwitchId:
      features |= FeatureSet::StackSwitching;
      break;
    default:
      break;
  }
  return features;
}

FeatureSet featuresOf(wasm::Function& function) {
  FeatureSet features = featuresOf(function.getParams());
  for (auto type : function.getParams()) {
    features |= featuresOf(type);
  }
  auto results = function.getResults();
  if (results.isTuple()) {
    features |= FeatureSet::Multivalue;
  }
  for (auto type : results) {
    features |= featuresOf(type);
  }
  for (auto type : function.vars) {
    features |= featuresOf(type);
  }
  // A tuple of parameters is no multivalue, but its Type says so.
  if (function.getParams().isTuple() && !results.isTuple()) {
    bool tupleLocal = false;
    for (auto type : function.vars) {
      tupleLocal |= type.isTuple();
    }
    if (!tupleLocal) {
      features.disable(FeatureSet::Multivalue);
    }
  }
  return features;
}

FeatureSet featuresOfItems(wasm::Module& module) {
  FeatureSet features = FeatureSet::MVP;
  struct Instructions : public wasm::PostWalker<Instructions, wasm::UnifiedExpressionVisitor<Instructions>> {
    FeatureSet features;
    bool arithmetic = false;
    void visitExpression(Expression* curr) {
      features |= parigot::featuresOf(curr);
      arithmetic |= curr->is<wasm::Binary>();
      // Before the garbage collection proposal a constant could be made of imported globals only.
      auto* get = curr->dynCast<wasm::GlobalGet>();
      if (get && !getModule()->getGlobal(get->name)->imported()) {
        features |= FeatureSet::GC;
      }
    }
  } instructions;
  instructions.setModule(&module);
  auto constant = [&](Expression*& expression) { instructions.walk(expression); };
  for (auto& global : module.globals) {
    features |= featuresOf(global->type);
    if (!global->imported()) {
      constant(global->init);
    } else if (global->mutable_) {
      features |= FeatureSet::MutableGlobals;
    }
  }
  for (auto& segment : module.dataSegments) {
    if (segment->isActive()) {
      constant(segment->offset);
    } else {
      features |= FeatureSet::BulkMemory;
    }
  }
  auto funcref = Type(wasm::HeapType::func, wasm::Nullable);
  for (auto& table : module.tables) {
    if (table->type != funcref) {
      features |= FeatureSet::ReferenceTypes;
      features |= featuresOf(table->type);
    }
    if (table->is64()) {
      features |= FeatureSet::Memory64;
    }
    if (table->init) {
      features |= FeatureSet::GC;
      constant(table->init);
    }
  }
  if (module.tables.size() > 1) {
    features |= FeatureSet::ReferenceTypes;
  }
  for (auto& segment : module.elementSegments) {
    if (segment->isPassive()) {
      features |= FeatureSet::BulkMemory | FeatureSet::ReferenceTypes;
    } else if (segment->offset) {
      constant(segment->offset);
    }
    if (segment->type != funcref) {
      features |= FeatureSet::ReferenceTypes;
      features |= featuresOf(segment->type);
    }
    for (auto* item : segment->data) {
      // In a segment of functions ref.func is only the notation.
      if (!item->is<wasm::RefFunc>()) {
        features |= parigot::featuresOf(item) | FeatureSet::ReferenceTypes;
      }
    }
  }
  features |= instructions.features;
  if (instructions.arithmetic) {
    features |= FeatureSet::ExtendedConst;
  }
  if (!module.tags.empty()) {
    features |= FeatureSet::ExceptionHandling;
  }
  for (auto& tag : module.tags) {
    for (auto type : tag->params()) {
      features |= featuresOf(type);
    }
    if (tag->params().isTuple()) {
      features |= FeatureSet::Multivalue;
    }
    if (tag->results() != Type::none) {
      features |= FeatureSet::StackSwitching;
    }
  }
  if (module.memories.size() > 1) {
    features |= FeatureSet::MultiMemory;
  }
  for (auto& memory : module.memories) {
    if (memory->is64()) {
      features |= FeatureSet::Memory64;
    }
    if (memory->shared) {
      features |= FeatureSet::Atomics;
    }
    if (memory->pageSizeLog2 != wasm::Memory::kDefaultPageSizeLog2) {
      features |= FeatureSet::CustomPageSizes;
    }
  }
  for (auto& item : module.exports) {
    if (item->kind == wasm::ExternalKind::Global) {
      auto* global = module.getGlobalOrNull(*item->getInternalName());
      if (global && global->mutable_) {
        features |= FeatureSet::MutableGlobals;
      }
    }
  }
  return features;
}

FeatureSet closed(FeatureSet features) {
  if (features.hasGC()) {
    features |= FeatureSet::ReferenceTypes;
  }
  if (features.hasBulkMemory()) {
    features |= FeatureSet::BulkMemoryOpt;
  }
  if (features.hasRelaxedSIMD() || features.hasFP16()) {
    features |= FeatureSet::SIMD;
  }
  return features;
}

} // namespace parigot
