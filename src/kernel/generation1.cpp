#include "kernel/generation1.h"

#include "abi/call_abi.h"
#include "go/shim.h"
#include "ir/imports_and_exports.h"
#include "kernel/kernel_calls.h"
#include "wasm-builder.h"

namespace parigot::kernel {

using namespace wasm;

namespace {

// Offsets in the record, in bytes.
constexpr uint32_t inPtr = 0, inLen = 8, outPtr = 16, outLen = 24, errorHigh = 32, errorLow = 40;

// The mark of a kernel error in an id: a letter in byte 7, and 1 in byte 6, without which the guest library panics. The
// low half is the code. parigot's lib/go/id.go:101-106 and 153-164, idconv.go:12, of April 2023 (80a40219).
constexpr uint64_t kernelError = uint64_t('k') << 56 | uint64_t(1) << 48;
// The kernel's answer when the process has to wait and make the call again. src/runtime/kernel: waits.
constexpr uint32_t waits = 0x7ffffffe;

constexpr std::string_view shimModules[] = {"go", "gojs"};
constexpr std::string_view shimPrefix = "parigot.";

} // namespace

bool isFromShimModule(const Importable& import) {
  return import.module == shimModules[0] || import.module == shimModules[1];
}

bool isInShimModule1(const Importable& import) {
  return isFromShimModule(import) && import.base.view().starts_with(shimPrefix);
}

void separateGeneration1(Module& module) {
  for (auto& function : module.functions) {
    if (!function->imported() || !isInShimModule1(*function)) {
      continue;
    }
    auto base = function->base.view().substr(shimPrefix.size());
    function->base = std::string(generation1Prefix) + std::string(base);
    function->module = kernelModule;
  }
}

std::unordered_set<Name> hostCallsOfGeneration1(const Module& module) {
  std::unordered_set<Name> names;
  if (!callsGeneration1(module)) {
    return names;
  }
  for (auto& function : module.functions) {
    if (function->imported() && isFromShimModule(*function) && function->getSig() == Signature(Type::i32, Type::none) &&
        !gojs::isShimFunction(function->base.view())) {
      names.insert(function->name);
    }
  }
  return names;
}

void answerGeneration1(Module& module, Function& import) {
  constexpr Index sp = 0;
  Builder builder(module);
  auto base = import.base;
  defineImport(import, builder.makeUnreachable());
  auto kernel = importFrom(module, kernelModule, base.view(), *signatureOf(CallAbi::Parigot));
  auto tellRoom = importFrom(module, kernelModule, replyBytesEntry, Signature(Type::i32, Type::none));

  auto memory = module.memories[0]->name;
  auto record = Builder::addVar(&import, "record", Type::i32);
  auto noError = Builder::addVar(&import, "no-error", Type::i64);
  auto result = Builder::addVar(&import, "result", Type::i64);
  auto code = Builder::addVar(&import, "code", Type::i32);
  auto get = [&](Index local, Type type = Type::i32) { return builder.makeLocalGet(local, type); };
  auto number = [&](uint32_t n) { return builder.makeConst(int32_t(n)); };
  auto load = [&](uint32_t offset, Index at) {
    return builder.makeLoad(4, false, offset, 1, get(at), Type::i32, memory);
  };
  auto store64 = [&](uint32_t offset, Expression* value) {
    return builder.makeStore(8, offset, 1, get(record), value, Type::i64, memory);
  };

  auto* failed =
    builder.makeBlock(std::vector<Expression*>{store64(errorHigh, builder.makeConst(int64_t(kernelError))),
                                               store64(errorLow, builder.makeUnary(ExtendUInt32, get(code)))});
  failed->finalize();
  auto* length = builder.makeBinary(ShrUInt64, get(result, Type::i64), builder.makeConst(int64_t(32)));
  // During the call, the kernel writes its error code over the error id.
  import.body = builder.makeBlock(std::vector<Expression*>{
    builder.makeLocalSet(record, load(8, sp)),
    builder.makeLocalSet(noError, builder.makeLoad(8, false, errorHigh, 1, get(record), Type::i64, memory)),
    builder.makeCall(tellRoom, {load(outLen, record)}, Type::none),
    builder.makeLocalSet(result,
                         builder.makeCall(kernel,
                                          {load(inLen, record),
                                           load(inPtr, record),
                                           load(outPtr, record),
                                           builder.makeBinary(AddInt32, get(record), number(errorHigh))},
                                          Type::i64)),
    builder.makeLocalSet(code, load(errorHigh, record)),
    store64(errorHigh, get(noError, Type::i64)),
    builder.makeIf(builder.makeBinary(EqInt32, get(code), number(waits)), builder.makeReturn()),
    builder.makeIf(get(code), failed, store64(outLen, length))});
  import.body->cast<Block>()->finalize();
}

void storeArguments(Module& module, Function& run) {
  constexpr uint32_t argvPointer = 4096 - 4;
  constexpr Index argv = 1;
  Builder builder(module);
  auto* address = builder.makeConst(int32_t(argvPointer));
  auto* value = builder.makeLocalGet(argv, Type::i32);
  auto* store = builder.makeStore(4, 0, 1, address, value, Type::i32, module.memories[0]->name);
  run.body = builder.makeSequence(store, run.body);
}

} // namespace parigot::kernel
