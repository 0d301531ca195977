// Asks slow, answers its own caller, and exits before slow has answered.
#include "parigot.h"

static parigot_service *self;
static parigot_remote *slow;

static void ask_and_exit(parigot_call *call, const parigot_payload *param) {
  parigot_call_method(slow, "Wait", param, NULL, NULL);
  parigot_return(call, &(parigot_payload){.text = "asked"});
  exit(3);
}

static void launched(parigot_service *service) { slow = parigot_locate(service, "slow.v1", "slow"); }

int main(void) {
  self = parigot_server("asker.v1", "asker");
  parigot_require(self, "slow.v1", "slow");
  parigot_bind(self, "AskAndExit", ask_and_exit);
  parigot_launch(self, launched);
  parigot_loop();
}
