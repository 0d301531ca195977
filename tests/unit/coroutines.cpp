// Names of blocking imports, and recognition of Go's modules. tests/lit and tests/coroutines test the passes.

#include "coroutines/go_coroutines.h"
#include "coroutines/go_shape.h"
#include "support.h"

using namespace parigot::coroutines;

namespace {

const std::string loop = R"(
  (func $loop
    (if (i32.eqz (global.get $pause)) (then
      (loop $again
        (drop (call_indirect (param i32) (result i32)
          (i32.load16_u (i32.sub (global.get $sp) (i32.const 8)))
          (i32.load offset=2 (i32.sub (global.get $sp) (i32.const 8)))))
        (br_if $again (i32.eqz (global.get $pause))))))
    (global.set $pause (i32.const 0))))";

std::string program(const std::string& more) {
  return "(module (import \"go\" \"main.wait\" (func $import (param i32))) (memory 1)"
         "(global $pause (mut i32) (i32.const 0)) (global $sp (mut i32) (i32.const 0)) (table 1 funcref)" +
         more + ")";
}

std::string shownNames(const std::string& text) {
  std::string shown;
  for (auto& name : valueOf(parseImportNames(text))) {
    shown += "[" + name.module + "|" + name.base + "]";
  }
  return shown;
}

bool isGoText(const std::string& text) { return isGo(*moduleOf(text)); }

} // namespace

TEST_CASE("names of imports", "[coroutines]") {
  CHECK(shownNames("a.b") == "[a|b]");
  CHECK(shownNames("a.b,c.*,d.e.f") == "[a|b][c|*][d.e|f]");
  for (auto* text : {"", ",", "a", ".b", "a.", "a.b,", ",a.b", "a.b,,c.d"}) {
    INFO(text);
    CHECK(errorOf(parseImportNames(text)).find("is no import") != std::string::npos);
  }
}

TEST_CASE("where the module of an import ends makes no difference", "[coroutines]") {
  auto module = moduleOf(program(""));
  auto& import = *module->getFunction("import");
  auto matches = [&](const std::string& text) { return valueOf(parseImportNames(text))[0].matches(import); };
  CHECK(matches("go.main.wait"));
  CHECK(matches("go.*"));
  CHECK(matches("go.main.*"));
  CHECK_FALSE(matches("go.main"));
  CHECK_FALSE(matches("main.wait"));
  CHECK_FALSE(matches("main.*"));
  CHECK_FALSE(matches("g.*"));
  CHECK_FALSE(matches("go.main.wait.*"));
}

TEST_CASE("Go is told by its scheduler loop, its shim, or its compiler", "[coroutines]") {
  CHECK(isGoText(program(loop)));
  CHECK_FALSE(isGoText(program("")));
  CHECK_FALSE(isGoText("(module)"));
  CHECK(isGoText("(module (import \"gojs\" \"runtime.wasmExit\" (func (param i32))))"));
  // TinyGo's shim.
  CHECK_FALSE(isGoText("(module (import \"gojs\" \"runtime.ticks\" (func (result f64))))"));
  auto module = moduleOf("(module)");
  wasm::CustomSection section;
  section.name = "producers";
  const std::string bytes = std::string("\x01\x0cprocessed-by\x01\x0eGo cmd/compile\x06go1.27", 37);
  section.data.assign(bytes.begin(), bytes.end());
  module->customSections.push_back(section);
  CHECK(isGo(*module));
}

TEST_CASE("the loop says what SP and PAUSE are, in whatever order", "[coroutines]") {
  auto module = moduleOf(program(loop));
  auto found = valueOf(findSchedulerLoop(*module));
  CHECK(found.function == "loop");
  CHECK(found.sp == "sp");
  CHECK(found.pause == "pause");
  CHECK(found.slotBits == 32);
}

TEST_CASE("a module that is refused stays as it was", "[coroutines]") {
  auto module = moduleOf(program("(func $caller (call $import (i32.const 1)))" + loop));
  CHECK(errorOf(addGoCoroutines(*module, {{"go", "main.wait"}})).find("function caller calls import go.main.wait") ==
        0);
  CHECK(module->exports.empty());
  CHECK(module->globals.size() == 2);
  CHECK(module->functions.size() == 3);
  // Without that import there is nothing to refuse.
  CHECK_FALSE(addGoCoroutines(*module, {{"go", "main.other"}}).getErr());
  CHECK(module->exports.size() == 3);
  CHECK(errorOf(addGoCoroutines(*module, {})).find("already exports parigot.yield") != std::string::npos);
}
