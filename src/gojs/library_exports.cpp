#include "gojs/library_exports.h"

#include <algorithm>

#include "ir/function_builder.h"
#include "ir/imports_and_exports.h"

namespace parigot::gojs {

using namespace wasm;

namespace {

constexpr const char* mallocExport = "malloc";
constexpr const char* freeExport = "free";

struct Row {
  const char* name;
  const char* runtimeName;
  bool onlyAlone;
};
constexpr Row rows[] = {
  {libraryCall, runtimeLibraryCall, false}, {mallocExport, mallocExport, true}, {freeExport, freeExport, true}};

Signature signatureOf(const Row& row) {
  if (row.name == std::string_view(libraryCall)) {
    return Signature({Type::i32, Type::i32}, Type::i64);
  }
  return Signature(Type::i32, row.name == std::string_view(mallocExport) ? Type::i32 : Type::none);
}

// Bodies of the exports: addresses of the whole memory are those of the runtime module with `base` added.
class Completer {
public:
  Completer(Module& module, const std::string& runtime, uint32_t base) : module(module), runtime(runtime), base(base) {}

  void complete() {
    completeMalloc();
    completeFree();
    completeCall();
  }

private:
  Module& module;
  const std::string& runtime;
  uint32_t base;

  Name ofRuntime(const char* name) { return exportedFunction(module, scopedName(runtime, name))->name; }

  FunctionBuilder codeFor(const char* name) {
    auto* placeholder = exportedFunction(module, name);
    return FunctionBuilder(module, placeholder->name, placeholder->getSig());
  }

  void completeMalloc() {
    auto code = codeFor(mallocExport);
    auto address = code.local(Type::i32);
    code.set(address, code.call(ofRuntime(mallocExport), {code.get(0)}));
    code.add(code.builder.makeIf(code.get(address), code.plus(code.get(address), code.number(base)), code.number(0)));
    code.finish();
  }

  void completeFree() {
    auto code = codeFor(freeExport);
    code.add(code.ifThen(code.get(0), code.call(ofRuntime(freeExport), {code.minus(code.get(0), code.number(base))})));
    code.finish();
  }

  // A request that lies below the runtime module's memory is copied to it.
  void completeCall() {
    constexpr Index request = 0, bytes = 1;
    auto code = codeFor(libraryCall);
    auto copied = code.local(Type::i32);
    auto reply = code.local(Type::i64);
    auto memory = module.memories[0]->name;
    code.add(code.ifThen(code.binary(LtUInt32, code.get(request), code.number(base)), code.block([&]() {
      code.set(copied, code.call(ofRuntime(mallocExport), {code.get(bytes)}));
      code.add(code.ifThen(code.builder.makeUnary(EqZInt32, code.get(copied)), code.trap("malloc_failed")));
      code.set(copied, code.plus(code.get(copied), code.number(base)));
      code.add(code.builder.makeMemoryCopy(code.get(copied), code.get(request), code.get(bytes), memory, memory));
      code.set(request, code.get(copied));
    })));
    code.set(
      reply,
      code.call(ofRuntime(runtimeLibraryCall), {code.minus(code.get(request), code.number(base)), code.get(bytes)}));
    code.add(code.ifThen(code.get(copied),
                         code.call(ofRuntime(freeExport), {code.minus(code.get(copied), code.number(base))})));
    code.add(code.binary(AddInt64, code.get(reply), code.number64(uint64_t(base) << 32)));
    code.finish();
  }
};

} // namespace

Result<> addLibraryExports(Module& program, const Shim& shim, const std::string& quoted, bool alone) {
  bool sets = std::any_of(
    shim.imports.begin(), shim.imports.end(), [](auto& import) { return import.id == ShimFunction::ValueSet; });
  if (!sets) {
    return Err{quoted +
               ": it is to be a library, but registers no function: it does not import syscall/js.valueSet, by which "
               "Go sets a function on JavaScript's global object (js.Global().Set(name, js.FuncOf(..)))"};
  }
  for (auto& row : rows) {
    if (row.onlyAlone && !alone) {
      continue;
    }
    bool isAllocator = row.onlyAlone && shim.isTinyGo(); // every program of TinyGo exports its own
    if (program.getExportOrNull(row.name) && !isAllocator) {
      return Err{quoted + ": it exports '" + row.name + "', which is what a library is to export; rename that export"};
    }
    program.removeExport(row.name);
    addExportedFunction(program, row.name, signatureOf(row), Builder(program).makeUnreachable());
  }
  return Ok{};
}

void forwardLibraryExports(Module& program, const std::string& runtime) {
  for (auto& row : rows) {
    auto* placeholder = exportedFunction(program, row.name);
    FunctionBuilder code(program, placeholder->name, signatureOf(row));
    code.add(code.forward(importFrom(program, runtime, row.runtimeName, signatureOf(row))));
    code.finish();
  }
}

bool isLibraryExport(std::string_view runtimeExport) {
  return std::any_of(
    std::begin(rows), std::end(rows), [&](const Row& row) { return runtimeExport == row.runtimeName; });
}

void completeLibrary(Module& module, const World& world, const std::string& runtime) {
  Completer(module, runtime, uint32_t(world.find(runtime)->region.base)).complete();
}

} // namespace parigot::gojs
