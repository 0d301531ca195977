// Calls that are described by their parameters: what the texts mean together, and which exports they need.

#include "abi/call_abi.h"
#include "abi/call_description.h"
#include "ir/imports_and_exports.h"
#include "support.h"

using namespace parigot;
using Catch::Matchers::Contains;
using wasm::Signature;
using wasm::Type;

namespace {

CallTexts texts(std::vector<std::string> params, std::string result = "") {
  CallTexts said;
  said.params = std::move(params);
  said.result = std::move(result);
  return said;
}

// "__new(size, 2)", as a person would write it.
std::string shown(const Allocator& allocator) {
  switch (allocator.kind) {
    case Allocator::Kind::Constant:
      return std::to_string(allocator.constant);
    case Allocator::Kind::Size:
      return "size";
    case Allocator::Kind::Call:
      break;
  }
  std::string operands;
  for (auto& operand : allocator.operands) {
    operands += (operands.empty() ? "" : ", ") + shown(operand);
  }
  return allocator.function + "(" + operands + ")";
}

std::string allocator(const std::string& text) { return shown(valueOf(Allocator::parse(text))); }

std::string refusedAllocator(const std::string& text) { return errorOf(Allocator::parse(text)); }

} // anonymous namespace

TEST_CASE("an allocator is a call of exports with the size", "[call-description]") {
  CHECK(allocator("malloc") == "malloc(size)");
  CHECK(allocator("malloc(size)") == "malloc(size)");
  CHECK(allocator("__pin( __new(size,2) )") == "__pin(__new(size, 2))");
  CHECK(allocator("cabi_realloc(0, 0, 1, size)") == "cabi_realloc(0, 0, 1, size)");
  CHECK(allocator("f(4294967295, size)") == "f(4294967295, size)");

  CHECK_THAT(refusedAllocator(""), Contains("is no call of an export with 'size'"));
  CHECK_THAT(refusedAllocator("f(1)"), Contains("is no call of an export with 'size'"));
  CHECK_THAT(refusedAllocator("f(length)"), Contains("'length', which is no call such as length(size)"));
  CHECK_THAT(refusedAllocator("f(size"), Contains("needs a ')'"));
  CHECK_THAT(refusedAllocator("f(size) g"), Contains("behind its end"));
  CHECK_THAT(refusedAllocator("f(4294967296, size)"), Contains("none of 32 bits"));
  std::string deep;
  for (int i = 0; i < 1000; i++) {
    deep += "f(";
  }
  CHECK_THAT(refusedAllocator(deep), Contains("nested too deeply"));
}

TEST_CASE("keys are about something that there is", "[call-description]") {
  auto said = texts({"data: in [len]", "len"});
  said.serviceFree = "free";
  CHECK_THAT(errorOf(CallDescription::parse(said)), Contains("come out"));
  said = texts({"data: in [len]", "len"});
  said.allocator = "malloc";
  CHECK_THAT(errorOf(CallDescription::parse(said)), Contains("come out"));
  said = texts({"data: in [len]", "len"});
  said.serviceRelease = "free";
  CHECK_THAT(errorOf(CallDescription::parse(said)), Contains("\"in allocated\""));
  said = texts({"data: in allocated [len]", "len"});
  CHECK_THAT(errorOf(CallDescription::parse(said)), Contains("'service_allocator' must say"));
  said.serviceAllocator = "f(1)";
  CHECK_THAT(errorOf(CallDescription::parse(said)), Contains("'service_allocator' is \"f(1)\", which is no call"));
}

TEST_CASE("a description of numbers only is scalar", "[call-description]") {
  CHECK(valueOf(CallDescription::parse(texts({"a", "b"}))).isScalar());
  CHECK(valueOf(CallDescription::parse(texts({}))).isScalar());
  CHECK_FALSE(valueOf(CallDescription::parse(texts({"a: in 4"}))).isScalar());
  CHECK_FALSE(valueOf(CallDescription::parse(texts({"a: in packed ptr<<32|len"}))).isScalar());
  CHECK_FALSE(valueOf(CallDescription::parse(texts({}, "out string"))).isScalar());
}

TEST_CASE("the built-in ABIs that carry bytes can be written with it", "[call-description]") {
  auto module = moduleOf("(module (func (export \"malloc\") (param i32) (result i32) (i32.const 8))"
                         "(func (export \"free\") (param i32)))");
  CallEnd end{"service 'a'", [&](auto name) { return exportedFunction(*module, name); }};
  auto fits = [&](const CallTexts& said, CallAbi abi) {
    auto description = valueOf(CallDescription::parse(said));
    return !checkCall(description, *signatureOf(abi), end, end).getErr();
  };
  // As docs/call-abis.md has them.
  auto bytes = texts({"request: in [len]", "len"}, "out packed ptr<<32|flag<<31|len");
  bytes.serviceFree = "free";
  CHECK(fits(bytes, CallAbi::Bytes));
  CHECK_FALSE(fits(bytes, CallAbi::Parigot));
  auto parigot =
    texts({"req_len", "request: in [req_len]", "reply: out 4096", "error: out error 6"}, "in reply packed len<<32|ptr");
  CHECK(fits(parigot, CallAbi::Parigot));
  CHECK_FALSE(fits(parigot, CallAbi::Bytes));
  CHECK(valueOf(CallDescription::parse(parigot)).allocatesInClient() == rowOf(CallAbi::Parigot).needsMalloc);
  CHECK(valueOf(CallDescription::parse(bytes)).allocatesInClient() == rowOf(CallAbi::Bytes).needsMalloc);
}

TEST_CASE("exports have the types that they need", "[call-description]") {
  auto module = moduleOf("(module (func (export \"malloc\") (param i64) (result i32) (i32.const 8))"
                         "(func (export \"free\") (param i32) (result i32) (local.get 0))"
                         "(func (export \"size\") (param i32) (result i32) (i32.const 1)))");
  CallEnd client{"service 'a'", [&](auto name) { return exportedFunction(*module, name); }};
  CallEnd service{"service 'b'", client.exported};
  auto refused = [&](const CallTexts& said, Type result) {
    auto description = valueOf(CallDescription::parse(said));
    return errorOf(checkCall(description, Signature(Type::i32, result), client, service));
  };
  CHECK_THAT(refused(texts({"x"}, "out string"), Type::i32),
             Contains("service 'a' to export a function 'malloc' as (i32) -> i32"));
  CHECK_THAT(refused(texts({"x: out [size()]"}), Type::none), Contains("service 'b' to export a function 'size'"));
  auto allocated = texts({"x: in allocated string"});
  allocated.serviceAllocator = "alloc(size, 4)";
  CHECK_THAT(refused(allocated, Type::none), Contains("service 'b' to export a function 'alloc' as (i32, i32) -> i32"));
  CHECK_THAT(refused(texts({"x"}, "out string"), Type::i64), Contains("'result' is an address, and it is of type"));
  CHECK_THAT(refused(texts({"x: in packed ptr<<32|len"}), Type::none), Contains("must be i64"));
}
