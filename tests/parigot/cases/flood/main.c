// Asks for the flood, and an echo before and after.
#include "parigot.h"

static parigot_service *self;
static parigot_remote *echo, *flood;
static int asked;

static void ask(void);

static void answered(void *context, const parigot_payload *result, int32_t err) {
  (void)context;
  if (err) printf("error %d\n", (int)err);
  else printf("%s\n", result->text);
  if (asked == 6) parigot_exit(self, 0, false);
  else ask();
}

static void ask(void) {
  parigot_payload param = {"are you there?", asked++};
  if (asked == 2) parigot_call_method(flood, "Flood", &param, answered, NULL);
  else parigot_call_method(echo, "Echo", &param, answered, NULL);
}

static void launched(parigot_service *service) {
  echo = parigot_locate(service, "a.v1", "a");
  flood = parigot_locate(service, "flood.v1", "flood");
  ask();
}

int main(void) {
  parigot_call_timeout = 600000; // the reference host is slow, and machines are busy
  self = parigot_client();
  parigot_require(self, "a.v1", "a");
  parigot_require(self, "flood.v1", "flood");
  parigot_launch(self, launched);
  parigot_loop();
}
