// Whole outputs in the cache of builds: a build of which nothing has changed is a copy.
//
// The key of an output is what the build was told and read: the options, except those that say where results go, and
// the paths and bytes of all files. An entry has the module, and the warnings and notes of the build, which are given
// again.

#ifndef parigot_opt_kept_output_h
#define parigot_opt_kept_output_h

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/common.h>

#include "alone/build_cache.h"
#include "parigot-opt/command.h"

namespace parigot {

using LoggedLines = std::vector<std::pair<spdlog::level::level_enum, std::string>>;

struct KeptOutput {
  std::string bytes;
  LoggedLines lines;
};

// The key of the output of a build with these input files; empty if it has none: files cannot be read twice, or debug
// information goes to other files, too.
std::string keyOfOutput(BuildCache& cache, const BuildOptions& options, const std::vector<std::string>& inputs);

std::optional<KeptOutput> getOutput(const BuildCache& cache, const std::string& key);
void putOutput(BuildCache& cache, const std::string& key, const KeptOutput& output);

// Records what is logged while it lives.
class LogRecorder {
public:
  LogRecorder();
  ~LogRecorder();
  LogRecorder(const LogRecorder&) = delete;
  LogRecorder& operator=(const LogRecorder&) = delete;

  const LoggedLines& lines() const;

private:
  class Sink;
  std::shared_ptr<Sink> sink;
};

} // namespace parigot

#endif // parigot_opt_kept_output_h
