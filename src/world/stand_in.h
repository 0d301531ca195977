// What stands in for a service that is not wound: its answers to calls.
//
//   [service.greeting]
//   cut = true                 # or "trap", or "host": the imports stay, as with --service
//   error = 7                  # what calls get, with cut = true; default: standInError
//   launches = "refused"       # of processes that require it; default "satisfied"
//   replace = "mock.wasm"      # instead of cut: this module takes its place
//   provides = ["greeting.v1.greeting"]   # for processes: the full names that it exports
//
//   [[reply]]                  # cuts the service, too
//   service = "greeting"
//   method = "fetch_greeting_" # of a process, the name that it binds: "FetchGreeting"
//   text = "Hello"             # or hex = "48 65", or file = "reply.bin", or json = '{"text": "Hello"}'; a scalar
//                              # call gets the number that the text is
//   type = "greeting.v1.FetchGreetingResponse" # the message; needed for json, and for results of processes
//   error = 7                  # left out: 0, none
//   after = "20ms"             # us, ms, s; left out: at once
//   request = "Ada"            # only for requests that begin so; or request_hex
//
//   [[reply]]
//   service = "greeting"
//   from = "greeting.calls"    # what --record wrote (docs/recordings.md)
//
// Replies of one method with the same `request` are given in the order of the file, and the last one again and again.
// If several requests fit, the longest counts. A call without a reply is answered as the cut says.

#ifndef parigot_world_stand_in_h
#define parigot_world_stand_in_h

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parigot {

// KernelErr_IdDispatch: what parigot's kernel says to a dispatch to something that is not there (syscall.proto).
constexpr uint32_t standInError = 3;

struct CannedReply {
  std::string method;
  std::string bytes; // a message is encoded already
  std::string type;  // of the message; empty: unknown
  uint32_t error = 0;
  uint64_t after = 0; // nanoseconds
  std::string request;
  bool exact = false; // `request` is the whole request
  std::string where;  // "world.toml:12", for messages
};

enum class CutAnswer {
  Error,
  Trap,
  Host, // the host provides the imports
};

struct StandIn {
  CutAnswer answer = CutAnswer::Error;
  std::optional<uint32_t> error; // not set: standInError, or for processes what their kernel says
  bool refusesLaunches = false;
  std::vector<CannedReply> replies;
  std::string recording; // the file that replies are from; empty: none
};

// The options of the command line: build's options of these names.
struct StandInChoice {
  std::vector<std::string> cut;         // NAME, or NAME=ANSWER
  std::vector<std::string> replace;     // NAME=FILE
  std::vector<std::string> provides;    // NAME=FULLNAME
  std::vector<std::string> record;      // NAME=FILE
  std::vector<std::string> replies;     // files with [[reply]]
  std::vector<std::string> descriptors; // FileDescriptorSets
};

} // namespace parigot

#endif // parigot_world_stand_in_h
