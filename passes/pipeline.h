// The way from services to one world: which passes run, in which order.
//
//   merge-world -> service-call-to-direct-call -> adapt-host-calls -> place-memories -> seal-world
//
// This list is the only place that has the order: `parigot-opt build` runs it, the plugin registers its passes, and the
// message of a pass that comes too early or too late names those that lead there. Any beginning of it gives a module
// that can be written, and continued later.

#ifndef parigot_passes_pipeline_h
#define parigot_passes_pipeline_h

#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "passes/passes.h"
#include "world/world.h"

namespace parigot {

// What steps need that the module does not say.
struct PipelineContext {
  std::shared_ptr<RetiredModules> retired;
  std::optional<Manifest> manifest; // not set: the pass's argument names it
  Messages messages;
};

struct PipelineStep {
  const char* pass;            // the name that it is registered by
  const char* help;            // what `wasm-opt --help` says
  const char* progress;        // what users are told while it runs
  std::optional<Stage> before; // of the world that it takes; none: it makes the world
  Stage after;                 // of the world that it leaves
  std::unique_ptr<wasm::Pass> (*create)(PipelineContext& context);
};

std::span<const PipelineStep> pipeline();

// Throws a PassError, with the order of all steps, unless the world is at the stage that the caller continues from.
void checkStage(const World& world, Stage wanted);

// The world of a module that is at this stage. Throws a PassError when there is none, or it is at another.
World readWorldAt(const wasm::Module& module, Stage wanted);

} // namespace parigot

#endif // parigot_passes_pipeline_h
