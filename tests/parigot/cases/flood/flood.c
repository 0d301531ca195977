// When it is asked to, sends calls to sink: small ones without end, then some of megabytes. What the kernel says to each
// is its affair (parigot's own takes them all), but it has to be none or one of two errors.
#include "kernel.h"

enum { SMALL = 120000, LARGE = 5, LARGE_BYTES = 3000000, HUGE_BYTES = 20000000 };
enum { DATA_TOO_LARGE = 6, WRITE_TIMEOUT = 31 };

static uint8_t out[CAPACITY];
static parigot_id service, method;

static void find_sink(void) {
  pb_writer request = {0};
  pb_bytes reply;
  pb_text(&request, 1, "sink.v1");
  pb_text(&request, 2, "sink");
  must("locate_", invoke(locate_, request, out, &reply));
  for (pb_field f; next(&reply, &f);) {
    if (f.number == 2) service = get_id(f.bytes);
    if (f.number == 3)
      for (pb_field g; next(&f.bytes, &g);)
        if (g.number == 2) method = get_id(g.bytes);
  }
}

static void send(const char *param, size_t size) {
  pb_writer request = {0}, bundle = {0}, any = {0};
  pb_bytes reply;
  put_id(&bundle, 1, host_id());
  put_id(&bundle, 2, service);
  put_id(&bundle, 3, method);
  put_id(&bundle, 4, new_call());
  pb_message(&request, 1, bundle);
  pb_data(&any, 2, param, size);
  pb_message(&request, 3, any);
  int32_t err = invoke(dispatch_, request, out, &reply);
  if (err && err != DATA_TOO_LARGE && err != WRITE_TIMEOUT) parigot_fatal("dispatch_", err);
}

static void flood(parigot_call *call, const parigot_payload *param) {
  (void)param;
  find_sink();
  char *bytes = calloc(1, HUGE_BYTES);
  send(bytes, HUGE_BYTES);
  for (int i = 0; i < SMALL; i++) send(bytes, 10);
  for (int i = 0; i < LARGE; i++) send(bytes, LARGE_BYTES);
  send(bytes, HUGE_BYTES);
  free(bytes);
  parigot_return(call, &(parigot_payload){.text = "sent"});
}

int main(void) {
  parigot_service *self = parigot_server("flood.v1", "flood");
  parigot_require(self, "sink.v1", "sink");
  parigot_bind(self, "Flood", flood);
  parigot_launch(self, NULL);
  parigot_loop();
}
