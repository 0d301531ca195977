// parigot's deployment files: both forms, the choice of services, and every error in them, with its line.

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "support.h"
#include "world/manifest.h"

using namespace parigot;
using Catch::Matchers::Contains;
using Strings = std::vector<std::string>;

namespace {

const std::string application = R"(# line 1
[config.dev]
ParigotLibPath = "/build/syscall.so"
ParigotLibSymbol = "ParigotInitialize"
Timezone = " US/Eastern "
[config.dev.Timeout]
Startup = 100
Complete = 0

[config.dev.microservice.store]
WasmPath = "  sub/store.wasm "
Arg = [" -v ", "a b"]
Env = ["LOG=debug", "TZ=UTC", "LOG= last ", "E="]
Server = true

[config.dev.microservice.queue]
WasmPath = "/opt/queue.wasm"
PluginPath = "queue.so"
PluginSymbol = "ParigotInitialize"
PluginAlias = " queue_v1 "

[config.dev.microservice.clock]
PluginPath = "clock.so"

[config.dev.microservice.app]
WasmPath = "app.wasm"
Main = true

[config.dev.microservice.again]
WasmPath = "again.wasm"
Test = true

[config.prod]
ArrangementName = "LocalProcess"
[config.prod.microservice.b]
WasmPath = "b.wasm"
Main = true
[config.prod.microservice.a]
WasmPath = "a.wasm"
Main = true
[config.prod.microservice.s]
WasmPath = "s.wasm"
)";

ManifestChoice chosen(std::optional<std::string> profile,
                      std::optional<std::string> main = {},
                      bool test = false,
                      Strings services = {}) {
  return {std::move(profile), std::move(main), test, std::move(services)};
}

Manifest parsed(const std::string& text, const ManifestChoice& choice = {}) {
  return valueOf(parseManifest(text, "some/deploy.toml", choice));
}

std::string refused(const std::string& text, const ManifestChoice& choice = {}) {
  return errorOf(parseManifest(text, "deploy.toml", choice));
}

Strings names(const std::string& text, const ManifestChoice& choice = {}) { return parsed(text, choice).names(); }

// Puts the text into line 3 of a microservice that is correct otherwise.
std::string refusedLine(const std::string& line) {
  return refused("[microservice.a]\nWasmPath = \"a.wasm\"\n" + line + "\n");
}

} // anonymous namespace

TEST_CASE("a deployment file is read as a manifest", "[deployment]") {
  auto manifest = parsed(application);
  CHECK(manifest.path == "some/deploy.toml");
  CHECK(manifest.deployment);
  CHECK(manifest.main == "app");
  CHECK_FALSE(manifest.open);
  CHECK_FALSE(manifest.subset);
  CHECK_FALSE(manifest.kernelStats);
  REQUIRE(manifest.names() == Strings{"store", "queue", "app"});
  auto& store = manifest.services[0];
  CHECK(store.file == "sub/store.wasm");
  CHECK(store.path == "some/sub/store.wasm");
  CHECK(store.args == Strings{"store", "-v", "a b"});
  CHECK(store.env == Strings{"LOG= last", "TZ=UTC", "E="});
  CHECK(manifest.services[1].path == "/opt/queue.wasm");
  CHECK(manifest.services[2].args == Strings{"app"});
  CHECK(manifest.services[2].env == Strings{"TZ=US/Eastern"});
  REQUIRE(manifest.plugins.size() == 2);
  CHECK(manifest.plugins[0].alias == "queue_v1");
  CHECK(manifest.hasPlugin("queue"));
  CHECK(manifest.hasPlugin("queue_v1"));
  CHECK(manifest.hasPlugin("clock"));
  CHECK_FALSE(manifest.hasPlugin("store"));
  CHECK_FALSE(manifest.hasPlugin(""));
}

TEST_CASE("a deployment file of the older form is the profile dev", "[deployment]") {
  auto text = std::string("ParigotLibPath = \"build/syscall.so\"\nParigotLibSymbol = \"ParigotInitialize\"\n"
                          "[microservice.z]\nWasmPath = \"z.wasm\"\nArg = []\nEnv = []\n"
                          "[microservice.a]\nWasmPath = \"a.wasm\"\nMain = true\n");
  auto manifest = parsed(text, chosen("dev"));
  CHECK(manifest.main == "a");
  CHECK(manifest.names() == Strings{"z", "a"});
  CHECK(manifest.services[0].env == Strings{});
  CHECK(refused(text, chosen("prod")) ==
        "deploy.toml: there is no profile 'prod': the file has no [config.PROFILE], and is all 'dev'");
}

TEST_CASE("services stay in the file's order however many lines it has", "[deployment]") {
  std::string text = "[microservice.x]\nWasmPath = \"x\"\nMain = true\n";
  Strings expected{"x"};
  for (int i = 30; i > 0; i--) {
    auto name = "s" + std::to_string(i);
    text += "[microservice." + name + "]\nWasmPath = \"x\"\n";
    expected.push_back(name);
  }
  CHECK(names(text) == expected);
  CHECK(names("microservice = { b = { WasmPath = \"b\" }, a = { WasmPath = \"a\", Main = true } }\n") ==
        Strings{"b", "a"});
}

TEST_CASE("the profile, the program and the tests are chosen", "[deployment]") {
  CHECK(parsed(application, chosen({}, {}, true)).main == "again");
  CHECK(names(application, chosen({}, {}, true)) == Strings{"store", "queue", "again"});
  CHECK(refused(application, chosen("prod")) ==
        "deploy.toml: 'b' and 'a' have Main = true, and a world has one program; choose with --main NAME");
  CHECK(names(application, chosen("prod", "a")) == Strings{"a", "s"});
  CHECK(parsed(application, chosen("prod", "a")).main == "a");
  CHECK(names(application, chosen("prod", "s")) == Strings{"s"});
  CHECK(refused(application, chosen("prod", {}, true)) ==
        "deploy.toml: no microservice has Test = true; say which one is the program with --main NAME");
  CHECK(refused(application, chosen("stage")) ==
        "deploy.toml: there is no profile 'stage'; the file has 'dev' and 'prod', to choose with --profile");
  CHECK(refused("[config.prod.microservice.a]\nWasmPath = \"a\"\n") ==
        "deploy.toml: there is no profile 'dev'; the file has 'prod', to choose with --profile");
  CHECK(refused("[config]\n") == "deploy.toml: there is no profile 'dev'; the file has none");
  CHECK(refused(application, chosen({}, "stor")) ==
        "deploy.toml: --main names 'stor', which is no microservice of this file; did you mean 'store'?");
  CHECK(refused(application, chosen({}, "again")) ==
        "deploy.toml: --main names 'again', which has Test = true, and is wound with --test only");
  CHECK(refused(application, chosen({}, "app", true)) ==
        "deploy.toml: --main names 'app', which has Main = true, and is not wound with --test");
}

TEST_CASE("a part of a deployment is an open world", "[deployment]") {
  auto part = parsed(application, chosen({}, {}, false, {"app", "store", "app"}));
  CHECK(part.names() == Strings{"store", "app"});
  CHECK(part.main == "app");
  CHECK(part.open);
  CHECK(part.subset);
  CHECK(part.hasPlugin("queue"));
  CHECK(names(application, chosen("prod", {}, false, {"a", "s"})) == Strings{"a", "s"});
  CHECK(names(application, chosen("prod", "b", false, {"a", "b"})) == Strings{"b", "a"});
  CHECK(refused(application, chosen({}, {}, false, {"store"})) ==
        "deploy.toml: no microservice of those that --service names has Main = true; say which one is the program with "
        "--main NAME");
  CHECK(parsed(application, chosen({}, "store", false, {"store"})).main == "store");
  CHECK(refused(application, chosen({}, "app", false, {"store"})) ==
        "deploy.toml: main is 'app', which --service leaves out; give --main NAME, one of the services that are wound, "
        "or --service app too");
  CHECK(refused(application, chosen({}, {}, false, {"clock"})) ==
        "deploy.toml: --service names 'clock', which is a plugin of the host (clock.so) without a WasmPath: there is "
        "nothing to wind");
  CHECK_THAT(refused(application, chosen({}, {}, false, {"again"})), Contains("has Test = true"));
}

TEST_CASE("a part of a manifest leaves out what is said of the rest", "[deployment][manifest]") {
  auto text = std::string("[world]\nmain = \"a\"\ninit = [\"c\", \"b\"]\n[service.a]\nwasm = \"a\"\n"
                          "[service.b]\nwasm = \"b\"\n[service.c]\nwasm = \"c\"\n"
                          "[[call]]\nimport = \"m.f\"\nservice = \"c\"\nabi = \"scalar\"\n"
                          "[[call]]\nclient = \"c\"\nimport = \"m.g\"\nabi = \"scalar\"\n"
                          "[[call]]\nimport = \"m.h\"\nservice = \"b\"\n");
  auto part = parsed(text, chosen({}, {}, false, {"b", "a"}));
  CHECK(part.names() == Strings{"a", "b"});
  CHECK(part.init == Strings{"b"});
  CHECK(part.open);
  REQUIRE(part.calls.size() == 2);
  CHECK(part.calls[0].outside);
  CHECK_FALSE(part.calls[1].outside);
  auto all = parsed(text);
  CHECK_FALSE(all.open);
  CHECK(all.calls.size() == 3);
  CHECK(parsed(text, chosen({}, "b")).main == "b");
  CHECK(refused(text, chosen({}, {}, false, {"b"})) ==
        "deploy.toml: main is 'a', which --service leaves out; give --main NAME, one of the services that are wound, "
        "or --service a too");
  CHECK_THAT(refused(text, chosen({}, {}, false, {"x"})), Contains("--service names 'x'"));
  CHECK_THAT(refused(text, chosen({}, "x")), Contains("--main names 'x', but there is no [service.x]"));
  CHECK_THAT(refused(text, chosen("dev")), Contains("--profile is for parigot's deployment files"));
  CHECK_THAT(refused(text, chosen({}, {}, true)), Contains("--test is for parigot's deployment files"));
  CHECK(parsed("[world]\nmain = \"a\"\nopen = true\n[service.a]\nwasm = \"a\"\n").open);
}

TEST_CASE("a deployment file is told what is wrong, and where", "[deployment]") {
  CHECK(refusedLine("Main = \"yes\"") == "deploy.toml:3: 'Main' must be true or false");
  CHECK(refusedLine("Arg = \"-v\"") == "deploy.toml:3: 'Arg' must be an array of strings");
  CHECK(refusedLine("Arg = [\"\"]") == "deploy.toml:3: 'Arg' must not hold an empty string");
  CHECK(refusedLine("Arg = [\" \"]") == "deploy.toml:3: 'Arg' must not hold an empty string");
  CHECK(refusedLine("Arg = [\"é\"]") == "deploy.toml:3: 'Arg' must hold printable ASCII characters only");
  CHECK(refusedLine("Env = [\"A=\\u0007\"]") == "deploy.toml:3: 'Env' must hold printable ASCII characters only");
  CHECK(refusedLine("Env = [\"LOG\"]") == "deploy.toml:3: 'Env' must hold \"KEY=VALUE\", not \"LOG\"");
  CHECK(refusedLine("Env = [\"LOG\", \"LOG=1\"]") == "deploy.toml:3: 'Env' must hold \"KEY=VALUE\", not \"LOG\"");
  CHECK(refusedLine("Env = [\"=1\"]") == "deploy.toml:3: 'Env' must hold \"KEY=VALUE\", not \"=1\"");
  CHECK(refusedLine("Main = true\nServer = true") ==
        "deploy.toml:3: [microservice.a] must be one of Server, Main and Test, and says 'Server' and 'Main'");
  CHECK(refusedLine("PluginPath = \"p.so\"\nTest = true") ==
        "deploy.toml:3: [microservice.a] has a PluginPath, and only a server can have one");
  CHECK(refused("[microservice.a]\nWasmPath = \" \"\n") == "deploy.toml:1: [microservice.a] needs 'WasmPath'");
  CHECK(refused("[microservice.a]\nWasmPath = 1\n") == "deploy.toml:2: 'WasmPath' must be a string");
  CHECK_THAT(refused("[microservice.'a b']\nWasmPath = \"a\"\n"), Contains("deploy.toml:1: the service name 'a b'"));
  CHECK(refused("[microservice]\na = 1\n") == "deploy.toml:2: 'microservice.a' must be a table");
  CHECK(refused("[microservice]\n") == "deploy.toml:1: the deployment file has no microservice");
  CHECK(refused("[config]\ndev = 1\n") == "deploy.toml:2: 'config.dev' must be a table");
  CHECK(refused("[config.dev]\nmicroservice = 1\n") ==
        "deploy.toml:2: 'config.dev.microservice' must hold tables: [config.dev.microservice.NAME]");
  CHECK(refused("[config.dev]\nTimezone = \"\\n\\u0001.\"\n[config.dev.microservice.a]\nWasmPath = \"a\"\n") ==
        "deploy.toml:2: 'Timezone' must hold printable ASCII characters only");
  CHECK(refused("[config.dev.Timeout]\nStartup = -1\n") ==
        "deploy.toml:2: 'Startup' must be a number of milliseconds, 0 or more");
  CHECK(refused("[config.dev.Timeout]\nComplete = 1.5\n") ==
        "deploy.toml:2: 'Complete' must be a number of milliseconds, 0 or more");
  CHECK(refused("[config.dev]\nTimeout = 1\n") == "deploy.toml:2: 'config.dev.Timeout' must be a table");
  CHECK(refused("config = 1\n[microservice.a]\nWasmPath = \"a\"\n") ==
        "deploy.toml:1: 'config' must hold tables: [config.PROFILE]");
  CHECK(refusedLine("Path = \"b.wasm\"") ==
        "deploy.toml:3: [microservice.a] has both WasmPath and Path; leave one of them out");
  CHECK(refusedLine("main = true\nMAIN = true") ==
        "deploy.toml:4: 'MAIN' and 'main' are the same key of [microservice.a]; leave one of them out");
  CHECK(refusedLine("wasmpath = \"b.wasm\"") ==
        "deploy.toml:3: 'wasmpath' and 'WasmPath' are the same key of [microservice.a]; leave one of them out");
  CHECK(refused("[config.dev]\nSearchDir = \"build\"\n") == "deploy.toml:2: 'SearchDir' must be an array of strings");
}

TEST_CASE("a deployment file is told of the first mistake in each microservice", "[deployment]") {
  CHECK(refused("[microservice.a]\nMain = 1\n[microservice.b]\nWasmPath = \"b\"\n[microservice.c]\nTest = true\n") ==
        "deploy.toml:2: 'Main' must be true or false\n"
        "deploy.toml:5: [microservice.c] needs 'WasmPath'");
}

TEST_CASE("keys of a deployment file match without regard to case, and unknown ones get a warning", "[deployment]") {
  auto manifest = parsed("[world]\nmain = \"b\"\n[CONFIG.dev]\nTimezon = \"UTC\"\nTIMEZONE = \"CET\"\n"
                         "[CONFIG.dev.timeout]\nstartup = 1\nLater = 2\n"
                         "[CONFIG.dev.Microservice.Greet]\nwasmpath = \"g.wasm\"\nMian = true\n"
                         "[CONFIG.dev.Microservice.greet]\nWASMPATH = \"a.wasm\"\nmain = true\nenv = [\"A=1\"]\n",
                         chosen({}));
  CHECK(manifest.names() == Strings{"Greet", "greet"});
  CHECK(manifest.main == "greet");
  CHECK(manifest.services[1].file == "a.wasm");
  CHECK(manifest.services[1].env == Strings{"A=1", "TZ=CET"});
  CHECK(
    manifest.warnings ==
    Strings{"some/deploy.toml:1: unknown key 'world' in the deployment file beside its profiles, which has no effect",
            "some/deploy.toml:4: unknown key 'Timezon' in [config.dev], which has no effect; did you mean 'Timezone'?",
            "some/deploy.toml:8: unknown key 'Later' in [config.dev.Timeout], which has no effect",
            "some/deploy.toml:11: unknown key 'Mian' in [config.dev.microservice.Greet], which has no effect; did you "
            "mean 'Main'?"});
  // The name of a profile is a key of the user's, not of the runner's.
  CHECK_THAT(refused(application, chosen("Dev")), Contains("there is no profile 'Dev'"));
}

TEST_CASE("the profile is the command line's, or the environment's, or dev", "[deployment]") {
  ManifestChoice choice{{}, "a", false, {}, "prod"};
  CHECK(names(application, choice) == Strings{"a", "s"});
  choice.profile = "dev";
  choice.main.reset();
  CHECK(parsed(application, choice).main == "app");
  choice.profile.reset();
  choice.environmentProfile = "stage";
  CHECK(
    refused(application, choice) ==
    "deploy.toml: there is no profile 'stage' (of PARIGOT_DEPLOYMENT); the file has 'dev' and 'prod', to choose with "
    "--profile");
  // The option is not for manifests.
  CHECK(parsed("[world]\nmain = \"a\"\n[service.a]\nwasm = \"a\"\n", choice).main == "a");
}

TEST_CASE("the first generation's key for the file is Path", "[deployment]") {
  auto manifest = parsed("[microservice.test]\nPath = \" build/test.p.wasm \"\nMain = true\n");
  CHECK(manifest.services[0].file == "build/test.p.wasm");
}

TEST_CASE("a deployment of servers has no program", "[deployment]") {
  auto text = std::string("[microservice.a]\nWasmPath = \"a\"\n[microservice.b]\nWasmPath = \"b\"\n");
  auto manifest = parsed(text);
  CHECK_FALSE(manifest.hasProgram);
  CHECK(manifest.main.empty());
  CHECK(manifest.names() == Strings{"a", "b"});
  auto chosenMain = parsed(text, chosen({}, "b"));
  CHECK(chosenMain.hasProgram);
  CHECK(chosenMain.main == "b");
  // Tests are programs, and are wound on request only.
  CHECK(refused(text, chosen({}, {}, true)) ==
        "deploy.toml: no microservice has Test = true; say which one is the program with --main NAME");
}

namespace {

// A folder with empty files, which is removed after the test.
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("parigot-search-" + std::to_string(getpid()));
  Folder(const Strings& files) {
    for (auto& file : files) {
      std::filesystem::create_directories((path / file).parent_path());
      std::ofstream(path / file).put(' ');
    }
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& text) const {
    std::ofstream(path / "deploy" / "app.toml") << text;
    return (path / "deploy" / "app.toml").string();
  }
};

// Reads a file while the working directory is a certain folder.
auto readFrom(const std::filesystem::path& folder, const std::string& file) {
  auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  auto read = readManifest(file);
  std::filesystem::current_path(here);
  return read;
}

} // anonymous namespace

TEST_CASE("files of a deployment are where the runner would find them", "[deployment]") {
  Folder folder(
    {"deploy/a.wasm", "deploy/build/a.wasm", "deploy/build/b.wasm", "deploy/own/c.wasm", "d.wasm", "build/e.wasm"});
  auto head = std::string("[config.dev]\n");
  auto service = [](const std::string& name) {
    return "[config.dev.microservice." + name + "]\nWasmPath = \"" + name + ".wasm\"\n";
  };
  auto places = [&](const std::string& text) {
    auto manifest = valueOf(readFrom(folder.path, (folder.file(text), "deploy/app.toml")));
    Strings all;
    for (auto& one : manifest.services) {
      all.push_back(one.path);
    }
    all.insert(all.end(), manifest.notes.begin(), manifest.notes.end());
    return all;
  };
  CHECK(places(head + service("a") + service("b") + service("d") + service("e")) ==
        Strings{"deploy/a.wasm",
                "deploy/build/b.wasm",
                "d.wasm",
                "build/e.wasm",
                "deploy/app.toml: service 'b' (b.wasm) is taken from deploy/build/b.wasm",
                "deploy/app.toml: service 'd' (d.wasm) is taken from d.wasm",
                "deploy/app.toml: service 'e' (e.wasm) is taken from build/e.wasm"});
  // A list in the profile replaces the default, even if it is empty.
  auto own = head + "SearchDir = [\"none\", \"own\"]\n";
  CHECK(places(own + service("c")) ==
        Strings{"deploy/own/c.wasm", "deploy/app.toml: service 'c' (c.wasm) is taken from deploy/own/c.wasm"});
  folder.file(own + service("b") + service("c") + service("x"));
  CHECK(errorOf(readFrom(folder.path, "deploy/app.toml")) ==
        "deploy/app.toml: service 'b' (b.wasm): there is no such file; looked for deploy/b.wasm, deploy/none/b.wasm, "
        "deploy/own/b.wasm, b.wasm, none/b.wasm, own/b.wasm\n"
        "deploy/app.toml: service 'x' (x.wasm): there is no such file; looked for deploy/x.wasm, deploy/none/x.wasm, "
        "deploy/own/x.wasm, x.wasm, none/x.wasm, own/x.wasm");
  folder.file(head + "SearchDir = []\n" + service("b"));
  CHECK(errorOf(readFrom(folder.path, "deploy/app.toml")) ==
        "deploy/app.toml: service 'b' (b.wasm): there is no such file; looked for deploy/b.wasm, b.wasm");
}
