// The way from services to one world: which passes run, in which order.
//
//   merge-world -> govern-world -> service-call-to-direct-call -> adapt-host-calls -> place-memories -> seal-world
//
// Only this list has the order. `parigot-opt build` runs it, the plugin registers its passes, and the error of a pass
// that runs too early or too late prints it. After any number of steps the module can be written, and the rest can run
// later.

#ifndef parigot_passes_pipeline_h
#define parigot_passes_pipeline_h

#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "passes/passes.h"
#include "world/world.h"

namespace parigot {

struct PipelineStep {
  const char* pass;            // the name of the pass
  const char* help;            // the text in `wasm-opt --help`
  const char* progress;        // the text that users see while the step runs
  std::optional<Stage> before; // the stage of its input; none: the step makes the world
  Stage after;                 // the stage of its output
  std::unique_ptr<wasm::Pass> (*create)(PipelineContext& context);
};

std::span<const PipelineStep> pipeline();

// Throws a PassError, with the order of all steps, unless the world is at the stage that the caller continues from.
void checkStage(const World& world, Stage wanted);

// The world of a module that is at this stage. Throws a PassError when there is none, or it is at another.
World readWorldAt(const wasm::Module& module, Stage wanted);

} // namespace parigot

#endif // parigot_passes_pipeline_h
