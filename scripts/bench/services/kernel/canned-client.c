// client COUNT: as client.c, but the calls that are measured come from a request that is encoded once, of which only the call's
// id and 8 of 64 bytes change; of the reply only those 8 are looked at. What is left is the kernel, and getting there.

#include <time.h>

// All of the library, whose parts are static.
#include "parigot.c"

enum { MESSAGE = 64 };

static uint32_t count;

static int64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

// A number with the highest bit set takes ten bytes, whatever the others are.
static const uint64_t high_bit = 1ull << 63;

static void put_ten(uint8_t *at, uint64_t value) {
  for (int i = 0; i < 9; i++, value >>= 7) at[i] = (uint8_t)(value | 0x80);
  at[9] = (uint8_t)value;
}

static void measure(parigot_service *self) {
  parigot_remote *echo = parigot_locate(self, "echo.v1", "echo");
  pb_writer request = {0}, bundle = {0}, any = {0}, read = {0};
  put_id(&bundle, 1, host_id());
  put_id(&bundle, 2, echo->service);
  put_id(&bundle, 3, echo->bindings->method);
  put_id(&bundle, 4, (parigot_id){new_call().high, high_bit});
  pb_message(&request, 1, bundle);
  uint8_t *id = request.data + request.length - 10;
  uint8_t payload[MESSAGE] = {0};
  pb_data(&any, 2, payload, MESSAGE);
  uint32_t id_at = (uint32_t)(id - request.data);
  pb_message(&request, 3, any);
  id = request.data + id_at;
  uint8_t *changing = request.data + request.length - 8;
  pb_number(&read, 1, (uint64_t)-1);
  put_id(&read, 2, host_id());

  static uint8_t out[CAPACITY];
  uint64_t result;
  int32_t err = 0;
  int64_t started = 0;
  for (uint64_t made = 0; made <= count + count / 10; made++) {
    if (made == count / 10 + 1) started = nanoseconds();
    put_ten(id, high_bit | made);
    memcpy(changing, &made, 8);
    dispatch_(request.length, request.data, out, &err);
    if (err) parigot_fatal("dispatch_", err);
    do result = read_one_(read.length, read.data, out, &err);
    while (!err && out[0] == (1 << 3));  // a timeout
    // {bundle=2: empty, resolved=5: .. payload, exit=6: empty}
    const uint8_t *end = out + (result >> 32) - 2;
    if (err || out[0] != (2 << 3 | 2) || out[2] != (5 << 3 | 2) || end[0] != (6 << 3 | 2) || memcmp(end - 8, &made, 8))
      parigot_fatal("another reply than expected", err);
  }
  printf("%.1f\n", (double)(nanoseconds() - started) / count);
  exit(0);
}

int main(int argc, char **argv) {
  count = argc > 1 ? (uint32_t)atol(argv[1]) : 1;
  parigot_service *self = parigot_client();
  parigot_require(self, "echo.v1", "echo");
  parigot_launch(self, measure);
  parigot_loop();
}
