#include "gojs/program_access.h"

#include "ir/imports_and_exports.h"
#include "wasm-builder.h"

namespace parigot::gojs {

using namespace wasm;

namespace {

struct Access {
  std::string_view name;
  uint8_t bytes;
  bool isStore;
};

constexpr Access accesses[] = {
  {"load32", 4, false}, {"load64", 8, false}, {"store8", 1, true}, {"store32", 4, true}, {"store64", 8, true}};

constexpr int32_t pageShift = 16;

std::string_view moduleFor(const Shim& shim) {
  switch (shim.abi) {
    case ShimAbi::None:
      break;
    case ShimAbi::GoStack:
      return "gojs-gc";
    case ShimAbi::TinyGoValues:
      return shim.ticksAreNanoseconds ? "gojs-tinygo-0.38" : "gojs-tinygo-0.29";
    case ShimAbi::TinyGoAddresses:
      return "gojs-tinygo-0.22";
    case ShimAbi::TinyGoGeneric:
      return "gojs-tinygo-0.22-generic";
    case ShimAbi::TinyGoTwoTrailing:
      return "gojs-tinygo-0.18";
  }
  return "";
}

} // namespace

bool addAccess(Module& program, std::string_view access, const std::string& name) {
  Builder builder(program);
  auto memory = program.memories[0]->name;
  Signature signature;
  Expression* body = nullptr;
  for (auto& [accessName, bytes, isStore] : accesses) {
    if (access != accessName) {
      continue;
    }
    auto type = bytes == 8 ? Type::i64 : Type::i32;
    auto* address = builder.makeLocalGet(0, Type::i32);
    // The program's addresses are as aligned as it likes.
    if (isStore) {
      signature = Signature({Type::i32, type}, Type::none);
      body = builder.makeStore(bytes, 0, 1, address, builder.makeLocalGet(1, type), type, memory);
    } else {
      signature = Signature(Type::i32, type);
      body = builder.makeLoad(bytes, false, 0, 1, address, type, memory);
    }
  }
  if (access == "memory_bytes") {
    signature = Signature(Type::none, Type::i32);
    body = builder.makeBinary(ShlInt32, builder.makeMemorySize(memory), builder.makeConst(pageShift));
  } else if (access == "read" || access == "write") {
    signature = Signature({Type::i32, Type::i32, Type::i32}, Type::none);
    body = builder.makeUnreachable();
  }
  if (!body) {
    return false;
  }
  addExportedFunction(program, name, signature, body);
  return true;
}

bool defineConstant(Module& runtime, Function& import, const ProgramFacts& facts) {
  Builder builder(runtime);
  auto define = [&](Expression* body) {
    defineImport(import, body);
    return true;
  };
  if (import.base == "has_exports") {
    return define(builder.makeConst(int32_t(facts.hasUserExports)));
  }
  if (import.base == "yielded" && !facts.mayYield) {
    return define(builder.makeConst(int32_t(0)));
  }
  if (import.base != "cwd" && import.base != "globals") {
    return false;
  }
  // (to, capacity) -> bytes, at most so many.
  auto& text = import.base == "cwd" ? facts.cwd : facts.globals;
  constexpr Index to = 0, capacity = 1;
  auto memory = runtime.memories[0]->name;
  std::vector<Expression*> list;
  for (uint32_t i = 0; i < text.size(); i++) {
    auto* store = builder.makeStore(
      1, i, 1, builder.makeLocalGet(to, Type::i32), builder.makeConst(int32_t(uint8_t(text[i]))), Type::i32, memory);
    auto* fits = builder.makeBinary(GtUInt32, builder.makeLocalGet(capacity, Type::i32), builder.makeConst(int32_t(i)));
    list.push_back(builder.makeIf(fits, store));
  }
  list.push_back(builder.makeConst(int32_t(text.size())));
  return define(builder.makeBlock(list, Type::i32));
}

std::string runtimeModuleFor(const Shim& shim, bool allOfMath) {
  return std::string(moduleFor(shim)) + (allOfMath ? "-math" : "");
}

} // namespace parigot::gojs
