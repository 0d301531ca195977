// echo NAME: a service NAME.v1.NAME, as echo.go, with fewer methods.
#include "parigot.h"

static const char *name;

static void echo(parigot_call *call, const parigot_payload *param) {
  char *text = malloc(strlen(name) + 3 + strlen(param->text));
  sprintf(text, "%s: %s", name, param->text);
  parigot_return(call, &(parigot_payload){.text = text, .number = param->number});
  free(text);
}

static void fail(parigot_call *call, const parigot_payload *param) { parigot_fail(call, param->number); }
static void never(parigot_call *call, const parigot_payload *param) { (void)param, free(call); }

int main(int argc, char **argv) {
  if (argc != 2) return 1;
  name = argv[1];
  char package[64];
  snprintf(package, sizeof package, "%s.v1", name);
  parigot_service *self = parigot_server(package, name);
  parigot_bind(self, "Echo", echo);
  parigot_bind(self, "Fail", fail);
  parigot_bind(self, "Never", never);
  parigot_launch(self, NULL);
  parigot_loop();
}
