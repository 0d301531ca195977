// Reads the wasm binary, or text, of one service.
//
// Binaryen's own ModuleReader can exit the process, throws an exception that is not derived from std::exception, and
// lets the tools dump a module that does not validate. The functions here return every failure as an error that names
// the file, and say why a module cannot be part of a world.

#ifndef parigot_ir_read_module_h
#define parigot_ir_read_module_h

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

struct ReadOptions {
  // Receives the bytes or the text of the file.
  std::vector<char>* kept = nullptr;
  // Gives each instruction of a binary a debug location: this number as the file, and as the line the instruction's
  // offset in the payload of the code section. A function's prologue and epilogue are the begin and the end of its
  // body.
  std::optional<uint32_t> positionsOf = {};
  // Gives instructions of a binary the debug locations that are in this source map of ours or Binaryen's.
  std::string_view sourceMap = {};
  // Whether this program has written the bytes, of a valid module: it is not validated again.
  bool ours = false;
};

// Reads a core wasm module from `path` ("-": standard input) and validates it. The result has all features that
// Binaryen knows; featuresUsed() computes the ones that it needs.
wasm::Result<std::unique_ptr<wasm::Module>> readModule(const std::string& path, const ReadOptions& options = {});

// The two halves of it: the bytes or the text of a file, and the module that they are. `path` is for errors.
wasm::Result<std::vector<char>> readFileOfModule(const std::string& path);
wasm::Result<std::unique_ptr<wasm::Module>>
readModule(const std::string& path, std::vector<char> bytes, const ReadOptions& options = {});

// A binary without the code of its functions, and not validated. The bytes are those of a binary.
wasm::Result<std::unique_ptr<wasm::Module>> readOutline(const std::string& path, const std::vector<char>& bytes);

// Checks that a module can be a service: at most one memory, which it defines itself, with 32-bit addresses and
// unshared; and no dynamic library. The error says what is wrong and what to do. It does not name the service: the
// caller adds the name.
wasm::Result<> checkService(const wasm::Module& module);

// Validates without a dump. The error is the first complaint of the validator.
wasm::Result<> validate(wasm::Module& module);

} // namespace parigot

#endif // parigot_ir_read_module_h
