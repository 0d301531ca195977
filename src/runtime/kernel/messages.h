// parigot's messages between a process and the kernel, generation 2.
//
// Source: parigot's api/proto/syscall/v1/syscall.proto and protosupport/v1/protosupport.proto. The structures have the
// fields that a kernel looks at. Members that are Text are parts of the message that was read.

#ifndef parigot_runtime_kernel_messages_h
#define parigot_runtime_kernel_messages_h

#include <stddef.h>

#include "wire.h"

namespace kernel {

// KernelErr of syscall.proto.
enum class Error : int32_t {
  none = 0,
  unmarshalFailed = 2,
  idDispatch = 3,
  namespaceExhausted = 4,
  notFound = 5,
  dataTooLarge = 6,
  marshalFailed = 7,
  callerUnavailable = 8,
  alreadyExported = 9,
  alreadyRequired = 10,
  dependencyCycle = 11,
  networkFailed = 12,
  networkConnectionLost = 13,
  dataTooSmall = 14,
  connectionFailed = 15,
  retryFailed = 16,
  decodeError = 17,
  execError = 18,
  dependencyFailure = 19,
  abortRequest = 20,
  badId = 26,
  notReady = 27,
  notRequired = 28,
  readOneTimeout = 30,
  writeTimeout = 31,
  badCallId = 32,
};

#define PARIGOT_FIELD(message, number, kind, member)                                                                   \
  { number, Kind::kind, offsetof(message, member) }

struct MethodBundle {
  Id host, service, method, call;
  static const Field fields[4];
};
inline constexpr Field MethodBundle::fields[4] = {PARIGOT_FIELD(MethodBundle, 1, id, host),
                                                  PARIGOT_FIELD(MethodBundle, 2, id, service),
                                                  PARIGOT_FIELD(MethodBundle, 3, id, method),
                                                  PARIGOT_FIELD(MethodBundle, 4, id, call)};

struct FullyQualifiedService {
  Text package, service;
  static const Field fields[2];
};
inline constexpr Field FullyQualifiedService::fields[2] = {PARIGOT_FIELD(FullyQualifiedService, 1, bytes, package),
                                                           PARIGOT_FIELD(FullyQualifiedService, 2, bytes, service)};

struct ExitPair {
  Id service;
  int64_t code = 0;
  static const Field fields[2];
};
inline constexpr Field ExitPair::fields[2] = {PARIGOT_FIELD(ExitPair, 1, id, service),
                                              PARIGOT_FIELD(ExitPair, 2, number, code)};

struct RegisterRequest {
  Id host;
  Text debugName;
  static const Field fields[2];
};
inline constexpr Field RegisterRequest::fields[2] = {PARIGOT_FIELD(RegisterRequest, 1, id, host),
                                                     PARIGOT_FIELD(RegisterRequest, 2, bytes, debugName)};

struct ExportRequest {
  Id service;
  List<Text> names; // FullyQualifiedService
  Id host;
  static const Field fields[3];
};
inline constexpr Field ExportRequest::fields[3] = {PARIGOT_FIELD(ExportRequest, 1, id, service),
                                                   PARIGOT_FIELD(ExportRequest, 2, list, names),
                                                   PARIGOT_FIELD(ExportRequest, 3, id, host)};

struct RequireRequest {
  List<Text> names; // FullyQualifiedService
  Id source;
  static const Field fields[2];
};
inline constexpr Field RequireRequest::fields[2] = {PARIGOT_FIELD(RequireRequest, 1, list, names),
                                                    PARIGOT_FIELD(RequireRequest, 2, id, source)};

struct BindMethodRequest {
  Id host, service;
  Text name;
  static const Field fields[3];
};
inline constexpr Field BindMethodRequest::fields[3] = {PARIGOT_FIELD(BindMethodRequest, 1, id, host),
                                                       PARIGOT_FIELD(BindMethodRequest, 2, id, service),
                                                       PARIGOT_FIELD(BindMethodRequest, 3, bytes, name)};

struct LaunchRequest {
  Id service, call, host, method;
  static const Field fields[4];
};
inline constexpr Field LaunchRequest::fields[4] = {PARIGOT_FIELD(LaunchRequest, 1, id, service),
                                                   PARIGOT_FIELD(LaunchRequest, 2, id, call),
                                                   PARIGOT_FIELD(LaunchRequest, 3, id, host),
                                                   PARIGOT_FIELD(LaunchRequest, 4, id, method)};

struct LocateRequest {
  Text package, service;
  Id calledBy;
  static const Field fields[3];
};
inline constexpr Field LocateRequest::fields[3] = {PARIGOT_FIELD(LocateRequest, 1, bytes, package),
                                                   PARIGOT_FIELD(LocateRequest, 2, bytes, service),
                                                   PARIGOT_FIELD(LocateRequest, 3, id, calledBy)};

struct DispatchRequest {
  Text bundle; // MethodBundle
  Text param;  // Any
  static const Field fields[2];
};
inline constexpr Field DispatchRequest::fields[2] = {PARIGOT_FIELD(DispatchRequest, 1, bytes, bundle),
                                                     PARIGOT_FIELD(DispatchRequest, 3, bytes, param)};
inline bool readDispatch(Text bytes, DispatchRequest& request) {
  return readPlainPair(bytes, 1, request.bundle, 3, request.param) || read(bytes, request = {});
}

struct ReadOneRequest {
  int64_t timeout = 0; // milliseconds
  static const Field fields[2];
};
inline constexpr Field ReadOneRequest::fields[2] = {PARIGOT_FIELD(ReadOneRequest, 1, number, timeout),
                                                    {2, Kind::checkedId, 0}}; // the host

struct ReturnValueRequest {
  Text bundle; // MethodBundle
  Text result; // Any
  int64_t error = 0;
  static const Field fields[3];
};
inline constexpr Field ReturnValueRequest::fields[3] = {PARIGOT_FIELD(ReturnValueRequest, 1, bytes, bundle),
                                                        PARIGOT_FIELD(ReturnValueRequest, 2, bytes, result),
                                                        PARIGOT_FIELD(ReturnValueRequest, 3, number, error)};
inline bool readReturnValue(Text bytes, ReturnValueRequest& request) {
  return readPlainPair(bytes, 1, request.bundle, 2, request.result) || read(bytes, request = {});
}

struct ExitRequest {
  Text pair; // ExitPair
  Id call, host;
  int64_t shutdownAll = 0;
  static const Field fields[4];
};
inline constexpr Field ExitRequest::fields[4] = {PARIGOT_FIELD(ExitRequest, 1, bytes, pair),
                                                 PARIGOT_FIELD(ExitRequest, 2, id, call),
                                                 PARIGOT_FIELD(ExitRequest, 3, id, host),
                                                 PARIGOT_FIELD(ExitRequest, 5, number, shutdownAll)};

// Replies. An open world reads those that the kernel outside gave.
struct IdResponse { // RegisterResponse, BindMethodResponse, DispatchResponse
  Id id;
  static const Field fields[1];
};
inline constexpr Field IdResponse::fields[1] = {PARIGOT_FIELD(IdResponse, 1, id, id)};

struct LocateAnswer {
  Id host, service;
  static const Field fields[2];
};
inline constexpr Field LocateAnswer::fields[2] = {PARIGOT_FIELD(LocateAnswer, 1, id, host),
                                                  PARIGOT_FIELD(LocateAnswer, 2, id, service)};

struct ReadOneResponse {
  int64_t timeout = 0;
  Text bundle; // MethodBundle
  Text param;
  Text resolved; // ResolvedCall
  Text exit;     // ExitPair
  static const Field fields[5];
};
inline constexpr Field ReadOneResponse::fields[5] = {PARIGOT_FIELD(ReadOneResponse, 1, number, timeout),
                                                     PARIGOT_FIELD(ReadOneResponse, 2, bytes, bundle),
                                                     PARIGOT_FIELD(ReadOneResponse, 3, bytes, param),
                                                     PARIGOT_FIELD(ReadOneResponse, 5, bytes, resolved),
                                                     PARIGOT_FIELD(ReadOneResponse, 6, bytes, exit)};

// google.protobuf.Any: the parameter of a call.
struct Any {
  Text url, value;
  static const Field fields[2];
};
inline constexpr Field Any::fields[2] = {PARIGOT_FIELD(Any, 1, bytes, url), PARIGOT_FIELD(Any, 2, bytes, value)};

struct ResolvedCall {
  Id host, call;
  static const Field fields[2];
};
inline constexpr Field ResolvedCall::fields[2] = {PARIGOT_FIELD(ResolvedCall, 1, id, host),
                                                  PARIGOT_FIELD(ResolvedCall, 2, id, call)};

} // namespace kernel

#endif // parigot_runtime_kernel_messages_h
