#include "ir/used_features.h"

#include "ir/features.h"
#include "ir/type_features.h"

namespace parigot {

namespace {

using wasm::Expression;
using wasm::FeatureSet;
using wasm::Type;

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

// Fields of structs and elements of arrays; an access with an order is atomic.
FeatureSet featuresOfField(wasm::MemoryOrder order) {
  if (order == wasm::MemoryOrder::Unordered) {
    return FeatureSet::GC;
  }
  return featuresOf(order) | FeatureSet::GC | FeatureSet::SharedEverything;
}

// Half precision. Binaryen's own Features::get() does not cover all of these.
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
    case Expression::CallIndirectId: {
      auto* call = curr->cast<wasm::CallIndirect>();
      features |= featuresOfIdentity(call->heapType);
      features |= featuresOfSignature(call->heapType.getSignature());
      if (call->isReturn) {
        features |= FeatureSet::TailCall;
      }
      break;
    }
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
    case Expression::BrOnId: {
      auto* branch = curr->cast<wasm::BrOn>();
      features |= FeatureSet::GC;
      if (branch->op != wasm::BrOnNull && branch->op != wasm::BrOnNonNull) {
        features |= featuresOfCast(branch->castType, branch->ref->type);
      }
      if (branch->desc) {
        features |= FeatureSet::CustomDescriptors;
      }
      break;
    }
    case Expression::RefTestId:
      features |= featuresOfCast(curr->cast<wasm::RefTest>()->castType, curr->cast<wasm::RefTest>()->ref->type);
      break;
    case Expression::RefCastId:
      features |= featuresOfCast(curr->type, curr->cast<wasm::RefCast>()->ref->type);
      if (curr->cast<wasm::RefCast>()->desc) {
        features |= FeatureSet::CustomDescriptors;
      }
      break;
    case Expression::RefGetDescId:
      features |= FeatureSet::GC | FeatureSet::CustomDescriptors;
      break;
    case Expression::StructNewId:
      features |= FeatureSet::GC;
      if (curr->cast<wasm::StructNew>()->desc) {
        features |= FeatureSet::CustomDescriptors;
      }
      break;
    case Expression::StructGetId:
      features |= featuresOfField(curr->cast<wasm::StructGet>()->order);
      break;
    case Expression::StructSetId:
      features |= featuresOfField(curr->cast<wasm::StructSet>()->order);
      break;
    case Expression::StructRMWId:
      features |= featuresOfField(curr->cast<wasm::StructRMW>()->order);
      break;
    case Expression::StructCmpxchgId:
      features |= featuresOfField(curr->cast<wasm::StructCmpxchg>()->order);
      break;
    case Expression::ArrayGetId:
      features |= featuresOfField(curr->cast<wasm::ArrayGet>()->order);
      break;
    case Expression::ArraySetId:
      features |= featuresOfField(curr->cast<wasm::ArraySet>()->order);
      break;
    case Expression::ArrayRMWId:
      features |= featuresOfField(curr->cast<wasm::ArrayRMW>()->order);
      break;
    case Expression::ArrayCmpxchgId:
      features |= featuresOfField(curr->cast<wasm::ArrayCmpxchg>()->order);
      break;
    case Expression::StructWaitId:
    case Expression::WaitqueueNewId:
    case Expression::WaitqueueNotifyId:
      features |= FeatureSet::GC | FeatureSet::SharedEverything;
      break;
    case Expression::StringNewId:
    case Expression::StringConstId:
    case Expression::StringMeasureId:
    case Expression::StringEncodeId:
    case Expression::StringConcatId:
    case Expression::StringEqId:
    case Expression::StringTestId:
    case Expression::StringWTF16GetId:
    case Expression::StringSliceWTFId:
      features |= FeatureSet::ReferenceTypes | FeatureSet::Strings;
      break;
    case Expression::RefEqId:
    case Expression::RefAsId:
    case Expression::RefI31Id:
    case Expression::I31GetId:
    case Expression::ArrayNewId:
    case Expression::ArrayNewElemId:
    case Expression::ArrayNewFixedId:
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
    case Expression::StackSwitchId:
      features |= FeatureSet::StackSwitching;
      break;
    case Expression::ResumeThrowId:
      features |= FeatureSet::StackSwitching | FeatureSet::ExceptionHandling;
      break;
    default:
      break;
  }
  return features;
}

} // namespace parigot
