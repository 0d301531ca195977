#include "parigot.h"

static parigot_service *self;

static void shut_down(parigot_call *call, const parigot_payload *param) {
  parigot_exit(self, param->number, true);
  free(call);
}

int main(void) {
  self = parigot_server("c.v1", "c");
  parigot_bind(self, "ShutDown", shut_down);
  parigot_launch(self, NULL);
  parigot_loop();
}
