#include "parigot.h"

static parigot_service *self;
static parigot_remote *greeting;
static int asked;

static void ask(void);

static void answered(void *context, const parigot_payload *result, int32_t err) {
  (void)context;
  if (err) printf("error %d\n", (int)err);
  else printf("%s\n", result->text);
  if (asked == 4) parigot_exit(self, 0, false);
  else ask();
}

static void ask(void) {
  parigot_payload param = {"Ada", asked++};
  parigot_call_method(greeting, "FetchGreeting", &param, answered, NULL);
}

static void launched(parigot_service *service) {
  greeting = parigot_locate(service, "greeting.v1", "greeting");
  ask();
}

int main(void) {
  self = parigot_client();
  parigot_require(self, "greeting.v1", "greeting");
  parigot_launch(self, launched);
  parigot_loop();
}
