// What laws leave of the descriptors of a service.
//
//   files = ["/data", "/tmp"]                             only /data, read-only; standard output, and
//   host = ["stdout", "files:/data:ro"]          =>       no other standard stream
//
// A law decides on functions when a world is wound (passes/GovernWorld.cpp). Which streams and folders the functions
// reach is decided by the tables of descriptors, when the world runs.

#ifndef parigot_world_descriptor_laws_h
#define parigot_world_descriptor_laws_h

#include "world/descriptor_policy.h"
#include "world/government.h"

namespace parigot {

// The part of a policy that the laws of the service allow. Without laws about the host, that is all of it. A folder
// that a law names is one that the host has preopened, by the host's name.
DescriptorPolicy narrowed(DescriptorPolicy policy, const Rights& rights);

} // namespace parigot

#endif // parigot_world_descriptor_laws_h
