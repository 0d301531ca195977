// The host of a typst plugin as a service: it calls a function with the lengths of its arguments, and that one fetches
// them. Source: typst/typst, crates/typst/src/foundations/plugin.rs at 1bef471d: the protocol at 56-98, who writes what
// at 344-387.
#include "service.h"

IMPORT("plugin", "concatenate") int32_t concatenate(uint32_t a, uint32_t b);
IMPORT("plugin", "refuse") int32_t refuse(uint32_t a);

static char args[100000], result[200000];
static uint32_t args_length, result_length;

EXPORT("args_len") uint32_t args_len(void) { return args_length; }
EXPORT("wasm_minimal_protocol_write_args_to_buffer") void write_args(char* buffer) {
  memcpy(buffer, args, args_length);
}
EXPORT("wasm_minimal_protocol_send_result_to_host") void send_result(const char* bytes, uint32_t length) {
  memcpy(result, bytes, length);
  result_length = length;
}

int main(void) {
  memcpy(args, "helloworld", args_length = 10);
  int32_t code = concatenate(5, 5);
  printf("%d %.*s\n", (int)code, (int)result_length, result);
  args_length = 0;
  code = concatenate(0, 0);
  printf("%d %d bytes\n", (int)code, (int)result_length);
  memset(args, 'x', args_length = sizeof args);
  code = concatenate(sizeof args - 1, 1);
  printf("%d %d bytes, %c*%c\n", (int)code, (int)result_length, result[0], result[result_length - 1]);
  memcpy(args, "no", args_length = 2);
  code = refuse(2);
  printf("%d %.*s\n", (int)code, (int)result_length, result);
}
