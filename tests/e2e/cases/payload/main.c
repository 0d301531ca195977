// Payloads of every interesting size, there and back, to a provider in C and one in Go; and requests, which have no limit of
// their own, beyond what a reply may have.
#include "service.h"

IMPORT("echo", "invert_") SERVICE_CALL(invert);
IMPORT("echo", "wide_") SERVICE_CALL(wide);
IMPORT("echo", "sum_") SERVICE_CALL(sum);
IMPORT("echo-go", "invert_") SERVICE_CALL(invert_go);
IMPORT("echo-go", "sum_") SERVICE_CALL(sum_go);

typedef SERVICE_CALL((*service_call));

enum { GUARD = 64, LARGEST = 100000 };
static uint8_t request[LARGEST], out[GUARD + 20000 + GUARD];

static void there_and_back(const char *name, service_call function, uint32_t size) {
  for (uint32_t i = 0; i < size; i++) request[i] = (uint8_t)(i * 31 + size);
  memset(out, 0xaa, sizeof out);
  int32_t err = -1;
  uint64_t result = function(size, request, out + GUARD, &err);
  CHECK(err == 0);
  CHECK(length_of(result) == size);
  CHECK((uint32_t)result == (uintptr_t)(out + GUARD));
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < size; i++) wrong += out[GUARD + i] != (uint8_t)~request[i];
  // Nothing is written before or behind the reply.
  for (uint32_t i = 0; i < GUARD; i++) wrong += out[i] != 0xaa;
  for (uint32_t i = GUARD + size; i < sizeof out; i++) wrong += out[i] != 0xaa;
  printf("%s %u: %u wrong\n", name, size, wrong);
}

static void there(const char *name, service_call function, uint32_t size) {
  uint32_t expected = 0, answer = 0;
  for (uint32_t i = 0; i < size; i++) expected += request[i] = (uint8_t)(i * 7 + size);
  int32_t err = -1;
  uint64_t result = function(size, request, out, &err);
  memcpy(&answer, out, sizeof answer);
  printf("%s %u: %s\n", name, size, err == 0 && length_of(result) == 4 && answer == expected ? "right" : "WRONG");
}

int main(void) {
  static const uint32_t sizes[] = {0, 1, 2, 63, 64, 4095, 4096};
  for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    there_and_back("C", invert, sizes[i]);
    there_and_back("Go", invert_go, sizes[i]);
  }
  there_and_back("wide", wide, 20000);
  for (uint32_t size = 4097; size <= LARGEST; size = size * 3 - 1) {
    there("C", sum, size);
    there("Go", sum_go, size);
  }
}
