// The options of passes, by name and type: `--pass-arg=NAME@VALUE` of wasm-opt, and what the drivers set.
//
// A pass reads an option by `read`, and a driver sets it by `set`. Neither spells the option's name, and a value of the
// wrong type is an error that names the option:
//
//   bool fold = read(getPassOptions(), options::foldBases);    // --pass-arg=fold-bases

#ifndef parigot_passes_pass_options_h
#define parigot_passes_pass_options_h

#include <cstdint>
#include <optional>
#include <string>

#include "pass.h"

namespace parigot {

struct FlagOption { // NAME or NAME@1: true; NAME@0, and left out: false
  const char* name;
};
struct TextOption {
  const char* name;
};
struct SizeOption { // in bytes; the value is such as 64MiB
  const char* name;
};

namespace options {

constexpr FlagOption foldBases{"fold-bases"};                                 // place-memories
constexpr TextOption government{"government"};                                // merge-world: a file of laws
constexpr FlagOption rawHostImports{"raw-host-imports"};                      // adapt-host-calls
constexpr TextOption coroutineEntry{"asyncify-coroutines-entry"};             // asyncify-coroutines
constexpr SizeOption coroutineStack{"asyncify-coroutines-stack"};             // asyncify-coroutines
constexpr TextOption stripFile{"remove-go-js-shim-file"};                     // remove-go-js-shim, as all below
constexpr SizeOption stripMemory{"remove-go-js-shim-memory"};                 // whole pages
constexpr SizeOption stripRuntimeMemory{"remove-go-js-shim-runtime-memory"};  // whole pages
constexpr TextOption stripFolder{"remove-go-js-shim-cwd"};                    // absolute
constexpr TextOption stripGlobals{"remove-go-js-shim-globals"};               // with commas
constexpr FlagOption stripReactor{"remove-go-js-shim-reactor"};               //
constexpr FlagOption stripLibrary{"remove-go-js-shim-library"};               //
constexpr FlagOption stripKeepExports{"remove-go-js-shim-keep-shim-exports"}; //

} // namespace options

// Throw a PassError if the value does not have the option's type. A text or size that is left out, or empty, is no
// value.
bool read(const wasm::PassOptions& from, FlagOption option);
std::optional<std::string> read(const wasm::PassOptions& from, TextOption option);
std::optional<uint64_t> read(const wasm::PassOptions& from, SizeOption option);

void set(wasm::PassOptions& to, FlagOption option, bool value);
void set(wasm::PassOptions& to, TextOption option, const std::string& value);
// Sets the size as the user wrote it, so that an error can show it.
void set(wasm::PassOptions& to, SizeOption option, const std::string& value);

} // namespace parigot

#endif // parigot_passes_pass_options_h
