#include "passes/pipeline.h"

namespace parigot {

namespace {

const PipelineStep steps[] = {
  {"merge-world",
   "winds the services of a world manifest (--merge-world=WORLD.toml) into "
   "one module with a memory for each; the input is the main service, or an "
   "empty module to read that one from the manifest too",
   "reading and merging services",
   std::nullopt,
   Stage::Merged,
   [](PipelineContext& context) {
     auto messages = context.messages; // a later step has warnings, too
     return createMergeWorldPass({context.retired,
                                  std::move(context.manifest),
                                  std::move(messages),
                                  context.strip,
                                  context.debug,
                                  context.alone,
                                  context.notes,
                                  context.packs});
   }},
  {"govern-world",
   "enforces the laws of a merged world: what each service may call, and what of the host it may touch",
   "enforcing laws",
   Stage::Merged,
   Stage::Merged,
   [](PipelineContext&) { return createGovernWorldPass(); }},
  {"service-call-to-direct-call",
   "turns service calls of a merged world into plain function calls",
   "binding service calls",
   Stage::Merged,
   Stage::Bound,
   [](PipelineContext& context) { return createServiceCallToDirectCallPass(context.notes); }},
  {"adapt-host-calls",
   "translates host calls of a merged world's services for a host "
   "that sees one memory",
   "adapting host calls",
   Stage::Bound,
   Stage::Adapted,
   [](PipelineContext& context) { return createAdaptHostCallsPass(context.messages.warn, context.notes); }},
  {"place-memories",
   "places the address spaces of a merged world in one memory, or in one for each",
   "placing address spaces",
   Stage::Adapted,
   Stage::Placed,
   [](PipelineContext& context) { return createPlaceMemoriesPass(context.debug); }},
  {"seal-world",
   "removes all exports of a merged world but those of its main service",
   "sealing the world",
   Stage::Placed,
   Stage::Sealed,
   [](PipelineContext&) { return createSealWorldPass(); }},
};

} // namespace

std::span<const PipelineStep> pipeline() { return steps; }

void checkStage(const World& world, Stage wanted) {
  if (world.stage == wanted) {
    return;
  }
  std::string order;
  for (auto& step : pipeline()) {
    order += (order.empty() ? "--" : ", --") + std::string(step.pass);
  }
  throw PassError("this world is at the stage '" + std::string(toString(world.stage)) +
                  "', and this pass continues one at '" + std::string(toString(wanted)) + "'; the order is " + order);
}

World readWorldAt(const wasm::Module& module, Stage wanted) {
  auto world = valueOrThrow(readWorld(module));
  checkStage(world, wanted);
  return world;
}

} // namespace parigot
