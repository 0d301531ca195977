#include "service.h"

IMPORT("wapc", "__guest_request") void guest_request(char* operation, char* payload);
IMPORT("wapc", "__guest_response") void guest_response(const char* bytes, uint32_t length);
IMPORT("wapc", "__guest_error") void guest_error(const char* bytes, uint32_t length);
IMPORT("wapc", "__host_call")
int32_t host_call(const char* binding,
                  uint32_t binding_len,
                  const char* namespace,
                  uint32_t namespace_len,
                  const char* op,
                  uint32_t op_len,
                  const char* bytes,
                  uint32_t length);
IMPORT("wapc", "__host_response_len") uint32_t host_response_len(void);
IMPORT("wapc", "__host_response") void host_response(char* to);
IMPORT("wapc", "__host_error_len") uint32_t host_error_len(void);
IMPORT("wapc", "__host_error") void host_error(char* to);

EXPORT("__guest_call") int32_t guest_call(uint32_t operation_size, uint32_t payload_size) {
  // What is not asked for stays as it was.
  char operation[32], payload[64], answer[256];
  memset(operation, '.', sizeof operation);
  memset(payload, '.', sizeof payload);
  guest_request(operation, payload);
  CHECK(operation[operation_size] == '.' && payload[payload_size] == '.');
  if (operation_size == 4 && memcmp(operation, "echo", 4) == 0) {
    guest_response(payload, payload_size);
    return 1;
  }
  if (operation_size == 3 && memcmp(operation, "ask", 3) == 0) {
    if (host_call("b", 1, "ns", 2, payload, payload_size, "data", 4)) {
      host_response(answer);
      guest_response(answer, host_response_len());
      return 1;
    }
    host_error(answer);
    guest_error(answer, host_error_len());
    return 0;
  }
  guest_error(operation, operation_size);
  return 0;
}
