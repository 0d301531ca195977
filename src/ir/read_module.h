// Reads the wasm binary (or text) of one service.
//
// Binaryen's own ModuleReader may exit the process, throws an exception that is
// no std::exception, and lets its tools dump the module when it does not
// validate. Here every way to fail is a value that names the file, and what
// cannot be part of a world is refused in words.

#ifndef parigot_ir_read_module_h
#define parigot_ir_read_module_h

#include <memory>
#include <string>
#include <vector>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

// Reads a core wasm module from `path` ("-": standard input) and validates it.
// The features of the result are all that Binaryen knows; featuresUsed() tells
// which it needs. `kept` is given what was read, text or binary.
wasm::Result<std::unique_ptr<wasm::Module>> readModule(const std::string& path, std::vector<char>* kept = nullptr);

// Whether a module can be a service: one memory at most, defined by itself, 32
// bit and unshared; no dynamic library. The error says what and what to do, but
// not the name of the service, which the caller knows.
wasm::Result<> checkService(const wasm::Module& module);

// Validates without a dump. The error holds the first complaint.
wasm::Result<> validate(wasm::Module& module);

} // namespace parigot

#endif // parigot_ir_read_module_h
