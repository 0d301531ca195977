// "did you mean": the known word that is nearest to an unknown one.

#include "support/nearest.h"
#include "support.h"

using parigot::didYouMean;
using parigot::nearest;

TEST_CASE("finds the word with the fewest edits", "[nearest]") {
  CHECK(nearest("memroy", {"wasm", "memory", "main"}) == "memory");
  CHECK(nearest("provide", {"provides", "arena"}) == "provides");
  CHECK(nearest("arrena", {"args", "arena"}) == "arena");
}

TEST_CASE("an exact match is the nearest", "[nearest]") { CHECK(nearest("env", {"end", "env"}) == "env"); }

TEST_CASE("of equally near words the first is taken", "[nearest]") { CHECK(nearest("b", {"a", "c"}) == "a"); }

TEST_CASE("names nothing when all are far", "[nearest]") {
  CHECK(nearest("colour", {"wasm", "main"}) == "");
  CHECK(nearest("x", {"fetch_greeting_"}) == "");
}

TEST_CASE("two edits are near in any word, a third of the letters in a long one", "[nearest]") {
  CHECK(nearest("abcd", {"abxy"}) == "abxy");
  CHECK(nearest("abcd", {"axyz"}) == "");
  CHECK(nearest("abcdefghijkl", {"abcdefghwxyz"}) == "abcdefghwxyz");
  CHECK(nearest("abcdefghijkl", {"abcdefgvwxyz"}) == "");
}

TEST_CASE("names nothing when there is nothing to name", "[nearest]") {
  CHECK(nearest("main", {}) == "");
  CHECK(nearest("", {"memory"}) == "");
  CHECK(didYouMean("main", {}) == "");
}

TEST_CASE("asks in the words that messages end with", "[nearest]") {
  CHECK(didYouMean("mian", {"main"}) == "; did you mean 'main'?");
}
