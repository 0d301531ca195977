#include "passes/pass_options.h"

#include "passes/passes.h"
#include "support/byte_size.h"

namespace parigot {

namespace {

std::optional<std::string> textOf(const wasm::PassOptions& from, const char* name) {
  auto found = from.arguments.find(name);
  if (found == from.arguments.end() || found->second.empty()) {
    return {};
  }
  return found->second;
}

void setText(wasm::PassOptions& to, const char* name, const std::string& value) {
  if (!value.empty()) {
    to.arguments[name] = value;
  }
}

} // namespace

bool read(const wasm::PassOptions& from, FlagOption option) {
  auto found = from.arguments.find(option.name);
  if (found == from.arguments.end()) {
    return false;
  }
  auto& value = found->second;
  if (value != "" && value != "1" && value != "0") {
    throw PassError("--pass-arg=" + std::string(option.name) + "@" + value +
                    ": the value must be 1 or 0, or be left out, which is 1");
  }
  return value != "0";
}

std::optional<std::string> read(const wasm::PassOptions& from, TextOption option) { return textOf(from, option.name); }

std::optional<uint64_t> read(const wasm::PassOptions& from, SizeOption option) {
  auto text = textOf(from, option.name);
  if (!text) {
    return {};
  }
  auto bytes = parseByteSize(*text);
  if (!bytes) {
    throw PassError("'" + *text + "' for " + option.name + " is no size, such as 256KiB or 262144");
  }
  return bytes;
}

void set(wasm::PassOptions& to, FlagOption option, bool value) { setText(to, option.name, value ? "1" : ""); }

void set(wasm::PassOptions& to, TextOption option, const std::string& value) { setText(to, option.name, value); }

void set(wasm::PassOptions& to, SizeOption option, const std::string& value) { setText(to, option.name, value); }

} // namespace parigot
