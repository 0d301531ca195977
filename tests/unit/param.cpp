// How a manifest describes the parameters of a host function.

#include "abi/param.h"
#include "support.h"

using namespace parigot;
using Catch::Matchers::Contains;

namespace {

std::string shown(const Param& param) {
  static const char* const kinds[] = {
    "number", "number64", "in", "out", "inout", "string", "gather", "scatter", "payload", "pointers"};
  return std::string(kinds[int(param.kind)]) + " " + std::to_string(param.fixed) + " " + std::to_string(param.element) +
         " " + std::to_string(param.count) + " " + std::to_string(param.written);
}

// One parameter among others called len, n and data.
std::string parsed(const std::string& text) {
  return shown(valueOf(Params::parse({"len", "n", text, "data: in [len]"})).values()[2]);
}

std::string refused(const std::string& text) { return errorOf(Params::parse({"len", "n", text, "data: in [len]"})); }

} // anonymous namespace

TEST_CASE("every form of a parameter", "[param]") {
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

TEST_CASE("what is wrong with a parameter is said of it", "[param]") {
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

TEST_CASE("more parameters than a wasm function has", "[param]") {
  std::vector<std::string> texts;
  for (int i = 0; i < 128; i++) {
    texts.push_back("p" + std::to_string(i));
  }
  CHECK_THAT(errorOf(Params::parse(texts)), Contains("more than 127"));
  texts.pop_back();
  CHECK(valueOf(Params::parse(texts)).values().size() == 127);
}

TEST_CASE("parameters fit a signature or not", "[param]") {
  using wasm::Type;
  auto params = valueOf(Params::parse({"data: in [len]", "len", "when"}));
  auto fits = [&](const std::vector<Type>& types) {
    return !checkParams(params.values(), wasm::Signature(Type(types), Type::none)).getErr();
  };
  CHECK(fits({Type::i32, Type::i32, Type::i32}));
  CHECK(fits({Type::i32, Type::i32, Type::f64}));
  CHECK_FALSE(fits({Type::i64, Type::i32, Type::i32}));
  CHECK_FALSE(fits({Type::i32, Type::i64, Type::i32}));
  CHECK_FALSE(fits({Type::i32, Type::i32}));
  CHECK_FALSE(fits({Type::i32, Type::i32, Type::i32, Type::i32}));
}

namespace {

// Of a call between services, where all forms are known.
Params ofCall(const std::string& text, const std::string& result = "") {
  return valueOf(
    Params::parse({"len", "n", text, "data: in [len]", "size: out 4", "room: inout 4"}, ParamUse::Call, result));
}

std::string parsedOfCall(const std::string& text) {
  auto params = ofCall(text);
  auto& param = params.values()[2];
  static const char* const froms[] = {"param", "pointee", "field", "export", "zero"};
  static const char* const more[] = {"packed", "pointer", "pair", "inside", "packed-inside"};
  return (param.kind < ParamKind::Packed ? shown(param) : more[int(param.kind) - int(ParamKind::Packed)]) + " " +
         froms[int(param.from)] + " " + std::to_string(param.offset) + (param.lengthFirst ? " length first" : "") +
         (param.allocated ? " allocated" : "");
}

std::string refusedOfCall(const std::string& text, const std::string& result = "") {
  return errorOf(
    Params::parse({"len", "n", text, "data: in [len]", "size: out 4", "room: inout 4"}, ParamUse::Call, result));
}

std::string refusedResult(const std::string& result) { return refusedOfCall("x", result); }

} // anonymous namespace

TEST_CASE("the forms that only calls between services have", "[param]") {
  CHECK(parsedOfCall("x: in 2[@-8]") == "in 0 2 -1 -1 field -8");
  CHECK(parsedOfCall("x: in [@0]") == "in 0 1 -1 -1 field 0");
  CHECK(parsedOfCall("x: inout [*room]") == "inout 0 1 5 -1 pointee 0");
  CHECK(parsedOfCall("x: out [size()]") == "out 0 1 -1 -1 export 0");
  CHECK(parsedOfCall("x: in allocated [@-4]") == "in 0 1 -1 -1 field -4 allocated");
  CHECK(parsedOfCall("x: in allocated string") == "string 0 0 -1 -1 zero 0 allocated");
  CHECK(parsedOfCall("x: in packed ptr<<32|len") == "packed param 0");
  CHECK(parsedOfCall("x: in packed len << 32 | ptr") == "packed param 0 length first");
  CHECK(parsedOfCall("x: out pointer string") == "pointer zero 0");
  CHECK(parsedOfCall("x: out pointer [*size]") == "pointer pointee 0");
  CHECK(parsedOfCall("x: out pair ptr,len") == "pair param 0");
  CHECK(parsedOfCall("x: out pair len, ptr") == "pair param 0 length first");
  CHECK(ofCall("x: out [size()]").exports() == std::vector<std::string>{"size"});
}

TEST_CASE("a parameter can be the error of a call", "[param]") {
  CHECK(parsedOfCall("x: out error") == "out 4 0 -1 -1 param 0");
  CHECK(ofCall("x: out error").error() == 2);
  CHECK(ofCall("x: out error").values()[2].noRoom == 0);
  CHECK(ofCall("x: out error 6").values()[2].noRoom == 6);
  CHECK_FALSE(ofCall("x: out 4").error());
  CHECK_THAT(refusedOfCall("x: in error"), Contains("must say how many bytes"));
  CHECK_THAT(refusedOfCall("x: inout error"), Contains("must say how many bytes"));
  CHECK_THAT(refusedOfCall("x: out error 6 7"), Contains("behind its end"));
  CHECK_THAT(errorOf(Params::parse({"a: out error", "b: out error"}, ParamUse::Call)),
             Contains("\"b: out error\" is a second error"));
  CHECK_THAT(refused("x: out error"), Contains("for calls between services only"));
}

TEST_CASE("a packed result can have a flag beside the length", "[param]") {
  auto flagged = [](const std::string& result) { return ofCall("x", result).result().flagged; };
  CHECK(flagged("out packed ptr<<32|flag<<31|len"));
  CHECK(flagged("out packed ptr << 32 | flag << 31 | len"));
  CHECK_FALSE(flagged("out packed ptr<<32|len"));
  for (auto* text : {"out packed ptr<<32|flag<<30|len",
                     "out packed ptr<<32|flag|len",
                     "out packed len<<32|flag<<31|ptr",
                     "out packed ptr<<32|flag<<31|ptr",
                     "in data packed ptr<<32|flag<<31|len"}) {
    CHECK_THAT(refusedResult(text), Contains("must say which half of the i64 is the address"));
  }
  CHECK_THAT(refusedOfCall("x: in packed ptr<<32|flag<<31|len"), Contains("must say which half"));
}

TEST_CASE("functions of the host have counts in memory, and addresses with their length", "[param]") {
  auto kindOf = [](const std::string& text) {
    auto params = valueOf(Params::parse({"size: in 4", text}));
    return std::pair(params.values()[1].kind, params.values()[1].from);
  };
  CHECK(kindOf("x: in [@-4]") == std::pair(ParamKind::In, CountFrom::Field));
  CHECK(kindOf("x: inout 8[@0]") == std::pair(ParamKind::InOut, CountFrom::Field));
  CHECK(kindOf("x: out [*size]") == std::pair(ParamKind::Out, CountFrom::Pointee));
  CHECK(kindOf("x: in packed len<<32|ptr").first == ParamKind::Packed);
  CHECK_THAT(errorOf(Params::parse({"size: in 4", "x: in buffers[*size]"})),
             Contains("counted by what lies in memory"));
}

TEST_CASE("what a result can be", "[param]") {
  CHECK(ofCall("x").result().kind == ParamKind::Number);
  CHECK(ofCall("x", "out string").result().from == CountFrom::ZeroByte);
  CHECK(ofCall("x", "out 64").result().fixed == 64);
  CHECK(ofCall("x", "out [*size]").result().count == 4);
  CHECK(ofCall("x", "out 2[@-4]").result().offset == -4);
  CHECK(ofCall("x", "out packed ptr<<32|len").result().kind == ParamKind::Packed);
  CHECK(ofCall("x", "out packed len<<32|ptr").result().lengthFirst);
  CHECK(ofCall("x", "in data").result().kind == ParamKind::Inside);
  CHECK(ofCall("x", "in data packed len<<32|ptr").result().kind == ParamKind::PackedInside);
  CHECK(ofCall("x", "in data").result().count == 3);

  CHECK_THAT(refusedResult("string"), Contains("the result \"string\" must begin with out"));
  CHECK_THAT(refusedResult("out"), Contains("must say how many bytes"));
  CHECK_THAT(refusedResult("out packed"), Contains("which half of the i64"));
  CHECK_THAT(refusedResult("out packed ptr<<32|ptr"), Contains("which half of the i64"));
  CHECK_THAT(refusedResult("out packed ptr<<16|len"), Contains("which half of the i64"));
  CHECK_THAT(refusedResult("out [m]"), Contains("counted by 'm'"));
  CHECK_THAT(refusedResult("out [*data]"), Contains("must be \"out 4\" or \"inout 4\""));
  CHECK_THAT(refusedResult("out [data]"), Contains("is counted by an address"));
  CHECK_THAT(refusedResult("in len"), Contains("lies in 'len', which is no parameter with bytes"));
  CHECK_THAT(refusedResult("out string x"), Contains("behind its end"));
}

TEST_CASE("what is wrong with such a parameter", "[param]") {
  CHECK_THAT(refusedOfCall("x: in [@-2]"), Contains("[@-4]"));
  CHECK_THAT(refusedOfCall("x: in [@]"), Contains("[@-4]"));
  CHECK_THAT(refusedOfCall("x: in [@65537]"), Contains("[@-4]"));
  CHECK_THAT(refusedOfCall("x: in [()]"), Contains("[size()]"));
  CHECK_THAT(refusedOfCall("x: in [size(]"), Contains("[size()]"));
  CHECK_THAT(refusedOfCall("x: in [*size]"), Contains("must be \"in 4\" or \"inout 4\""));
  CHECK_THAT(refusedOfCall("x: out pointer [*data]"), Contains("must be \"out 4\" or \"inout 4\""));
  CHECK_THAT(refusedOfCall("x: out pointer"), Contains("must say how many bytes"));
  CHECK_THAT(refusedOfCall("x: in pointer string"), Contains("must say how many bytes"));
  CHECK_THAT(refusedOfCall("x: out allocated 8"), Contains("must say how many bytes"));
  CHECK_THAT(refusedOfCall("x: in allocated allocated 8"), Contains("must say how many bytes"));
  CHECK_THAT(refusedOfCall("x: out pair len"), Contains("which of the two is the address"));
  CHECK_THAT(refusedOfCall("x: inout payload"), Contains("is for [[host]] only"));
  for (auto* text : {"x: out pair ptr,len", "x: out pointer string", "x: in allocated 8", "x: out [size()]"}) {
    CHECK_THAT(refused(text), Contains("is for calls between services only"));
  }
}
