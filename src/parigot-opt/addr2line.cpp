// `parigot-opt addr2line`: prints function, file and line of instructions of a module.

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <regex>
#include <sstream>

#include <nlohmann/json.hpp>

#include "debug/binary_layout.h"
#include "debug/finished_lines.h"
#include "debug/linkage_names.h"
#include "debug/source_map.h"
#include "parigot-opt/command.h"
#include "support/printable.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

Result<std::string> readFile(const std::string& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    return Err{path + ": is a folder, not a wasm module"};
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (!file || !(bytes << file.rdbuf())) {
    return Err{path + ": cannot be read" + (errno ? std::string(": ") + std::strerror(errno) : "")};
  }
  return bytes.str();
}

// A module, and its lines, which may come from another file.
struct Program {
  debug::BinaryLayout layout;
  debug::SourceLines lines;
};

struct BinaryFile {
  std::string bytes;
  debug::BinaryLayout layout;
};

Result<BinaryFile> readBinary(const std::string& path) {
  auto bytes = readFile(path);
  CHECK_ERR(bytes);
  if (!bytes->starts_with(std::string_view("\0asm", 4))) {
    return Err{path + ": is not a WebAssembly module (it does not begin with \\0asm)"};
  }
  auto layout = debug::BinaryLayout::read(*bytes);
  if (auto* error = layout.getErr()) {
    return Err{path + ": is no valid wasm module: " + error->msg};
  }
  return BinaryFile{std::move(*bytes), std::move(*layout)};
}

// The file with the debug information of a module; empty: the module itself.
std::string debugFileOf(const AddressOptions& options, const BinaryFile& module) {
  if (!options.debugFile.empty()) {
    return options.debugFile;
  }
  auto url = debug::urlOfSection(module.bytes, module.layout, "external_debug_info");
  return url.empty() ? "" : (fs::path(options.file).parent_path() / url).string();
}

Result<Program> readProgram(const AddressOptions& options) {
  auto module = readBinary(options.file);
  if (auto* error = module.getErr()) {
    return Err{error->msg};
  }
  auto shown = options.file;
  std::optional<BinaryFile> other;
  if (auto file = debugFileOf(options, *module); !file.empty()) {
    auto read = readBinary(file);
    if (auto* error = read.getErr()) {
      return Err{error->msg + (options.debugFile.empty() ? "; " + options.file +
                                                             " says that its debug information is "
                                                             "there, --debug-file FILE says where"
                                                         : "")};
    }
    auto id = [](const BinaryFile& of) { return of.layout.customSection(of.bytes, "build_id"); };
    if (id(*module) != id(*read)) {
      return Err{file + ": is the debug information of another build than " + options.file +
                 ": they have different build_ids"};
    }
    other = std::move(*read);
    shown = file;
  }
  auto& from = other ? *other : *module;
  auto lines = debug::finishedLines(from.bytes, from.layout);
  if (auto* error = lines.getErr()) {
    return Err{shown + ": " + error->msg};
  }
  return Program{std::move(module->layout), std::move(*lines)};
}

std::string placeText(const debug::SourceLines& lines, const debug::Place& place) {
  if (place.file == debug::none) {
    return "??:0";
  }
  auto text = lines.files[place.file].path + ":" + std::to_string(place.line);
  return place.column ? text + ":" + std::to_string(place.column) : text;
}

std::string functionName(const debug::SourceLines& lines, const debug::Frame& frame) {
  return frame.function == debug::none ? "??" : debug::displayName(lines.functions[frame.function]);
}

// An offset in the file as one in the code section; no value if it is in no function.
std::optional<uint32_t> inCode(const Program& program, uint64_t address, bool already) {
  auto begin = already ? 0 : program.layout.code.begin;
  if (address < begin || address - begin > UINT32_MAX) {
    return {};
  }
  auto offset = uint32_t(address - begin);
  return debug::bodyAt(program.layout.bodies, offset) < program.layout.bodies.size() ? std::optional(offset)
                                                                                     : std::nullopt;
}

std::optional<uint64_t> parseAddress(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
  }
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                   : std::nullopt;
}

// The frames of an address as lines of text, each with `indent` in front.
std::string framesText(const debug::SourceLines& lines, const std::vector<debug::Frame>& frames, const char* indent) {
  std::string text;
  for (auto& frame : frames) {
    text += indent + functionName(lines, frame) + " at " + placeText(lines, frame.place) + "\n";
  }
  return printableLines(text);
}

Json framesJson(const debug::SourceLines& lines, const std::vector<debug::Frame>& frames) {
  auto all = Json::array();
  for (auto& frame : frames) {
    bool known = frame.place.file != debug::none;
    all.push_back({{"function", functionName(lines, frame)},
                   {"file", known ? Json(lines.files[frame.place.file].path) : Json(nullptr)},
                   {"line", frame.place.line},
                   {"column", frame.place.column}});
  }
  return all;
}

Result<> printAddresses(const Program& program, const AddressOptions& options) {
  auto json = Json::array();
  for (auto& word : options.addresses) {
    auto address = parseAddress(word);
    if (!address) {
      return Err{"'" + word + "' is no address; give a hexadecimal offset, such as 0x1f3"};
    }
    auto offset = inCode(program, *address, options.inCodeSection);
    auto frames = offset ? program.lines.framesAt(*offset) : std::vector<debug::Frame>();
    if (options.json) {
      json.push_back({{"address", *address}, {"frames", framesJson(program.lines, frames)}});
    } else if (frames.empty()) {
      std::cout << word
                << (offset ? ": nothing is known of this function\n" : ": there is no function at this offset\n");
    } else {
      std::cout << word << ":\n" << framesText(program.lines, frames, "  ");
    }
  }
  if (options.json) {
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  return Ok{};
}

// The address in a line of a log that is a frame; no value without one.
std::optional<uint64_t> addressInLog(const std::string& line) {
  static const std::regex v8(R"(wasm-function\[\d+\]:0x([0-9a-fA-F]{1,8}))");
  static const std::regex wasmtime(R"(^\s*\d+:\s+0x([0-9a-fA-F]{1,8}) - )");
  constexpr size_t longest = 4096; // a regular expression is recursive
  std::smatch match;
  auto head = line.substr(0, longest);
  if (std::regex_search(head, match, v8) || std::regex_search(head, match, wasmtime)) {
    return parseAddress(match[1].str());
  }
  return {};
}

void annotateLog(const Program& program, const AddressOptions& options) {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << line << '\n';
    auto address = addressInLog(line);
    auto offset = address ? inCode(program, *address, options.inCodeSection) : std::nullopt;
    if (offset) {
      std::cout << framesText(program.lines, program.lines.framesAt(*offset), "      ");
    }
  }
}

} // namespace

Result<> addressesToLines(const AddressOptions& options) {
  if (options.addresses.empty() && options.json) {
    return Err{"--json is for ADDRESSes; a log is printed as text"};
  }
  auto program = readProgram(options);
  CHECK_ERR(program);
  if (!options.addresses.empty()) {
    return printAddresses(*program, options);
  }
  annotateLog(*program, options);
  return Ok{};
}

} // namespace parigot
