// A queue: first in, first out.

#ifndef parigot_runtime_kernel_queue_h
#define parigot_runtime_kernel_queue_h

#include "../common/text.h"

namespace kernel {

using namespace runtime;

template<typename T> class Queue {
public:
  bool empty() const { return head == items.size(); }
  uint32_t size() const { return items.size() - head; }
  void push(T item) { items.push(static_cast<T&&>(item)); }
  T take() {
    T item = static_cast<T&&>(items[head++]);
    if (head == items.size()) {
      items.clear();
      head = 0;
    } else if (head >= 64 && head * 2 >= items.size()) {
      items.remove(0, head);
      head = 0;
    }
    return item;
  }

  void clear() {
    items.clear();
    head = 0;
  }

private:
  List<T> items;
  uint32_t head = 0;
};

} // namespace kernel

#endif // parigot_runtime_kernel_queue_h
