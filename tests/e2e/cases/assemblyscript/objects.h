// Objects as AssemblyScript lays them out, in C: the id of the class 8 bytes in front, the size in bytes 4. A string is
// UTF-16, and its class has the id 2.
// Source: AssemblyScript/assemblyscript, at b6bda05c: std/assembly/rt/common.ts:60-69 (rtId, rtSize);
// src/program.ts:1277-1281 has the ids of ArrayBuffer and String, 1 and 2; __new(size, id), __pin and __unpin are
// exported by --exportRuntime.
#include "service.h"

enum { HEAD = 20, STRING = 2 };

static int32_t pinned;

EXPORT("__new") char* object_new(uint32_t size, uint32_t id) {
  char* object = (char*)malloc(HEAD + size) + HEAD;
  memset(object - HEAD, 0, HEAD);
  memcpy(object - 8, &id, 4);
  memcpy(object - 4, &size, 4);
  return object;
}
EXPORT("__pin") char* object_pin(char* object) {
  pinned++;
  return object;
}
EXPORT("__unpin") void object_unpin(char* object) {
  CHECK(object != 0);
  pinned--;
}

static uint32_t size_of(const char* object) {
  uint32_t size;
  memcpy(&size, object - 4, 4);
  return size;
}

static uint32_t id_of(const char* object) {
  uint32_t id;
  memcpy(&id, object - 8, 4);
  return id;
}

static inline char* string(const char* ascii) {
  char* object = object_new(2 * (uint32_t)strlen(ascii), STRING);
  for (uint32_t i = 0; ascii[i]; i++) {
    object[2 * i] = ascii[i];
    object[2 * i + 1] = 0;
  }
  return object;
}
