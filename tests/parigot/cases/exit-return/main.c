#include "parigot.h"

static parigot_service *self;

static void launched(parigot_service *service) {
  puts("launched");
  fflush(stdout);
  parigot_exit(service, 300, false);
  parigot_exit(service, -1, false);
}

int main(void) {
  self = parigot_client();
  parigot_launch(self, launched);
  parigot_loop();
}
