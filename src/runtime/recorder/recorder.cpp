// Writes the calls to a service into a file while the world runs. docs/recordings.md has the format of the file, and
// src/merge/recorders.h how a recorder gets between a service and its clients.

#include "../common/fail.h"
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

class Recording {
public:
  Recording() {
    facts.resize(describe(nullptr, 0) + uint64_t(8));
    facts.shrink(describe(facts.begin(), facts.size()));
    open(name(0));
    Characters line;
    line << "{\"parigot-recording\":1,\"service\":";
    quote(line, name(1));
    write(line);
  }

  // The name of a method is behind file and service.
  void add(uint32_t method, Text request, Text reply, uint32_t error, uint64_t nanoseconds) {
    Characters line;
    line << "{\"method\":";
    quote(line, name(method + 2));
    line << ",\"request\":\"";
    hex(line, request);
    line << "\",\"reply\":\"";
    hex(line, reply);
    line << "\",\"error\":";
    number(line, error);
    line << ",\"nanoseconds\":";
    number(line, nanoseconds);
    write(line);
  }

private:
  Characters facts;
  uint32_t file = 0;

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

  // In the first preopened folder in which it can be written.
  void open(Text path) {
    __wasi_prestat_t stat;
    for (__wasi_fd_t folder = 3; __wasi_fd_prestat_get(folder, &stat) == 0; folder++) {
      __wasi_fd_t opened;
      Characters ended;
      ended << path << '\0';
      if (__wasi_path_open(folder,
                           0,
                           ended.begin(),
                           __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC,
                           __WASI_RIGHTS_FD_WRITE,
                           0,
                           0,
                           &opened) == 0) {
        file = opened;
        return;
      }
    }
    fail("no folder that the host opens for the world has room for a file ", path);
  }

  static void hex(Characters& to, Text bytes) {
    static const char digits[] = "0123456789abcdef";
    char* at = to.extend(bytes.size * 2);
    for (uint32_t i = 0; i < bytes.size; i++) {
      *at++ = digits[uint8_t(bytes[i]) >> 4];
      *at++ = digits[uint8_t(bytes[i]) & 15];
    }
  }

  static void number(Characters& to, uint64_t value) {
    char digits[20];
    uint32_t at = sizeof digits;
    do {
      digits[--at] = char('0' + value % 10);
      value /= 10;
    } while (value);
    to << Text{digits + at, uint32_t(sizeof digits) - at};
  }

  // A string of JSON.
  static void quote(Characters& to, Text text) {
    to << '"';
    for (uint32_t i = 0; i < text.size; i++) {
      if (uint8_t(text[i]) < ' ') {
        char c = text[i];
        to << "\\u00";
        hex(to, {&c, 1});
        continue;
      }
      if (text[i] == '"' || text[i] == '\\') {
        to << '\\';
      }
      to << text[i];
    }
    to << '"';
  }

  // Ends the line with the CRC-32 of what is in front (RFC 1952, section 8).
  void write(Characters& line) {
    uint32_t crc = ~0u;
    for (char byte : line) {
      crc ^= uint8_t(byte);
      for (int i = 0; i < 8; i++) {
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
      }
    }
    crc = ~crc;
    char big[] = {char(crc >> 24), char(crc >> 16), char(crc >> 8), char(crc)};
    line << ",\"check\":\"";
    hex(line, {big, sizeof big});
    line << "\"}\n";
    writeAll(file, line);
  }
};

alignas(Recording) char place[sizeof(Recording)];
bool made = false;

Recording& recording() {
  if (!made) {
    made = true;
    new (place) Recording();
  }
  return *reinterpret_cast<Recording*>(place);
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
  recording().add(method, {request, requestSize}, {reply, replySize}, error, monotonic() - start);
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
