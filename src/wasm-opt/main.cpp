// wasm-opt, Binaryen's own, with plugins.
//
//   wasm-opt --load-pass build/lib/libparigot-passes.so in.wasm --remove-go-js-shim -O2 -o out.wasm
//
// Upstream's wasm-opt has no way to load a pass from a library. This one does, and is upstream's otherwise: its source
// is compiled in as it is, only its main has another name. Ours takes --load-pass (as often as wanted, anywhere among
// the arguments) off the command line, lets each plugin register its passes, and hands the other arguments on. plugin.h
// says what a plugin is.
//
// Without --load-pass nothing else happens here, not even the handling of exceptions: the output is upstream's to the
// byte. tests/binaryen-lit runs upstream's test suite to hold us to that.

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

// An exception on one of Binaryen's worker threads, where function-parallel passes run, reaches no handler of ours.
// What it reaches is std::terminate.
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
