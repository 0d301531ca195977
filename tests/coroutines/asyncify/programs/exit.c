// Leaves from within a recursion, by an import that does not return. What atexit was told runs once, and then.
#include "test.h"

static int depth;

static void farewell(void) {
  printf("farewell at depth %d\n", depth);
}

__attribute__((noinline)) static int descend(int n) {
  depth++;
  if (n == 0) {
    printf("at depth %d: %d\n", depth, wait(n));
    fflush(stdout);
    exit(7);
  }
  return descend(n - 1) + wait(n);
}

int main(void) {
  atexit(farewell);
  printf("%d\n", wait(1));
  fflush(stdout);
  return descend(50);
}
