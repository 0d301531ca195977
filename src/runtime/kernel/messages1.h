// parigot's messages between a process and the kernel, generation 1.
//
// Source: parigot's api/proto/msg/syscall/v1/syscall.proto:7-115, protosupport/v1/protosupport.proto and
// log/v1/log.proto of April 2023 (80a40219). The structures have the fields that a kernel looks at. Ids are messages of
// several kinds; they stay bytes here, and readId1 reads them.

#ifndef parigot_runtime_kernel_messages1_h
#define parigot_runtime_kernel_messages1_h

#include "messages.h"

namespace kernel {

// The content of ServiceId, MethodId and CallId: BaseId id = 1.
struct WrappedId {
  Text id;
  static const Field fields[1];
};
inline constexpr Field WrappedId::fields[1] = {PARIGOT_FIELD(WrappedId, 1, bytes, id)};

struct BaseId {
  int64_t letter = 0, high = 0, low = 0; // bits of uint64
  static const Field fields[3];
};
inline constexpr Field BaseId::fields[3] = {PARIGOT_FIELD(BaseId, 1, number, letter),
                                            PARIGOT_FIELD(BaseId, 2, number, high),
                                            PARIGOT_FIELD(BaseId, 3, number, low)};

struct LocateRequest1 {
  Text package, service;
  static const Field fields[2];
};
inline constexpr Field LocateRequest1::fields[2] = {PARIGOT_FIELD(LocateRequest1, 1, bytes, package),
                                                    PARIGOT_FIELD(LocateRequest1, 2, bytes, service)};

struct DispatchRequest1 {
  Text service; // ServiceId
  Text method;  // its name
  Text pctx, param;
  static const Field fields[4];
};
inline constexpr Field DispatchRequest1::fields[4] = {PARIGOT_FIELD(DispatchRequest1, 1, bytes, service),
                                                      PARIGOT_FIELD(DispatchRequest1, 2, bytes, method),
                                                      PARIGOT_FIELD(DispatchRequest1, 4, bytes, pctx),
                                                      PARIGOT_FIELD(DispatchRequest1, 5, bytes, param)};

struct ReturnValueRequest1 {
  Text call; // CallId
  Text result, pctx;
  Text marshalError, execError; // texts of errors, empty for none
  Text execErrorId;             // BaseId
  static const Field fields[6];
};
inline constexpr Field ReturnValueRequest1::fields[6] = {PARIGOT_FIELD(ReturnValueRequest1, 1, bytes, call),
                                                         PARIGOT_FIELD(ReturnValueRequest1, 3, bytes, result),
                                                         PARIGOT_FIELD(ReturnValueRequest1, 4, bytes, pctx),
                                                         PARIGOT_FIELD(ReturnValueRequest1, 5, bytes, marshalError),
                                                         PARIGOT_FIELD(ReturnValueRequest1, 6, bytes, execError),
                                                         PARIGOT_FIELD(ReturnValueRequest1, 7, bytes, execErrorId)};

struct BindMethodRequest1 {
  Text package, service, method;
  static const Field fields[3];
};
inline constexpr Field BindMethodRequest1::fields[3] = {PARIGOT_FIELD(BindMethodRequest1, 1, bytes, package),
                                                        PARIGOT_FIELD(BindMethodRequest1, 2, bytes, service),
                                                        PARIGOT_FIELD(BindMethodRequest1, 3, bytes, method)};

struct NamesRequest1 { // ExportRequest, RequireRequest
  List<Text> names;    // FullyQualifiedService
  static const Field fields[1];
};
inline constexpr Field NamesRequest1::fields[1] = {PARIGOT_FIELD(NamesRequest1, 1, list, names)};

struct NumberRequest1 { // BlockUntilCallRequest.can_timeout, RunRequest.wait, ExitRequest.code
  int64_t value = 0;
  static const Field fields[1];
};
inline constexpr Field NumberRequest1::fields[1] = {PARIGOT_FIELD(NumberRequest1, 1, number, value)};

struct LogRequest1 {
  Text message;
  static const Field fields[1];
};
inline constexpr Field LogRequest1::fields[1] = {PARIGOT_FIELD(LogRequest1, 3, bytes, message)};

// An id as a guest of generation 1 keeps it: it clears byte 6, which is random in ids of generation 2, and takes an id
// in which the byte is odd for an error (lib/go/idconv.go:251-271).
inline Id withoutByte6(const Id& id) { return {id.high & ~(uint64_t(0xff) << 48), id.low}; }

// The letter comes from the BaseId's own field; in our ids it is the top byte.
bool readId1(Text wrapped, Id& id);
void writeId1(Writer& to, uint32_t field, const Id& id);

} // namespace kernel

#endif // parigot_runtime_kernel_messages1_h
