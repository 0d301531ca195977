// A plugin as its host was written for it: what it exports takes and returns addresses of its own memory. Each letter of
// what it answers comes from the service helper.
//
// Sources of the conventions: waPC: wapc/wapc-rs at 44c95a1, crates/wasmtime-provider/src/callbacks.rs:22-47, 172-223;
// typst: typst/typst at 1bef471d, crates/typst/src/foundations/plugin.rs:56-98; proxy-wasm: proxy-wasm/spec at 3a844b8,
// abi-versions/v0.2.1/README.md:110-124, 535-585, 989.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT("helper", "turn") uint32_t turn(uint32_t letter);

static void turn_all(char* to, const char* from, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    to[i] = (char)turn((unsigned char)from[i]);
  }
}

// An address and a length in, both in one i64 out.
EXPORT("packed") uint64_t packed(const char* text, uint32_t length) {
  char* result = malloc(length);
  turn_all(result, text, length);
  return (uint64_t)(uintptr_t)result << 32 | length;
}

// waPC: the guest fetches what it is asked, to addresses that it says.
IMPORT("wapc", "__guest_request") void guest_request(char* operation, char* payload);
IMPORT("wapc", "__guest_response") void guest_response(const char* bytes, uint32_t length);
IMPORT("wapc", "__guest_error") void guest_error(const char* bytes, uint32_t length);

EXPORT("__guest_call") int32_t guest_call(uint32_t operation_size, uint32_t payload_size) {
  char* operation = malloc(operation_size);
  char* payload = malloc(payload_size);
  guest_request(operation, payload);
  int32_t known = operation_size == 4 && memcmp(operation, "turn", 4) == 0;
  if (known) {
    turn_all(payload, payload, payload_size);
    guest_response(payload, payload_size);
  } else {
    guest_error(operation, operation_size);
  }
  free(operation);
  free(payload);
  return known;
}

// typst: the function is told lengths, fetches the bytes, and sends the result.
IMPORT("typst_env", "wasm_minimal_protocol_write_args_to_buffer") void write_args(char* buffer);
IMPORT("typst_env", "wasm_minimal_protocol_send_result_to_host") void send_result(const char* bytes, uint32_t length);

EXPORT("concatenate") int32_t concatenate(uint32_t a, uint32_t b) {
  char* buffer = malloc(a + b + 1);
  write_args(buffer);
  memmove(buffer + a + 1, buffer + a, b);
  buffer[a] = '*';
  turn_all(buffer, buffer, a + b + 1);
  send_result(buffer, a + b + 1);
  free(buffer);
  return 0;
}

// proxy-wasm: the host calls the plugin's allocator while it is called, and stores the address that it got.
IMPORT("env", "proxy_get_buffer_bytes")
int32_t get_buffer_bytes(uint32_t type, uint32_t start, uint32_t most, char** data, uint32_t* size);
IMPORT("env", "proxy_set_buffer_bytes")
int32_t set_buffer_bytes(uint32_t type, uint32_t start, uint32_t most, const char* data, uint32_t size);

EXPORT("proxy_on_memory_allocate") void* on_memory_allocate(uint32_t size) { return malloc(size); }

EXPORT("proxy_on_request_body") int32_t on_request_body(uint32_t context, uint32_t size, uint32_t end) {
  char* data = 0;
  uint32_t length = 0;
  if (get_buffer_bytes(0, 0, size, &data, &length)) {
    return 2;
  }
  turn_all(data, data, length);
  set_buffer_bytes(0, 0, size, data, length);
  free(data);
  return 0;
}

// What lies at exported addresses, and behind functions of the exported table.
char greeting[32] = "good morning";
int32_t counter = 40;

static int32_t add(int32_t n) { return counter += n; }
static int32_t subtract(int32_t n) { return counter -= n; }

EXPORT("pick") int32_t (*pick(uint32_t which))(int32_t) { return which ? add : subtract; }
