// The description of a host function's parameters in a manifest.

#include "abi/host_param.h"
#include "support.h"

using namespace parigot;
using Catch::Matchers::Contains;

namespace {

std::string shown(const HostParam& param) {
  static const char* const kinds[] = {
    "number", "number64", "in", "out", "inout", "string", "gather", "scatter", "payload", "pointers"};
  return std::string(kinds[int(param.kind)]) + " " + std::to_string(param.fixed) + " " + std::to_string(param.element) +
         " " + std::to_string(param.count) + " " + std::to_string(param.written);
}

// Parses one parameter among others called len, n and data.
std::string parsed(const std::string& text) {
  return shown(valueOf(HostParams::parse({"len", "n", text, "data: in [len]"})).values()[2]);
}

std::string refused(const std::string& text) {
  return errorOf(HostParams::parse({"len", "n", text, "data: in [len]"}));
}

} // anonymous namespace

TEST_CASE("every form of a parameter", "[host-param]") {
  CHECK(parsed("fd") == "number 0 0 -1 -1");
  CHECK(parsed("x: in [len]") == "in 0 1 0 -1");
  CHECK(parsed("x: out [n]") == "out 0 1 1 -1");
  CHECK(parsed("x: inout [n]") == "inout 0 1 1 -1");
  CHECK(parsed("x: in 64") == "in 64 0 -1 -1");
  CHECK(parsed("x: out 8") == "out 8 0 -1 -1");
  CHECK(parsed("x: inout 4") == "inout 4 0 -1 -1");
  CHECK(parsed("x: in 48[n]") == "in 0 48 1 -1");
  CHECK(parsed("x: in string") == "string 0 0 -1 -1");
  CHECK(parsed("x: in buffers[n]") == "gather 0 8 1 -1");
  CHECK(parsed("x: out buffers[n]") == "scatter 0 8 1 -1");
  CHECK(parsed("x: inout payload") == "payload 0 0 -1 -1");
  CHECK(parsed("  x :out  8 [ n ] ") == "out 0 8 1 -1");
}

TEST_CASE("what is wrong with a parameter is said of it", "[host-param]") {
  CHECK_THAT(refused(""), Contains("needs a name"));
  CHECK_THAT(refused(": in 8"), Contains("needs a name"));
  CHECK_THAT(refused("len"), Contains("\"len\" has the name of another one"));
  CHECK_THAT(refused("x: 8"), Contains("must say in, out or inout"));
  CHECK_THAT(refused("x: into 8"), Contains("must say in, out or inout"));
  CHECK_THAT(refused("x: in"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: in 0"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: in 4294967296"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: in 1073741825"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: in -1"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: out string"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: inout buffers[n]"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: in payload"), Contains("must say how many bytes"));
  CHECK_THAT(refused("x: in buffers"), Contains("buffers[n]"));
  CHECK_THAT(refused("x: in [m]"), Contains("counted by 'm', which is no other parameter"));
  CHECK_THAT(refused("x: in [x]"), Contains("counted by 'x', which is no other parameter"));
  CHECK_THAT(refused("x: in [data]"), Contains("\"x: in [data]\" is counted by an address"));
  CHECK_THAT(refused("x: in [len"), Contains("needs a ']'"));
  CHECK_THAT(refused("x: in 8 more"), Contains("behind its end"));
  CHECK_THAT(refused("x y"), Contains("behind its end"));
}

TEST_CASE("more parameters than a wasm function has", "[host-param]") {
  std::vector<std::string> texts;
  for (int i = 0; i < 128; i++) {
    texts.push_back("p" + std::to_string(i));
  }
  CHECK_THAT(errorOf(HostParams::parse(texts)), Contains("more than 127"));
  texts.pop_back();
  CHECK(valueOf(HostParams::parse(texts)).values().size() == 127);
}

TEST_CASE("parameters fit a signature or not", "[host-param]") {
  using wasm::Type;
  auto params = valueOf(HostParams::parse({"data: in [len]", "len", "when"}));
  auto fits = [&](std::vector<Type> types) {
    return !checkHostParams(params.values(), wasm::Signature(Type(types), Type::none)).getErr();
  };
  CHECK(fits({Type::i32, Type::i32, Type::i32}));
  CHECK(fits({Type::i32, Type::i32, Type::f64}));
  CHECK_FALSE(fits({Type::i64, Type::i32, Type::i32}));
  CHECK_FALSE(fits({Type::i32, Type::i64, Type::i32}));
  CHECK_FALSE(fits({Type::i32, Type::i32}));
  CHECK_FALSE(fits({Type::i32, Type::i32, Type::i32, Type::i32}));
}
