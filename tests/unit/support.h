// Helpers of several unit tests: modules from text, errors as text, a temporary folder.

#ifndef parigot_unit_support_h
#define parigot_unit_support_h

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "parser/wat-parser.h"
#include "support/result.h"
#include "wasm.h"

// The message of a result that must be an error.
template<typename T> std::string errorOf(wasm::Result<T> result) {
  auto* error = result.getErr();
  REQUIRE(error);
  return error->msg;
}

// The value of a result that must not be an error.
template<typename T> T valueOf(wasm::Result<T> result) {
  if (auto* error = result.getErr()) {
    FAIL(error->msg);
  }
  return std::move(*result);
}

inline std::unique_ptr<wasm::Module> moduleOf(const std::string& text) {
  auto module = std::make_unique<wasm::Module>();
  module->features = wasm::FeatureSet::All;
  INFO(text);
  auto parsed = wasm::WATParser::parseModule(*module, text);
  if (auto* error = parsed.getErr()) {
    FAIL(error->msg);
  }
  return module;
}

// A folder that exists during one test.
class TemporaryFolder {
public:
  TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "parigot-unit.XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path path;

  std::string file(const std::string& name) const { return (path / name).string(); }

  size_t count() const {
    size_t entries = 0;
    for ([[maybe_unused]] auto& entry : std::filesystem::directory_iterator(path)) {
      entries++;
    }
    return entries;
  }
};

inline std::string readText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void writeText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

#endif // parigot_unit_support_h
