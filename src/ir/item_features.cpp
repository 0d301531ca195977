#include "ir/type_features.h"
#include "ir/used_features.h"
#include "wasm-traversal.h"

namespace parigot {

using wasm::Expression;
using wasm::FeatureSet;
using wasm::Type;

FeatureSet featuresOf(wasm::Function& function) {
  FeatureSet features = featuresOf(function.getParams()) | featuresOfSignature(function.getSig());
  auto results = function.getResults();
  if (results.isTuple()) {
    features |= FeatureSet::Multivalue;
  }
  for (auto type : function.vars) {
    features |= featuresOfLocal(type);
  }
  features |= featuresOfIdentity(function.type.getHeapType());
  if (function.imported() && function.type.isExact()) {
    features |= FeatureSet::GC | FeatureSet::CustomDescriptors;
  }
  // A tuple of parameters does not need multivalue, although its Type says so.
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
      // Before the garbage collection proposal, constant expressions could read imported globals only. A global that is
      // bound to another service's is still an import here; it counts when the services are in one module.
      if (auto* get = curr->dynCast<wasm::GlobalGet>()) {
        auto* global = getModule()->getGlobalOrNull(get->name);
        if (global && !global->imported()) {
          features |= FeatureSet::GC;
        }
      }
    }
  } instructions;
  instructions.setModule(&module);
  auto constant = [&](Expression*& expression) { instructions.walk(expression); };
  for (auto& function : module.functions) {
    if (function->imported()) {
      features |= featuresOf(*function);
    }
  }
  for (auto& global : module.globals) {
    features |= featuresOfDeclared(global->type);
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
      features |= featuresOfDeclared(table->type);
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
      features |= featuresOfDeclared(segment->type);
    }
    for (auto* item : segment->data) {
      // In a segment of functions, ref.func is only notation.
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
    features |= featuresOfIdentity(tag->type);
    for (auto type : tag->params()) {
      features |= featuresOfDeclared(type);
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
  // Continuation types refer to function types, and descriptors belong to structs.
  if (features.hasStackSwitching() || features.hasCustomDescriptors()) {
    features |= FeatureSet::GC;
  }
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
