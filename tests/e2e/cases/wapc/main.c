// A host of waPC as a service, and a guest: the guest is told how many bytes its operation and payload have, and
// fetches them. Source of the functions' parameters: wapc/wapc-rs, crates/wasmtime-provider/src/callbacks.rs at
// 44c95a1: __guest_request at 22-47, __host_call at 77-119, __host_response at 121-147, __host_response_len at 149-170,
// __guest_response at 172-196, __guest_error at 198-223.
#include "service.h"

IMPORT("guest", "__guest_call") int32_t guest_call(uint32_t operation_size, uint32_t payload_size);

static const char *operation, *payload;
static char response[256], host_response[256];

EXPORT("operation_size") uint32_t operation_size(void) { return (uint32_t)strlen(operation); }
EXPORT("payload_size") uint32_t payload_size(void) { return (uint32_t)strlen(payload); }
EXPORT("__guest_request") void guest_request(char* op, char* bytes) {
  memcpy(op, operation, strlen(operation));
  memcpy(bytes, payload, strlen(payload));
}
EXPORT("__guest_response") void guest_response(const char* bytes, uint32_t length) {
  snprintf(response, sizeof response, "response %.*s", (int)length, bytes);
}
EXPORT("__guest_error") void guest_error(const char* bytes, uint32_t length) {
  snprintf(response, sizeof response, "error %.*s", (int)length, bytes);
}
EXPORT("__host_call")
int32_t host_call(const char* binding,
                  uint32_t binding_len,
                  const char* namespace,
                  uint32_t namespace_len,
                  const char* op,
                  uint32_t op_len,
                  const char* bytes,
                  uint32_t length) {
  snprintf(host_response,
           sizeof host_response,
           "%.*s:%.*s:%.*s(%.*s)",
           (int)binding_len,
           binding,
           (int)namespace_len,
           namespace,
           (int)op_len,
           op,
           (int)length,
           bytes);
  return op_len != 0;
}
EXPORT("__host_response_len") uint32_t host_response_len(void) { return (uint32_t)strlen(host_response); }
EXPORT("__host_response") void host_response_to(char* to) { memcpy(to, host_response, strlen(host_response)); }
EXPORT("__host_error_len") uint32_t host_error_len(void) { return 12; }
EXPORT("__host_error") void host_error_to(char* to) { memcpy(to, "no operation", 12); }

static void invoke(const char* name, const char* bytes) {
  operation = name;
  payload = bytes;
  int32_t done = guest_call(operation_size(), payload_size());
  printf("%s: %d %s\n", name, (int)done, response);
}

int main(void) {
  invoke("echo", "hello");
  invoke("echo", "");
  invoke("ask", "the host");
  invoke("ask", "");
  invoke("unknown", "x");
}
