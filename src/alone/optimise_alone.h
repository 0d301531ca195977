// Optimises the services of a world each alone, before they are merged, and keeps the results in the cache of builds.
//
// Optimising takes most of the time of a build, and what it makes of a service depends on little: the service's bytes,
// the levels, and this program. So a build is done as compilers do it: each service is optimised alone, which the cache
// remembers, and the results are linked.
//
//   hello.wasm --> -O2 --.                                 hello.wasm, greet.wasm
//   greet.wasm --> -O2 ---> MergeWorld -> .. -> the rest   have not changed: both are
//   tiny.wasm  -----------'                     -> one     read from the cache
//
// - The places of services do not count: bases are added later, and so are the masks and checks of isolated worlds.
//   There is little in them to optimise. Ten Go services have as many instructions as with optimising the whole world
//   (docs/benchmarks.md).
// - Services with little code are not worth an entry. They are optimised with the rest: runtime modules, adapters, and
//   the world's own functions (optimise_rest.h). A world of small services is therefore optimised as a whole.
// - A service keeps all of its imports, also those that nothing uses any more, so that what is bound,
//   refused and warned of is the same as without optimisation.
// - parigot's processes and programs with a JavaScript shim are changed before they are merged, in code that has to be
//   as compilers wrote it. They are optimised after that, and the key of an entry is the changed module.
// - A service is read from the bytes of its entry also if the entry was made just now or nothing is kept. So the cache
//   changes no byte of the result.
// - Instructions of a service with debug information keep their positions in the service's file on the way:
//   a source map goes with the bytes. Nothing is looked up or kept then.

#ifndef parigot_alone_optimise_alone_h
#define parigot_alone_optimise_alone_h

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "alone/build_cache.h"
#include "ir/read_module.h"
#include "support/result.h"
#include "wasm.h"
#include "world/service.h"

namespace parigot {

class OptimisedAlone {
public:
  using Show = std::function<void(const std::string& step)>;

  OptimisedAlone(std::vector<std::string> levels, std::shared_ptr<BuildCache> cache, Show show)
    : levels(std::move(levels)), cache(std::move(cache)), show(std::move(show)) {}

  // Reads the module of a service from the bytes of its file; if the cache has it, and instructions get no positions,
  // already optimised.
  wasm::Result<std::unique_ptr<wasm::Module>>
  read(const Service& service, std::vector<char> bytes, const ReadOptions& options);

  // All services of the manifest are read. Optimises those that are as their files have them when they are merged; the
  // others are as in their files after it.
  wasm::Result<> optimiseRead(Services& services);

  // All services are ready to be merged. Optimises those that optimiseRead() left.
  wasm::Result<> optimiseChanged(Services& services);

  // Remembers the functions of the services that were optimised, by their final names.
  void noteFunctions(const Service& service);
  const std::unordered_set<wasm::Name>& functions() const { return optimised; }

  // What was done, for the user: one line.
  std::string describe() const;

private:
  struct State {
    std::string key;        // of the entry; empty: too small, or a text
    bool optimised = false; // whether the module is
    bool positions = false; // whether its instructions have debug locations
  };

  std::vector<std::string> levels;
  std::shared_ptr<BuildCache> cache;
  Show show;
  std::map<std::string, State> states; // by the names of services
  std::unordered_set<wasm::Name> optimised;
  std::vector<std::string> found, made; // names of services

  std::string keyOf(std::string_view digest) const;
  std::optional<std::string> kept(const State& state) const;
  wasm::Result<> replace(Service& service, const std::string& bytes, const ReadOptions& options);
  wasm::Result<> optimise(Service& service, const State& state);
};

} // namespace parigot

#endif // parigot_alone_optimise_alone_h
