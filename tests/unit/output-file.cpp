// Output: complete or not at all, and never over an input.

#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"
#include "support/output_file.h"

using namespace parigot;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

void accepted(wasm::Result<> result) {
  if (auto* error = result.getErr()) {
    FAIL(error->msg);
  }
}

} // anonymous namespace

TEST_CASE("a new file is written, and nothing else", "[output]") {
  TemporaryFolder folder;
  auto path = folder.file("one.wasm");
  accepted(checkOutput(path, {}, true));
  accepted(writeWhole(path, std::string_view("\0asm", 4)));
  CHECK(readText(path) == std::string("\0asm", 4));
  CHECK(folder.count() == 1);
}

TEST_CASE("an old file is replaced", "[output]") {
  TemporaryFolder folder;
  auto path = folder.file("one.wasm");
  writeText(path, "much longer than the new one");
  accepted(checkOutput(path, {}, true));
  accepted(writeWhole(path, "new"));
  CHECK(readText(path) == "new");
  CHECK(folder.count() == 1);
}

TEST_CASE("a file gets the permissions that others would give it", "[output]") {
  TemporaryFolder folder;
  auto before = umask(027);
  accepted(writeWhole(folder.file("one.wasm"), "x"));
  umask(before);
  CHECK((unsigned(fs::status(folder.file("one.wasm")).permissions()) & 0777) == 0640);
}

TEST_CASE("nothing at all is written to a file that does not become whole", "[output]") {
  TemporaryFolder folder;
  auto path = folder.file("one.wasm");
  writeText(path, "old");
  rlimit before;
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto limit = before;
  limit.rlim_cur = 1000;
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  auto error = errorOf(writeWhole(path, std::string(5000, 'x')));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(error == path + ": cannot be written: File too large");
  CHECK(readText(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a link stays a link, and what it leads to is replaced", "[output]") {
  TemporaryFolder folder;
  fs::create_directory(folder.path / "sub");
  writeText(folder.file("sub/target"), "old");
  fs::create_symlink("sub/target", folder.path / "link");
  accepted(checkOutput(folder.file("link"), {}, true));
  accepted(writeWhole(folder.file("link"), "new"));
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(readText(folder.file("sub/target")) == "new");
}

TEST_CASE("a link to nothing yet makes its target", "[output]") {
  TemporaryFolder folder;
  fs::create_symlink("target", folder.path / "link");
  accepted(writeWhole(folder.file("link"), "new"));
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(readText(folder.file("target")) == "new");
}

TEST_CASE("a link that leads nowhere is an error", "[output]") {
  TemporaryFolder folder;
  fs::create_symlink("nowhere/target", folder.path / "link");
  CHECK_THAT(errorOf(writeWhole(folder.file("link"), "x")), StartsWith(folder.file("link") + ": cannot be written: "));
  fs::create_symlink("circle", folder.path / "circle");
  CHECK_THAT(errorOf(writeWhole(folder.file("circle"), "x")),
             StartsWith(folder.file("circle") + ": cannot be written: "));
  CHECK(folder.count() == 2);
}

TEST_CASE("a device or pipe is written to, not replaced", "[output]") {
  TemporaryFolder folder;
  accepted(checkOutput("/dev/null", {}, true));
  accepted(writeWhole("/dev/null", "x"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(errorOf(writeWhole("/dev/full", "x")) == "/dev/full: cannot be written: No space left on device");

  auto pipe = folder.file("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  accepted(writeWhole(pipe, "through"));
  char bytes[16] = {};
  CHECK(read(reader, bytes, sizeof bytes) == 7);
  close(reader);
  CHECK(std::string(bytes) == "through");
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("a folder that does not exist is named", "[output]") {
  TemporaryFolder folder;
  auto path = folder.file("missing/one.wasm");
  CHECK(errorOf(checkOutput(path, {}, true)) ==
        path + ": cannot be written: the folder " + folder.file("missing") + " does not exist");
  writeText(folder.file("file"), "");
  CHECK_THAT(errorOf(checkOutput(folder.file("file/one.wasm"), {}, true)), Contains("does not exist"));
  errorOf(writeWhole(path, "x"));
}

TEST_CASE("a folder is no output", "[output]") {
  TemporaryFolder folder;
  auto wanted = folder.path.string() + ": is a folder; give a file with -o FILE";
  CHECK(errorOf(checkOutput(folder.path.string(), {}, true)) == wanted);
  CHECK(errorOf(checkOutput(folder.path.string() + "/", {}, true)) == folder.path.string() + "/: is a folder; give a "
                                                                                             "file with -o FILE");
}

TEST_CASE("an input is no output, by whatever path", "[output]") {
  TemporaryFolder folder;
  auto input = folder.file("in.wasm");
  auto other = folder.file("other.wasm");
  writeText(input, "in");
  writeText(other, "other");
  fs::create_directory(folder.path / "sub");
  fs::create_symlink(input, folder.path / "symbolic.wasm");
  fs::create_hard_link(input, folder.path / "hard.wasm");
  fs::create_directory_symlink(folder.path, folder.path / "sub" / "up");
  for (auto* same : {"in.wasm", "./in.wasm", "sub/../in.wasm", "symbolic.wasm", "hard.wasm", "sub/up/in.wasm"}) {
    auto path = folder.file(same);
    CHECK(errorOf(checkOutput(path, {other, input}, true)) ==
          path + ": is an input (" + input + "), and inputs are never overwritten; give another file with -o FILE");
  }
  accepted(checkOutput(folder.file("out.wasm"), {input, other, folder.file("missing.wasm")}, true));
  CHECK(readText(input) == "in");
}

TEST_CASE("standard output takes text, and a binary when it is no terminal", "[output]") {
  accepted(checkOutput("-", {}, false));
  if (!isatty(STDOUT_FILENO)) {
    accepted(checkOutput("-", {}, true));
  }
}
