// A process of parigot's first generation, for the scripts of kernel-world.h.
//
// The wire format is written here a second time, from parigot's sources of April 2023 (commit 80a40219), and not taken
// from the kernel's headers.

#ifndef parigot_unit_kernel_guest1_h
#define parigot_unit_kernel_guest1_h

#include <catch2/catch.hpp>

#include "kernel-world.h"

namespace guest1 {

using namespace kernel;

// lib/go/kernelerr.go:6-87.
enum Code : uint32_t {
  noError = 0,
  notFound = 3,
  dataTooLarge = 4,
  marshalFailed = 5,
  unmarshalFailed = 6,
  callerUnavailable = 7,
  alreadyExported = 8,
  alreadyRequired = 9,
  dependencyCycle = 10,
  decodeError = 16,
  execError = 17,
  badId = 18,
  dependencyFailure = 19,
  abortRequest = 20,
};

// apiimpl/netconst/const.go:7-12.
constexpr uint32_t readBufferSize = 4096;
constexpr size_t frontMatterSize = 8 + 4, trailerSize = 4;
inline const std::string magic = "\x04\x07\x76\x17\x14\x07\x89\x17";

inline std::string littleEndian(uint32_t number) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) {
    bytes += char(number >> shift & 0xff);
  }
  return bytes;
}

// By single bits. 0xeb31d82e is Koopman in Go's hash/crc32.
inline uint32_t checksum(const std::string& bytes) {
  uint32_t crc = ~0u;
  for (unsigned char byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? crc >> 1 ^ 0xeb31d82e : crc >> 1;
    }
  }
  return ~crc;
}

// apiimpl/splitutil/splitutil.go:136-154.
inline std::string frame(const std::string& message) {
  return magic + littleEndian(uint32_t(message.size())) + message + littleEndian(checksum(message));
}

// splitutil.go:87-102: an empty reply is an empty message, and no error.
inline std::string unframe(const std::string& bytes) {
  if (bytes.empty()) {
    return {};
  }
  REQUIRE(bytes.size() >= frontMatterSize + trailerSize);
  auto message = bytes.substr(frontMatterSize, bytes.size() - frontMatterSize - trailerSize);
  REQUIRE(bytes == frame(message));
  return message;
}

inline Guest::Answer1
ask(Guest& guest, Kernel::Handler1 handler, const std::string& message, uint32_t room = readBufferSize) {
  auto answer = guest.call1(handler, frame(message), room);
  return {answer.code, unframe(answer.bytes)};
}

// protosupport.proto:9-13: BaseId{uint32 ascii_value = 1; uint64 high = 2; uint64 low = 3}.
inline std::string baseId(char letter, uint64_t high, uint64_t low) {
  return encode([&](Writer& to) {
    to.number(1, letter);
    to.number(2, int64_t(high));
    to.number(3, int64_t(low));
  });
}

// lib/go/idconv.go:595-599 and id.go:153-164: an error's id has byte 6 set.
inline std::string errorId(char letter, uint64_t code) {
  return baseId(letter, uint64_t(uint8_t(letter)) << 56 | uint64_t(code != 0) << 48, code);
}

// How a guest's library reads an id in a message: it clears byte 6, or takes the id for an error (idconv.go:251-271).
struct GuestId {
  Text base;
  static constexpr Field fields[] = {{1, Kind::bytes, 0}};
};
struct GuestBaseId {
  int64_t letter = 0, high = 0, low = 0;
  static constexpr Field fields[] = {{1, Kind::number, 0}, {2, Kind::number, 8}, {3, Kind::number, 16}};
};

inline std::string throughGuest(Text wrapped, char letter) {
  GuestId id;
  GuestBaseId base;
  REQUIRE((read(wrapped, id) && read(id.base, base)));
  CHECK(base.letter == letter);
  CHECK(uint64_t(base.high) >> 56 == uint64_t(uint8_t(letter)));
  bool isError = uint64_t(base.high) >> 48 & 1;
  CHECK(!isError);
  uint64_t high = (uint64_t(base.high) & 0xffffffffffff) | uint64_t(uint8_t(letter)) << 56;
  return encode([&](Writer& to) { to.bytes(1, textOf(baseId(letter, high, uint64_t(base.low)))); });
}

inline std::string number(uint32_t code) { return std::to_string(code); }

inline void writeName(Writer& to, uint32_t field, const std::string& name) {
  auto mark = to.open(field);
  to.text(1, textOf(name + ".v1"));
  to.text(2, textOf(name));
  to.close(mark);
}

inline std::string names(const std::vector<std::string>& list) {
  return encode([&](Writer& to) {
    for (auto& name : list) {
      writeName(to, 1, name);
    }
  });
}

// DispatchResponse and BlockUntilCallResponse have these fields, in one order or another (syscall.proto:29-34, 54-60).
struct Response1 {
  Text first, second, third, fourth;
  int64_t timedOut = 0;
  static constexpr Field fields[] = {{1, Kind::bytes, 0},
                                     {2, Kind::bytes, sizeof(Text)},
                                     {3, Kind::bytes, 2 * sizeof(Text)},
                                     {4, Kind::bytes, 3 * sizeof(Text)},
                                     {5, Kind::number, 4 * sizeof(Text)}};
};

// A process of generation 1.
struct Guest1 {
  Guest& guest;

  uint32_t exportAll(const std::vector<std::string>& list) { return ask(guest, &Kernel::export1, names(list)).code; }
  uint32_t requireAll(const std::vector<std::string>& list) { return ask(guest, &Kernel::require1, names(list)).code; }
  uint32_t run(bool wait = true) {
    return ask(guest, &Kernel::run1, encode([&](Writer& to) { to.number(1, wait); })).code;
  }
  // A MethodId.
  std::string bind(const std::string& name, const std::string& method) {
    auto answer = ask(guest, &Kernel::bindMethod1, encode([&](Writer& to) {
                        to.text(1, textOf(name + ".v1"));
                        to.text(2, textOf(name));
                        to.text(3, textOf(method));
                      }));
    Response1 response;
    CHECK(answer.code == noError);
    CHECK(read(textOf(answer.bytes), response));
    return throughGuest(response.first, 'm');
  }
  // A ServiceId.
  std::string locate(const std::string& name) {
    auto answer = ask(guest, &Kernel::locate1, encode([&](Writer& to) {
                        to.text(1, textOf(name + ".v1"));
                        to.text(2, textOf(name));
                      }));
    Response1 response;
    return answer.code == noError && read(textOf(answer.bytes), response) ? throughGuest(response.first, 's')
                                                                          : "error " + number(answer.code);
  }
  std::string dispatch(const std::string& service,
                       const std::string& method,
                       const std::string& param,
                       uint32_t room = readBufferSize) {
    auto request = encode([&](Writer& to) {
      to.bytes(1, textOf(service));
      to.text(2, textOf(method));
      to.text(3, "caller");
      to.bytes(4, "pctx");
      auto any = to.open(5);
      to.text(2, textOf(param));
      to.close(any);
    });
    auto answer = ask(guest, &Kernel::dispatch1, request, room);
    Response1 response;
    if (answer.code != noError || !read(textOf(answer.bytes), response)) {
      return "error " + number(answer.code);
    }
    throughGuest(response.third, 'c');
    throughGuest(response.fourth, 'm');
    return (response.second.data ? value(response.second) : "nothing") + " " + stringOf(response.first);
  }
  std::string call(const std::string& name, const std::string& method, const std::string& param) {
    return dispatch(locate(name), method, param);
  }
  static std::string value(Text any) {
    FullyQualifiedService fields; // a message of the same shape
    return read(any, fields) ? stringOf(fields.service) : "malformed";
  }

  struct Incoming {
    bool timedOut;
    std::string param, pctx, call;
    uint32_t code;
  };
  Incoming block(bool canTimeout = false, uint32_t room = readBufferSize) {
    auto answer = ask(guest, &Kernel::blockUntilCall1, encode([&](Writer& to) { to.number(1, canTimeout); }), room);
    Response1 response;
    read(textOf(answer.bytes), response);
    bool isCall = answer.code == noError && !response.timedOut;
    return {response.timedOut != 0,
            value(response.first),
            stringOf(response.second),
            isCall ? throughGuest(response.fourth, 'c') : "",
            answer.code};
  }
  // The generated loop does the same (serverdecl.tmpl:96-112).
  Incoming nextCall() {
    while (true) {
      if (auto incoming = block(); !incoming.timedOut) {
        return incoming;
      }
    }
  }
  uint32_t returnValue(const Incoming& incoming, const std::string& result, std::function<void(Writer&)> more = {}) {
    return ask(guest, &Kernel::returnValue1, encode([&](Writer& to) {
                 to.bytes(1, textOf(incoming.call));
                 auto any = to.open(3);
                 to.text(2, textOf(result));
                 to.close(any);
                 to.bytes(4, "out");
                 if (more) {
                   more(to);
                 }
               }))
      .code;
  }
};

} // namespace guest1

#endif // parigot_unit_kernel_guest1_h
