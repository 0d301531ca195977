// Laws: every key of [government] and [[law]], and every error, with its line; what laws allow; the words for functions
// of WASI; the section.

#include "world/government.h"
#include "abi/wasi.h"
#include "merge/apply_laws.h"
#include "support.h"
#include "world/laws_file.h"
#include "world/manifest.h"

using namespace parigot;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Strings = std::vector<std::string>;

namespace {

const std::string least = "[world]\nmain = \"a\"\n[service.a]\nwasm = \"a.wasm\"\n[service.b]\nwasm = \"b.wasm\"\n";

Government parsed(const std::string& text) { return valueOf(parseLaws(text, "laws.toml")); }
std::string refused(const std::string& text) { return errorOf(parseLaws(text, "laws.toml")); }
std::string refusedLaw(const std::string& lines) { return refused("[[law]]\nservice = \"a\"\n" + lines); }

Rights rights(const std::string& laws, const std::string& service = "a") { return rightsOf(parsed(laws), service); }
Rights host(const std::string& entries) { return rights("[[law]]\nservice = \"a\"\nhost = [" + entries + "]\n"); }

constexpr const char* wasi = "wasi_snapshot_preview1";

} // namespace

TEST_CASE("laws are read from a manifest, or a file of their own", "[government]") {
  auto text = "[government]\ndefault = \"deny\"\n[[law]]\nservice = [\"a\", \"b\"]\ncalls = [\"b.x_\", \"b.*\"]\n"
              "host = [\"stdout\", \"env:LOG_*\", \"files:/data:ro\", \"env.log\"]\nmemory = \"64MiB\"\n"
              "otherwise = \"errno\"\n";
  auto manifest = valueOf(parseManifest(least + text, "world.toml"));
  for (auto& laws : {manifest.government, parsed(text)}) {
    CHECK(laws.deny);
    REQUIRE(laws.laws.size() == 1);
    auto& law = laws.laws[0];
    CHECK(law.services == Strings{"a", "b"});
    CHECK(law.calls == Strings{"b.x_", "b.*"});
    CHECK(law.host == Strings{"stdout", "env:LOG_*", "files:/data:ro", "env.log"});
    CHECK(law.memoryBytes == 64ull << 20);
    CHECK(law.otherwise == Otherwise::Errno);
  }
  CHECK(valueOf(parseManifest(least, "world.toml")).government.empty());
  CHECK_FALSE(parsed("[[law]]\nservice = \"*\"\nhost = []\n").deny);
}

TEST_CASE("every wrong law says what is wrong, and in which line", "[government]") {
  CHECK(refused("[government]\ndefault = \"maybe\"\n") == "laws.toml:2: 'default' must be \"deny\" or \"allow\"");
  CHECK_THAT(refused("[government]\ndefualt = \"deny\"\n"), Contains("did you mean 'default'?"));
  CHECK_THAT(refused("government = 1\n"), StartsWith("laws.toml:1: 'government' must be a table"));
  CHECK_THAT(refused("law = 1\n"), StartsWith("laws.toml:1: 'law' must be an array of tables"));
  CHECK_THAT(refused("[world]\nmain = \"a\"\n"), StartsWith("laws.toml:1: unknown key 'world' in a file of laws"));
  CHECK_THAT(refused(""), StartsWith("laws.toml: has no laws"));
  CHECK_THAT(refused("[[law]]\nhost = []\n"), Contains("[[law]] needs 'service'"));
  CHECK_THAT(refused("[[law]]\nservice = []\nhost = []\n"), StartsWith("laws.toml:2: 'service' must be the name"));
  CHECK_THAT(refused("[[law]]\nservice = [\"*\", \"a\"]\nhost = []\n"), Contains("every service, beside names"));
  CHECK_THAT(refused("[[law]]\nservice = [1]\nhost = []\n"), Contains("must hold strings only"));
  CHECK_THAT(refusedLaw(""), StartsWith("laws.toml:1: [[law]] says nothing"));
  CHECK_THAT(refusedLaw("host = [\"stdotu\"]\n"), Contains("did you mean 'stdout'?"));
  CHECK_THAT(refusedLaw("host = [\"fd_write\"]\n"), Contains("\"wasi_snapshot_preview1.fd_write\""));
  CHECK_THAT(refusedLaw("host = [\"clock:now\"]\n"), Contains("'clock' has nothing after it"));
  CHECK_THAT(refusedLaw("host = [\"env:\"]\n"), Contains("needs the name of a variable"));
  CHECK_THAT(refusedLaw("host = [\"env:A*B\"]\n"), Contains("with a * at the end only"));
  CHECK_THAT(refusedLaw("host = [\"env:A=1\"]\n"), Contains("needs the name of a variable"));
  CHECK_THAT(refusedLaw("host = [\"files:\"]\n"), Contains("'files:' needs a folder"));
  CHECK_THAT(refusedLaw("host = [\"files:ro\"]\n"), Contains("'files:' needs a folder"));
  CHECK_THAT(refusedLaw("host = [\"files:/a:rx\"]\n"), Contains("'files:' needs a folder"));
  CHECK_THAT(refusedLaw("host = [\"en*v.log\"]\n"), Contains("neither a word"));
  CHECK_THAT(refusedLaw("host = \"stdout\"\n"), StartsWith("laws.toml:3: 'host' must be an array"));
  CHECK_THAT(refusedLaw("calls = [\"store\"]\n"), Contains("as \"store.*\""));
  CHECK_THAT(refusedLaw("calls = [\"st*re.x\"]\n"), Contains("with a * at the end only"));
  CHECK_THAT(refusedLaw("memory = \"fit\"\n"), StartsWith("laws.toml:3: 'memory' must be a size"));
  CHECK_THAT(refusedLaw("memory = 100\n"), Contains("multiple of 64KiB"));
  CHECK_THAT(refusedLaw("otherwise = \"ignore\"\n"), StartsWith("laws.toml:3: 'otherwise' must be"));
  CHECK_THAT(refusedLaw("otherwise = \"trap\"\n[[law]]\nservice = \"a\"\notherwise = \"errno\"\n"),
             StartsWith("laws.toml:4: this [[law]] for 'a' has otherwise = \"errno\", and the one in line 1"));
  CHECK_THAT(errorOf(parseManifest(
               least + "[[law]]\nservice = \"bb\"\nhost = []\n[[law]]\nservice = \"c\"\nhost = []\n", "world.toml")),
             Contains("world.toml:7: [[law]] names service 'bb', which this world does not have; did you mean 'b'?") &&
               Contains("names service 'c'"));
}

TEST_CASE("a pattern fits what it names, and nothing that looks alike", "[government]") {
  CHECK(fitsPattern("store.*", "store.put"));
  CHECK(fitsPattern("*", "store.put"));
  CHECK(fitsPattern("store.put", "store.put"));
  CHECK_FALSE(fitsPattern("store.*", "store2.put"));
  CHECK_FALSE(fitsPattern("store.*", "store"));
  CHECK_FALSE(fitsPattern("store.put", "store.put_"));
  CHECK_FALSE(fitsPattern("store.put", "xstore.put"));
  CHECK_FALSE(fitsPattern("store.put_", "store.put"));
}

TEST_CASE("every function of WASI has its words, and every word its functions", "[government]") {
  for (auto& function : wasiFunctions()) {
    INFO(function.name);
    CHECK(wordsThatAllow(function.name) != 0);
    auto entry = hostEntryFor(wasi, function.name);
    CHECK(checkHostEntry(entry) == "");
    CHECK(host("\"" + entry + "\"").mayUse(wasi, function.name));
    CHECK_FALSE(host("").mayUse(wasi, function.name));
  }
  for (auto& row : hostWords()) {
    INFO(row.word);
    CHECK(std::any_of(wasiFunctions().begin(), wasiFunctions().end(), [&](auto& function) {
      return wordsThatAllow(function.name) & row.bit;
    }));
  }
  CHECK(wordsThatAllow("fd_writ") == 0);
  CHECK(wordsThatAllow("") == 0);
}

TEST_CASE("words allow what they say, and nothing else", "[government]") {
  auto print = host("\"stdout\"");
  CHECK(print.mayUse(wasi, "fd_write"));
  CHECK(print.mayUse("wasi_unstable", "fd_write"));
  CHECK(print.mayUse(wasi, "fd_close"));
  CHECK_FALSE(print.mayUse(wasi, "fd_read"));
  CHECK_FALSE(print.mayUse(wasi, "path_open"));
  CHECK_FALSE(print.mayUse("env", "fd_write"));
  CHECK_FALSE(print.mayUse("wasi_snapshot_preview1x", "fd_write"));
  auto reads = host("\"files:/data:ro\"");
  CHECK(reads.mayUse(wasi, "path_open"));
  CHECK(reads.mayUse(wasi, "fd_read"));
  CHECK_FALSE(reads.mayUse(wasi, "fd_write"));
  CHECK_FALSE(reads.mayUse(wasi, "path_unlink_file"));
  REQUIRE(reads.files.size() == 1);
  CHECK(reads.files[0].path == "/data");
  CHECK(reads.files[0].readOnly);
  auto both = host("\"files:/data:ro\", \"files:/tmp\"");
  CHECK(both.mayUse(wasi, "path_unlink_file"));
  CHECK_FALSE(both.files[1].readOnly);
  auto named = host("\"env.log\", \"wasi_snapshot_preview1.random_get\"");
  CHECK(named.mayUse("env", "log"));
  CHECK(named.mayUse(wasi, "random_get"));
  CHECK_FALSE(named.mayUse("env", "log2"));
  CHECK_FALSE(named.mayUse(wasi, "fd_write"));
}

TEST_CASE("a law shows the variables that it names", "[government]") {
  auto some = host("\"env:LOG_*\", \"env:TERM\"");
  CHECK(some.filtersEnvironment());
  CHECK(some.maySee("LOG_LEVEL=1"));
  CHECK(some.maySee("LOG_="));
  CHECK(some.maySee("TERM=x"));
  CHECK_FALSE(some.maySee("TERMINAL=x"));
  CHECK_FALSE(some.maySee("LOG=1"));
  CHECK_FALSE(some.maySee("XLOG_A=1"));
  CHECK_FALSE(host("\"env\"").filtersEnvironment());
  CHECK(host("\"env\", \"env:A\"").maySee("B=1"));
  CHECK_FALSE(host("\"stdout\"").maySee("A=1"));
  auto manifest = valueOf(parseManifest(least + "env = [\"LOG_A=1\", \"SECRET=2\", \"TZ=UTC\"]\n[[law]]\nservice = "
                                                "\"b\"\nhost = [\"env:LOG_*\"]\n",
                                        "world.toml"));
  CHECK(filterEnvironments(manifest) == "SECRET (b)");
  CHECK(manifest.services[1].env == Strings{"LOG_A=1", "TZ=UTC"});
}

TEST_CASE("laws count together, and under allow only the keys that are there", "[government]") {
  std::string text = "[[law]]\nservice = \"*\"\nhost = [\"stdout\"]\nmemory = \"2MiB\"\notherwise = \"trap\"\n"
                     "[[law]]\nservice = \"a\"\nhost = [\"clock\"]\nmemory = \"1MiB\"\notherwise = \"errno\"\n";
  auto a = rights(text), b = rights(text, "b");
  CHECK(a.mayUse(wasi, "fd_write"));
  CHECK(a.mayUse(wasi, "clock_time_get"));
  CHECK_FALSE(b.mayUse(wasi, "clock_time_get"));
  CHECK(a.memoryBytes == 1ull << 20);
  CHECK(b.memoryBytes == 2ull << 20);
  CHECK(a.otherwise == Otherwise::Errno);
  CHECK(b.otherwise == Otherwise::Trap);
  CHECK(a.mayCall("store", "put", "store", "put")); // no law has `calls`
  auto denied = rights("[government]\ndefault = \"deny\"\n[[law]]\nservice = \"a\"\ncalls = [\"store.put\"]\n");
  CHECK(denied.mayCall("store", "put", "other", "name"));
  CHECK(denied.mayCall("other", "name", "store", "put"));
  CHECK_FALSE(denied.mayCall("store", "get", "store", "get"));
  CHECK_FALSE(denied.mayUse(wasi, "fd_write"));
  CHECK(denied.otherwise == Otherwise::Refuse);
}

TEST_CASE("the section keeps the laws", "[government]") {
  auto laws =
    parsed("[government]\ndefault = \"deny\"\n[[law]]\nservice = [\"a\"]\ncalls = [\"b.*\"]\nhost = [\"env\"]\n"
           "memory = \"1MiB\"\notherwise = \"trap\"\n");
  laws.enforced = true;
  auto json = toJson(laws);
  CHECK(toJson(valueOf(governmentFromJson(json))) == json);
  for (auto* damaged : {"{}",
                        "[]",
                        "{\"default\":\"no\",\"laws\":[]}",
                        "{\"default\":\"deny\",\"laws\":[{}]}",
                        "{\"default\":\"deny\",\"laws\":[{\"service\":[\"a\"],\"host\":[\"nothing\"]}]}",
                        "{\"default\":\"deny\",\"laws\":[{\"service\":[\"a\"],\"calls\":[\"x\"]}]}",
                        "{\"default\":\"deny\",\"laws\":[{\"service\":[\"a\"],\"memory\":-1}]}",
                        "{\"default\":\"deny\",\"laws\":[{\"service\":[\"a\"],\"memory\":5}]}",
                        "{\"default\":\"deny\",\"laws\":[{\"service\":[\"a\"],\"otherwise\":\"x\"}]}"}) {
    INFO(damaged);
    errorOf(governmentFromJson(damaged));
  }
}
