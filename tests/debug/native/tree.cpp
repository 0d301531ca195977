#include "tree.h"

void operator delete(void*) noexcept {}
void operator delete(void*, unsigned long) noexcept {}

extern "C" int run(int n) {
  world::Node<int> a(n), b(n + 1);
  world::Node<double> c(0.5);
  a.left = &b;
  world::Twice t;
  return a.sum() + int(c.sum()) + world::apply(t, n) + decltype(a)::count;
}
