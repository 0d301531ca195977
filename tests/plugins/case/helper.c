// Turns letters by thirteen, by way of far more instructions that touch memory than the plugin has: left to itself, it
// would be the service at address 0.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("turn") uint32_t turn(uint32_t letter) {
  char text[32];
  snprintf(text, sizeof text, "%u %g", letter, letter / 2.0);
  uint32_t read = (uint32_t)strtoul(text, 0, 10);
  uint32_t small = read | 32;
  return small < 'a' || small > 'z' ? read : read + (small < 'n' ? 13 : -13);
}
