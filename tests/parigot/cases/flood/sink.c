// Has a method, and never reads a call of it.
#include <time.h>

#include "parigot.h"

static void never(parigot_call *call, const parigot_payload *param) { (void)param, free(call); }

int main(void) {
  parigot_service *self = parigot_server("sink.v1", "sink");
  parigot_bind(self, "Eat", never);
  parigot_launch(self, NULL);
  nanosleep(&(struct timespec){.tv_sec = 600}, NULL);
}
