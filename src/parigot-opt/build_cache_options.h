// The cache of builds as the command line and the environment have it, and the parts of a build that it serves.

#ifndef parigot_opt_build_cache_options_h
#define parigot_opt_build_cache_options_h

#include <memory>
#include <string>

#include "alone/build_cache.h"
#include "parigot-opt/command.h"

namespace parigot {

// Opens the cache: --cache, PARIGOT_OPT_CACHE, or the user's cache folder. `warn` is told of a folder that cannot be
// used or written; the build goes on without it.
wasm::Result<std::shared_ptr<BuildCache>> openCache(const CacheOptions& options, BuildCache::Tell warn);

// Why the services of a world are not optimised alone; empty if they are.
std::string whyWhole(const BuildOptions& options);

} // namespace parigot

#endif // parigot_opt_build_cache_options_h
