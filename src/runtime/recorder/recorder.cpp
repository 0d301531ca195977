// Records the calls to a service. src/merge/recorders.h says how a recorder gets between a service and its clients.

#include "../common/fail.h"
#include "../common/recording.h"
#include "../common/wasi.h"

namespace runtime {

Text failPrefix() { return "parigot: recorder: "; }

} // namespace runtime

namespace recorder {

using namespace runtime;

// Defined by parigot-opt. Writes, each followed by a 0: the file, the service and the methods; and at most 7 bytes
// more, if they fit. Returns the size.
__attribute__((import_module("recorder"), import_name("describe"))) uint32_t describe(char* to, uint32_t capacity);

namespace {

// The recording, and the names of the methods in it.
class Recorder {
public:
  Recorder() : facts(readFacts()), recording(name(0), name(1)) {}

  // The name of a method is behind file and service.
  void add(uint32_t method, Text request, Text reply, uint32_t error, uint64_t nanoseconds) {
    recording.add({name(method + 2), request, reply, {}, error, nanoseconds});
  }

private:
  Characters facts;
  Recording recording;

  static Characters readFacts() {
    Characters facts;
    facts.resize(describe(nullptr, 0) + uint64_t(8));
    facts.shrink(describe(facts.begin(), facts.size()));
    return facts;
  }

  Text name(uint32_t index) const {
    Text rest = facts;
    while (true) {
      uint32_t size = 0;
      while (size < rest.size && rest[size]) {
        size++;
      }
      if (!index--) {
        return {rest.data, size};
      }
      rest = rest.from(size + 1);
    }
  }
};

alignas(Recorder) char place[sizeof(Recorder)];
bool made = false;

Recorder& recorder() {
  if (!made) {
    made = true;
    new (place) Recorder();
  }
  return *reinterpret_cast<Recorder*>(place);
}

} // namespace

#define EXPORT(name) extern "C" __attribute__((export_name(name)))

EXPORT("parigot.record.now") uint64_t recorder_now() { return monotonic(); }

EXPORT("parigot.record.add")
void recorder_add(uint32_t method,
                  uint64_t start,
                  const char* request,
                  uint32_t requestSize,
                  const char* reply,
                  uint32_t replySize,
                  uint32_t error) {
  recorder().add(method, {request, requestSize}, {reply, replySize}, error, monotonic() - start);
}

// Memory for the bits of a call's parameters and its result.
EXPORT("parigot.record.numbers") void* recorder_numbers(uint32_t size) {
  static char* numbers;
  static uint32_t room;
  if (size > room) {
    numbers = static_cast<char*>(reallocate(numbers, size));
    room = size;
  }
  return numbers;
}

// For replies by the ABI bytes.
EXPORT("malloc") void* recorder_malloc(uint32_t size) { return allocate(size); }
EXPORT("free") void recorder_free(void* memory) { release(memory); }

} // namespace recorder
