// Binaryen's own wasm-opt, with plugins.
//
//   wasm-opt --load-pass build/lib/libparigot-passes.so in.wasm --remove-go-js-shim -O2 -o out.wasm
//
// Upstream's wasm-opt cannot load a pass from a library. This program adds that, and is otherwise upstream's: it
// compiles upstream's source with main renamed. Our main removes --load-pass (any number of times, anywhere among the
// arguments) from the command line, lets each plugin register its passes, and passes the other arguments on. plugin.h
// explains what a plugin is.
//
// Without --load-pass this file adds nothing, not even the handling of exceptions: the output is upstream's to the
// byte. tests/binaryen-lit runs upstream's test suite to check that.

#include <exception>
#include <iostream>

#include <pass.h>
#include <support/file.h>

#include "support/printable.h"
#include "wasm-opt/arguments.h"
#include "wasm-opt/load-pass.h"

// The main of upstream's wasm-opt.cpp.
int upstreamMain(int argc, const char* argv[]);

namespace {

[[noreturn]] void fail(const char* what) {
  std::cout.flush();
  std::cerr << "wasm-opt: error: " << parigot::printableLines(what) << '\n';
  wasm::flush_and_quick_exit(1); // no static destructors: they would wait for Binaryen's worker threads
}

// Reports the exception that is being handled.
[[noreturn]] void failWithException() {
  try {
    throw;
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("a pass threw an exception of unknown type");
  }
}

// Function-parallel passes run on Binaryen's worker threads. An exception there reaches no handler of ours, but calls
// std::terminate.
[[noreturn]] void terminate() {
  if (std::current_exception()) {
    failWithException();
  }
  std::abort();
}

} // anonymous namespace

int main(int argc, const char* argv[]) {
  Arguments arguments;
  try {
    arguments = splitArguments(argc, argv);
    if (!arguments.plugins.empty()) {
      loadPasses(arguments.plugins, wasm::PassRegistry::get());
    }
  } catch (const std::exception& error) {
    fail(error.what());
  }
  if (arguments.plugins.empty()) {
    return upstreamMain(argc, argv);
  }
  std::set_terminate(terminate);
  auto count = int(arguments.upstream.size());
  arguments.upstream.push_back(nullptr);
  try {
    return upstreamMain(count, arguments.upstream.data());
  } catch (...) {
    failWithException();
  }
}
