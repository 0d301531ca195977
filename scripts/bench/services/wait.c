// A C program that computes and makes host calls which could wait, and never do: what coroutines cost it. Its argument is the
// work: "compute" (the parts of compute.c), "call" (nothing but host calls), or both without. Prints a checksum.

#define SERVICE  // compute.c without its main
#include "compute.c"

__attribute__((import_module("wasi_snapshot_preview1"), import_name("sched_yield"))) uint32_t sched_yield_(void);

static uint64_t wait_often(uint64_t sum) {
  for (int i = 0; i < 800000; i++) sum = sum * 31 + (sched_yield_() & 0x10000);
  return sum;
}

int main(int argc, char **argv) {
  const char *work = argc > 1 ? argv[1] : "";
  uint64_t sum = 0;
  for (uint32_t i = 0; i < 5; i++) {
    if (strcmp(work, "call") != 0) sum = sum * 31 + part(i);
    if (strcmp(work, "compute") != 0) sum = wait_often(sum);
  }
  printf("%016llx\n", sum);
}
