#include "abi/host_words.h"

#include <algorithm>
#include <array>

namespace parigot {

namespace {

constexpr HostWordRow words[] = {
  {stdinWord, "stdin", "reading standard input"},
  {stdoutWord, "stdout", "writing standard output"},
  {stderrWord, "stderr", "writing standard error"},
  {filesWord, "files", "files in the folders that the host has preopened"},
  {socketsWord, "sockets", "sockets that the host has opened"},
  {argsWord, "args", "the arguments"},
  {envWord, "env", "the environment"},
  {clockWord, "clock", "the time"},
  {randomWord, "random", "random numbers"},
  {pollWord, "poll", "waiting: for a time, or for descriptors"},
  {exitWord, "exit", "ending the world"},
};

// Functions of any descriptor.
constexpr uint32_t descriptors = stdinWord | stdoutWord | stderrWord | filesWord | socketsWord;

struct FunctionRow {
  std::string_view name;
  uint32_t words;
};

constexpr auto functions = std::to_array<FunctionRow>({
  {"args_get", argsWord},
  {"args_sizes_get", argsWord},
  {"clock_res_get", clockWord},
  {"clock_time_get", clockWord},
  {"environ_get", envWord},
  {"environ_sizes_get", envWord},
  {"fd_advise", filesWord},
  {"fd_allocate", changesFiles},
  {"fd_close", descriptors},
  {"fd_datasync", descriptors},
  {"fd_fdstat_get", descriptors},
  {"fd_fdstat_set_flags", descriptors},
  {"fd_fdstat_set_rights", descriptors},
  {"fd_filestat_get", descriptors},
  {"fd_filestat_set_size", changesFiles},
  {"fd_filestat_set_times", changesFiles},
  {"fd_pread", filesWord},
  {"fd_prestat_dir_name", filesWord},
  {"fd_prestat_get", filesWord},
  {"fd_pwrite", changesFiles},
  {"fd_read", stdinWord | filesWord | socketsWord},
  {"fd_readdir", filesWord},
  {"fd_renumber", descriptors},
  {"fd_seek", descriptors},
  {"fd_sync", descriptors},
  {"fd_tell", descriptors},
  {"fd_write", stdoutWord | stderrWord | changesFiles | socketsWord},
  {"path_create_directory", changesFiles},
  {"path_filestat_get", filesWord},
  {"path_filestat_set_times", changesFiles},
  {"path_link", changesFiles},
  {"path_open", filesWord},
  {"path_readlink", filesWord},
  {"path_remove_directory", changesFiles},
  {"path_rename", changesFiles},
  {"path_symlink", changesFiles},
  {"path_unlink_file", changesFiles},
  {"poll_oneoff", pollWord},
  {"proc_exit", exitWord},
  {"proc_raise", exitWord},
  {"random_get", randomWord},
  {"sched_yield", pollWord | clockWord},
  {"sock_accept", socketsWord},
  {"sock_recv", socketsWord},
  {"sock_send", socketsWord},
  {"sock_shutdown", socketsWord},
});

static_assert(std::is_sorted(functions.begin(), functions.end(), [](auto& a, auto& b) { return a.name < b.name; }));

} // namespace

std::span<const HostWordRow> hostWords() { return words; }

const HostWordRow* findHostWord(std::string_view word) {
  auto found = std::find_if(std::begin(words), std::end(words), [&](auto& row) { return row.word == word; });
  return found == std::end(words) ? nullptr : found;
}

uint32_t wordsThatAllow(std::string_view function) {
  auto found = std::lower_bound(
    functions.begin(), functions.end(), function, [](auto& row, auto name) { return row.name < name; });
  return found != functions.end() && found->name == function ? found->words : 0;
}

bool asksForPreopens(std::string_view function) {
  return function == "fd_prestat_get" || function == "fd_prestat_dir_name";
}

} // namespace parigot
