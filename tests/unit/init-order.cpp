// The order in which services are initialised: providers before clients, and the main service last if possible.

#include "merge/init_order.h"
#include "support.h"

using namespace parigot;
using Strings = std::vector<std::string>;

namespace {

struct Calls {
  std::string client, service;
};

// The first service is main.
wasm::Result<Strings> orderOf(const Strings& services,
                              const std::vector<Calls>& calls,
                              std::vector<bool> initialises = {},
                              const Strings& init = {},
                              bool mainIsCommand = false) {
  Manifest manifest;
  manifest.path = "world.toml";
  manifest.main = services[0];
  manifest.init = init;
  for (auto& name : services) {
    ServiceDeclaration service;
    service.name = name;
    service.file = name + ".wasm";
    manifest.services.push_back(std::move(service));
  }
  std::vector<WorldCall> worldCalls;
  for (auto& [client, service] : calls) {
    WorldCall call;
    call.client = client;
    call.service = service;
    worldCalls.push_back(std::move(call));
  }
  initialises.resize(services.size(), initialises.empty());
  return findInitOrder(Services(manifest), worldCalls, initialises, mainIsCommand);
}

} // anonymous namespace

TEST_CASE("without calls the manifest's order stays, and main comes last", "[init]") {
  CHECK(valueOf(orderOf({"main", "c", "a", "b"}, {})) == Strings{"c", "a", "b", "main"});
}

TEST_CASE("main comes before those that call it", "[init]") {
  CHECK(valueOf(orderOf({"main", "client", "other"}, {{"client", "main"}})) == Strings{"main", "client", "other"});
}

TEST_CASE("a chain is initialised from its end", "[init]") {
  CHECK(valueOf(orderOf({"a", "b", "c"}, {{"a", "b"}, {"b", "c"}})) == Strings{"c", "b", "a"});
  CHECK(valueOf(orderOf({"c", "b", "a"}, {{"a", "b"}, {"b", "c"}})) == Strings{"c", "b", "a"});
}

TEST_CASE("a diamond initialises what both sides need first, once", "[init]") {
  CHECK(valueOf(orderOf({"main", "left", "right", "base"},
                        {{"main", "left"}, {"main", "right"}, {"left", "base"}, {"right", "base"}})) ==
        Strings{"base", "left", "right", "main"});
}

TEST_CASE("what has nothing to run is left out, and what it calls still comes first", "[init]") {
  CHECK(valueOf(orderOf({"a", "b", "c"}, {{"a", "b"}, {"b", "c"}}, {true, false, true})) == Strings{"c", "a"});
}

TEST_CASE("a service that calls itself is no cycle", "[init]") {
  CHECK(valueOf(orderOf({"a", "b"}, {{"a", "a"}, {"a", "b"}})) == Strings{"b", "a"});
}

TEST_CASE("a cycle with one initialiser has an order", "[init]") {
  CHECK(valueOf(orderOf({"a", "b", "c"}, {{"a", "b"}, {"b", "c"}, {"c", "a"}}, {false, true, false})) == Strings{"b"});
}

TEST_CASE("a cycle among initialisers is refused, and how to resolve it is said", "[init]") {
  CHECK(errorOf(orderOf({"a", "b", "c"}, {{"a", "b"}, {"b", "a"}, {"a", "c"}})) ==
        "these services call each other in a cycle and each has to be initialised before the others: "
        "service 'a' (a.wasm), service 'b' (b.wasm)\n"
        "  say in which order in world.toml:\n"
        "    [world]\n"
        "    init = [\"a\", \"b\"]");
}

TEST_CASE("the manifest's init resolves a cycle", "[init]") {
  std::vector<Calls> cycle{{"a", "b"}, {"b", "a"}, {"a", "c"}};
  CHECK(valueOf(orderOf({"a", "b", "c"}, cycle, {}, {"b", "a"})) == Strings{"c", "b", "a"});
  CHECK(valueOf(orderOf({"a", "b", "c"}, cycle, {}, {"a", "b"})) == Strings{"c", "a", "b"});
}

TEST_CASE("calls to a main that is a command do not count: its _start is last anyway", "[init]") {
  std::vector<Calls> back{{"main", "a"}, {"main", "b"}, {"a", "main"}, {"b", "main"}};
  CHECK(valueOf(orderOf({"main", "a", "b"}, back, {false, true, true}, {}, true)) == Strings{"a", "b"});
  errorOf(orderOf({"main", "a", "b"}, back, {false, true, true}));
}

TEST_CASE("an init that names part of a cycle does not resolve it", "[init]") {
  errorOf(orderOf({"a", "b"}, {{"a", "b"}, {"b", "a"}}, {}, {"b"}));
}

TEST_CASE("the manifest's init goes before what was found, in the places of those it names", "[init]") {
  CHECK(valueOf(orderOf({"main", "a", "b", "c"}, {}, {}, {"c", "a"})) == Strings{"c", "b", "a", "main"});
  CHECK(valueOf(orderOf({"a", "b"}, {{"a", "b"}}, {}, {"a", "b"})) == Strings{"a", "b"});
}

TEST_CASE("an init may name a service that has nothing to run", "[init]") {
  CHECK(valueOf(orderOf({"main", "a", "b"}, {}, {true, true, false}, {"main", "b", "a"})) == Strings{"main", "a"});
}

TEST_CASE("a chain of 50,000 services neither overflows the stack nor takes long", "[init]") {
  constexpr int count = 50000;
  Strings services, reversed;
  std::vector<Calls> calls;
  for (int i = 0; i < count; i++) {
    services.push_back("s" + std::to_string(i));
    if (i > 0) {
      calls.push_back({services[i - 1], services[i]});
    }
  }
  reversed.assign(services.rbegin(), services.rend());
  CHECK(valueOf(orderOf(services, calls)) == reversed);
  calls.push_back({services.back(), services.front()});
  errorOf(orderOf(services, calls));
  std::vector<bool> one(count);
  one[count / 2] = true;
  CHECK(valueOf(orderOf(services, calls, one)).size() == 1);
}
