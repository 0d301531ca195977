// Exits where nothing that is on the stack could wait: in callbacks of the C library, and within expressions of each type. The program has
// waited before, and nothing of it runs afterwards.
#include "test.h"

#include <string.h>

static int calls;

static int compare(const void *a, const void *b) {
  calls++;
  int left = *(const int *)a, right = *(const int *)b;
  if (left == 13 || right == 13) {
    printf("comparison with 13\n");
    exit(9);
  }
  return left - right;
}

__attribute__((noinline)) static double fraction(int n, int *numbers) {
  if (n == 0) qsort(numbers, 8, sizeof *numbers, compare);
  return n ? 0.5 + fraction(n - 1, numbers) * 2 : numbers[0];
}

__attribute__((noinline)) static int64_t wide(int n, int *numbers) {
  return 3 * (int64_t)fraction(n, numbers) + (fraction(n / 2, numbers) > 1 ? 1 : -1);
}

int main(void) {
  int numbers[8] = {8, 7, 6, 5, 4, 3, 2, 1};
  for (int i = 0; i < 3; i++) {
    numbers[7] = wait(i);
    printf("%d: %lld\n", i, (long long)wide(6, numbers));
  }
  fflush(stdout);
  numbers[3] = 13;
  printf("%lld\n", (long long)wide(6, numbers));
  return 1;
}
