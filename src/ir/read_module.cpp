#include "ir/read_module.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <new>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "ir/misread_code.h"
#include "parser/wat-parser.h"
#include "parsing.h"
#include "source-map.h"
#include "support/colors.h"
#include "support/fatal_error.h"
#include "support/printable.h"
#include "wasm-binary.h"
#include "wasm-validator.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Module;
using wasm::Ok;
using wasm::Result;

// Binaryen refuses some valid modules, such as code behind an unconditional branch that uses what no value reaches.
const char* const orUnsupported =
  "; it is damaged, or valid in a way that Binaryen does not support: `wasm-tools validate` tells which";

// The preamble of a binary: magic, version, layer (0 for a core module, 1 for a component). Source: the component
// model's Binary.md, "Component Definitions".
Result<> checkPreamble(const std::string& path, const std::vector<char>& bytes) {
  constexpr char magic[4] = {'\0', 'a', 's', 'm'};
  if (bytes.size() < 4 || std::memcmp(bytes.data(), magic, 4) != 0) {
    return Err{path + ": is not a WebAssembly module (it does not begin with "
                      "\\0asm)"};
  }
  if (bytes.size() < 8) {
    return Err{path + ": is truncated: it ends within the first 8 bytes"};
  }
  if (bytes[6] == 1 && bytes[7] == 0) {
    return Err{path + ": is a WebAssembly component, not a core module; take "
                      "the core module out of it (`wasm-tools component "
                      "unbundle`) or build the service without componentizing"};
  }
  return Ok{};
}

// Checks what Binaryen's reader does not. All other faults are left to the reader.
//
// - A section, and the section DataCount, announce a number of items, and the reader allocates memory for all of them
//   before it reads the first. An item takes at least one byte, so a number larger than the section is wrong, and would
//   cost minutes and gigabytes.
// - In a file that was cut off between two sections, functions are declared and have no code. The reader would fail an
//   assertion later.
class SectionCheck {
public:
  SectionCheck(const std::string& path, const std::vector<char>& bytes) : path(path), bytes(bytes) {}

  Result<> check() {
    constexpr uint8_t custom = 0, function = 3, start = 8, code = 10, dataCount = 12;
    uint64_t functions = 0;
    size_t at = 8;
    while (at < bytes.size()) {
      auto section = uint8_t(bytes[at++]);
      auto size = number(at);
      if (!size || *size > bytes.size() - at) {
        return Ok{};
      }
      auto end = at + *size;
      if (section != custom && section != start) {
        auto begin = at;
        auto count = number(at);
        auto most = section == dataCount ? bytes.size() : *size;
        if (count && *count > most) {
          return Err{path + ": is no valid wasm module: a section of " + std::to_string(*size) + " bytes announces " +
                     std::to_string(*count) + " items (at byte " + std::to_string(begin) + ")"};
        }
        if (section == function) {
          functions = count.value_or(0);
        } else if (section == code) {
          functions = 0; // the reader compares their number
        }
      }
      at = end;
    }
    if (functions) {
      return Err{path + ": is no valid wasm module: it declares " + std::to_string(functions) +
                 " functions and ends before their code"};
    }
    return Ok{};
  }

private:
  const std::string& path;
  const std::vector<char>& bytes;

  // Reads an unsigned LEB128; no value if the bytes are none.
  std::optional<uint64_t> number(size_t& at) const {
    uint64_t value = 0;
    for (int shift = 0; shift < 35 && at < bytes.size(); shift += 7) {
      auto byte = uint8_t(bytes[at++]);
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return {};
  }
};

bool looksLikeText(const std::vector<char>& bytes) {
  for (char c : bytes) {
    if (c == '(' || c == ';') {
      return true;
    }
    if (!std::isspace(static_cast<unsigned char>(c))) {
      return false;
    }
  }
  return false;
}

// Replaces the buffer of std::cerr while the validator runs, which can write its reasons only there.
class CapturedErrors {
public:
  CapturedErrors() : before(std::cerr.rdbuf(text.rdbuf())) {
    colors = Colors::isEnabled();
    Colors::setEnabled(false);
  }
  ~CapturedErrors() {
    std::cerr.rdbuf(before);
    Colors::setEnabled(colors);
  }
  CapturedErrors(const CapturedErrors&) = delete;
  CapturedErrors& operator=(const CapturedErrors&) = delete;

  std::string firstLine() const {
    auto all = text.str();
    auto line = all.substr(0, all.find('\n'));
    // The text "..., on" introduces the expression, which is left out.
    if (auto end = line.rfind(", on"); end != std::string::npos) {
      line.resize(end);
    }
    return line;
  }

private:
  std::ostringstream text;
  std::streambuf* before;
  bool colors;
};

// Binaryen's reader notes where each instruction is if a section may speak of that. An empty section of branch hints is
// one: WasmBinaryReader::preScan() in wasm-binary.cpp. It stands behind all others.
constexpr std::string_view noHints("\0\x1b\x19metadata.code.branch_hint\0", 29);

// Turns the places of instructions into debug locations.
void keepPositions(Module& module, uint32_t number) {
  using Location = wasm::Function::DebugLocation;
  auto at = [&](wasm::BinaryLocation offset) { return Location{number, offset, 0, {}}; };
  for (auto& function : module.functions) {
    if (function->imported()) {
      continue;
    }
    function->debugLocations.reserve(function->expressionLocations.size());
    for (auto& [instruction, span] : function->expressionLocations) {
      function->debugLocations.emplace(instruction, at(span.start));
    }
    auto& body = function->funcLocation;
    function->prologLocation = at(body.declarations);
    function->epilogLocation = at(body.end - 1);
    decltype(function->expressionLocations)().swap(function->expressionLocations);
    decltype(function->delimiterLocations)().swap(function->delimiterLocations);
    body = {};
  }
}

// Reads a binary with Binaryen's reader. `set` changes how.
template<typename Set>
Result<> readBinary(const std::string& path,
                    const std::vector<char>& bytes,
                    Module& module,
                    std::vector<char>& sourceMap,
                    const Set& set) {
  CHECK_ERR(checkPreamble(path, bytes));
  CHECK_ERR(SectionCheck(path, bytes).check());
  try {
    wasm::WasmBinaryReader reader(module, module.features, bytes, sourceMap);
    reader.setDebugInfo(true);
    set(reader);
    reader.read();
  } catch (const wasm::ParseException& error) {
    std::string at;
    if (error.col != size_t(-1)) {
      at = " (at byte " + std::to_string(error.col) + ")";
    }
    return Err{path + ": Binaryen cannot read this module: " + error.text + at + orUnsupported};
  } catch (const wasm::MapParseException& error) {
    return Err{path + ": internal error: the positions of its instructions cannot be read: " + error.errorText};
  } catch (const std::bad_alloc&) {
    return Err{path + ": is no valid wasm module: it asks for more memory than "
                      "there is"};
  } catch (const std::length_error&) {
    return Err{path + ": is no valid wasm module: a length in it is absurd"};
  }
  return Ok{};
}

Result<> parse(const std::string& path, std::vector<char>& bytes, Module& module, const ReadOptions& options) {
  if (looksLikeText(bytes)) {
    std::string text(bytes.begin(), bytes.end());
    if (auto parsed = wasm::WATParser::parseModule(module, text, path); auto* error = parsed.getErr()) {
      return Err{error->msg};
    }
    return Ok{};
  }
  auto size = bytes.size();
  if (options.positionsOf) {
    bytes.insert(bytes.end(), noHints.begin(), noHints.end());
  }
  std::vector<char> sourceMap(options.sourceMap.begin(), options.sourceMap.end());
  if (!sourceMap.empty()) {
    sourceMap.push_back('\0'); // Binaryen's reader of JSON stops there
  }
  CHECK_ERR(readBinary(path, bytes, module, sourceMap, [](auto&) {}));
  bytes.resize(size);
  if (options.positionsOf) {
    keepPositions(module, *options.positionsOf);
  }
  return Ok{};
}

} // namespace

Result<> validate(Module& module) {
  using wasm::WasmValidator;
  if (WasmValidator().validate(module, WasmValidator::Globally | WasmValidator::Quiet)) {
    return Ok{};
  }
  CapturedErrors errors;
  WasmValidator().validate(module);
  return Err{errors.firstLine()};
}

Result<std::vector<char>> readFileOfModule(const std::string& path) {
  if (path == "-") {
    return std::vector<char>(std::istreambuf_iterator<char>(std::cin), {});
  }
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return Err{path + ": is a folder, not a wasm module"};
  }
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  std::vector<char> bytes;
  auto size = file.tellg();
  if (size > 0) {
    bytes.resize(size_t(size));
    file.seekg(0);
    file.read(bytes.data(), size);
  } else {
    // A pipe or a device has no size.
    file.clear();
    file.seekg(0);
    file.clear();
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (file.bad()) {
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  return bytes;
}

Result<std::unique_ptr<Module>> readModule(const std::string& path, const ReadOptions& options) {
  auto bytes = readFileOfModule(path);
  if (auto* error = bytes.getErr()) {
    return Err{error->msg};
  }
  return readModule(path, std::move(*bytes), options);
}

Result<std::unique_ptr<Module>>
readModule(const std::string& path, std::vector<char> bytes, const ReadOptions& options) {
  auto shown = path == "-" ? std::string("<standard input>") : path;
  auto module = std::make_unique<Module>();
  module->features = wasm::FeatureSet::All;
  FatalErrorReporter words(shown + ": cannot be read as a wasm module", true);
  CHECK_ERR(parse(shown, bytes, *module, options));
  if (options.kept) {
    *options.kept = std::move(bytes);
  }
  std::vector<char>().swap(bytes);
  if (options.ours) {
    return module;
  }
  if (auto valid = validate(*module); auto* error = valid.getErr()) {
    return Err{shown + ": Binaryen finds this module invalid: " + error->msg + orUnsupported};
  }
  if (auto function = findMisreadFunction(*module)) {
    return Err{shown + ": Binaryen cannot read this module: in " + printable(*function) +
               ", code behind an unconditional branch uses values that nothing computes, and Binaryen would lose what "
               "comes before the branch; the module can be valid, but compilers write no such code: take it out"};
  }
  return module;
}

Result<std::unique_ptr<Module>> readOutline(const std::string& path, const std::vector<char>& bytes) {
  auto module = std::make_unique<Module>();
  module->features = wasm::FeatureSet::All;
  FatalErrorReporter words(path + ": cannot be read as a wasm module", true);
  std::vector<char> noMap;
  CHECK_ERR(readBinary(path, bytes, *module, noMap, [](auto& reader) { reader.setSkipFunctionBodies(true); }));
  return module;
}

Result<> checkService(const Module& module) {
  if (module.dylinkSection) {
    return Err{"it is a dynamic library (it has a dylink section); link it "
               "statically"};
  }
  if (module.memories.size() > 1) {
    return Err{"it has " + std::to_string(module.memories.size()) +
               " memories, and a service has one; lower them first with "
               "`wasm-opt --multi-memory-lowering`"};
  }
  for (auto& memory : module.memories) {
    if (memory->is64()) {
      return Err{"its memory is 64-bit (memory64), and a world shares one "
                 "32-bit memory; build it for wasm32"};
    }
    if (memory->shared) {
      return Err{"its memory is shared between threads, which a world does not "
                 "support; build it without threads"};
    }
    if (memory->pageSizeLog2 != wasm::Memory::kDefaultPageSizeLog2) {
      return Err{"its memory has custom page sizes; build it with pages of "
                 "64 KiB"};
    }
    if (memory->imported()) {
      return Err{"it imports its memory (" + memory->module.toString() + "." + memory->base.toString() +
                 "), and in a world every service defines its own; build it "
                 "without --import-memory"};
    }
  }
  return Ok{};
}

} // namespace parigot
