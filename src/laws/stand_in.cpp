#include "laws/stand_in.h"

#include "abi/host_words.h"
#include "abi/wasi.h"
#include "adapters/adapter_builder.h"

namespace parigot {

using namespace wasm;

ErrorForm errorFormOf(const Function& import, std::string_view module, std::optional<CallAbi> abi) {
  auto type = import.type.getHeapType().getSignature();
  if (isWasiModule(module)) {
    auto* function = findWasiFunction(module, import.base.view());
    bool returns = function && function->returnsErrno && function->signature() == type;
    return returns ? ErrorForm::Errno : ErrorForm::None;
  }
  if (!abi || signatureOf(*abi) != type) {
    return ErrorForm::None;
  }
  return *abi == CallAbi::Parigot ? ErrorForm::Parigot : *abi == CallAbi::Bytes ? ErrorForm::Bytes : ErrorForm::None;
}

void answerByErrno(Module& module, Function& import, uint32_t errnoOfWasi) {
  FunctionBuilder code(module, import.name, import.getSig());
  code.add(code.number(errnoOfWasi));
  code.finish();
}

void answerByError(Module& module, Function& import, const WorldService& client, ErrorForm form) {
  if (form == ErrorForm::Errno) {
    answerByErrno(module, import, errnoNotCapable);
    return;
  }
  AdapterBuilder code(module, import.name, import.getSig());
  if (form == ErrorForm::Parigot) {
    constexpr Index error = 3;
    code.add(code.store(AddressSpace::of(module, client), code.get(error), code.number(errorNotRequired)));
    code.add(code.number64(0));
  } else {
    assert(form == ErrorForm::Bytes);
    code.add(code.number64(1u << 31)); // ptr << 32 | len: no bytes, and they are an error text
  }
  code.finish();
}

void answerByTrap(Module& module, Function& import, const WorldService& client, const std::string& reason) {
  auto name = Name(scopedName(client.name, "parigot.trap." + reason));
  if (!module.getFunctionOrNull(name)) {
    FunctionBuilder trap(module, name, Signature(Type::none, Type::none));
    trap.function->body = trap.builder.makeUnreachable();
    trap.function->noFullInline = trap.function->noPartialInline = true;
  }
  FunctionBuilder code(module, import.name, import.getSig());
  code.add(code.call(name, {}));
  code.add(code.builder.makeUnreachable());
  code.finish();
}

} // namespace parigot
