// Answers one call, and returns from main.
#include "parigot.h"

static bool left;

static void leave(parigot_call *call, const parigot_payload *param) {
  (void)param;
  parigot_return(call, &(parigot_payload){.text = "leaving"});
  left = true;
}

int main(void) {
  parigot_service *self = parigot_server("gone.v1", "gone");
  parigot_bind(self, "Leave", leave);
  parigot_launch(self, NULL);
  while (!left) parigot_step();
}
