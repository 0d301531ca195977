// 2,000 frames, each with live locals of all numeric types, and with an array on the stack in memory.
#include "test.h"

static volatile int seed = 3;

__attribute__((noinline)) static double descend(int n, int64_t wide, float narrow, double number) {
  int array[4] = {n, n + seed, n * seed, n ^ seed};
  int64_t mine = wide * 31 + n;
  float quarter = narrow * 0.75f + n;
  double half = number * 0.5 + n;
  if (n == 0) {
    return wait(array[1]);
  }
  double below = descend(n - 1, mine, quarter, half);
  if (n % 100 == 0) {
    array[2] += wait(array[3]);
  }
  return below * 0.999 + (mine & 1023) + quarter + half + array[0] + array[1] + array[2] + array[3] + n;
}

int main(void) {
  printf("%.17g\n", descend(2000, 1, 2, 3));
  printf("%.17g\n", descend(7, 1, 2, 3));
  return 0;
}
