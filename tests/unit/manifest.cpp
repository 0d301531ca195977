// The world manifest: every key, and every error, with its line.

#include "world/manifest.h"
#include "support.h"
#include "support/byte_size.h"

using namespace parigot;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Strings = std::vector<std::string>;

namespace {

// The smallest world. Tests append to it, from line 5 on.
const std::string least = "[world]\n"
                          "main = \"a\"\n"
                          "[service.a]\n"
                          "wasm = \"a.wasm\"\n";

Manifest parsed(const std::string& text) { return valueOf(parseManifest(text, "some/world.toml")); }

std::string refused(const std::string& text) { return errorOf(parseManifest(text, "world.toml")); }

// Puts the text after "[service.a]", which is in line 2.
std::string refusedService(const std::string& line) {
  return refused("[service.a]\n" + line + "\nwasm = \"a.wasm\"\n[world]\nmain = \"a\"\n");
}

std::string refusedCall(const std::string& lines) { return refused(least + "[[call]]\n" + lines); }

} // anonymous namespace

TEST_CASE("a service grows, or is the first, and a library finds objects on global", "[manifest]") {
  auto manifest = parsed(least + "grow = true\n[service.b]\nwasm = \"b.wasm\"\nfirst = true\n"
                                 "library = true\nglobals = [\"bridge\", \"a.b\"]\n");
  CHECK(manifest.services[0].grow);
  CHECK_FALSE(manifest.services[1].grow);
  CHECK(manifest.services[1].globals == Strings{"bridge", "a.b"});
  CHECK(refusedService("grow = true\nfirst = true") ==
        "world.toml:2: 'grow' and 'first' exclude each other: a memory that grows is the last");
  CHECK_THAT(refusedService("globals = [\"a\"]"), StartsWith("world.toml:2: 'globals' are for a library"));
  for (std::string name : {"", ".a", "a.", "a..b", "a,b"}) {
    CHECK_THAT(refusedService("library = true\nglobals = [\"" + name + "\"]"),
               StartsWith("world.toml:3: 'globals' must be such as \"bridge\" or \"a.b\", not \"" + name + "\""));
  }
}

TEST_CASE("isolation has a name, and true and false are names of it", "[manifest]") {
  auto of = [](const std::string& value) {
    return parsed("[world]\nmain = \"a\"\nisolate = " + value + "\n[service.a]\nwasm = \"a.wasm\"\n").isolation();
  };
  CHECK(of("\"none\"") == Isolation::None);
  CHECK(of("false") == Isolation::None);
  CHECK(of("\"contain\"") == Isolation::Contain);
  CHECK(of("\"exact\"") == Isolation::Exact);
  CHECK(of("true") == Isolation::Exact);
  for (std::string value : {"\"Exact\"", "\"\"", "1"}) {
    CHECK_THAT(refused("[world]\nmain = \"a\"\nisolate = " + value + "\n"),
               StartsWith("world.toml:3: 'isolate' of [world] must be \"contain\", \"exact\" or \"none\""));
  }
}

TEST_CASE("several services are contained by default, and one alone is not", "[manifest]") {
  std::string two = "[service.a]\nwasm = \"a.wasm\"\n[service.b]\nwasm = \"b.wasm\"\n";
  CHECK(parsed(least).isolation() == Isolation::None);
  CHECK(parsed("[world]\nmain = \"a\"\n" + two).isolation() == Isolation::Contain);
  CHECK(parsed("[world]\nmain = \"a\"\nisolate = \"none\"\n" + two).isolation() == Isolation::None);
  // The choice of one service leaves one alone.
  ManifestChoice choice;
  choice.services = {"a"};
  auto chosen = valueOf(parseManifest("[world]\nmain = \"a\"\n" + two, "world.toml", choice));
  CHECK(chosen.isolation() == Isolation::None);
}

TEST_CASE("the least manifest leaves everything else to be chosen", "[manifest]") {
  auto manifest = parsed(least);
  CHECK(manifest.path == "some/world.toml");
  CHECK(manifest.main == "a");
  CHECK(manifest.layout == Layout::Single);
  CHECK(manifest.init.empty());
  CHECK(manifest.calls.empty());
  CHECK(manifest.hostImports.empty());
  REQUIRE(manifest.services.size() == 1);
  auto& service = manifest.services[0];
  CHECK(service.name == "a");
  CHECK(service.file == "a.wasm");
  CHECK(service.path == "some/a.wasm");
  CHECK(service.provides.empty());
  CHECK_FALSE(service.regionBytes);
  CHECK_FALSE(service.arenaBytes);
  CHECK_FALSE(service.args);
  CHECK_FALSE(service.env);
}

TEST_CASE("reads every key", "[manifest]") {
  auto manifest = parsed(R"(
[world]
main = "hello"
memory = "multi"
init = ["greet", "hello"]

[service.hello]
wasm = "/opt/hello.wasm"

[service.greet]
wasm = "sub/greet.wasm"
provides = ["greeting.v1.greeting", "greeting"]
memory = "64MiB"
arena = 131072
args = ["greet", "-v"]
env = ["LOG=debug", "EMPTY=", "TWO==2"]

[[call]]
client = "hello"
import = "greeting.v1.fetch_greeting_"
service = "greet"
export = "fetch_"
abi = "parigot"
capacity = 0

[[call]]
import = "greeting.*"
abi = "bytes"

[[host]]
import = "env.log"
abi = "parigot"

[[host]]
import = "env.*"
)");
  CHECK(manifest.main == "hello");
  CHECK(manifest.layout == Layout::Multi);
  CHECK(manifest.init == Strings{"greet", "hello"});
  auto* hello = manifest.find("hello");
  auto* greet = manifest.find("greet");
  REQUIRE(hello);
  REQUIRE(greet);
  CHECK(hello->file == "/opt/hello.wasm");
  CHECK(hello->path == "/opt/hello.wasm");
  CHECK(greet->path == "some/sub/greet.wasm");
  CHECK(greet->provides == Strings{"greeting.v1.greeting", "greeting"});
  CHECK(greet->regionBytes == 64u << 20);
  CHECK(greet->arenaBytes == 131072u);
  CHECK(greet->args == Strings{"greet", "-v"});
  CHECK(greet->env == Strings{"LOG=debug", "EMPTY=", "TWO==2"});
  CHECK_FALSE(manifest.find("nobody"));

  REQUIRE(manifest.calls.size() == 2);
  auto& call = manifest.calls[0];
  CHECK(call.client == "hello");
  CHECK(call.module == "greeting.v1");
  CHECK(call.base == "fetch_greeting_");
  CHECK(call.service == "greet");
  CHECK(call.export_ == "fetch_");
  CHECK(call.abi == CallAbi::Parigot);
  CHECK(call.capacity == 0u);
  CHECK(call.line == 18);
  auto& all = manifest.calls[1];
  CHECK(all.client == "");
  CHECK(all.base == "*");
  CHECK(all.service == "");
  CHECK(all.abi == CallAbi::Bytes);
  CHECK_FALSE(all.capacity);

  REQUIRE(manifest.hostImports.size() == 2);
  CHECK(manifest.hostImports[0].module == "env");
  CHECK(manifest.hostImports[0].base == "log");
  CHECK(manifest.hostImports[0].abi == CallAbi::Parigot);
  CHECK(manifest.hostImports[1].base == "*");
  CHECK(manifest.hostImports[1].abi == CallAbi::Scalar);
}

TEST_CASE("no arguments and no environment are not the same as none said", "[manifest]") {
  auto manifest = parsed("[service.a]\nwasm = \"a\"\nargs = []\nenv = []\n[world]\nmain = \"a\"\n");
  REQUIRE(manifest.services[0].args);
  CHECK(manifest.services[0].args->empty());
  REQUIRE(manifest.services[0].env);
  CHECK(manifest.services[0].env->empty());
}

TEST_CASE("keeps the order of the services, however they are written", "[manifest]") {
  auto names = [](const Manifest& manifest) {
    Strings all;
    for (auto& service : manifest.services) {
      all.push_back(service.name);
    }
    return all;
  };
  CHECK(names(parsed("[service.zeta]\nwasm = \"z\"\n[world]\nmain = \"zeta\"\n[service.beta]\nwasm = \"b\"\n"
                     "[service.alpha]\nwasm = \"a\"\n")) == Strings{"zeta", "beta", "alpha"});
  CHECK(names(parsed("service = {z = {wasm = \"z\"}, b = {wasm = \"b\"}, a = {wasm = \"a\"}}\nworld.main = \"a\"\n")) ==
        Strings{"z", "b", "a"});
  CHECK(names(parsed("service.z.wasm = \"z\"\nservice.b.wasm = \"b\"\nservice.a.wasm = \"a\"\nworld.main = \"a\"\n")) ==
        Strings{"z", "b", "a"});
  CHECK(names(parsed("[service]\nz = {wasm = \"z\"}\nb.wasm = \"b\"\n[service.a]\nwasm = \"a\"\n"
                     "[world]\nmain = \"a\"\n")) == Strings{"z", "b", "a"});
}

TEST_CASE("reads files as editors on other systems write them", "[manifest]") {
  CHECK(parsed("\xef\xbb\xbf[world]\r\nmain = \"a\"\r\n[service.a]\r\nwasm = \"a\"\r\n").main == "a");
}

TEST_CASE("names may hold letters, digits, underscores, hyphens and dots", "[manifest]") {
  CHECK(parsed("[service.\"Az09_-.x\"]\nwasm = \"a\"\n[world]\nmain = \"Az09_-.x\"\n").main == "Az09_-.x");
  for (auto* name : {"a/b", "a b", "h\xc3\xa9", "a\\tb"}) {
    auto error = refused(least + "[service.\"" + name + "\"]\nwasm = \"x\"\n");
    CHECK_THAT(error, StartsWith("world.toml:5: the service name '"));
    CHECK_THAT(error, Contains("letters, digits, '_', '-' and '.'"));
  }
  CHECK(refused(least + "[service.\"\"]\nwasm = \"x\"\n") == "world.toml:5: a service needs a name");
}

TEST_CASE("an unknown key names the nearest known one and its line", "[manifest]") {
  CHECK(refused(least + "[wrld]\n") == "world.toml:5: unknown key 'wrld' in the manifest; did you mean 'world'?");
  CHECK(refused(least + "[[calls]]\n") == "world.toml:5: unknown key 'calls' in the manifest; did you mean 'call'?");
  CHECK(refused("[world]\nmain = \"a\"\nmemry = \"single\"\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml:3: unknown key 'memry' in [world]; did you mean 'memory'?");
  CHECK(refusedService("provide = [\"b\"]") ==
        "world.toml:2: unknown key 'provide' in [service.a]; did you mean 'provides'?");
  CHECK(refusedCall("import = \"m.f\"\nserivce = \"a\"\n") ==
        "world.toml:7: unknown key 'serivce' in [[call]]; did you mean 'service'?");
  CHECK(refused(least + "[[host]]\nimport = \"m.f\"\nclient = \"a\"\n") ==
        "world.toml:7: unknown key 'client' in [[host]]");
}

TEST_CASE("a value of another type says which was expected", "[manifest]") {
  CHECK(refused("world = 1\n") == "world.toml:1: 'world' must be a table: [world]");
  CHECK(refused("[[world]]\nmain = \"a\"\n") == "world.toml:1: 'world' must be a table: [world]");
  CHECK(refused("[world]\nmain = 1\n[service.a]\nwasm = \"a\"\n") == "world.toml:2: 'main' must be a string");
  CHECK(refused("[world]\nmain = \"a\"\nmemory = \"double\"\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml:3: 'memory' must be \"single\", \"multi\", \"fit\", or a size such as \"64MiB\", \"1GiB\" or a "
        "number of bytes");
  CHECK(refused("[world]\nmain = \"a\"\nlayout = \"double\"\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml:3: 'layout' of [world] must be \"single\" or \"multi\"");
  CHECK(refused("[world]\nmain = \"a\"\nmemory = 1\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml:3: 'memory' must be a multiple of 64KiB (a wasm page), more than 0 and at most 4GiB");
  CHECK(refused("[world]\nmain = \"a\"\ninit = \"a\"\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml:3: 'init' must be an array of strings");
  CHECK(refused("service = \"a\"\n") == "world.toml:1: 'service' must hold tables: [service.NAME]");
  CHECK(refused("[[service]]\nwasm = \"a\"\n") == "world.toml:1: 'service' must hold tables: [service.NAME]");
  CHECK(refused("[service]\na = \"a.wasm\"\n") == "world.toml:2: 'service.a' must be a table");
  CHECK(refused("[service.a]\nwasm = [\"a\"]\n") == "world.toml:2: 'wasm' must be a string");
  CHECK(refusedService("provides = \"b\"") == "world.toml:2: 'provides' must be an array of strings");
  CHECK(refusedService("args = [\"x\", 1]") == "world.toml:2: 'args' must hold strings only");
  CHECK(refusedService("env = {A = \"b\"}") == "world.toml:2: 'env' must be an array of strings");
  CHECK(refused(least + "[call]\nimport = \"m.f\"\n") == "world.toml:5: 'call' must be an array of tables: [[call]]");
  CHECK(refused("call = [1]\n" + least) == "world.toml:1: 'call' must be an array of tables: [[call]]");
  CHECK(refused("host = \"env.log\"\n" + least) == "world.toml:1: 'host' must be an array of tables: [[host]]");
  CHECK(refusedCall("import = \"m.f\"\nclient = 1\n") == "world.toml:7: 'client' must be a string");
  CHECK(refusedCall("import = \"m.f\"\nexport = 1\n") == "world.toml:7: 'export' must be a string");
}

TEST_CASE("an element of a list is named by its own line", "[manifest]") {
  CHECK(refusedService("args = [\n  \"x\",\n  1,\n]") == "world.toml:4: 'args' must hold strings only");
}

TEST_CASE("an argument or variable cannot hold a zero character", "[manifest]") {
  CHECK(refusedService("args = [\"a\\u0000b\"]") == "world.toml:2: 'args' must not hold a zero character");
}

TEST_CASE("every required key is asked for", "[manifest]") {
  CHECK(refused("[world]\nmain = \"a\"\n[service.a]\n") == "world.toml:3: [service.a] needs 'wasm'");
  CHECK(refused("[world]\n[service.a]\nwasm = \"a\"\n") == "world.toml:1: [world] needs 'main'");
  CHECK(refused("[service.a]\nwasm = \"a\"\n") == "world.toml: a world needs [world] with main = \"NAME\"");
  CHECK(refused("") == "world.toml: a world needs at least one [service.NAME]");
  CHECK(refused("[world]\nmain = \"a\"\n") == "world.toml: a world needs at least one [service.NAME]");
  CHECK(refusedCall("abi = \"scalar\"\n") == "world.toml:5: [[call]] needs 'import'");
  CHECK(refused(least + "[[host]]\n") == "world.toml:5: [[host]] needs 'import'");
}

TEST_CASE("names of services are those of the manifest", "[manifest]") {
  CHECK(refused("[world]\nmain = \"grete\"\n[service.greet]\nwasm = \"a\"\n") ==
        "world.toml: main is 'grete', but there is no [service.grete]; did you mean 'greet'?");
  CHECK(refused("[world]\nmain = \"a\"\ninit = [\"ab\"]\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml: 'init' names 'ab', which is no service of this world; did you mean 'a'?");
  CHECK(refused("[world]\nmain = \"a\"\ninit = [\"a\", \"a\"]\n[service.a]\nwasm = \"a\"\n") ==
        "world.toml: 'init' names 'a' twice");
  CHECK(refusedCall("import = \"m.f\"\nclient = \"b\"\n") ==
        "world.toml:5: [[call]] names service 'b', which the manifest does not have; did you mean 'a'?");
  CHECK(refusedCall("import = \"m.f\"\nservice = \"somebody\"\n") ==
        "world.toml:5: [[call]] names service 'somebody', which the manifest does not have");
}

TEST_CASE("one name for two services is refused", "[manifest]") {
  auto error = refused(least + "[service.a]\nwasm = \"other.wasm\"\n");
  CHECK_THAT(error, StartsWith("world.toml:5: "));
  CHECK_THAT(error, Contains("service.a"));
}

TEST_CASE("a key given twice is refused", "[manifest]") {
  auto error = refused("[world]\nmain = \"a\"\nmain = \"b\"\n[service.a]\nwasm = \"a\"\n");
  CHECK_THAT(error, StartsWith("world.toml:3: "));
  CHECK_THAT(error, Contains("main"));
}

TEST_CASE("a variable without a name or a value is refused", "[manifest]") {
  CHECK(refusedService("env = [\"LOG\"]") == "world.toml:2: 'env' must hold \"KEY=VALUE\", not \"LOG\"");
  CHECK(refusedService("env = [\"=x\"]") == "world.toml:2: 'env' must hold \"KEY=VALUE\", not \"=x\"");
  CHECK(refusedService("env = [\"\"]") == "world.toml:2: 'env' must hold \"KEY=VALUE\", not \"\"");
}

TEST_CASE("an import is a module and a name", "[manifest]") {
  for (auto* import : {"\"log\"", "\".log\"", "\"env.\"", "\"\"", "\".\"", "1"}) {
    CHECK_THAT(refusedCall(std::string("import = ") + import + "\n"),
               StartsWith("world.toml:6: 'import' must be \"module.name\""));
  }
}

TEST_CASE("an abi is one of those that there are", "[manifest]") {
  auto wanted = " 'abi' must be one of \"scalar\", \"parigot\", \"bytes\"";
  CHECK(refusedCall("import = \"m.f\"\nabi = \"Scalar\"\n") == std::string("world.toml:7:") + wanted);
  CHECK(refusedCall("import = \"m.f\"\nabi = 1\n") == std::string("world.toml:7:") + wanted);
  CHECK(refused(least + "[[host]]\nimport = \"m.f\"\nabi = \"\"\n") == std::string("world.toml:7:") + wanted);
}

TEST_CASE("a capacity is a number of bytes that a reply can have", "[manifest]") {
  for (auto* capacity : {"-1", "1073741825", "\"4KiB\"", "1.5", "true"}) {
    CHECK(refusedCall(std::string("import = \"m.f\"\ncapacity = ") + capacity + "\n") ==
          "world.toml:7: 'capacity' must be a number of bytes from 0 to 1073741824");
  }
  CHECK(parsed(least + "[[call]]\nimport = \"m.f\"\ncapacity = 1073741824\n").calls[0].capacity == 1u << 30);
}

TEST_CASE("what a [[call]] says must fit together", "[manifest]") {
  CHECK(refusedCall("import = \"m.f\"\nexport = \"g\"\n") ==
        "world.toml:5: [[call]] with 'export' needs 'service' too");
  CHECK(refusedCall("import = \"m.*\"\nservice = \"a\"\nexport = \"g\"\n") ==
        "world.toml:5: [[call]] for every import of a module cannot name one export");
}

TEST_CASE("sizes are whole pages between one and 4 GiB", "[manifest]") {
  for (auto* size : {"0", "65535", "65537", "\"1KiB\"", "\"0MiB\"", "\"5GiB\"", "4295032832"}) {
    CHECK(refusedService(std::string("memory = ") + size) ==
          "world.toml:2: 'memory' must be a multiple of 64KiB (a wasm page), more than 0 and at most 4GiB");
  }
  for (auto* size : {"-65536", "\"64 megabytes\"", "1.5", "\"MiB\"", "[1]", "\"\""}) {
    CHECK(refusedService(std::string("arena = ") + size) ==
          "world.toml:2: 'arena' must be a size such as \"64MiB\", \"1GiB\" or a number of bytes");
  }
  CHECK(parsed("[service.a]\nwasm = \"a\"\nmemory = \"4GiB\"\narena = \"64KiB\"\n[world]\nmain = \"a\"\n")
          .services[0]
          .regionBytes == 4ull << 30);
}

TEST_CASE("the kernel's memory is a size as a service's, and has a least", "[manifest]") {
  std::string service = "[service.a]\nwasm = \"a\"\n[world]\nmain = \"a\"\n";
  CHECK(parsed(service).kernelBytes == 64ull << 20);
  CHECK(parsed(service + "kernel_memory = \"256MiB\"\n").kernelBytes == 256ull << 20);
  CHECK(parsed(service + "kernel_memory = 4194304\n").kernelBytes == 4ull << 20);
  CHECK(refused(service + "kernel_memory = \"much\"\n") ==
        "world.toml:5: 'kernel_memory' must be a size such as \"64MiB\", \"1GiB\" or a number of bytes");
  CHECK(refused(service + "kernel_memory = \"1KiB\"\n") ==
        "world.toml:5: 'kernel_memory' must be a multiple of 64KiB (a wasm page), more than 0 and at most 4GiB");
  CHECK(refused(service + "kernel_memory = \"2MiB\"\n") == "world.toml:5: 'kernel_memory' must be at least 4MiB");
  CHECK(refused(service + "kernel_memroy = \"2MiB\"\n") ==
        "world.toml:5: unknown key 'kernel_memroy' in [world]; did you mean 'kernel_memory'?");
}

TEST_CASE("a byte size is a number and perhaps a binary unit", "[manifest]") {
  CHECK(parseByteSize("0") == 0u);
  CHECK(parseByteSize("65536") == 65536u);
  CHECK(parseByteSize("512KiB") == 512u << 10);
  CHECK(parseByteSize("64 MiB") == 64u << 20);
  CHECK(parseByteSize("4GiB") == 4ull << 30);
  CHECK(parseByteSize("18446744073709551615") == UINT64_MAX);
  CHECK(parseByteSize("17179869183GiB") == 17179869183ull << 30);
  for (auto* wrong : {"",
                      " ",
                      "MiB",
                      "-1",
                      "+1",
                      " 1",
                      "1MB",
                      "1mib",
                      "1MiB ",
                      "1.5GiB",
                      "0x10",
                      "1 2",
                      "1MiBMiB",
                      "18446744073709551616",
                      "17179869184GiB",
                      "99999999999999999999KiB"}) {
    INFO(wrong);
    CHECK_FALSE(parseByteSize(wrong));
  }
}

TEST_CASE("what is no TOML is refused at its line, in one line", "[manifest]") {
  for (auto& [text, line] : std::vector<std::pair<std::string, int>>{{"[world\nmain = \"a\"\n", 1},
                                                                     {"[world]\nmain = \"a\n", 2},
                                                                     {"[world]\n\nmain\n", 3},
                                                                     {"[world]\nmain = a\n", 2},
                                                                     {"\\\n", 1},
                                                                     {std::string("a = \"\0\"", 7), 1},
                                                                     {"x = \"\xff\xfe\"\n", 1},
                                                                     {"{\"world\": {}}", 1}}) {
    INFO(text);
    auto error = refused(text);
    CHECK_THAT(error, StartsWith("world.toml:" + std::to_string(line) + ": "));
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("nesting without end is an error, too", "[manifest]") {
  CHECK_THAT(refused("a = " + std::string(100000, '[')), StartsWith("world.toml:1: "));
}

TEST_CASE("a manifest that cannot be read says why", "[manifest]") {
  TemporaryFolder folder;
  auto path = folder.file("world.toml");
  CHECK(errorOf(readManifest(path)) == path + ": cannot be read: No such file or directory");
  CHECK(errorOf(readManifest(folder.path.string())) == folder.path.string() + ": is a folder, not a world manifest");
  writeText(path, least);
  CHECK(valueOf(readManifest(path)).services[0].path == folder.file("a.wasm"));
}

TEST_CASE("memory and arena of [world] are for services that say nothing themselves", "[manifest]") {
  auto read = [](const std::string& world) {
    return valueOf(parseManifest("[world]\nmain = \"a\"\n" + world + "[service.a]\nwasm = \"a\"\n", "world.toml"));
  };
  auto sized = read("memory = \"32MiB\"\narena = \"1MiB\"\nlayout = \"multi\"\n");
  CHECK(sized.regionBytes == 32u << 20);
  CHECK(sized.arenaBytes == 1u << 20);
  CHECK(sized.layout == Layout::Multi);
  CHECK_FALSE(sized.fit);
  auto fit = read("memory = \"fit\"\n");
  CHECK(fit.fit);
  CHECK_FALSE(fit.regionBytes);
  CHECK(fit.layout == Layout::Single);
  CHECK(read("memory = \"multi\"\n").layout == Layout::Multi);
}

TEST_CASE("what a service may do with the host's folders and streams", "[manifest]") {
  auto manifest =
    parsed(least + "files = [\"/data:ro\", \"/var/x=/work:rw\", \"a:b\"]\nstdin = \"none\"\nwasi = \"vfs\"\n"
                   "[service.vfs]\nwasm = \"vfs.wasm\"\nfiles = []\n");
  auto& policy = manifest.services[0].descriptors;
  REQUIRE(policy.preopens->size() == 3);
  auto folder = [&](size_t i) {
    auto& preopen = (*policy.preopens)[i];
    return preopen.host + " " + preopen.seen + (preopen.readOnly ? " ro" : "");
  };
  CHECK(folder(0) == "/data /data ro");
  CHECK(folder(1) == "/var/x /work");
  CHECK(folder(2) == "a:b a:b");
  CHECK_FALSE(policy.standardInput);
  CHECK(manifest.services[0].wasi == "vfs");
  CHECK(manifest.services[1].descriptors.preopens->empty());
  CHECK(manifest.services[1].descriptors.standardInput);
  CHECK_FALSE(parsed(least).sharedDescriptors);
  auto world = parsed(least + "[service.b]\nwasm = \"b\"\nstdin = \"main\"\n");
  CHECK(world.services[1].descriptors.allowsAll());
  CHECK(refusedService("files = \"/data\"") ==
        "world.toml:2: 'files' must be an array of strings, such as [\"/data:ro\"]");
  CHECK(refusedService("files = [\"/a=:ro\"]") ==
        "world.toml:2: 'files' must hold \"/data\", \"/data:ro\" or \"/host/path=/seen/as:ro\", not \"/a=:ro\"");
  CHECK(refusedService("files = [\"/a\", \"/b=/a\"]") ==
        "world.toml:2: 'files' has two folders that the service sees as \"/a\"");
  CHECK(refusedService("stdin = 1") == "world.toml:2: 'stdin' must be \"main\" or \"none\"");
  CHECK_THAT(refusedService("wasi = \"b\""), Contains("[service.a] has wasi = \"b\", and there is no [service.b]"));
  CHECK_THAT(refusedService("wasi = \"a\""), Contains("in a circle"));
}
