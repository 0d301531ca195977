// Places the active data segments of a world.

#ifndef parigot_memory_segments_h
#define parigot_memory_segments_h

#include "memory/placer.h"
#include "wasm.h"

namespace parigot {

// Segments whose offset is an imported global may exceed their service's memory. Alone, the module would trap when it
// is instantiated, so the world gets a start function that traps. MergeWorld has checked all other segments. Sizes are
// those of Place::size; a memory without one is checked by the engine.
void checkSegments(wasm::Module& module, const Places& places);

// Moves the segments of placed memories to the memory `one`, by their bases.
void moveSegments(wasm::Module& module, const Places& places, wasm::Name one);

} // namespace parigot

#endif // parigot_memory_segments_h
