// Services that are cut, replaced or stubbed: keys, options, recordings, messages from JSON, groups.

#include "support.h"
#include "support/message_types.h"
#include "world/groups.h"
#include "world/manifest.h"
#include "world/recording.h"

using namespace parigot;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Strings = std::vector<std::string>;

namespace {

// Tests append to it, from line 5 on.
const std::string least = "[world]\n"
                          "main = \"a\"\n"
                          "[service.a]\n"
                          "wasm = \"a.wasm\"\n";

Manifest parsed(const std::string& text, const StandInChoice& choice = {}) {
  return valueOf(parseManifest(text, "some/world.toml", ManifestChoice{.standIns = choice}));
}

std::string refused(const std::string& text, const StandInChoice& choice = {}) {
  return errorOf(parseManifest(text, "world.toml", ManifestChoice{.standIns = choice}));
}

const StandIn& standInOf(const Manifest& manifest, const std::string& name) {
  auto* service = manifest.find(name);
  REQUIRE(service);
  REQUIRE(service->standIn);
  return *service->standIn;
}

} // anonymous namespace

TEST_CASE("a service is cut, by its keys or by an option", "[stand-ins]") {
  auto manifest = parsed(least + "[service.b]\ncut = true\nerror = 7\nlaunches = \"refused\"\n"
                                 "[service.c]\ncut = \"trap\"\n[service.d]\ncut = true\n"
                                 "[service.e]\nwasm = \"e.wasm\"\ncut = false\n");
  CHECK(standInOf(manifest, "b").answer == CutAnswer::Error);
  CHECK(standInOf(manifest, "b").error == 7);
  CHECK(standInOf(manifest, "b").refusesLaunches);
  CHECK(standInOf(manifest, "c").answer == CutAnswer::Trap);
  CHECK_FALSE(standInOf(manifest, "d").error);
  CHECK_FALSE(standInOf(manifest, "d").refusesLaunches);
  CHECK_FALSE(manifest.find("e")->standIn);

  std::string two = least + "[service.b]\nwasm = \"b.wasm\"\n";
  CHECK(standInOf(parsed(two, {.cut = {"b=12,refused"}}), "b").error == 12);
  CHECK(standInOf(parsed(two, {.cut = {"b=trap"}}), "b").answer == CutAnswer::Trap);
  auto host = parsed(two, {.cut = {"b=host"}});
  CHECK(host.names() == Strings{"a"});
  CHECK(host.open);
  for (std::string wrong : {"b=0", "b=-1", "b=2147483648", "b=x", "b=trap,x", "b=99999999999999999999"}) {
    CHECK_THAT(refused(two, {.cut = {wrong}}), Contains("is no answer"));
  }
}

TEST_CASE("a service is replaced", "[stand-ins]") {
  auto manifest =
    parsed(least + "[service.b]\nwasm = \"b.wasm\"\nreplace = \"mock.wasm\"\n[service.c]\nreplace = \"c.wasm\"\n");
  CHECK(manifest.find("b")->path == "some/mock.wasm");
  CHECK(manifest.find("b")->replaces == "b.wasm");
  CHECK(manifest.find("c")->path == "some/c.wasm");
  auto chosen = parsed(least, {.replace = {"a=here/x.wasm"}});
  CHECK(chosen.find("a")->path == "here/x.wasm"); // from the command line: not relative to the manifest
  CHECK(chosen.find("a")->replaces == "a.wasm");
  CHECK(refused(least, {.replace = {"a"}}) == "--replace a: needs NAME=FILE");
  CHECK_THAT(refused(least + "[service.b]\nreplace = \"x\"\ncut = true\n"), Contains("is cut and replaced"));
}

TEST_CASE("a service without a file must be cut or replaced", "[stand-ins]") {
  CHECK(refused(least + "[service.b]\n") == "world.toml:5: [service.b] needs 'wasm'");
  CHECK_THAT(refused(least + "[service.b]\ncut = false\n"), Contains("[service.b] needs 'wasm'"));
}

TEST_CASE("replies cut their service, and keep their order", "[stand-ins]") {
  auto manifest =
    parsed(least + "[service.b]\n"
                   "[[reply]]\nservice = \"b\"\nmethod = \"f_\"\ntext = \"one\"\nafter = \"1.5s\"\n"
                   "[[reply]]\nservice = \"b\"\nmethod = \"f_\"\nhex = \"00 Ff\"\nerror = 4\nrequest_hex = \"41\"\n"
                   "type = \"x.v1.Y\"\n");
  auto& replies = standInOf(manifest, "b").replies;
  REQUIRE(replies.size() == 2);
  CHECK(replies[0].bytes == "one");
  CHECK(replies[0].after == 1'500'000'000);
  CHECK(replies[0].where == "some/world.toml:6");
  CHECK(replies[1].bytes == std::string("\0\xff", 2));
  CHECK(replies[1].error == 4);
  CHECK(replies[1].request == "A");
  CHECK(replies[1].type == "x.v1.Y");
  CHECK_FALSE(replies[1].exact);
  auto one = [](const std::string& keys) {
    return refused(least + "[service.b]\n[[reply]]\nservice = \"b\"\n" + keys);
  };
  CHECK(one("") == "world.toml:6: [[reply]] needs 'method', or 'from'");
  CHECK_THAT(one("method = \"f\"\nmetod = 1\n"), Contains("unknown key 'metod'"));
  CHECK_THAT(one("method = \"f\"\nerror = -1\n"), Contains("'error' must be a number"));
  CHECK_THAT(one("method = \"f\"\nfile = \"no/such\"\n"), Contains("cannot be read"));
  for (std::string time : {"20", "ms", "-1ms", "20 ms", "1e300s", "nan s", "25h"}) {
    CHECK_THAT(one("method = \"f\"\nafter = \"" + time + "\"\n"), Contains("'after' must be a time"));
  }
  CHECK_THAT(refused(least + "[[reply]]\nservice = \"c\"\nmethod = \"f\"\n"), Contains("names service 'c'"));
}

TEST_CASE("a recording is read, or is damaged", "[stand-ins]") {
  // The checksums are zlib.crc32 of Python.
  std::string head = "{\"parigot-recording\":1,\"service\":\"s\",\"check\":\"118faa4f\"}\n";
  std::string call =
    "{\"method\":\"f_\",\"request\":\"41\",\"reply\":\"6f6b\",\"error\":3,\"nanoseconds\":5,\"check\":\"ec741aa1\"}\n";
  auto calls = valueOf(readRecording(head + call, "x"));
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].method == "f_");
  CHECK(calls[0].request == "A");
  CHECK(calls[0].bytes == "ok");
  CHECK(calls[0].error == 3);
  CHECK(calls[0].exact);
  auto bad = [](const std::string& text) { return errorOf(readRecording(text, "x")); };
  CHECK_THAT(bad(""), Contains("empty"));
  CHECK_THAT(bad(head + call.substr(0, call.size() - 1)), StartsWith("x:2:") && Contains("not complete"));
  CHECK_THAT(bad(call), StartsWith("x:1:"));
  for (size_t i = 0; i + 1 < call.size(); i++) {
    auto damaged = call;
    damaged[i] ^= 1;
    CHECK_THAT(bad(head + damaged), StartsWith("x:2:"));
  }
}

TEST_CASE("JSON becomes a message of a described type", "[stand-ins]") {
  // descriptor.proto by hand: FileDescriptorSet{1: FileDescriptorProto{1: name, 2: package, 4: DescriptorProto{1: name,
  // 2: FieldDescriptorProto{1: name, 3: number, 4: label, 5: type}}, 12: syntax}}.
  auto field = [](int number, const std::string& text) {
    return std::string{char(number << 3 | 2), char(text.size())} + text;
  };
  auto member = [&](const std::string& name, char number, char type) {
    return field(2, field(1, name) + std::string{3 << 3, number, 4 << 3, 1, 5 << 3, type});
  };
  auto message = field(4, field(1, "P") + member("text", 1, 9) + member("number", 2, 5));
  auto set = field(1, field(1, "p.proto") + field(2, "t.v1") + message + field(12, "proto3"));
  MessageTypes types;
  valueOf(types.add(set));
  valueOf(types.add(set)); // known already
  CHECK(valueOf(types.encode("t.v1.P", "{\"text\": \"hi\", \"number\": 300}")) ==
        std::string("\x0a\x02hi\x10\xac\x02"));
  CHECK(valueOf(types.encode("t.v1.P", "{}")).empty());
  CHECK_THAT(errorOf(types.encode("t.v1.Q", "{}")), Contains("did you mean 't.v1.P'"));
  CHECK_THAT(errorOf(types.encode("t.v1.P", "{\"texts\": 1}")), Contains("it is no t.v1.P"));
  CHECK_THAT(errorOf(types.encode("t.v1.P", "{")), Contains("it is no t.v1.P"));
  for (size_t size = 0; size < set.size(); size++) {
    MessageTypes others;
    auto added = others.add(set.substr(0, size)); // no crash
    CHECK((size > 0 || added.getErr()));
  }
}

TEST_CASE("groups of a deployment", "[stand-ins]") {
  std::string text = "[config.dev]\nTimezone = \"UTC\"\n"
                     "[config.dev.microservice.a]\nWasmPath = \"a.wasm\"\nArg = [\"x\"]\n"
                     "[config.dev.microservice.b]\nwasmpath = \"b.wasm\"\n"
                     "[config.dev.microservice.q]\nPluginPath = \"q.so\"\nPluginSymbol = \"S\"\n"
                     "[config.dev.microservice.m]\nWasmPath = \"m.wasm\"\nMain = true\n";
  auto manifest = valueOf(parseManifest(text, "/d/deploy.toml"));
  auto groups = valueOf(readGroups(manifest, {"rest=*", "front=m,a"}));
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].services == Strings{"b"});
  CHECK_FALSE(groups[0].hasMain);
  CHECK(groups[1].services == Strings{"a", "m"});
  CHECK(groups[1].hasMain);
  auto bad = [&](const Strings& options) { return errorOf(readGroups(manifest, options)); };
  CHECK_THAT(bad({"front=m,a"}), Contains("no --group has b"));
  CHECK_THAT(bad({"front=m,a,b", "rest=*"}), Contains("has no services left"));
  CHECK_THAT(bad({"x=a", "y=a", "z=*"}), Contains("in the group x already"));
  CHECK_THAT(bad({"x=*", "y=*"}), Contains("two groups have '*'"));
  CHECK_THAT(bad({"x=a", "x=*"}), Contains("two groups of the name 'x'"));
  CHECK_THAT(bad({"x=aa", "y=*"}), Contains("'aa' is no service"));
  CHECK_THAT(bad({"q=a", "y=*"}), Contains("is a plugin"));
  for (std::string wrong : {"x", "x=", "=a", "x/y=a"}) {
    CHECK_THAT(bad({wrong}), Contains("must be NAME=SERVICE,SERVICE"));
  }

  auto written = valueOf(groupedDeployment(text, "/d/deploy.toml", "dev", groups));
  auto again = valueOf(parseManifest(written, "out/deploy.toml"));
  CHECK(again.main == "front");
  CHECK(again.names().size() == 2);
  CHECK(again.find("rest")->path == "out/rest.wasm");
  CHECK(again.find("front")->env == Strings{"TZ=UTC"});
  REQUIRE(again.plugins.size() == 1);
  CHECK(again.plugins[0].file == "/d/q.so");
}
