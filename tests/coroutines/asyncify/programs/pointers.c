// Calls by function pointers, the import itself among them, and qsort, which calls back.
#include "test.h"

typedef int (*Step)(int);

static int twice(int n) { return 2 * n; }
static int ask(int n) { return wait(n) + 1; }
static int ask_twice(int n) { return ask(ask(n)); }

static Step steps[] = {twice, ask, wait, ask_twice};

__attribute__((noinline)) static int apply(Step *list, int count, int value) {
  for (int i = 0; i < count; i++) {
    value = list[i](value) % 10007;
  }
  return value;
}

static int questions;
static int compare(const void *a, const void *b) {
  questions += wait(*(const int *)a) & 1;
  return *(const int *)a - *(const int *)b;
}

int main(void) {
  printf("%d\n", apply(steps, 4, 5));
  printf("%d\n", apply(steps + 2, 2, 6));
  int values[] = {31, 4, 15, 9, 26, 5, 35, 8};
  qsort(values, 8, sizeof values[0], compare);
  for (int i = 0; i < 8; i++) {
    printf("%d ", values[i]);
  }
  printf("(%d)\n", questions);
  return 0;
}
