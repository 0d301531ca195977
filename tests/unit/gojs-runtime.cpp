// The parts of the runtime module gojs that turn text into text, compiled for this machine. tests/runtime tests the
// rest.

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "runtime/gojs/error_codes.h"
#include "runtime/gojs/number.h"
#include "runtime/gojs/path.h"

// Replaces the module's own allocator, which is for wasm.
namespace runtime {
void* reallocate(void* old, uint64_t size) { return realloc(old, size ? size : 1); }
void release(void* old) { free(old); }
} // namespace runtime

namespace {

gojs::Text text(const std::string& string) { return {string.data(), uint32_t(string.size())}; }
std::string string(gojs::Text text) { return {text.data, text.size}; }

std::string resolve(const std::string& from, const std::string& path) {
  gojs::Characters result;
  result << text(from);
  gojs::resolvePath(result, text(path));
  return string(result);
}

std::string below(const std::string& directory, const std::string& path) {
  return string(gojs::pathBelow(text(directory), text(path)));
}

std::string number(double value) {
  gojs::Characters result;
  gojs::appendNumber(result, value);
  return string(result);
}

} // namespace

TEST_CASE("gojs resolves paths as Node's path.resolve does", "[gojs]") {
  CHECK(resolve("/", "a") == "/a");
  CHECK(resolve("/a/b", "c/d") == "/a/b/c/d");
  CHECK(resolve("/a/b", "/c") == "/c");
  CHECK(resolve("/a/b", "..") == "/a");
  CHECK(resolve("/a/b", "../../../..") == "/");
  CHECK(resolve("/a/b", "./x/.././/y/") == "/a/b/y");
  CHECK(resolve("/a/b", "") == "/a/b");
  CHECK(resolve("/a/b", ".") == "/a/b");
  CHECK(resolve("/a/b", "...") == "/a/b/...");
  CHECK(resolve("/a/b", "..c/.d") == "/a/b/..c/.d");
  CHECK(resolve("", "a") == "/a");
  CHECK(resolve("", "") == "/");
}

TEST_CASE("gojs finds what is left of a path below a directory", "[gojs]") {
  CHECK(below("/", "/") == ".");
  CHECK(below("/", "/a/b") == "a/b");
  CHECK(below("/a", "/a") == ".");
  CHECK(below("/a", "/a/b/c") == "b/c");
  CHECK(below("/a", "/ab").empty());
  CHECK(below("/a/b", "/a").empty());
  CHECK(below("/a", "/b").empty());
}

TEST_CASE("gojs writes numbers as JavaScript does", "[gojs]") {
  CHECK(number(0) == "0");
  CHECK(number(-0.0) == "0");
  CHECK(number(1) == "1");
  CHECK(number(-123.456) == "-123.456");
  CHECK(number(100) == "100");
  CHECK(number(0.1 + 0.2) == "0.30000000000000004");
  CHECK(number(1e21) == "1e+21");
  CHECK(number(123456789012345680000.0) == "123456789012345680000");
  CHECK(number(0.000001) == "0.000001");
  CHECK(number(0.0000001) == "1e-7");
  CHECK(number(1.5e-10) == "1.5e-10");
  CHECK(number(5e-324) == "5e-324");
  CHECK(number(1.7976931348623157e308) == "1.7976931348623157e+308");
  CHECK(number(INFINITY) == "Infinity");
  CHECK(number(-INFINITY) == "-Infinity");
  CHECK(number(NAN) == "NaN");
}

TEST_CASE("gojs writes the shortest digits that read back as the same number", "[gojs]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; i++) {
    uint64_t bits = random();
    if (i % 4 == 0) {
      bits &= ~((uint64_t(1) << 52) - 1); // a power of two: its neighbours are not equally far
    } else if (i % 4 == 1) {
      bits &= ~(uint64_t(0x7FF) << 52); // subnormal
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) {
      continue;
    }
    std::string written = number(value);
    REQUIRE(std::strtod(written.c_str(), nullptr) == value);
    char shortest[64];
    auto end = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific).ptr;
    auto digits = [](const std::string& of) {
      std::string result;
      for (char c : of.substr(0, of.find('e'))) {
        if (c >= '0' && c <= '9' && !(result.empty() && c == '0')) {
          result += c;
        }
      }
      while (!result.empty() && result.back() == '0') {
        result.pop_back();
      }
      return result;
    };
    REQUIRE(digits(written) == digits({shortest, end}));
  }
}

TEST_CASE("gojs names errors as Node does", "[gojs]") {
  CHECK(string(gojs::errnoCode(0)).empty());
  CHECK(string(gojs::errnoCode(8)) == "EBADF");
  CHECK(string(gojs::errnoCode(20)) == "EEXIST");
  CHECK(string(gojs::errnoCode(44)) == "ENOENT");
  CHECK(string(gojs::errnoCode(gojs::errnoNotServed)) == "ENOSYS");
  CHECK(string(gojs::errnoCode(55)) == "ENOTEMPTY");
  CHECK(string(gojs::errnoCode(75)) == "EXDEV");
  CHECK(string(gojs::errnoCode(76)) == "EPERM"); // notcapable
  CHECK(string(gojs::errnoCode(999)) == "EIO");
}
