#include "service.h"

static int32_t count;
EXPORT("release") void release(void* bytes) {
  count++;
  free(bytes);
}
EXPORT("released") int32_t released(void) { return count; }

static char* reversed(const char* text, uint32_t len) {
  char* to = malloc(len + 1);
  for (uint32_t i = 0; i < len; i++)
    to[i] = text[len - 1 - i];
  return to;
}
EXPORT("reverse") uint64_t reverse(const char* text, uint32_t len) {
  return (uint64_t)(uintptr_t)reversed(text, len) << 32 | len;
}
EXPORT("reverse_len_first") uint64_t reverse_len_first(uint32_t len, const char* text) {
  return reply(reversed(text, len), len);
}
EXPORT("concat") char* concat(const char* a, const char* b) {
  if (!a || !b)
    return 0;
  char* both = malloc(strlen(a) + strlen(b) + 1);
  return strcat(strcpy(both, a), b);
}
EXPORT("name") const char* name(void) { return "a constant of lib"; }
EXPORT("squares") void squares(int32_t* numbers, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    numbers[i] *= numbers[i];
}
EXPORT("swap") void swap(int32_t point[2], int32_t old[2]) {
  if (old)
    memcpy(old, point, 8);
  int32_t x = point[0];
  point[0] = point[1];
  point[1] = x;
}
EXPORT("read") int32_t read_(char* buffer, uint32_t* len) {
  int32_t had = (int32_t)*len;
  memcpy(buffer, "data", 4);
  *len = 4;
  return had;
}
EXPORT("encode") int32_t encode(const char* text, char** reply, uint32_t* reply_len) {
  if (!text)
    return -1;
  *reply_len = 2 * (uint32_t)strlen(text);
  *reply = malloc(*reply_len);
  for (uint32_t i = 0; i < *reply_len; i++)
    (*reply)[i] = text[i / 2];
  return 0;
}
EXPORT("encode_len_first") int32_t encode_len_first(const char* text, uint32_t* reply_len, char** reply) {
  return encode(text, reply, reply_len);
}
EXPORT("describe") void describe(int32_t n, char** message) {
  static char text[32];
  snprintf(text, sizeof text, "number %d", (int)n);
  if (message)
    *message = text;
}
struct pair {
  const char* ptr;
  uint32_t len;
};
EXPORT("slice") void slice(struct pair* slice, uint64_t text) {
  static char copy[32];
  uint32_t len = (uint32_t)(text >> 32);
  memcpy(copy, (char*)(uintptr_t)(uint32_t)text, len);
  slice->ptr = memchr(copy, ',', len);
  slice->len = len - (uint32_t)(slice->ptr - copy);
}
struct vector {
  uint32_t len;
  const int16_t* items;
};
EXPORT("vector") void vector(struct vector* vector) {
  static const int16_t items[] = {-1, 2, -3};
  *vector = (struct vector){sizeof items, items};
}
EXPORT("find") const char* find(const char* text, int32_t byte) { return strchr(text, byte); }
EXPORT("trim") uint64_t trim(const char* text, uint32_t len) {
  uint32_t start = 0;
  while (start < len && text[start] == ' ')
    start++;
  while (len > start && text[len - 1] == ' ')
    len--;
  return (uint64_t)(uintptr_t)(text + start) << 32 | (len - start);
}
static uint32_t gathered_length;
EXPORT("gathered") uint32_t gathered(void) { return gathered_length; }
EXPORT("gather") const char* gather(const struct pair* parts, uint32_t n) {
  static char all[64];
  gathered_length = 0;
  for (uint32_t i = 0; i < n; gathered_length += parts[i++].len)
    memcpy(all + gathered_length, parts[i].ptr, parts[i].len);
  return all;
}
EXPORT("scatter") void scatter(const struct pair* parts, uint32_t n, int32_t byte) {
  for (uint32_t i = 0; i < n; i++)
    memset((char*)parts[i].ptr, byte + (int32_t)i, parts[i].len);
}
EXPORT("sum") int32_t sum(const int32_t* list) {
  int32_t total = 0;
  for (int32_t i = 0; list && i < list[0]; i++)
    total += list[i + 1];
  return list ? total : -1;
}
static const char* owned;
EXPORT("keep") void keep(const char* text) { owned = text; }
EXPORT("kept") const char* kept(void) { return owned; }
