// client COUNT: as client/main.go, by the C library of tests/parigot.

#include <time.h>

#include "parigot.h"

enum { MESSAGE = 64 };

static parigot_service *self;
static parigot_remote *echo;
static char request[MESSAGE + 1];
static uint32_t made, warm, count;
static int64_t started;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void step(void *context, const parigot_payload *result, int32_t err) {
  (void)context;
  if (err || strcmp(result->text, request)) parigot_fatal("another reply than expected", err);
  if (made == warm) {
    started = now();
  } else if (made == warm + count) {
    printf("%.1f\n", (double)(now() - started) / count);
    parigot_exit(self, 0, false);
    return;
  }
  memset(request, 'a' + made % 26, 8);
  made++;
  parigot_call_method(echo, "Echo", &(parigot_payload){.text = request}, step, NULL);
}

static void begin(parigot_service *service) {
  echo = parigot_locate(service, "echo.v1", "echo");
  memset(request, '.', MESSAGE);
  step(NULL, &(parigot_payload){.text = request}, 0);
}

int main(int argc, char **argv) {
  count = argc > 1 ? (uint32_t)atol(argv[1]) : 1;
  warm = count / 10;
  self = parigot_client();
  parigot_require(self, "echo.v1", "echo");
  parigot_launch(self, begin);
  parigot_loop();
}
