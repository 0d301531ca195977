// The memory of a world in which arrays of buffers lie that are handed to the host (merge/handed_buffers.h).

#ifndef parigot_world_handed_buffers_h
#define parigot_world_handed_buffers_h

#include <algorithm>
#include <string_view>

#include "world/world.h"

namespace parigot {

// What the world says of its file, by which it is found.
constexpr std::string_view handedBuffersFile = "parigot-buffers";

// The service without code that has it; nullptr if the world needs none.
inline const WorldService* handedBuffersOf(const World& world) {
  auto found = std::find_if(world.services.begin(), world.services.end(), [](auto& service) {
    return service.added && service.hasMemory && service.file == handedBuffersFile;
  });
  return found == world.services.end() ? nullptr : &*found;
}

} // namespace parigot

#endif // parigot_world_handed_buffers_h
