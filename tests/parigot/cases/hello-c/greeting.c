#include "parigot.h"

static const char *const greetings[] = {"Hello, %s!", "Bonjour, %s !", "Guten Tag, %s!"};

static void fetch_greeting(parigot_call *call, const parigot_payload *param) {
  if (param->number < 0 || param->number > 2) return parigot_fail(call, 1001);
  char text[128];
  snprintf(text, sizeof text, greetings[param->number], param->text);
  parigot_return(call, &(parigot_payload){.text = text});
}

int main(void) {
  parigot_service *self = parigot_server("greeting.v1", "greeting");
  parigot_bind(self, "FetchGreeting", fetch_greeting);
  parigot_launch(self, NULL);
  parigot_loop();
}
