// A program that computes: bytes, floating point, memory in order and out of order, calls through the table. Prints a checksum.
//
//   compute            all of it
//   compute sort       one part: hash, matrix, sort, chase, machine
//
// With -DSERVICE it is a service that does so for others, compute-main.c for one.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

// Bytes: a table-driven CRC, and a hash that works on words.
static uint64_t hash(void) {
  enum { SIZE = 1 << 20 };
  static uint32_t table[256];
  static uint8_t bytes[SIZE];
  for (uint32_t i = 0; i < 256; i++) {
    table[i] = i;
    for (int bit = 0; bit < 8; bit++) table[i] = (table[i] >> 1) ^ (table[i] & 1 ? 0xedb88320u : 0);
  }
  for (int i = 0; i < SIZE; i++) bytes[i] = (uint8_t)next_random();
  uint32_t crc = ~0u;
  uint64_t mixed = 0;
  for (int round = 0; round < 60; round++) {
    for (int i = 0; i < SIZE; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >> 8);
    for (int i = 0; i < SIZE; i += 8) {
      uint64_t word;
      memcpy(&word, bytes + i, 8);
      mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
      mixed ^= mixed >> 29;
    }
    bytes[round] ^= (uint8_t)mixed;
  }
  return crc ^ mixed;
}

static uint64_t matrix(void) {
  enum { N = 256 };
  static double a[N][N], b[N][N], c[N][N];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = (double)(next_random() & 1023) / 64, b[i][j] = (double)(i ^ j) / 32;
  for (int round = 0; round < 12; round++) {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double sum = 0;
        for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
        c[i][j] = sum;
      }
    for (int i = 0; i < N; i++) a[i][round] = c[round][i] / 1e4;
  }
  double trace = 0;
  for (int i = 0; i < N; i++) trace += c[i][i];
  return (uint64_t)trace;
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static uint64_t sort(void) {
  enum { COUNT = 1000000 };
  uint32_t *numbers = malloc(COUNT * sizeof *numbers);
  for (int i = 0; i < COUNT; i++) numbers[i] = (uint32_t)next_random();
  qsort(numbers, COUNT, sizeof *numbers, ascending);
  uint64_t sum = 0;
  for (int i = 0; i < COUNT; i += 1000) sum = sum * 31 + numbers[i];
  free(numbers);
  return sum;
}

// A list whose order in memory is random, and a tree.
struct node {
  struct node *next, *left, *right;
  uint64_t value;
};

static uint64_t chase(void) {
  enum { COUNT = 1 << 16 };
  struct node *nodes = malloc(COUNT * sizeof *nodes), *root = NULL;
  uint32_t *order = malloc(COUNT * sizeof *order);
  for (uint32_t i = 0; i < COUNT; i++) order[i] = i;
  for (uint32_t i = COUNT - 1; i > 0; i--) {
    uint32_t j = (uint32_t)(next_random() % (i + 1)), swap = order[i];
    order[i] = order[j], order[j] = swap;
  }
  for (uint32_t i = 0; i < COUNT; i++) {
    struct node *node = &nodes[order[i]], **at = &root;
    *node = (struct node){&nodes[order[(i + 1) % COUNT]], NULL, NULL, next_random()};
    while (*at) at = node->value < (*at)->value ? &(*at)->left : &(*at)->right;
    *at = node;
  }
  uint64_t sum = 0;
  struct node *node = nodes;
  for (int i = 0; i < 100 * COUNT; i++) {
    node->value += (uint64_t)i;
    sum += node->value;
    node = node->next;
  }
  free(order);
  free(nodes);
  return sum;
}

// An interpreter: each instruction is a call through the table.
struct machine {
  uint64_t stack[64], top, ticks;
};
typedef void (*instruction)(struct machine *);
static void push(struct machine *m) { m->stack[m->top++ & 63] = m->ticks; }
static void add(struct machine *m) { m->top--, m->stack[(m->top - 1) & 63] += m->stack[m->top & 63]; }
static void multiply(struct machine *m) { m->top--, m->stack[(m->top - 1) & 63] *= m->stack[m->top & 63] | 1; }
static void rotate(struct machine *m) { m->stack[m->top & 63] = m->stack[m->top & 63] << 7 | m->stack[(m->top + 1) & 63] >> 57; }

static uint64_t machine(void) {
  enum { LENGTH = 4096 };
  static const instruction instructions[] = {push, add, push, multiply, rotate, push};
  static uint8_t program[LENGTH];
  static struct machine m = {{0}, 32, 0};
  for (int i = 0; i < LENGTH; i++) program[i] = (uint8_t)(next_random() % 6);
  for (int round = 0; round < 12000; round++)
    for (int i = 0; i < LENGTH; i++) m.ticks++, instructions[program[i]](&m);
  return m.stack[5] ^ m.top;
}

static const struct {
  const char *name;
  uint64_t (*run)(void);
} parts[] = {{"hash", hash}, {"matrix", matrix}, {"sort", sort}, {"chase", chase}, {"machine", machine}};

#ifdef SERVICE
__attribute__((export_name("part_"))) uint64_t part(uint32_t number) { return parts[number].run(); }
#else
int main(int argc, char **argv) {
  uint64_t checksum = 0;
  for (int i = 0; i < 5; i++)
    if (argc < 2 || strcmp(argv[1], parts[i].name) == 0) checksum = checksum * 31 + parts[i].run();
  printf("%016llx\n", checksum);
}
#endif
