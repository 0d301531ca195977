#include <stdarg.h>

#include "service.h"

typedef struct animal {
  const char* name;
  int (*speak)(const struct animal*, char* to);
  const struct animal* friend;
  int legs;
} animal;

static int meow(const animal* self, char* to) { return sprintf(to, "%s meows on %d legs, ", self->name, self->legs); }
static int bark(const animal* self, char* to) {
  return sprintf(to, "%s barks at %s, ", self->name, self->friend->name);
}

// Pointers to functions and to data, in data.
static const animal animals[] = {
  {"Tom", meow, &animals[1], 4}, {"Rex", bark, &animals[0], 4}, {"Kit", meow, &animals[2], 3}};
static const char* const* const words = (const char* const[]){"zeta", "alpha", "mu", "beta", "omega"};
static int counter = 1000;
static int* const counter_pointer = &counter;
static char zeroed[100000];

static int by_text(const void* a, const void* b) { return strcmp(*(const char* const*)a, *(const char* const*)b); }
static int by_text_down(const void* a, const void* b) { return by_text(b, a); }

static int format(char* to, const char* pattern, ...) {
  va_list list;
  va_start(list, pattern);
  int length = vsprintf(to, pattern, list);
  va_end(list);
  return length;
}

// Every width of load and store, aligned or not, with offsets small and large.
static uint64_t memory_work(void) {
  uint8_t* bytes = (uint8_t*)zeroed;
  memset(bytes, 0, sizeof zeroed);
  for (uint32_t i = 0; i < 1000; i++) {
    uint16_t a = (uint16_t)(i * 7);
    uint32_t b = i * 65537;
    uint64_t c = i * 0x100000001ull;
    float d = (float)i / 3;
    double e = i / 7.0;
    memcpy(bytes + i * 29 + 1, &a, 2);
    memcpy(bytes + i * 29 + 3, &b, 4);
    memcpy(bytes + i * 29 + 7, &c, 8);
    memcpy(bytes + i * 29 + 15, &d, 4);
    memcpy(bytes + i * 29 + 19, &e, 8);
    ((volatile int8_t*)zeroed)[50000 + i] = (int8_t)i;
    ((volatile int16_t*)zeroed)[30000 + i] = (int16_t)-i;
    ((volatile int64_t*)zeroed)[9000 + i] = -(int64_t)i;
  }
  memmove(bytes + 5, bytes, 90000);
  uint64_t hash = 14695981039346656037ull;
  for (uint32_t i = 0; i < sizeof zeroed; i++)
    hash = (hash ^ bytes[i]) * 1099511628211ull;
  int64_t sum = 0;
  for (uint32_t i = 0; i < 1000; i++)
    sum += ((volatile int8_t*)zeroed)[50000 + i] + ((volatile int16_t*)zeroed)[30000 + i] +
           ((volatile int64_t*)zeroed)[9000 + i];
  return hash + (uint64_t)sum;
}

static float dot(const float* restrict a, const float* restrict b, int n) {
  float sum = 0;
  for (int i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static int work(char* to) {
  char* at = to;
  for (unsigned i = 0; i < 3; i++)
    at += animals[i].speak(&animals[i], at);
  const char* sorted[5];
  memcpy(sorted, words, sizeof sorted);
  int (*volatile order)(const void*, const void*) = counter % 2 ? by_text_down : by_text;
  qsort(sorted, 5, sizeof *sorted, order);
  for (int i = 0; i < 5; i++)
    at += sprintf(at, "%s ", sorted[i]);
  ++*counter_pointer;
  int (*volatile formatter)(char*, const char*, ...) = format;
  at += formatter(at, "%d %s %lld %.3f %c ", counter, "text", 1ll << 50, 3.14159, '!');
  static float a[257], b[257];
  static int32_t squares[1003];
  int64_t total = 0;
  for (int i = 0; i < 257; i++)
    a[i] = (float)i, b[i] = 2;
  for (int i = 0; i < 1003; i++)
    squares[i] = i * i;
  for (int i = 0; i < 1003; i++)
    total += squares[i];
  at += sprintf(at, "%g %lld %llx", dot(a, b, 257), total, memory_work());
  return (int)(at - to);
}
