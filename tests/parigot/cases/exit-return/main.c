#include "parigot.h"

static bool done;

static void launched(parigot_service *self) {
  puts("launched");
  parigot_exit(self, 300, false);
  done = true;
}

int main(void) {
  parigot_launch(parigot_client(), launched);
  while (!done) parigot_step();
  return 0;
}
