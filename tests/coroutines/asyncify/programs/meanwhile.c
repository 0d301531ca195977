// While the program is unwound, others call a function of it that uses the stack and the heap.
#include "test.h"
#include <string.h>

static int calls;
static char *kept;

void EXPORT(meanwhile)(void) {
  char buffer[4096];
  memset(buffer, 'x', sizeof buffer);
  buffer[calls++ % 10 + 1] = 0;
  free(kept);
  kept = strdup(buffer);
}

__attribute__((noinline)) static int with_array(int n) {
  volatile unsigned char array[512];
  for (int i = 0; i < 512; i++) {
    array[i] = (unsigned char)(i * n);
  }
  int answer = n > 1 ? with_array(n - 1) : wait(n);
  for (int i = 0; i < 512; i++) {
    if (array[i] != (unsigned char)(i * n)) {
      printf("frame %d was overwritten at %d\n", n, i);
      exit(1);
    }
  }
  return answer + wait(n);
}

int main(void) {
  printf("%d\n", with_array(20));
  // As it was called at each yield, or not at all.
  printf("%s\n", calls == 0 || strlen(kept) == (size_t)((calls - 1) % 10 + 1) ? "as expected" : "wrong");
  return 0;
}
