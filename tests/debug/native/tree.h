// Inline functions, of which a linker keeps one of two copies.
#ifndef tree_h
#define tree_h

namespace world {
template<typename T> struct Node {
  T value;
  Node *left = nullptr, *right = nullptr;
  Node(T v) : value(v) { count++; }
  ~Node() { count--; }
  T sum() const { return value + (left ? left->sum() : T()) + (right ? right->sum() : T()); }
  static inline int count = 0;
};
struct Base {
  virtual ~Base() {}
  virtual int of(int) const = 0;
};
struct Twice : Base {
  int of(int v) const override { return v * 2; }
};
inline int apply(const Base& b, int v) {
  auto f = [&](int x) { return b.of(x) + v; };
  return f(v) + f(v + 1);
}
} // namespace world

#endif // tree_h
