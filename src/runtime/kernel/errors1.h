// The error codes of generation 1. The kernel itself uses those of generation 2.
//
// Source: parigot's lib/go/kernelerr.go:6-87 of April 2023 (80a40219), with the names that
// api/proto/syscall/v1/syscall.proto (HEAD) has for the same errors. For a guest of generation 1 an error is an id with
// 1 in byte 6 and the code in the low half (lib/go/id.go:153-164). Its library panics over an error without that mark
// (id.go:101-106, perror.go:35-38).

#ifndef parigot_runtime_kernel_errors1_h
#define parigot_runtime_kernel_errors1_h

#include "messages.h"

namespace kernel {

struct ErrorPair1 {
  Error error;
  uint8_t code; // of generation 1
};

// Rows that map in both directions come before rows that map in one.
inline constexpr ErrorPair1 errorPairs1[] = {
  {Error::none, 0},
  {Error::namespaceExhausted, 2},
  {Error::notFound, 3},
  {Error::dataTooLarge, 4},
  {Error::marshalFailed, 5},
  {Error::unmarshalFailed, 6},
  {Error::callerUnavailable, 7},
  {Error::alreadyExported, 8},
  {Error::alreadyRequired, 9},
  {Error::dependencyCycle, 10},
  {Error::networkFailed, 11},
  {Error::networkConnectionLost, 12},
  {Error::dataTooSmall, 13},
  {Error::connectionFailed, 14},
  {Error::retryFailed, 15},
  {Error::decodeError, 16},
  {Error::execError, 17},
  {Error::badId, 18},
  {Error::dependencyFailure, 19},
  {Error::abortRequest, 20},
  // Generation 1 has one code for everything that does not exist (sys/nameserver.go:98-110), and none for a process
  // that may not wait.
  {Error::idDispatch, 3},
  {Error::notRequired, 3},
  {Error::badCallId, 7},
  {Error::notReady, 19},
};

// The code that a guest of generation 1 gets. A code of a service's own, which a process of generation 2 can answer
// with, has no meaning for it: the call has failed.
constexpr uint32_t codeOf1(Error error) {
  for (auto& pair : errorPairs1) {
    if (pair.error == error) {
      return pair.code;
    }
  }
  return codeOf1(Error::execError);
}

// The opposite direction: the error that a guest of generation 1 gives for an execution. Codes that only generation 1
// has, and those of services, become ExecError.
constexpr Error errorOf1(uint64_t code) {
  for (auto& pair : errorPairs1) {
    if (pair.code == code) {
      return pair.error;
    }
  }
  return Error::execError;
}

} // namespace kernel

#endif // parigot_runtime_kernel_errors1_h
