#include "shapes.h"
int area(int w, int h) {
  switch (w) {
    case 1:
      return mix(h, 2);
    case 2:
      return clamp(h, 1, 3);
    default:
      return mix(w * h, clamp(w, h, 9));
  }
}
