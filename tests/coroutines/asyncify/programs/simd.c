// Vectors that live through a yield. Flags: -msimd128
#include "test.h"
#include <wasm_simd128.h>

__attribute__((noinline)) static v128_t ask(v128_t in, int n) {
  v128_t sum = wasm_i32x4_add(in, wasm_i32x4_splat(n));
  if (n > 0) {
    v128_t below = ask(sum, n - 1);
    return wasm_i32x4_add(wasm_i32x4_mul(sum, wasm_i32x4_splat(3)), wasm_v128_xor(below, in));
  }
  return wasm_i32x4_replace_lane(sum, 2, wait(wasm_i32x4_extract_lane(sum, 1)));
}

int main(void) {
  v128_t out = ask(wasm_i32x4_make(1, 22, 333, 4444), 25);
  printf("%d %d %d %d\n", wasm_i32x4_extract_lane(out, 0), wasm_i32x4_extract_lane(out, 1),
         wasm_i32x4_extract_lane(out, 2), wasm_i32x4_extract_lane(out, 3));
  return 0;
}
