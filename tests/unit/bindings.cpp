// Bindings of services' imports, and every error in them.

#include "merge/bindings.h"
#include "support.h"

using namespace parigot;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

struct Given {
  std::string name;
  std::string text;      // the text of its module, without the outer parentheses
  std::string keys = ""; // further lines of its table
};

// Each service is one line, or two with `keys`; the first one is main.
wasm::Result<Bindings> bound(const std::vector<Given>& services, const std::string& more = "") {
  std::string toml = "world.main = \"" + services[0].name + "\"\n";
  std::vector<std::unique_ptr<wasm::Module>> modules;
  for (auto& service : services) {
    toml += "[service." + service.name + "]\nwasm = \"" + service.name + ".wasm\"\n" + service.keys + "\n";
    modules.push_back(moduleOf("(module " + service.text + ")"));
  }
  auto manifest = valueOf(parseManifest(toml + more, "world.toml"));
  Services all(manifest);
  for (size_t i = 0; i < services.size(); i++) {
    all.all[i]->module = std::move(modules[i]);
  }
  return bindCalls(all);
}

// "client: module.name -> service.export (abi)" for each binding, or "client: module.name type" for an import of the
// host.
std::vector<std::string> shown(const Bindings& bindings) {
  std::vector<std::string> all;
  for (auto& call : bindings.calls) {
    all.push_back(call.client + ": " + call.module + "." + call.base + " -> " + call.service + "." + call.export_ +
                  " (" + std::string(toString(call.abi)) + ")");
  }
  for (auto& host : bindings.hostImports) {
    all.push_back(host.client + ": " + host.module + "." + host.base + " " + host.type +
                  (host.abi ? " (" + std::string(toString(*host.abi)) + ")" : ""));
  }
  return all;
}

std::vector<std::string> bindingsOf(const std::vector<Given>& services, const std::string& more = "") {
  return shown(valueOf(bound(services, more)));
}

std::string refused(const std::vector<Given>& services, const std::string& more = "") {
  return errorOf(bound(services, more));
}

using Strings = std::vector<std::string>;

const std::string parigotType = "(param i32 i32 i32 i32) (result i64)";
const std::string fetchImport = "(import \"greeting\" \"fetch_\" (func " + parigotType + ")) (memory 1)";
const std::string fetchExport = "(memory 1) (func (export \"fetch_\") " + parigotType + " (i64.const 0))";

} // anonymous namespace

TEST_CASE("a module name that is a service's binds to that service", "[bindings]") {
  CHECK(bindingsOf({{"hello", fetchImport}, {"greeting", fetchExport}}) ==
        Strings{"hello: greeting.fetch_ -> greeting.fetch_ (parigot)"});
}

TEST_CASE("a module name that a service provides binds to that service", "[bindings]") {
  CHECK(bindingsOf({{"hello", fetchImport}, {"greet", fetchExport, "provides = [\"other\", \"greeting\"]"}}) ==
        Strings{"hello: greeting.fetch_ -> greet.fetch_ (parigot)"});
}

TEST_CASE("a service that provides its own name provides it once", "[bindings]") {
  CHECK(bindingsOf({{"hello", fetchImport}, {"greeting", fetchExport, "provides = [\"greeting\"]"}}) ==
        Strings{"hello: greeting.fetch_ -> greeting.fetch_ (parigot)"});
}

TEST_CASE("of two that provide a name, the one that has the function is meant", "[bindings]") {
  CHECK(bindingsOf({{"hello", fetchImport},
                    {"one", "(func (export \"other\"))", "provides = [\"greeting\"]"},
                    {"two", fetchExport, "provides = [\"greeting\"]"}}) ==
        Strings{"hello: greeting.fetch_ -> two.fetch_ (parigot)"});
}

TEST_CASE("what nobody provides stays the host's", "[bindings]") {
  CHECK(bindingsOf({{"hello", fetchImport}, {"greet", fetchExport}}) ==
        Strings{"hello: greeting.fetch_ (i32, i32, i32, i32) -> i64"});
}

TEST_CASE("services may call each other and themselves", "[bindings]") {
  CHECK(bindingsOf({{"a", "(import \"b\" \"f\" (func)) (import \"a\" \"g\" (func)) (func (export \"g\"))"},
                    {"b", "(import \"a\" \"g\" (func)) (func (export \"f\"))"}}) ==
        Strings{"a: b.f -> b.f (scalar)", "a: a.g -> a.g (scalar)", "b: a.g -> a.g (scalar)"});
}

TEST_CASE("one function imported twice is bound twice", "[bindings]") {
  CHECK(bindingsOf({{"a", "(import \"b\" \"f\" (func)) (import \"b\" \"f\" (func))"}, {"b", "(func (export \"f\"))"}})
          .size() == 2);
}

TEST_CASE("an export that is an import of the provider is bound, too", "[bindings]") {
  CHECK(bindingsOf(
          {{"a", "(import \"b\" \"f\" (func))"}, {"b", "(import \"env\" \"f\" (func $f)) (export \"f\" (func $f))"}}) ==
        Strings{"a: b.f -> b.f (scalar)", "b: env.f () -> ()"});
}

TEST_CASE("a [[call]] says what names do not", "[bindings]") {
  std::vector<Given> services{{"hello", fetchImport},
                              {"greet", "(func (export \"get\") " + parigotType + " (i64.const 0)) (memory 1)"}};
  CHECK(bindingsOf(services, "[[call]]\nimport = \"greeting.fetch_\"\nservice = \"greet\"\nexport = \"get\"\n") ==
        Strings{"hello: greeting.fetch_ -> greet.get (parigot)"});
}

TEST_CASE("a [[call]] binds elsewhere what names would bind", "[bindings]") {
  CHECK(bindingsOf({{"hello", fetchImport}, {"greeting", fetchExport}, {"other", fetchExport}},
                   "[[call]]\nimport = \"greeting.fetch_\"\nservice = \"other\"\n") ==
        Strings{"hello: greeting.fetch_ -> other.fetch_ (parigot)"});
}

TEST_CASE("a [[call]] without a service only tells the abi and the capacity", "[bindings]") {
  std::vector<Given> services{{"a", "(import \"b\" \"f\" (func (param i32)))"},
                              {"b", "(func (export \"f\") (param i32))"}};
  CHECK(bindingsOf(services, "[[call]]\nimport = \"b.f\"\nabi = \"scalar\"\n") == Strings{"a: b.f -> b.f (scalar)"});
  auto bindings = valueOf(bound({{"hello", fetchImport}, {"greeting", fetchExport}},
                                "[[call]]\nimport = \"greeting.fetch_\"\ncapacity = 7\n"));
  CHECK(bindings.calls[0].abi == CallAbi::Parigot);
  CHECK(bindings.calls[0].capacity == 7);
  CHECK(valueOf(bound({{"hello", fetchImport}, {"greeting", fetchExport}})).calls[0].capacity == defaultReplyCapacity);
}

TEST_CASE("a [[call]] for a client is for no other", "[bindings]") {
  CHECK(bindingsOf({{"one", fetchImport}, {"two", fetchImport}, {"greet", fetchExport}},
                   "[[call]]\nclient = \"two\"\nimport = \"greeting.fetch_\"\nservice = \"greet\"\n") ==
        Strings{"two: greeting.fetch_ -> greet.fetch_ (parigot)", "one: greeting.fetch_ (i32, i32, i32, i32) -> i64"});
}

TEST_CASE("a wildcard means every import of the module, under its own name", "[bindings]") {
  CHECK(bindingsOf({{"a", "(import \"m\" \"f\" (func (param i32))) (import \"m\" \"g\" (func (param i32)))"},
                    {"b", "(func (export \"f\") (param i32)) (func (export \"g\") (param i32))"}},
                   "[[call]]\nimport = \"m.*\"\nservice = \"b\"\nabi = \"scalar\"\n") ==
        Strings{"a: m.f -> b.f (scalar)", "a: m.g -> b.g (scalar)"});
}

TEST_CASE("the most precise [[call]] counts, wherever it stands", "[bindings]") {
  std::vector<Given> services{{"a", "(import \"m\" \"f\" (func))"}};
  for (auto* name : {"all", "client", "exact", "both"}) {
    services.push_back({name, "(func (export \"f\"))"});
  }
  // From the least precise to the most precise.
  const Strings calls{"[[call]]\nimport = \"m.*\"\nservice = \"all\"\n",
                      "[[call]]\nclient = \"a\"\nimport = \"m.*\"\nservice = \"client\"\n",
                      "[[call]]\nimport = \"m.f\"\nservice = \"exact\"\n",
                      "[[call]]\nclient = \"a\"\nimport = \"m.f\"\nservice = \"both\"\n"};
  const Strings names{"all", "client", "exact", "both"};
  for (size_t less = 0; less < calls.size(); less++) {
    for (size_t more = less + 1; more < calls.size(); more++) {
      Strings wanted{"a: m.f -> " + names[more] + ".f (scalar)"};
      CHECK(bindingsOf(services, calls[less] + calls[more]) == wanted);
      CHECK(bindingsOf(services, calls[more] + calls[less]) == wanted);
    }
  }
}

TEST_CASE("a [[host]] declares what the host provides, its exact name before a wildcard", "[bindings]") {
  Given a{"a", "(import \"env\" \"log\" (func (param i32))) (import \"env\" \"fetch\" (func " + parigotType + "))"};
  for (auto* order : {"[[host]]\nimport = \"env.*\"\n[[host]]\nimport = \"env.fetch\"\nabi = \"parigot\"\n",
                      "[[host]]\nimport = \"env.fetch\"\nabi = \"parigot\"\n[[host]]\nimport = \"env.*\"\n"}) {
    CHECK(bindingsOf({a}, order) ==
          Strings{"a: env.log (i32) -> () (scalar)", "a: env.fetch (i32, i32, i32, i32) -> i64 (parigot)"});
  }
}

TEST_CASE("the abi of a [[call]] is the host's where nobody provides the import", "[bindings]") {
  CHECK(bindingsOf({{"a", "(import \"env\" \"log\" (func (param i32)))"}},
                   "[[call]]\nimport = \"env.log\"\nabi = \"scalar\"\n") == Strings{"a: env.log (i32) -> () (scalar)"});
}

TEST_CASE("two providers: both are named, and how to say which", "[bindings]") {
  CHECK(refused({{"hello", fetchImport},
                 {"one", fetchExport, "provides = [\"greeting\"]"},
                 {"two", fetchExport, "provides = [\"greeting\"]"}}) ==
        "service 'hello' (hello.wasm) imports greeting.fetch_, and two services provide it: service 'one' (one.wasm) "
        "and service 'two' (two.wasm)\n"
        "  say which in world.toml:\n"
        "    [[call]]\n"
        "    client = \"hello\"\n"
        "    import = \"greeting.fetch_\"\n"
        "    service = \"one\"");
}

TEST_CASE("a provider without the function: its nearest export is named", "[bindings]") {
  CHECK(refused({{"hello", fetchImport}, {"greeting", "(func (export \"fetsh_\"))"}}) ==
        "service 'hello' (hello.wasm) imports greeting.fetch_, but service 'greeting' (greeting.wasm) does not export "
        "a function 'fetch_'; did you mean 'fetsh_'?");
}

TEST_CASE("an export of another kind is not the function", "[bindings]") {
  CHECK_THAT(refused({{"hello", fetchImport}, {"greeting", "(memory (export \"fetch_\") 1)"}}),
             EndsWith("does not export a function 'fetch_'"));
}

TEST_CASE("a [[call]] to a function that is not there is named with its line", "[bindings]") {
  CHECK(refused({{"hello", fetchImport}, {"greet", "(func (export \"get\"))"}},
                "[[call]]\nimport = \"greeting.fetch_\"\nservice = \"greet\"\nexport = \"gett\"\n") ==
        "service 'hello' (hello.wasm) imports greeting.fetch_, which world.toml:8 binds to service 'greet' "
        "(greet.wasm), but that does not export a function 'gett'; did you mean 'get'?");
}

TEST_CASE("another signature: both are shown", "[bindings]") {
  CHECK(refused({{"hello", fetchImport}, {"greeting", "(func (export \"fetch_\") (param i32))"}}) ==
        "service 'hello' (hello.wasm) imports greeting.fetch_ as (i32, i32, i32, i32) -> i64, but service 'greeting' "
        "(greeting.wasm) exports 'fetch_' as (i32) -> (); build both against the same interface");
}

TEST_CASE("an abi that nobody declared is never guessed", "[bindings]") {
  auto error = refused({{"a", "(import \"b\" \"f\" (func (param i32)))"}, {"b", "(func (export \"f\") (param i32))"}});
  CHECK_THAT(error,
             StartsWith("service 'a' (a.wasm) imports b.f as (i32) -> (), and service 'b' (b.wasm) provides it, "
                        "but nothing declares what its i32 parameters mean"));
  CHECK_THAT(error, Contains("declare it in world.toml:\n    [[call]]\n    import = \"b.f\"\n    abi = \"scalar\""));
}

TEST_CASE("an abi with another signature is refused", "[bindings]") {
  std::vector<Given> services{{"a", "(import \"b\" \"f\" (func (param i32)))"},
                              {"b", "(func (export \"f\") (param i32))"}};
  CHECK(refused(services, "[[call]]\nimport = \"b.f\"\nabi = \"bytes\"\n") ==
        "service 'a' (a.wasm) imports b.f as (i32) -> (), but the abi 'bytes' that the manifest gives it has the "
        "signature (i32, i32) -> i64");
  CHECK(refused({services[0]}, "[[host]]\nimport = \"b.f\"\nabi = \"parigot\"\n") ==
        "service 'a' (a.wasm) imports b.f as (i32) -> (), but the abi 'parigot' that the manifest gives it has the "
        "signature (i32, i32, i32, i32) -> i64");
}

TEST_CASE("bytes need a memory on both sides", "[bindings]") {
  auto without = "(func (export \"fetch_\") " + parigotType + " (i64.const 0))";
  CHECK(refused({{"hello", fetchImport}, {"greeting", without}}) ==
        "service 'hello' (hello.wasm) imports greeting.fetch_ by the abi 'parigot', which carries bytes, but service "
        "'greeting' (greeting.wasm) has no memory");
  CHECK_THAT(
    refused({{"hello", "(import \"greeting\" \"fetch_\" (func " + parigotType + "))"}, {"greeting", fetchExport}}),
    EndsWith("but service 'hello' (hello.wasm) has no memory"));
}

TEST_CASE("the abi bytes needs a malloc in the client", "[bindings]") {
  auto import = "(import \"b\" \"f\" (func (param i32 i32) (result i64))) (memory 1)";
  Given provider{"b", "(memory 1) (func (export \"f\") (param i32 i32) (result i64) (i64.const 0))"};
  auto call = "[[call]]\nimport = \"b.f\"\nabi = \"bytes\"\n";
  auto wanted = "service 'a' (a.wasm) imports b.f by the abi 'bytes', which needs service 'a' (a.wasm) to export "
                "malloc as (i32) -> i32 for the replies";
  CHECK(refused({{"a", import}, provider}, call) == wanted);
  CHECK(refused(
          {{"a", std::string(import) + "(func (export \"malloc\") (param i64) (result i32) (i32.const 0))"}, provider},
          call) == wanted);
  CHECK(bindingsOf(
          {{"a", std::string(import) + "(func (export \"malloc\") (param i32) (result i32) (i32.const 0))"}, provider},
          call) == Strings{"a: b.f -> b.f (bytes)"});
}

TEST_CASE("a [[call]] or [[host]] that nothing matches is a spelling mistake", "[bindings]") {
  std::vector<Given> services{{"a", "(import \"m\" \"func\" (func))"}, {"b", ""}};
  CHECK(refused(services, "[[call]]\nimport = \"m.fucn\"\n") ==
        "world.toml:8: [[call]] names the import 'm.fucn', which no service has; did you mean 'm.func'?");
  CHECK(refused(services, "[[call]]\nclient = \"b\"\nimport = \"m.func\"\n") ==
        "world.toml:8: [[call]] names the import 'm.func', which service 'b' does not have");
  CHECK(refused(services, "[[host]]\nimport = \"env.*\"\n") ==
        "world.toml:8: [[host]] names the import 'env.*', which no service has");
}
