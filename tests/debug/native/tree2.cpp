#include "tree.h"

extern "C" int run2(int n) {
  world::Node<int> a(n), b(n + 1);
  world::Node<double> c(0.5);
  a.left = &b;
  world::Twice t;
  return a.sum() + int(c.sum()) + world::apply(t, n) + decltype(a)::count;
}
