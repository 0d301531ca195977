#include "ir/type_features.h"

#include "ir/module-utils.h"
#include "ir/used_features.h"

namespace parigot {

using wasm::FeatureSet;
using wasm::Type;

FeatureSet featuresOf(Type type) {
  if (type.isBasic() && type != Type::v128) {
    return FeatureSet::MVP;
  }
  return type.getFeatures();
}

namespace {

FeatureSet without(FeatureSet left) { return FeatureSet(FeatureSet::All) - left; }

Type inexact(Type type) {
  return type.isBasic() ? type : type.asWrittenGivenFeatures(without(FeatureSet::CustomDescriptors));
}

} // namespace

FeatureSet featuresOfLocal(Type type) {
  auto features = featuresOf(type);
  auto written = inexact(type);
  if (!type.isBasic() &&
      written.asWrittenGivenFeatures(without(FeatureSet::CustomDescriptors | FeatureSet::GC)) != written) {
    features |= FeatureSet::GC;
  }
  return features;
}

FeatureSet featuresOfDeclared(Type type) {
  auto features = featuresOfLocal(type);
  if (inexact(type) != type) {
    features |= FeatureSet::CustomDescriptors;
  }
  return features;
}

FeatureSet featuresOfSignature(wasm::Signature signature) {
  FeatureSet features = FeatureSet::MVP;
  for (auto& types : {signature.params, signature.results}) {
    for (auto type : types) {
      features |= featuresOfDeclared(type);
    }
  }
  return features;
}

FeatureSet featuresOfIdentity(wasm::HeapType type) {
  bool plain = type.isBasic() || (type.getRecGroup().size() == 1 && !type.getDeclaredSuperType() && !type.isOpen());
  return plain ? FeatureSet::MVP : FeatureSet::GC;
}

FeatureSet featuresOfCast(Type type, Type operand) {
  bool demands = type.isExact() && !(operand.isRef() && operand.isExact());
  return demands ? FeatureSet::GC | FeatureSet::CustomDescriptors : FeatureSet::GC;
}

FeatureSet featuresOfTypes(wasm::Module& module) {
  FeatureSet features = FeatureSet::MVP;
  for (auto type : wasm::ModuleUtils::collectHeapTypes(module)) {
    features |= type.getFeatures();
    for (auto child : type.getTypeChildren()) {
      features |= featuresOfDeclared(child);
    }
  }
  return features;
}

} // namespace parigot
