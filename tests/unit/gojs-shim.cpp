// The dialect of wasm_exec.js that a module needs.

#include "go/producers.h"
#include "go/shim.h"
#include "support.h"

using namespace parigot::gojs;

namespace {

std::string import(const std::string& module, const std::string& name, const std::string& type) {
  return "(import \"" + module + "\" \"" + name + "\" (func " + type + "))";
}

std::string go(const std::string& name, const std::string& module = "gojs") {
  return import(module, name, "(param i32)");
}

// Keeps the module alive that a Shim points into.
struct Detected {
  std::unique_ptr<wasm::Module> module;
  Shim shim;
};

Detected detected(const std::string& text) {
  Detected result{moduleOf("(module " + text + ")"), {}};
  result.shim = detectShim(*result.module);
  return result;
}

void addProducers(wasm::Module& module, const std::string& bytes) {
  wasm::CustomSection section;
  section.name = "producers";
  section.data.assign(bytes.begin(), bytes.end());
  module.customSections.push_back(section);
}

std::string text(const std::string& bytes) { return char(bytes.size()) + bytes; }

const std::string getValues = "(param i64 i32 i32) (result i64)";

} // anonymous namespace

TEST_CASE("a module without the shim has none", "[gojs-shim]") {
  for (auto& imports : {std::string(),
                        import("wasi_snapshot_preview1", "proc_exit", "(param i32)"),
                        import("env", "log", "(param i32)"),
                        import("go", "fly", "(param i32)"),
                        import("other", "syscall/js.valueGet", getValues)}) {
    auto none = detected(imports);
    CHECK_FALSE(none.shim.present());
    CHECK(none.shim.imports.empty());
    CHECK(none.shim.problems.empty());
    CHECK(none.shim.compiler() == "");
  }
}

TEST_CASE("the names that Go imports tell its version", "[gojs-shim]") {
  auto old = detected(go("debug", "go") + go("runtime.nanotime1", "go") + go("runtime.walltime1", "go"));
  CHECK(old.shim.abi == ShimAbi::GoStack);
  CHECK(old.shim.compiler() == "Go 1.14 to 1.16");
  auto middle = detected(go("debug", "go") + go("runtime.nanotime1", "go") + go("runtime.walltime", "go"));
  CHECK(middle.shim.compiler() == "Go 1.17 to 1.20");
  auto any = detected(go("runtime.nanotime1", "go"));
  CHECK(any.shim.compiler() == "Go 1.14 to 1.20");
  auto now = detected(go("runtime.nanotime1") + go("runtime.walltime"));
  CHECK(now.shim.compiler() == "Go 1.21 or later");
  for (auto* each : {&old, &middle, &any, &now}) {
    CHECK(each->shim.problems.empty());
    CHECK_FALSE(each->shim.usesSyscallJS());
  }
}

TEST_CASE("an import that occurs twice is two entries, and Go 1.24 or later", "[gojs-shim]") {
  auto twice = detected(go("runtime.getRandomData") + go("runtime.nanotime1") + go("runtime.getRandomData"));
  REQUIRE(twice.shim.imports.size() == 3);
  CHECK(twice.shim.imports[0].id == ShimFunction::GetRandomData);
  CHECK(twice.shim.imports[2].id == ShimFunction::GetRandomData);
  CHECK(twice.shim.imports[0].function != twice.shim.imports[2].function);
  CHECK(twice.shim.compiler() == "Go 1.24 or later");
}

TEST_CASE("programs of Go 1.13 and older are refused", "[gojs-shim]") {
  auto old = detected(go("runtime.nanotime", "go") + go("runtime.walltime", "go") + go("syscall/js.valueGet", "go"));
  REQUIRE(old.shim.problems.size() == 1);
  CHECK(old.shim.problems[0].kind == ShimProblemKind::TooOld);
  CHECK(old.shim.problems[0].message.starts_with("it imports go.runtime.nanotime (i32) -> ()"));
  CHECK(old.shim.compiler() == "Go 1.11 to 1.13");
}

TEST_CASE("TinyGo's versions differ in signatures", "[gojs-shim]") {
  auto two = detected(import("env", "syscall/js.valueGet", "(param i32 i32 i32 i32 i32 i32)"));
  CHECK(two.shim.abi == ShimAbi::TinyGoTwoTrailing);
  CHECK(two.shim.compiler() == "TinyGo 0.18 to 0.21");
  auto one = detected(import("env", "syscall/js.valueGet", "(param i32 i32 i32 i32 i32)") +
                      import("env", "runtime.ticks", "(result f64)") +
                      import("env", "syscall/js.valueLength", "(param i32 i32) (result i32)"));
  CHECK(one.shim.abi == ShimAbi::TinyGoAddresses);
  CHECK(one.shim.compiler() == "TinyGo 0.22 to 0.28");
  CHECK(one.shim.imports.size() == 3);
  // TinyGo 0.25 with -wasm-abi=generic.
  auto generic = detected(import("env", "runtime.ticks", "(result f64)") +
                          import("env", "syscall/js.valueGet", "(param i64 i32 i32 i32) (result i64)") +
                          import("env", "syscall/js.valueSet", "(param i64 i32 i32 i64 i32)") +
                          import("env", "syscall/js.valueIndex", "(param i64 i32 i32) (result i64)") +
                          import("env", "syscall/js.valueCall", "(param i32 i64 i32 i32 i32 i32 i32 i32)") +
                          import("env", "syscall/js.valueLength", "(param i64 i32) (result i32)") +
                          import("env", "syscall/js.stringVal", "(param i32 i32 i32) (result i64)") +
                          import("env", "syscall/js.valuePrepareString", "(param i32 i64 i32)") +
                          import("env", "syscall/js.valueLoadString", "(param i64 i32 i32 i32 i32)") +
                          import("env", "syscall/js.finalizeRef", "(param i64 i32)"));
  CHECK(generic.shim.abi == ShimAbi::TinyGoGeneric);
  CHECK(generic.shim.compiler() == "TinyGo 0.22 to 0.28");
  CHECK(generic.shim.imports.size() == 10);
  auto values =
    detected(import("gojs", "syscall/js.valueGet", getValues) + import("gojs", "runtime.ticks", "(result f64)"));
  CHECK(values.shim.abi == ShimAbi::TinyGoValues);
  CHECK(values.shim.compiler() == "TinyGo 0.29 to 0.37");
  CHECK_FALSE(values.shim.ticksAreNanoseconds);
  auto env = detected(import("env", "syscall/js.valueGet", getValues));
  CHECK(env.shim.compiler() == "TinyGo 0.29 or later");
  auto nano =
    detected(import("gojs", "runtime.sleepTicks", "(param i64)") + import("gojs", "runtime.ticks", "(result i64)"));
  CHECK(nano.shim.compiler() == "TinyGo 0.38 or later");
  CHECK(nano.shim.ticksAreNanoseconds);
  auto clock = detected(import("env", "runtime.ticks", "(result f64)"));
  CHECK(clock.shim.isTinyGo());
  CHECK(clock.shim.compiler() == "TinyGo 0.18 to 0.37");
  for (auto* each : {&two, &one, &generic, &values, &env, &nano, &clock}) {
    CHECK(each->shim.problems.empty());
  }
}

TEST_CASE("imports that are not the shim's are problems only where the module is", "[gojs-shim]") {
  auto host = detected(import("env", "log", "(param i32)") + import("env", "runtime.ticks", "(result f64)"));
  CHECK(host.shim.problems.empty());
  auto own = detected(go("runtime.nanotime1", "go") + go("main.add", "go"));
  REQUIRE(own.shim.problems.size() == 1);
  CHECK(own.shim.problems[0].kind == ShimProblemKind::UnknownName);
  CHECK(own.shim.problems[0].message.find("go.main.add (i32) -> ()") != std::string::npos);
  CHECK(own.shim.imports.size() == 1);
}

TEST_CASE("a signature that no version has, and one of another compiler, are told apart", "[gojs-shim]") {
  auto wrong = detected(go("runtime.nanotime1") + import("gojs", "syscall/js.valueGet", "(param f32)"));
  REQUIRE(wrong.shim.problems.size() == 1);
  CHECK(wrong.shim.problems[0].kind == ShimProblemKind::WrongSignature);
  CHECK(wrong.shim.problems[0].message.find("(Go: (i32) -> ())") != std::string::npos);
  auto mixed =
    detected(go("runtime.nanotime1") + go("syscall/js.valueSet") + import("gojs", "syscall/js.valueGet", getValues));
  REQUIRE(mixed.shim.problems.size() == 1);
  CHECK(mixed.shim.problems[0].kind == ShimProblemKind::MixedAbis);
  auto nothing = detected(import("env", "syscall/js.valueGet", "(param f32)"));
  CHECK_FALSE(nothing.shim.present());
  CHECK(nothing.shim.problems.size() == 1);
}

TEST_CASE("the section producers tells the exact version", "[gojs-shim]") {
  auto shim = detected(go("runtime.nanotime1"));
  addProducers(*shim.module,
               "\2" + text("language") + "\1" + text("Go") + text("go1.26.5") + text("processed-by") + "\1" +
                 text("Go cmd/compile") + text("go1.26.5"));
  CHECK(readProducers(*shim.module).size() == 2);
  CHECK(detectShim(*shim.module).compiler() == "Go 1.26.5");
}

TEST_CASE("a damaged section producers is no reason to fail", "[gojs-shim]") {
  auto whole = "\1" + text("language") + "\1" + text("Go") + text("go1.21.0");
  for (size_t length = 0; length < whole.size(); length++) {
    auto shim = detected(go("runtime.nanotime1"));
    addProducers(*shim.module, whole.substr(0, length));
    CHECK(detectShim(*shim.module).compiler() == "Go 1.21 or later");
  }
  auto shim = detected(go("runtime.nanotime1"));
  addProducers(*shim.module, "\xff\xff\xff\xff\x0f");
  addProducers(*shim.module, "\1\xff\xff\xff\xff\xff\xff\xff");
  addProducers(*shim.module, "\1" + text("language") + "\xff\xff\xff\xff\x0f");
  CHECK(detectShim(*shim.module).compiler() == "Go 1.21 or later");
}

TEST_CASE("every function of the shim has a name and a signature", "[gojs-shim]") {
  for (int id = 0; id <= int(ShimFunction::CopyBytesToJS); id++) {
    auto function = ShimFunction(id);
    CHECK(nameOf(function) != "unknown");
    CHECK((signatureOf(function, ShimAbi::GoStack) || signatureOf(function, ShimAbi::TinyGoValues)));
    CHECK(isSyscallJS(function) == nameOf(function).starts_with("syscall/js."));
    CHECK_FALSE(signatureOf(function, ShimAbi::None));
  }
  CHECK(nameOf(ShimFunction::Walltime) == "runtime.walltime");
}
