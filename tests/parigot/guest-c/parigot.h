// What a parigot service or client in C is made of: the kernel's calls and their protobuf, in as little as these tests
// need.
//
//   static void fetch(parigot_call *call, const parigot_payload *param) { parigot_return(call, &(parigot_payload){.text
//   = "Hi"}); }
//
//   int main(void) {
//     parigot_service *self = parigot_server("greeting.v1", "greeting");
//     parigot_bind(self, "FetchGreeting", fetch);
//     parigot_launch(self, NULL);
//     parigot_loop();
//   }
//
// Everything runs in the loop, as in ../guest. A service is a command (it has main), and exports malloc, in which its
// stack is kept while it waits and others run: clang --target=wasm32-wasi -Wl,--export=malloc. Any failure that a test
// does not ask for ends the process with code 1 and a message.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  PARIGOT_NOT_FOUND = 5,
  PARIGOT_DATA_TOO_LARGE = 6,
  PARIGOT_CALLER_UNAVAILABLE = 8,
  PARIGOT_DEPENDENCY_CYCLE = 11,
  PARIGOT_RUN_TIMEOUT = 29,
  PARIGOT_READ_ONE_TIMEOUT = 30,
};

typedef struct {
  uint64_t high, low;
} parigot_id;

typedef struct parigot_service parigot_service;
typedef struct parigot_call parigot_call;

// The parameter and the result of the methods of these tests. What a function gets is only there during that function.
typedef struct {
  const char* text; // NULL is ""
  int32_t number;
} parigot_payload;

// A service that was located.
typedef struct parigot_remote parigot_remote;

typedef void (*parigot_handler)(parigot_call* call, const parigot_payload* param);
typedef void (*parigot_then)(parigot_service* self);
// What to do with a result, or with an error if that is not 0 (then there is no result).
typedef void (*parigot_result)(void* context, const parigot_payload* result, int32_t err);

extern int64_t
  parigot_call_timeout; // milliseconds until a call that nobody answers fails with PARIGOT_RUN_TIMEOUT; 3000

parigot_service* parigot_server(const char* package, const char* name); // register_ and export_
parigot_service* parigot_client(void);                                  // register_
void parigot_require(parigot_service* self, const char* package, const char* name);
void parigot_bind(parigot_service* self, const char* method, parigot_handler handler);
void parigot_launch(parigot_service* self, parigot_then then);
parigot_remote* parigot_locate(parigot_service* self, const char* package, const char* name);
void parigot_call_method(
  parigot_remote* remote, const char* method, const parigot_payload* param, parigot_result then, void* context);
void parigot_return(parigot_call* call, const parigot_payload* result); // each call once, whenever
void parigot_fail(parigot_call* call, int32_t err);
void parigot_exit(parigot_service* self, int32_t code, bool everybody);
void parigot_step(void); // one round of the loop
_Noreturn void parigot_loop(void);
_Noreturn void parigot_fatal(const char* what, int32_t code);
