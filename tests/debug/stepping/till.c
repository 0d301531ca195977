// Adds up what is ordered, at the rate of another service.
#include "service.h"

IMPORT("rates", "rate_") SERVICE_CALL(rate);

struct order {
  unsigned pieces;
  unsigned price;
};

static struct {
  unsigned orders;
  short last[2]; // pieces, and their price
} served;

static unsigned with_rate(const struct order *order) {
  uint8_t request = (uint8_t)order->pieces;
  uint8_t rates[CAPACITY];
  int32_t code = 1;
  uint64_t got = rate(1, &request, rates, &code); // stop call, below rate_
  unsigned sum = order->pieces * order->price;    // stop over
  return length_of(got) == 1 ? sum * rates[0] / 100 : sum;
}

EXPORT("total_") SERVICE_CALL(total) {
  struct order order = {0, 0};
  if (req_len == 2) {
    order.pieces = req[0];
    order.price = req[1];
    served.orders++;
    served.last[0] = (short)order.pieces;
    served.last[1] = (short)order.price;
  }
  unsigned sum = with_rate(&order); // below with_rate
  REPLY_TEXT("%u", sum);          
}
