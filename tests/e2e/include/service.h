// What every C service of these tests needs: parigot's call ABI.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

// A service call: the request at req, room for CAPACITY bytes of reply at out, an error code at err. The result is
// reply(out, length).
enum { CAPACITY = 4096 };
#define SERVICE_CALL(function) uint64_t function(uint32_t req_len, const uint8_t* req, uint8_t* out, int32_t* err)

static inline uint64_t reply(const void* out, uint32_t length) { return (uint64_t)length << 32 | (uintptr_t)out; }
static inline uint32_t length_of(uint64_t reply) { return (uint32_t)(reply >> 32); }

// A reply that is text, printed.
#define REPLY_TEXT(...)                                                                                                \
  do {                                                                                                                 \
    *err = 0;                                                                                                          \
    return reply(out, (uint32_t)snprintf((char*)out, CAPACITY, __VA_ARGS__));                                          \
  } while (0)

// Says which condition does not hold, and where, in a way that makes the output differ.
#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition))                                                                                                  \
      printf("%s:%d: NOT %s\n", __FILE_NAME__, __LINE__, #condition), fflush(stdout);                                  \
  } while (0)
