// As echo.c, but without a look at what it is asked: the reply of read_one_, {bundle=2, param=3}, becomes the request of
// return_value_, {bundle=1, result=2}, by changing two tags.

// All of the library, whose parts are static.
#include "parigot.c"

static void never(parigot_call *call, const parigot_payload *param) { (void)call, (void)param, abort(); }

static void answer_all(parigot_service *self) {
  (void)self;
  static uint8_t out[CAPACITY], nothing[CAPACITY];
  pb_writer read = {0};
  pb_number(&read, 1, (uint64_t)-1);
  put_id(&read, 2, host_id());
  for (;;) {
    int32_t err = 0;
    uint64_t result = read_one_(read.length, read.data, out, &err);
    if (err || out[0] != (2 << 3 | 2)) exit(err);  // to exit is all that it can be asked for else
    out[0] = 1 << 3 | 2;
    out[2 + out[1]] = 2 << 3 | 2;
    return_value_((uint32_t)(result >> 32), out, nothing, &err);
    if (err) parigot_fatal("return_value_", err);
  }
}

int main(void) {
  parigot_service *self = parigot_server("echo.v1", "echo");
  parigot_bind(self, "Echo", never);
  parigot_launch(self, answer_all);
  parigot_loop();
}
