// 5,000 yields in nested loops, with locals that live through all of them.
#include "test.h"

int main(void) {
  uint32_t hash = 2166136261u;
  double sum = 0;
  int64_t product = 1;
  int skipped = 0;
  for (int i = 0; i < 50; i++) {
    for (int j = 0; j < 51; j++) {
      if (j == i) {
        skipped++;
        continue;
      }
      int answer = wait(i * j);
      hash = (hash ^ (uint32_t)answer) * 16777619u;
      sum += answer / (1.0 + j);
      product = product * 6364136223846793005 + answer;
      switch (answer & 3) {
        case 0: hash += 1; break;
        case 1: sum -= 0.5; // falls through
        case 2: product ^= j; break;
        default: break;
      }
    }
  }
  printf("%u %.17g %lld %d\n", hash, sum, (long long)product, skipped);
  return 0;
}
