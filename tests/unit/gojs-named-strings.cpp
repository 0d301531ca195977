// Whether a Go program has a string of a certain text.

#include "gojs/named_strings.h"
#include "support.h"

using parigot::gojs::hasString;

namespace {

// A program with these data segments, and this function.
bool hasMath(const std::string& data, const std::string& code = "") {
  auto module = moduleOf("(module (memory 1) " + data + "(func $f " + code + "))");
  return hasString(*module, "Math");
}

const std::string at100 = "(data (i32.const 100) \"kindMath result\") ";

} // anonymous namespace

TEST_CASE("a text in the data is no string unless something has its address", "[gojs-named-strings]") {
  CHECK_FALSE(hasMath(""));
  CHECK_FALSE(hasMath("(data (i32.const 100) \"kindMat\") (data (i32.const 107) \"p\")"));
  CHECK_FALSE(hasMath(at100));
  CHECK_FALSE(hasMath(at100, "(drop (i32.const 100)) (drop (i64.const 105))"));
  // A string that begins so, but is longer.
  CHECK_FALSE(hasMath(at100 + "(data (i32.const 200) \"h\\00\\00\\00\\0b\\00\\00\\00\")"));
  CHECK_FALSE(
    hasMath(at100 + "(data (i32.const 200) \"h\\00\\00\\00\\00\\00\\00\\00\\0b\\00\\00\\00\\00\\00\\00\\00\")"));
}

TEST_CASE("code has strings as constants", "[gojs-named-strings]") {
  CHECK(hasMath(at100, "(drop (i32.const 104))"));
  CHECK(hasMath(at100, "(drop (i64.const 104))"));
  // Address and length, which LLVM stores at once.
  CHECK(hasMath(at100, "(i64.store (i32.const 0) (i64.const 17179869288))"));
  CHECK_FALSE(hasMath(at100, "(drop (f64.const 104))"));
}

TEST_CASE("data have strings as addresses and lengths", "[gojs-named-strings]") {
  CHECK(hasMath(at100 + "(data (i32.const 200) \"h\\00\\00\\00\\04\\00\\00\\00\")"));
  CHECK(hasMath(at100 + "(data (i32.const 200) \"h\\00\\00\\00\\00\\00\\00\\00\\04\\00\\00\\00\\00\\00\\00\\00\")"));
  // As Go writes it, with a segment for each stretch of bytes between zeros.
  CHECK(hasMath(at100 + "(data (i32.const 200) \"h\") (data (i32.const 208) \"\\04\")"));
  // A text that two segments have.
  CHECK(hasMath("(data (i32.const 104) \"Ma\") (data (i32.const 106) \"th\")", "(drop (i64.const 104))"));
}

TEST_CASE("a text between dots may be taken out", "[gojs-named-strings]") {
  CHECK(hasMath("(data (i32.const 100) \"Math.sin\")"));
  CHECK(hasMath("(data (i32.const 100) \"globalThis.Math\")"));
  CHECK_FALSE(hasMath("(data (i32.const 100) \"globalThis Maths\")"));
}

TEST_CASE("a text whose address is not known counts", "[gojs-named-strings]") {
  CHECK(hasMath("(data \"Math\")"));
  CHECK_FALSE(hasMath("(data \"Maps\")"));
}
