// A service whose code has more memory instructions than that of compute.c, so that it, and not compute, gets base 0.

#define FOUR(x) x x x x

static volatile int cells[16];

__attribute__((constructor)) void fill(void) {
  FOUR(FOUR(FOUR(FOUR(FOUR(cells[0] += cells[1]; cells[2] = cells[3];)))))
  FOUR(FOUR(FOUR(FOUR(FOUR(cells[4] += cells[5]; cells[6] = cells[7];)))))
}
