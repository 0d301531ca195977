// A world of one service: the program as it was.
#include "service.h"

int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("%d: \"%s\"\n", i, argv[i]);
  printf("COLOUR=%s EMPTY=\"%s\" %s\n", getenv("COLOUR"), getenv("EMPTY"), getenv("NONE") ? "?" : "no NONE");
  char *many = calloc(10 << 20, 1);
  memset(many, 'x', 10 << 20);
  printf("%c\n", many[(10 << 20) - 1]);
  return 3;
}
