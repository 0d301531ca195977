// The example of a plugin: two small passes of a kind each.
//
//   wasm-opt --load-pass build/lib/tests/libcount-exports.so in.wasm --count-exports
//   wasm-opt --load-pass build/lib/tests/libcount-exports.so in.wasm --count-exports=2 --refuse-loops -O2 -o out.wasm
//
// count-exports sees a whole module at once. It prints the module's exports, and with an argument it also makes
// sure that there are no more than that:
//
//   (module (export "a" (func $f)) (export "b" (memory $m)) ...)
//
//   count-exports: 2
//     a (func)
//     b (memory)
//
// refuse-loops sees one function at a time, on several threads at once. It fails on a function that has a loop.

#include <charconv>
#include <iostream>
#include <stdexcept>

#include <pass.h>
#include <wasm.h>

#include "parigot/plugin.h"

namespace {

const char* kindName(wasm::ExternalKind kind) {
  switch (kind) {
    case wasm::ExternalKind::Function:
      return "func";
    case wasm::ExternalKind::Table:
      return "table";
    case wasm::ExternalKind::Memory:
      return "memory";
    case wasm::ExternalKind::Global:
      return "global";
    case wasm::ExternalKind::Tag:
      return "tag";
    case wasm::ExternalKind::Invalid:
      break;
  }
  return "invalid";
}

struct CountExports : public wasm::Pass {
  bool modifiesBinaryenIR() override { return false; }

  void run(wasm::Module* module) override {
    std::cout << "count-exports: " << module->exports.size() << '\n';
    for (const auto& exported : module->exports) {
      std::cout << "  " << exported->name.toString() << " (" << kindName(exported->kind) << ")\n";
    }
    if (hasArgument("count-exports")) {
      check(module->exports.size(), getArgument("count-exports", ""));
    }
  }

  static void check(size_t count, const std::string& limit) {
    size_t most = 0;
    auto end = limit.data() + limit.size();
    if (auto [rest, error] = std::from_chars(limit.data(), end, most); error != std::errc() || rest != end) {
      throw std::invalid_argument("count-exports: '" + limit + "' is not a number");
    }
    if (count > most) {
      throw std::runtime_error("count-exports: there are " + std::to_string(count) + " exports, and at most " + limit +
                               " are allowed");
    }
  }
};

struct RefuseLoops : public wasm::WalkerPass<wasm::PostWalker<RefuseLoops>> {
  bool isFunctionParallel() override { return true; }
  bool modifiesBinaryenIR() override { return false; }
  std::unique_ptr<wasm::Pass> create() override { return std::make_unique<RefuseLoops>(); }

  void visitLoop(wasm::Loop*) {
    throw std::runtime_error("refuse-loops: function " + getFunction()->name.toString() + " has a loop");
  }
};

} // anonymous namespace

BINARYEN_PLUGIN(registry) {
  registry->registerPass("count-exports",
                         "prints the module's exports; with an argument, fails if there are more than that",
                         [] { return new CountExports(); });
  registry->registerPass("refuse-loops", "fails if a function has a loop", [] { return new RefuseLoops(); });
}
