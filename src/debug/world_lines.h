// The lines of a world, put together from those of its services.
//
//   code of the world     position            lines of greet
//   0x3f10 ------------->  greet 0x120  ---->  greet.c:17, in visit, inlined in fetch
//
// A function of the world is that function of a service whose code it begins with. Code of another function in it was
// inlined there by an optimiser, and becomes an inlined call: within the innermost function before it that calls it
// (call_sites.h), or, where made code such as an adapter stands in between, at the last line of the function itself.
// Functions that parigot-opt made have no lines: a debugger steps through them into the callee.
//
// Limits: where -O merges equal functions of two services, the lines are those of one. A function that is inlined
// through one which has several callers, and no instruction of its own left, appears as inlined in the outermost
// function.

#ifndef parigot_debug_world_lines_h
#define parigot_debug_world_lines_h

#include <functional>
#include <vector>

#include "debug/inputs.h"

namespace parigot::debug {

// Changes the path of a source file: --debug-prefix-map.
using MapPath = std::function<std::string(const std::string&)>;

// `bodies` are those of the world. The functions of a service get a linkage name with its name in front: "greet/visit".
// Linear in the number of positions, times the depth of inlining.
SourceLines worldLines(const Inputs& inputs,
                       const std::vector<Position>& positions,
                       const std::vector<Span>& bodies,
                       const MapPath& mapPath);

} // namespace parigot::debug

#endif // parigot_debug_world_lines_h
