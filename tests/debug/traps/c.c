// Traps in C, and in what C inlines.
#include "service.h"

struct node {
  struct node *next;
  int value;
};
static volatile int zero;
static struct node *volatile nowhere = (struct node *)0xfffffff0u;
static int (*volatile no_function)(int) = 0;
static void (*volatile other_type)(void);

static inline int quotient(int of) {
  return of / zero; // trap divide, trap inlined
}

__attribute__((noinline)) static int value_of(const struct node *node) {
  return node->value; // trap load
}

__attribute__((noinline)) static void set(struct node *node, int value) {
  node->value = value; // trap store
}

__attribute__((noinline)) static int twice_inlined(int of) {
  int more = of + 1;
  more *= quotient(more); // calls inlined
  return more;
}

__attribute__((noinline)) static int recurse(int depth) {
  if (depth == 0) {
    __builtin_trap(); // trap recursion
  }
  int below = recurse(depth - 1); // calls recursion
  zero = below;
  return below * depth;
}

__attribute__((noinline)) static int convert(double from) {
  return __builtin_wasm_trunc_s_i32_f64(from); // trap convert
}

static int compare(const void *a, const void *b) {
  if (zero == 0) __builtin_trap(); // trap callback
  return *(const int *)a - *(const int *)b;
}

static void nothing(void) {}

static inline int innermost(int of) {
  return 7 % (of * zero); // trap twice
}

static inline int middle(int of) {
  return innermost(of) + 1; // calls twice
}

__attribute__((noinline)) static void clear(void *from) {
  memset(from, 0, 0x20000000u); // trap fill
}

#define IS(trap) (req_len == sizeof trap - 1 && memcmp(req, trap, sizeof trap - 1) == 0)

EXPORT("trap_") SERVICE_CALL(trap) {
  if (IS("divide")) return (uint64_t)quotient((int)req_len); // calls divide
  if (IS("load")) return (uint64_t)value_of(nowhere); // calls load
  if (IS("store")) set(nowhere, 7); // calls store
  if (IS("inlined")) return (uint64_t)twice_inlined((int)req_len); // calls inlined
  if (IS("recursion")) return (uint64_t)recurse(3); // calls recursion
  if (IS("convert")) return (uint64_t)convert(1e30 * req_len); // calls convert
  if (IS("null")) return (uint64_t)no_function(1); // trap null
  if (IS("signature")) {
    other_type = nothing;
    return (uint64_t)((int (*volatile)(int, int))other_type)(1, 2); // trap signature
  }
  if (IS("modulo")) return (uint64_t)((int)req_len % zero); // trap modulo
  if (IS("callback")) {
    int numbers[] = {3, 1, 2};
    qsort(numbers, 3, sizeof numbers[0], compare); // calls callback
  }
  if (IS("overflow")) return (uint64_t)((int)(req_len + 0x7ffffff8) / (zero - 1)); // trap overflow
  if (IS("table")) return (uint64_t)((int (*volatile)(int))0x7ffffff0)(1); // trap table
  if (IS("twice")) return (uint64_t)middle((int)req_len); // calls twice
  if (IS("fill")) clear((void *)nowhere); // calls fill
  if (IS("abort")) abort(); // calls abort
  *err = 1;
  return 0;
}
