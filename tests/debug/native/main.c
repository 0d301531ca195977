#include "shapes.h"
#include <stdio.h>
#include <stdlib.h>
static int total;
__attribute__((noinline)) int weigh(int n) {
  for (int i = 0; i < n; i++) {
    total += mix(i, n);
    if (total > 1000)
      total -= clamp(total, 1, 999);
  }
  return total;
}
int never_called(int x) { return mix(x, x + 1); }
int main(int argc, char** argv) {
  (void)argv;
  int* p = malloc(argc * sizeof(int));
  for (int i = 0; i < argc; i++)
    p[i] = area(i, weigh(i));
  printf("%d\n", p[0]);
  return mix(argc, 5);
}
