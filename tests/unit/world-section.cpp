// The custom section parigot.world: it reads back what it wrote, and refuses damage.

#include <random>

#include "ir/limits.h"
#include "passes/pipeline.h"
#include "support.h"
#include "world/world.h"

using namespace parigot;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

World exampleWorld() {
  World world;
  world.stage = Stage::Bound;
  world.main = "hello";
  world.layout = Layout::Multi;
  world.initOrder = {"greet", "hello"};

  WorldService hello;
  hello.name = "hello";
  hello.file = "sub dir/hello \"1\".wasm";
  hello.args = std::vector<std::string>{};
  hello.env = std::vector<std::string>{"A=\n\\\x01", "B="};
  hello.hasMemory = true;
  hello.initialPages = 2;
  hello.maxPages = 65536;
  hello.memoryAccesses = 1ull << 40;
  hello.region = {1ull << 31, 1ull << 31, 65536};
  hello.exports = {{"run", wasm::ExternalKind::Function, "(i32) -> ()"}, {"memory", wasm::ExternalKind::Memory, ""}};
  world.services.push_back(hello);

  WorldService greet;
  greet.name = "greet";
  greet.file = "greet.wasm";
  greet.provides = {"greeting", "h\xc3\xa4llo"};
  greet.args = std::vector<std::string>{"greet"};
  greet.hasMemory = true;
  greet.initialPages = 1;
  greet.maxPages = 1;
  greet.region = {0, 1ull << 31, 65536};
  world.services.push_back(greet);

  WorldService math;
  math.name = "math";
  math.file = "math.wasm";
  world.services.push_back(math);

  world.calls.push_back({"hello", "greeting", "fetch_", "greet", "fetch2_", CallAbi::Parigot, 17});
  world.calls.push_back({"greet", "math", "add", "math", "add", CallAbi::Scalar});
  WorldCall described{"greet", "greeting", "shout", "hello", "shout", CallAbi::Described};
  CallTexts texts;
  texts.params = {"text: in allocated [@-4]", "reply: out pair ptr,len"};
  texts.result = "out [@-4]";
  texts.allocator = "__new(size, 2)";
  texts.serviceAllocator = "__pin(__new(size, 2))";
  texts.serviceRelease = "__unpin";
  described.described = valueOf(CallDescription::parse(texts));
  world.calls.push_back(described);
  world.hostImports.push_back({"hello", "env", "log", "(i32) -> ()", CallAbi::Scalar});
  world.hostImports.push_back({"greet", "wasi_snapshot_preview1", "proc_exit", "(i32) -> ()", {}});
  world.itemImports.push_back({"hello", wasm::ExternalKind::Table, "greeting", "functions", "greet"});
  world.itemImports.push_back({"hello", wasm::ExternalKind::Global, "env", "base"});
  return world;
}

// The JSON of the example, with one piece replaced.
std::string damaged(const std::string& piece, const std::string& by) {
  auto json = toJson(exampleWorld());
  auto at = json.find(piece);
  INFO(json);
  REQUIRE(at != std::string::npos);
  return json.replace(at, piece.size(), by);
}

std::string refused(const std::string& json) {
  auto error = errorOf(parseWorld(json));
  CHECK(error.find('\n') == std::string::npos);
  CHECK_THAT(error, StartsWith("the custom section parigot.world is damaged: "));
  return error;
}

} // anonymous namespace

TEST_CASE("a world survives being written and read", "[world]") {
  auto before = exampleWorld();
  auto world = valueOf(parseWorld(toJson(before)));
  CHECK(toJson(world) == toJson(before));

  CHECK(world.stage == Stage::Bound);
  CHECK(world.main == "hello");
  CHECK(world.layout == Layout::Multi);
  CHECK(world.initOrder == before.initOrder);
  REQUIRE(world.services.size() == 3);
  auto& hello = *world.find("hello");
  CHECK(hello.file == before.services[0].file);
  CHECK(hello.args == before.services[0].args);
  CHECK(hello.env == before.services[0].env);
  CHECK(hello.initialPages == 2);
  CHECK(hello.maxPages == 65536);
  CHECK(hello.memoryAccesses == 1ull << 40);
  CHECK(hello.region.base == 1ull << 31);
  CHECK(hello.region.bytes == 1ull << 31);
  CHECK(hello.region.arenaBytes == 65536);
  REQUIRE(hello.exports.size() == 2);
  CHECK(hello.exports[0].name == "run");
  CHECK(hello.exports[0].kind == wasm::ExternalKind::Function);
  CHECK(hello.exports[0].type == "(i32) -> ()");
  CHECK(world.find("greet")->provides == before.services[1].provides);
  CHECK_FALSE(world.find("greet")->env);
  CHECK_FALSE(world.find("math")->hasMemory);
  CHECK(world.find("nobody") == nullptr);
  REQUIRE(world.calls.size() == 3);
  CHECK(world.calls[0].export_ == "fetch2_");
  CHECK(world.calls[0].capacity == 17);
  CHECK(world.calls[1].capacity == defaultReplyCapacity);
  REQUIRE(world.calls[2].described);
  CHECK(world.calls[2].described->toString() ==
        "(text: in allocated [@-4], reply: out pair ptr,len) -> out [@-4]; allocator __new(size, 2); "
        "service_allocator __pin(__new(size, 2)); service_release __unpin");
  CHECK(world.calls[2].described->params().values()[0].allocated);
  REQUIRE(world.hostImports.size() == 2);
  CHECK(world.hostImports[0].abi == CallAbi::Scalar);
  CHECK_FALSE(world.hostImports[1].abi);
  REQUIRE(world.itemImports.size() == 2);
  CHECK(world.itemImports[0].client == "hello");
  CHECK(world.itemImports[0].kind == wasm::ExternalKind::Table);
  CHECK(world.itemImports[0].module == "greeting");
  CHECK(world.itemImports[0].base == "functions");
  CHECK(world.itemImports[0].service == "greet");
  CHECK(world.itemImports[1].kind == wasm::ExternalKind::Global);
  CHECK(world.itemImports[1].service == "");
}

TEST_CASE("every stage and layout survives", "[world]") {
  for (auto layout : {Layout::Single, Layout::Multi}) {
    for (auto stage : {Stage::Merged, Stage::Bound, Stage::Adapted, Stage::Placed, Stage::Sealed}) {
      auto before = exampleWorld();
      before.stage = stage;
      before.layout = layout;
      auto world = valueOf(parseWorld(toJson(before)));
      CHECK(world.stage == stage);
      CHECK(world.layout == layout);
    }
  }
}

TEST_CASE("the same world is the same bytes", "[world]") {
  CHECK(toJson(exampleWorld()) == toJson(exampleWorld()));
  CHECK(toJson(exampleWorld(), 2) != toJson(exampleWorld()));
}

TEST_CASE("names that are no UTF-8 do not keep a world from being written", "[world]") {
  auto world = exampleWorld();
  world.calls[0].base = "\xff\xfe";
  valueOf(parseWorld(toJson(world)));
}

TEST_CASE("a module has at most one section of this name", "[world]") {
  wasm::Module module;
  CHECK_FALSE(hasWorld(module));
  CHECK_THAT(errorOf(readWorld(module)),
             StartsWith("this module holds no world: it has no custom section "
                        "parigot.world"));
  auto world = exampleWorld();
  writeWorld(module, world);
  CHECK(hasWorld(module));
  world.main = "greet";
  writeWorld(module, world);
  CHECK(module.customSections.size() == 1);
  CHECK(valueOf(readWorld(module)).main == "greet");
}

TEST_CASE("a pass continues a world at its own stage only", "[world]") {
  wasm::Module module;
  writeWorld(module, exampleWorld());
  CHECK(readWorldAt(module, Stage::Bound).main == "hello");
  std::string error;
  try {
    readWorldAt(module, Stage::Placed);
  } catch (const PassError& thrown) {
    error = thrown.what();
  }
  CHECK_THAT(error, StartsWith("this world is at the stage 'bound', and this pass continues one at 'placed'"));
  CHECK_THAT(error, Contains("--merge-world, --govern-world, --service-call-to-direct-call, --adapt-host-calls"));
}

TEST_CASE("each step of the pipeline continues where the one before has stopped", "[world]") {
  std::optional<Stage> reached;
  for (auto& step : pipeline()) {
    INFO(step.pass);
    CHECK(step.before == reached);
    // Enforcing laws changes no stage: a world without laws needs no such step.
    bool stays = step.pass == std::string("govern-world");
    CHECK((!reached || int(step.after) == int(*reached) + !stays));
    reached = step.after;
  }
  CHECK(reached == Stage::Sealed);
}

TEST_CASE("what is no JSON, or not of this form, is refused", "[world]") {
  for (auto* json : {"", " ", "{", "[]", "{}", "null", "1", "\"version\"", "{\"version\":1}", "\xff"}) {
    INFO(json);
    refused(json);
  }
  refused(std::string(100000, '['));
}

TEST_CASE("JSON cut off anywhere is refused", "[world]") {
  auto json = toJson(exampleWorld());
  for (size_t length = 0; length < json.size(); length++) {
    refused(json.substr(0, length));
  }
}

TEST_CASE("a section of another version says so", "[world]") {
  CHECK_THAT(refused(damaged("\"version\":1", "\"version\":2")), Contains("another version of parigot-opt"));
}

TEST_CASE("an unknown stage, layout or abi is refused", "[world]") {
  CHECK_THAT(refused(damaged("\"stage\":\"bound\"", "\"stage\":\"bond\"")), Contains("unknown stage"));
  CHECK_THAT(refused(damaged("\"stage\":\"bound\"", "\"stage\":1")), Contains("unknown stage"));
  CHECK_THAT(refused(damaged("\"layout\":\"multi\"", "\"layout\":\"milti\"")), Contains("unknown layout"));
  CHECK_THAT(refused(damaged("\"abi\":\"parigot\"", "\"abi\":\"perigot\"")), Contains("unknown abi"));
  CHECK_THAT(refused(damaged("\"kind\":\"table\"", "\"kind\":\"tabel\"")), Contains("unknown kind"));
  CHECK_THAT(refused(damaged("\"functions\",\"service\":\"greet\"", "\"functions\",\"service\":\"great\"")),
             Contains("no service 'great'"));
}

TEST_CASE("a value of another type is refused", "[world]") {
  refused(damaged("\"main\":\"hello\"", "\"main\":[]"));
  refused(damaged("\"init\":[", "\"init\":[1,"));
  refused(damaged("\"initialPages\":2", "\"initialPages\":\"2\""));
  refused(damaged("\"args\":[]", "\"args\":{}"));
  refused(damaged("\"type\":\"(i32) -> ()\"", "\"type\":1"));
  refused(damaged("\"services\":[", "\"services\":[null,"));
}

TEST_CASE("a number that cannot be is refused, and never rounded", "[world]") {
  for (auto* number : {"-1", "65537", "4294967298", "1e300", "1.5", "18446744073709551615"}) {
    INFO(number);
    refused(damaged("\"initialPages\":2", std::string("\"initialPages\":") + number));
  }
  refused(damaged("\"maxPages\":65536", "\"maxPages\":1"));
  refused(damaged("\"capacity\":17", "\"capacity\":-1"));
  refused(damaged("\"base\":2147483648", "\"base\":-65536"));
  refused(damaged("\"base\":2147483648", "\"base\":2147483649"));
  refused(damaged("\"base\":2147483648", "\"base\":281474976776192"));
  refused(damaged("\"arena\":65536", "\"arena\":1"));
  refused(damaged("\"arena\":65536", "\"arena\":4294967296"));
}

TEST_CASE("regions beyond 4 GiB are for layout multi only", "[world]") {
  auto world = exampleWorld();
  for (auto layout : {Layout::Single, Layout::Multi}) {
    world.layout = layout;
    world.find("greet")->region.base = addressableBytes;
    CHECK(bool(parseWorld(toJson(world)).getErr()) == (layout == Layout::Single));
  }
}

TEST_CASE("a memory that grows is the last, and has its arena below", "[world]") {
  auto before = exampleWorld();
  before.layout = Layout::Single;
  before.services[0].grows = true;
  before.services[0].region = {(1ull << 31) + 65536, 1ull << 30, 65536, true};
  auto json = toJson(before);
  auto world = valueOf(parseWorld(json));
  CHECK(toJson(world) == json);
  CHECK(world.find("hello")->grows);
  CHECK(world.find("hello")->region.arenaBelow);
  CHECK_FALSE(world.find("greet")->grows);

  auto with = [&](auto change) {
    auto world = before;
    change(world.services[0].region, world.services[1]);
    return refused(toJson(world));
  };
  CHECK_THAT(with([](auto& region, auto&) { region.base = 1ull << 31; }), Contains("overlap"));
  CHECK_THAT(with([](auto& region, auto&) { region.bytes = 1ull << 31; }), Contains("cannot be"));
  CHECK_THAT(with([](auto& region, auto&) { region.arenaBytes = 0; }), Contains("cannot be"));
  CHECK_THAT(with([](auto&, auto& greet) {
               greet.grows = true;
               greet.region = {65536, 65536 + 65536, 65536, true};
             }),
             Contains("overlap"));
  CHECK_THAT(with([](auto&, auto& greet) { greet.grows = true; }), Contains("cannot be"));
}

TEST_CASE("isolation survives, with the windows of contained services", "[world]") {
  auto before = exampleWorld();
  before.layout = Layout::Single;
  before.isolation = Isolation::Contain;
  before.services[0].region = {1ull << 30, 3 << 20, 65536, false, 1 << 22, true};
  before.services[1].region = {0, 1 << 20, 65536, false, 1 << 20};
  auto world = valueOf(parseWorld(toJson(before)));
  CHECK(toJson(world) == toJson(before));
  CHECK(world.isolation == Isolation::Contain);
  CHECK(world.find("hello")->region.windowBytes == 1 << 22);
  CHECK(world.find("hello")->region.last);
  CHECK_FALSE(world.find("greet")->region.last);

  auto with = [&](auto change) {
    auto world = before;
    change(world.services[0].region, world.services[1].region);
    return refused(toJson(world));
  };
  CHECK_THAT(with([](auto& hello, auto&) { hello.windowBytes = 3 << 20; }), Contains("cannot be"));
  CHECK_THAT(with([](auto& hello, auto&) { hello.windowBytes = 1 << 21; }), Contains("cannot be"));
  CHECK_THAT(with([](auto& hello, auto&) { hello.windowBytes = 0; }), Contains("cannot be"));
  CHECK_THAT(with([](auto& hello, auto&) { hello.base += 65536; }), Contains("cannot be"));
  CHECK_THAT(with([](auto& hello, auto&) { hello.base = (1ull << 32) - (1 << 22); }), Contains("cannot be"));
  CHECK_THAT(with([](auto& hello, auto& greet) {
               hello.last = false;
               hello.base = greet.windowBytes + 65536; // a gap is missing
             }),
             Contains("overlap"));
  CHECK_THAT(with([](auto&, auto& greet) { greet.last = true; }), Contains("cannot be"));
  CHECK_THAT(refused(damaged("\"isolate\":\"none\"", "\"isolate\":\"contain\"")), Contains("cannot be"));
  CHECK_THAT(refused(damaged("\"isolate\":\"none\"", "\"isolate\":\"all\"")), Contains("unknown isolation"));
}

TEST_CASE("regions that overlap are refused", "[world]") { refused(damaged("\"base\":2147483648", "\"base\":65536")); }

TEST_CASE("a name that is no service's is refused", "[world]") {
  refused(damaged("\"main\":\"hello\"", "\"main\":\"hallo\""));
  refused(damaged("\"init\":[\"greet\"", "\"init\":[\"grate\""));
  refused(damaged("\"client\":\"hello\",\"module\":\"greeting\"", "\"client\":\"hallo\",\"module\":\"greeting\""));
  refused(damaged("\"service\":\"greet\"", "\"service\":\"grate\""));
  refused(damaged("\"client\":\"greet\",\"module\":\"wasi", "\"client\":\"grate\",\"module\":\"wasi"));
  refused(damaged("\"name\":\"math\",\"file\"", "\"name\":\"greet\",\"file\"")); // twice
}

TEST_CASE("bytes cannot be carried to a service without a memory", "[world]") {
  refused(damaged("\"export\":\"add\",\"abi\":\"scalar\"", "\"export\":\"add\",\"abi\":\"parigot\""));
}

TEST_CASE("random damage is an error or a world, never a crash", "[world]") {
  auto json = toJson(exampleWorld());
  std::mt19937 random(1);
  for (int round = 0; round < 20000; round++) {
    auto text = json;
    for (int edits = 1 + random() % 3; edits > 0; edits--) {
      auto at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = char(random());
          break;
        case 1:
          text.erase(at, random() % 20);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
        default:
          text[at] = "0123456789-\"{}[],:"[random() % 18];
          break;
      }
    }
    if (auto world = parseWorld(text); !world.getErr()) {
      REQUIRE(!toJson(*world).empty());
    }
  }
}

TEST_CASE("a description of a call that is damaged is refused", "[world]") {
  CHECK_THAT(refused(damaged("\"abi\":\"described\"", "\"abi\":\"scalar\"")), Contains("do not fit"));
  CHECK_THAT(refused(damaged("\"abi\":\"scalar\"", "\"abi\":\"described\"")), Contains("do not fit"));
  CHECK_THAT(refused(damaged("text: in allocated [@-4]", "text: into")), Contains("must say in, out or inout"));
  CHECK_THAT(refused(damaged("\"result\":\"out [@-4]\"", "\"result\":4")), Contains("must be"));
  CHECK_THAT(refused(damaged("__pin(__new(size, 2))", "__pin(")), Contains("'service_allocator'"));
}
