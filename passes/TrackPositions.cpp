//
// Asks merge-world to keep where each instruction comes from.
//
//   wasm-opt --load-pass libparigot-passes.so empty.wat
//     --track-positions --merge-world=world.toml .. --seal-world -O2
//     --write-debug-info=one.debug.wasm -o one.wasm
//
// It stands before merge-world, and changes nothing itself. Services are then read
// with debug locations: the file is the service, and the line is the offset in the
// service's code section where the source line of the instruction begins.
//
//  (func $greet/hi                        ;;@ greet=greet.wasm:288:0
//    (i32.load (local.get $0)))    =>     (func $greet/hi
//                                           ;;@ greet=greet.wasm:291:0
//                                           (i32.load
//                                             ;;@ greet=greet.wasm:291:0
//                                             (local.get $0)))
//
// A service without debug information gets none.
//
// write-debug-info, as the last pass, makes lines of sources of them. A module that
// is written in between keeps them with --output-source-map, and the next wasm-opt
// reads them with --input-source-map.
//
// Limit: a service that wasm-opt itself reads, as its input, has no positions. Give
// it an empty module, and the main service in the manifest.
//

#include "passes/passes.h"

namespace parigot {

using namespace wasm;

namespace {

class TrackPositions : public Pass {
public:
  explicit TrackPositions(std::shared_ptr<debug::Inputs> inputs) : inputs(std::move(inputs)) {}

  bool requiresNonNullableLocalFixups() override { return false; }
  void run(Module*) override { inputs->wanted = true; }

private:
  std::shared_ptr<debug::Inputs> inputs;
};

} // namespace

std::unique_ptr<Pass> createTrackPositionsPass(std::shared_ptr<debug::Inputs> inputs) {
  return std::make_unique<TrackPositions>(std::move(inputs));
}

} // namespace parigot
