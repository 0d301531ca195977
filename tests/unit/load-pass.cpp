// Separates wasm-opt's command line into our arguments and upstream's.

#include <catch2/catch.hpp>

#include "wasm-opt/arguments.h"

namespace {

using Strings = std::vector<std::string>;

struct Split {
  Strings plugins;
  Strings upstream;
};

Split split(const Strings& arguments) {
  std::vector<const char*> argv{"wasm-opt"};
  for (const auto& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  auto result = splitArguments(int(argv.size()), argv.data());
  REQUIRE(result.upstream.front() == std::string("wasm-opt"));
  return {result.plugins, Strings(result.upstream.begin() + 1, result.upstream.end())};
}

} // anonymous namespace

TEST_CASE("leaves a command line without --load-pass alone", "[load-pass]") {
  Strings line{"in.wasm", "-O2", "--pass-arg", "a@b", "-o", "out.wasm", "-"};
  auto result = split(line);
  CHECK(result.plugins.empty());
  CHECK(result.upstream == line);
}

TEST_CASE("takes --load-pass out wherever it stands, and keeps the order", "[load-pass]") {
  auto result = split({"--load-pass", "a.so", "in.wasm", "--load-pass=b.so", "-O2", "--load-pass", "c.so"});
  CHECK(result.plugins == Strings{"a.so", "b.so", "c.so"});
  CHECK(result.upstream == Strings{"in.wasm", "-O2"});
}

TEST_CASE("takes what follows --load-pass as its file, whatever it looks like", "[load-pass]") {
  auto result = split({"--load-pass", "--load-pass", "--load-pass=--help"});
  CHECK(result.plugins == Strings{"--load-pass", "--help"});
  CHECK(result.upstream.empty());
}

TEST_CASE("leaves --load-pass alone where it is the value of another option", "[load-pass]") {
  auto result = split({"-o", "--load-pass", "--pass-arg", "--load-pass=x", "--load-pass", "a.so"});
  CHECK(result.plugins == Strings{"a.so"});
  CHECK(result.upstream == Strings{"-o", "--load-pass", "--pass-arg", "--load-pass=x"});
}

TEST_CASE("does not take an option for one with a value when its value came with =", "[load-pass]") {
  auto result = split({"--output=x", "--load-pass", "a.so"});
  CHECK(result.plugins == Strings{"a.so"});
  CHECK(result.upstream == Strings{"--output=x"});
}

TEST_CASE("does not mistake an option that only begins alike", "[load-pass]") {
  auto result = split({"--load-passes", "a.so", "-load-pass", "b.so"});
  CHECK(result.plugins.empty());
  CHECK(result.upstream.size() == 4);
}

TEST_CASE("says so when the file is missing", "[load-pass]") {
  CHECK_THROWS_WITH(split({"in.wasm", "--load-pass"}), "--load-pass: no file given");
  CHECK_THROWS_WITH(split({"--load-pass="}), "--load-pass: no file given");
  CHECK_THROWS_WITH(split({"--load-pass", ""}), "--load-pass: no file given");
}
