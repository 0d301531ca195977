// node NAME [NEXT]: as node.go.
#include "parigot.h"

static const char *name, *next_name;
static parigot_remote *next;

static char *join(const char *a, const char *b, const char *c) {
  char *text = malloc(strlen(a) + strlen(b) + strlen(c) + 1);
  sprintf(text, "%s%s%s", a, b, c);
  return text;
}

static void passed(void *call, const parigot_payload *result, int32_t err) {
  if (err) return parigot_fail(call, err);
  char *text = join(result->text, ")", "");
  parigot_return(call, &(parigot_payload){text, result->number});
  free(text);
}

static void pass(parigot_call *call, const parigot_payload *param) {
  char *text = join(param->text, " ", name);
  parigot_payload on = {text, param->number + 1};
  if (next_name) parigot_call_method(next, "Pass", &on, passed, call);
  else parigot_return(call, &on);
  free(text);
}

static char *package_of(const char *service) { return join(service, ".v1", ""); }

static void locate(parigot_service *self) {
  if (next_name) next = parigot_locate(self, package_of(next_name), next_name);
}

int main(int argc, char **argv) {
  if (argc < 2) return 1;
  name = argv[1];
  next_name = argv[2];
  parigot_service *self = parigot_server(package_of(name), name);
  if (next_name) parigot_require(self, package_of(next_name), next_name);
  parigot_bind(self, "Pass", pass);
  parigot_launch(self, locate);
  parigot_loop();
}
