// Writes the calls to a service into a file while the world runs. docs/recordings.md has the format of the file.

#ifndef parigot_runtime_common_recording_h
#define parigot_runtime_common_recording_h

#include "text.h"

namespace runtime {

struct RecordedCall {
  Text method, request, reply;
  Text type; // of the message that the reply is, for calls between processes of parigot
  uint32_t error = 0;
  uint64_t nanoseconds = 0; // that the call took
};

// One file, made when the first call is added, in the first folder that the host has opened and in which it can be
// written. All errors end the program.
class Recording {
public:
  Recording() = default;
  Recording(Text path, Text service) {
    this->path << path;
    this->service << service;
  }

  void add(const RecordedCall& call);

private:
  Characters path, service;
  uint32_t file = 0; // a descriptor; 0: not open

  void open();
  void write(Characters& line);
};

} // namespace runtime

#endif // parigot_runtime_common_recording_h
