// The words by which laws name what a service may touch of the host, and the functions of WASI that each stands for.
//
//   host = ["stdout", "clock", "env:LOG_*", "files:/data:ro"]     # world/government.h
//
// A function can be allowed by several words: who may print needs fd_write as much as who may change files. Therefore
// the table goes from functions to words. The functions are those of abi/wasi.h.

#ifndef parigot_abi_host_words_h
#define parigot_abi_host_words_h

#include <cstdint>
#include <span>
#include <string_view>

namespace parigot {

// Bits of a set of words.
enum HostWord : uint32_t {
  stdinWord = 1,
  stdoutWord = 2,
  stderrWord = 4,
  filesWord = 8,
  socketsWord = 16,
  argsWord = 32,
  envWord = 64,
  clockWord = 128,
  randomWord = 256,
  pollWord = 512,
  exitWord = 1024,
  // Not a word of its own: `files` without `:ro`.
  changesFiles = 2048,
};

struct HostWordRow {
  HostWord bit;
  std::string_view word; // as laws spell it
  std::string_view help; // in a few words
};

// All words, in the order in which they are printed.
std::span<const HostWordRow> hostWords();
// The row of a word; nullptr if there is none.
const HostWordRow* findHostWord(std::string_view word);

// The words of which one is enough for a function of WASI preview1; 0 if there is no such function.
uint32_t wordsThatAllow(std::string_view function);

// Whether a function asks which folders are preopened. Without `files` there are none, and the answer is EBADF, with
// which C libraries and Go stop asking.
bool asksForPreopens(std::string_view function);

// errno of preview1 (typenames.witx): no descriptor of this number; not allowed.
constexpr uint32_t errnoBadDescriptor = 8, errnoNotCapable = 76;

} // namespace parigot

#endif // parigot_abi_host_words_h
