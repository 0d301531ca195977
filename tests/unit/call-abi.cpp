// Call ABIs: the ABI of a call without a declaration, and the signature that each ABI requires.

#include "abi/call_abi.h"
#include "ir/describe.h"
#include "support.h"

using namespace parigot;
using wasm::Signature;
using wasm::Type;

namespace {

Signature signature(const std::vector<Type>& params, const std::vector<Type>& results) {
  return Signature(Type(params), Type(results));
}

const Signature parigotCall = signature({Type::i32, Type::i32, Type::i32, Type::i32}, {Type::i64});

} // anonymous namespace

TEST_CASE("parigot is known by its signature and the underscore together", "[call-abi]") {
  CHECK(inferCallAbi("fetch_greeting_", parigotCall) == CallAbi::Parigot);
  CHECK(inferCallAbi("_", parigotCall) == CallAbi::Parigot);
  CHECK_FALSE(inferCallAbi("fetch_greeting", parigotCall));
  CHECK_FALSE(inferCallAbi("", parigotCall));
  CHECK_FALSE(inferCallAbi("fetch_", signature({Type::i32, Type::i32, Type::i32}, {Type::i64})));
  CHECK_FALSE(inferCallAbi("fetch_", signature({Type::i32, Type::i32, Type::i32, Type::i32}, {Type::i32})));
  CHECK_FALSE(inferCallAbi("fetch_", signature({Type::i32, Type::i32, Type::i32, Type::i64}, {Type::i64})));
}

TEST_CASE("a call without i32 parameters is scalar, whatever it returns", "[call-abi]") {
  CHECK(inferCallAbi("f", signature({}, {})) == CallAbi::Scalar);
  CHECK(inferCallAbi("f_", signature({}, {Type::i32})) == CallAbi::Scalar);
  CHECK(inferCallAbi("f", signature({Type::i64, Type::f32, Type::f64}, {Type::i64})) == CallAbi::Scalar);
}

TEST_CASE("anything else with an i32 parameter is nobody's to guess", "[call-abi]") {
  CHECK_FALSE(inferCallAbi("f", signature({Type::i32}, {})));
  CHECK_FALSE(inferCallAbi("f", signature({Type::i64, Type::i32}, {})));
  CHECK_FALSE(inferCallAbi("f_", signature({Type::i32, Type::i32}, {Type::i64})));
}

TEST_CASE("names of ABIs are read as they are written", "[call-abi]") {
  std::vector<std::string_view> names;
  for (auto& row : callAbis()) {
    if (row.inManifests) {
      names.push_back(row.name);
    }
    CHECK(parseCallAbi(row.name) == row.abi);
    CHECK(toString(row.abi) == row.name);
  }
  CHECK(names == std::vector<std::string_view>{"scalar", "parigot", "bytes"});
  for (auto* other : {"", "Scalar", "scalar ", "byte"}) {
    CHECK_FALSE(parseCallAbi(other));
  }
}

TEST_CASE("each ABI that carries bytes has one signature", "[call-abi]") {
  CHECK_FALSE(signatureOf(CallAbi::Scalar));
  CHECK(*signatureOf(CallAbi::Parigot) == parigotCall);
  CHECK(*signatureOf(CallAbi::Bytes) == signature({Type::i32, Type::i32}, {Type::i64}));
}

TEST_CASE("signatures are shown as a person would write them", "[call-abi]") {
  CHECK(describe(signature({}, {})) == "() -> ()");
  CHECK(describe(signature({Type::i32}, {Type::f64})) == "(i32) -> f64");
  CHECK(describe(parigotCall) == "(i32, i32, i32, i32) -> i64");
  CHECK(describe(signature({Type::v128}, {Type::i32, Type::i64})) == "(v128) -> (i32, i64)");
  CHECK(describe(signature({Type(wasm::HeapType::ext, wasm::Nullable)}, {})) == "(externref) -> ()");
}
