// Scopes lie within each other (src/debug/scope_nesting.h).

#include <catch2/catch.hpp>

#include "debug/scope_nesting.h"

using namespace parigot::debug;

namespace {

using Found = std::vector<std::pair<uint32_t, uint32_t>>;

Found take(ScopeNesting& scopes, const std::vector<CodeInterval>& code) {
  Found found;
  for (auto& interval : scopes.take(code)) {
    found.push_back({interval.begin, interval.end});
  }
  return found;
}

} // namespace

TEST_CASE("debug: scopes that lie within each other stay", "[debug-scopes]") {
  ScopeNesting scopes;
  CHECK(take(scopes, {{10, 20}, {30, 40}}) == Found{{10, 20}, {30, 40}});
  scopes.open({{100, 200}});
  CHECK(take(scopes, {{100, 120}, {130, 140}}) == Found{{100, 120}, {130, 140}});
  CHECK(take(scopes, {{120, 130}}) == Found{{120, 130}});
  CHECK(take(scopes, {{140, 200}}) == Found{{140, 200}});
  CHECK(take(scopes, {}).empty());
}

TEST_CASE("debug: a scope keeps what its parent has and no sibling before it", "[debug-scopes]") {
  ScopeNesting scopes;
  scopes.open({{100, 200}});
  auto block = scopes.take({{120, 180}});
  auto outer = scopes.depth();
  scopes.open(block);
  CHECK(take(scopes, {{110, 130}, {150, 160}}) == Found{{120, 130}, {150, 160}});
  CHECK(take(scopes, {{155, 170}}) == Found{{160, 170}});
  CHECK(take(scopes, {{100, 300}}) == Found{{130, 150}, {170, 180}});
  CHECK(take(scopes, {{120, 180}}).empty());
  scopes.closeTo(outer);
  CHECK(take(scopes, {{0, 1000}}) == Found{{100, 120}, {180, 200}});
  // What lies in a scope without code has none.
  scopes.open({});
  CHECK(take(scopes, {{100, 200}}).empty());
}
