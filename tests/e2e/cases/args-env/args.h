#include <wasi/api.h>

#include "service.h"

// What this service was given, straight from WASI, in the order it comes.
static int describe(char* to, size_t room) {
  size_t count = 0, size = 0, at = 0;
  CHECK(__wasi_args_sizes_get(&count, &size) == 0);
  uint8_t **list = calloc(count + 1, sizeof *list), *text = malloc(size + 1);
  CHECK(__wasi_args_get(list, text) == 0);
  for (size_t i = 0; i < count; i++)
    at += snprintf(to + at, room - at, "[%s]", list[i]);
  free(list), free(text);
  CHECK(__wasi_environ_sizes_get(&count, &size) == 0);
  list = calloc(count + 1, sizeof *list), text = malloc(size + 1);
  // Node refuses to write no variables at all, and nobody asks for them.
  CHECK(count == 0 || __wasi_environ_get(list, text) == 0);
  for (size_t i = 0; i < count; i++)
    at += snprintf(to + at, room - at, "{%s}", list[i]);
  free(list), free(text);
  return (int)at;
}
