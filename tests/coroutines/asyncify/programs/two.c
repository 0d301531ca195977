// Two blocking imports of different types, output in between, and memory that is allocated before, between and after.
#include "test.h"
#include <string.h>

int main(void) {
  char *text = strdup("");
  for (int i = 0; i < 100; i++) {
    double wide = wait_wide(((int64_t)i << 33) + 5, i / 8.0);
    int narrow = wait(i);
    char line[64];
    snprintf(line, sizeof line, "%.3f/%d;", wide, narrow);
    char *longer = malloc(strlen(text) + strlen(line) + 1);
    strcpy(longer, text);
    strcat(longer, line);
    free(text);
    text = longer;
    if (i % 10 == 0) {
      printf("%d: %zu\n", i, strlen(text));
      fflush(stdout);
    }
  }
  puts(text);
  free(text);
  return 0;
}
