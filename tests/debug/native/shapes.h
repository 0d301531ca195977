#ifndef shapes_h
#define shapes_h
static inline int clamp(int v, int low, int high) {
  if (v < low)
    return low;
  return v > high ? high : v;
}
static inline __attribute__((always_inline)) int mix(int a, int b) {
  int c = clamp(a, 0, b);
  return c * 31 + clamp(b, a, 100);
}
int area(int w, int h);
#endif
