// Reads a recording: the calls to a service, as a world that was wound with --record NAME=FILE wrote them.
//
// docs/recordings.md has the format. The module that writes it is src/runtime/recorder.

#ifndef parigot_world_recording_h
#define parigot_world_recording_h

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "world/stand_in.h"

namespace parigot {

constexpr int recordingVersion = 1;

// The calls as replies to exactly their requests, in the order of the file. An error names `path` and the line: a line
// is damaged, or the last one is not complete.
wasm::Result<std::vector<CannedReply>> readRecording(std::string_view text, const std::string& path);

} // namespace parigot

#endif // parigot_world_recording_h
