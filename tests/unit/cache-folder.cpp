// The cache of builds: digests, entries, and folders that cannot be used.

#include <ctime>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alone/build_cache.h"
#include "support.h"
#include "support/cache_folder.h"
#include "support/program_identity.h"
#include "support/sha256.h"

using namespace parigot;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

namespace {

std::string digestOf(std::string_view bytes) { return hexOf(Sha256().add(bytes).digest()); }

std::string keyOf(std::string_view name) { return Sha256().add(name).digest(); }

CacheFolder opened(const TemporaryFolder& folder) { return valueOf(CacheFolder::open(folder.file("cache"))); }

fs::path onlyEntry(const TemporaryFolder& folder) {
  std::vector<fs::path> files;
  for (auto& file : fs::directory_iterator(folder.path / "cache")) {
    files.push_back(file.path());
  }
  REQUIRE(files.size() == 1);
  return files[0];
}

size_t entriesIn(const CacheFolder& cache) {
  auto files = fs::directory_iterator(cache.path());
  return size_t(std::distance(fs::begin(files), fs::end(files)));
}

void accepted(wasm::Result<> result) {
  if (auto* error = result.getErr()) {
    FAIL(error->msg);
  }
}

// Root may write everywhere. While this lives, the test has the rights of a user who has the folder, and no more.
class WithoutPrivileges {
public:
  explicit WithoutPrivileges(const TemporaryFolder& folder) : root(geteuid() == 0) {
    constexpr uid_t nobody = 65534;
    if (root) {
      REQUIRE(chown(folder.path.c_str(), nobody, gid_t(-1)) == 0);
      REQUIRE(seteuid(nobody) == 0);
    }
  }
  ~WithoutPrivileges() {
    if (root && seteuid(0) != 0) {
      std::abort();
    }
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

private:
  bool root;
};

} // anonymous namespace

// The values are those of NIST's examples for SHA-256, and of the empty text.
TEST_CASE("SHA-256", "[cache]") {
  CHECK(digestOf("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digestOf("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digestOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(
    digestOf("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
             "nopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(digestOf(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a digest does not depend on how the bytes are given", "[cache]") {
  std::string text;
  for (int i = 0; i < 300; i++) {
    text += char(i * 7);
  }
  for (size_t first : {0, 1, 55, 56, 63, 64, 65, 128, 300}) {
    CHECK(Sha256().add(text.substr(0, first)).add(text.substr(first)).digest() == Sha256().add(text).digest());
  }
  CHECK(Sha256().addPart("ab").addPart("c").digest() != Sha256().addPart("a").addPart("bc").digest());
}

TEST_CASE("an entry is found under its key", "[cache]") {
  TemporaryFolder folder;
  auto cache = opened(folder);
  CHECK(!cache.get(keyOf("one")));
  accepted(cache.put(keyOf("one"), std::string("a\0b", 3)));
  accepted(cache.put(keyOf("none"), ""));
  CHECK(cache.get(keyOf("one")) == std::string("a\0b", 3));
  CHECK(cache.get(keyOf("none")) == "");
  CHECK(!cache.get(keyOf("two")));
  accepted(cache.put(keyOf("one"), "new"));
  CHECK(cache.get(keyOf("one")) == "new");
  CHECK(entriesIn(cache) == 2);
}

TEST_CASE("the folder is the user's alone, and made with those above it", "[cache]") {
  TemporaryFolder folder;
  auto path = folder.file("a/b/cache");
  valueOf(CacheFolder::open(path));
  CHECK(fs::status(path).permissions() == fs::perms::owner_all);
  fs::permissions(path, fs::perms::group_write, fs::perm_options::add);
  CHECK_THAT(errorOf(CacheFolder::open(path)), Contains(path + ": other users can write to it"));
  writeText(folder.file("file"), "");
  CHECK_THAT(errorOf(CacheFolder::open(folder.file("file"))), Contains("is no folder"));
  CHECK_THAT(errorOf(CacheFolder::open(folder.file("file/cache"))), Contains("cannot be made"));
}

TEST_CASE("a damaged entry is missing", "[cache]") {
  TemporaryFolder folder;
  auto cache = opened(folder);
  accepted(cache.put(keyOf("one"), "content of an entry"));
  auto path = onlyEntry(folder).string();
  auto sound = readText(path);
  for (size_t i = 0; i < sound.size(); i++) {
    auto damaged = sound;
    damaged[i] = char(damaged[i] ^ 1);
    writeText(path, damaged);
    CHECK(!cache.get(keyOf("one")));
    writeText(path, sound.substr(0, i));
    CHECK(!cache.get(keyOf("one")));
  }
  writeText(path, sound + "x");
  CHECK(!cache.get(keyOf("one")));
  writeText(path, sound);
  CHECK(cache.get(keyOf("one")));
}

TEST_CASE("an entry under the name of another is missing", "[cache]") {
  TemporaryFolder folder;
  auto cache = opened(folder);
  accepted(cache.put(keyOf("one"), "1"));
  auto one = onlyEntry(folder);
  fs::rename(one, folder.file("saved"));
  accepted(cache.put(keyOf("two"), "2"));
  fs::rename(folder.file("saved"), onlyEntry(folder));
  CHECK(!cache.get(keyOf("two")));
}

TEST_CASE("what was not used for longest is removed, and nothing that is not the cache's", "[cache]") {
  TemporaryFolder folder;
  auto cache = opened(folder);
  std::string content(1000, 'x');
  for (auto* name : {"a", "b", "c"}) {
    accepted(cache.put(keyOf(name), content));
  }
  // Long ago, and in this order.
  time_t now = std::time(nullptr);
  time_t age = 3000;
  for (auto* name : {"a", "b", "c"}) {
    struct timespec times[2] = {{now - age, 0}, {now - age, 0}};
    auto path = cache.path() + "/" + hexOf(keyOf(name)) + ".parigot";
    REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    age -= 1000;
  }
  writeText(cache.path() + "/mine.txt", std::string(5000, 'y'));
  auto temporary = cache.path() + "/" + hexOf(keyOf("a")) + ".parigot.Ab3xYz";
  writeText(temporary, "interrupted");
  CHECK(cache.get(keyOf("a"))); // it is used again
  cache.shrink(2200);
  CHECK(cache.get(keyOf("a")));
  CHECK(!cache.get(keyOf("b")));
  CHECK(cache.get(keyOf("c")));
  CHECK(fs::exists(temporary)); // its program may still run
  struct timespec old[2] = {{now - 4000, 0}, {now - 4000, 0}};
  REQUIRE(utimensat(AT_FDCWD, temporary.c_str(), old, 0) == 0);
  cache.shrink(0);
  CHECK(!fs::exists(temporary));
  CHECK(entriesIn(cache) == 1);
  CHECK(fs::exists(cache.path() + "/mine.txt"));
}

TEST_CASE("of a folder that cannot be written the user is told once, and it is read", "[cache]") {
  TemporaryFolder folder;
  WithoutPrivileges without(folder);
  auto folderOfCache = opened(folder);
  std::vector<std::string> warnings;
  BuildCache cache(folderOfCache, 1 << 20, [&](auto& text) { warnings.push_back(text); });
  auto one = cache.key("test").addPart("one").digest();
  cache.put(one, "1");
  CHECK(warnings.empty());
  REQUIRE(chmod(folderOfCache.path().c_str(), 0500) == 0);
  cache.put(cache.key("test").addPart("two").digest(), "2");
  cache.put(cache.key("test").addPart("three").digest(), "3");
  CHECK(cache.get(one) == "1");
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains(folderOfCache.path() + ": cannot be written") && Contains("--no-cache"));
  REQUIRE(chmod(folderOfCache.path().c_str(), 0700) == 0);
}

TEST_CASE("a folder of another user is refused", "[cache]") {
  TemporaryFolder folder;
  WithoutPrivileges without(folder);
  CHECK_THAT(errorOf(CacheFolder::open("/")), Contains("folder of another user"));
}

TEST_CASE("keys are of this program, and of one kind of result", "[cache]") {
  CHECK(!programIdentity().empty());
  CHECK(programIdentity() == programIdentity());
  TemporaryFolder folder;
  BuildCache cache(opened(folder), 1 << 20, [](auto&) {});
  CHECK(cache.works());
  CHECK(cache.key("a").digest() != cache.key("b").digest());
  CHECK(cache.key("a").digest() != Sha256().addPart("").addPart("a").digest());
  BuildCache none("it is off");
  auto key = none.key("a").digest();
  none.put(key, "1");
  CHECK(!none.get(key));
  CHECK(none.explain() == "it is off");
}
