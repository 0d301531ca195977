// The options of passes, by name and type: `--pass-arg=NAME@VALUE` of wasm-opt, and what the drivers set.
//
// A pass reads an option by `read`, a driver sets it by `set`; so neither spells a name, and a value of the wrong type
// is an error that names the option.

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
constexpr FlagOption rawHostImports{"raw-host-imports"};                      // adapt-host-calls
constexpr TextOption coroutineEntry{"asyncify-coroutines-entry"};             // asyncify-coroutines
constexpr SizeOption coroutineStack{"asyncify-coroutines-stack"};             // asyncify-coroutines
constexpr TextOption stripFile{"remove-go-js-shim-file"};                     // remove-go-js-shim, as all below
constexpr SizeOption stripMemory{"remove-go-js-shim-memory"};                 // whole pages
constexpr SizeOption stripRuntimeMemory{"remove-go-js-shim-runtime-memory"};  // whole pages
constexpr TextOption stripFolder{"remove-go-js-shim-cwd"};                    // absolute
constexpr FlagOption stripReactor{"remove-go-js-shim-reactor"};               //
constexpr FlagOption stripKeepExports{"remove-go-js-shim-keep-shim-exports"}; //

} // namespace options

// Throw a PassError where the value is not of the option's type. Text and sizes that are left out, or empty, are none.
bool read(const wasm::PassOptions& from, FlagOption option);
std::optional<std::string> read(const wasm::PassOptions& from, TextOption option);
std::optional<uint64_t> read(const wasm::PassOptions& from, SizeOption option);

void set(wasm::PassOptions& to, FlagOption option, bool value);
void set(wasm::PassOptions& to, TextOption option, const std::string& value);
// As the user wrote it, so that an error can show it.
void set(wasm::PassOptions& to, SizeOption option, const std::string& value);

} // namespace parigot

#endif // parigot_passes_pass_options_h
