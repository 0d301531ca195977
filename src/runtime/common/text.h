// A view of bytes, and a list. Debian has no libc++ for wasm32, so runtime modules have their own containers, and these
// are all that they need.

#ifndef parigot_runtime_common_text_h
#define parigot_runtime_common_text_h

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "allocate.h"

namespace runtime {

// A view of UTF-8 bytes. It does not own them, and they do not end with a zero.
struct Text {
  const char* data = nullptr;
  uint32_t size = 0;

  constexpr Text() = default;
  constexpr Text(const char* data, uint32_t size) : data(data), size(size) {}
  template<size_t n> constexpr Text(const char (&literal)[n]) : data(literal), size(n - 1) {}

  constexpr char operator[](uint32_t i) const { return data[i]; }
  Text from(uint32_t start) const { return {data + start, size - start}; }
  bool startsWith(Text prefix) const { return size >= prefix.size && memcmp(data, prefix.data, prefix.size) == 0; }
};

// An empty text may have null data, which must not be given to memcmp and memcpy.
inline bool operator==(Text a, Text b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

// A growing array that owns its elements. It moves them bytewise when it grows. After that no pointer to an element is
// valid, so elements must not point to themselves.
template<typename T> class List {
public:
  constexpr List() = default;
  List(List&& other) noexcept : items(other.items), count(other.count), room(other.room) {
    other.items = nullptr;
    other.count = other.room = 0;
  }
  List& operator=(List&& other) noexcept {
    if (this != &other) {
      this->~List();
      new (this) List(static_cast<List&&>(other));
    }
    return *this;
  }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() {
    clear();
    release(static_cast<void*>(items));
    items = nullptr;
    room = 0;
  }

  uint32_t size() const { return count; }
  bool empty() const { return count == 0; }
  T& operator[](uint32_t i) { return items[i]; }
  const T& operator[](uint32_t i) const { return items[i]; }
  T* begin() { return items; }
  T* end() { return items + count; }
  const T* begin() const { return items; }
  const T* end() const { return items + count; }
  T& back() { return items[count - 1]; }

  T& push(T item) {
    if (count == room) {
      reserve(grown(count + uint64_t(1)));
    }
    return *new (static_cast<void*>(&items[count++])) T(static_cast<T&&>(item));
  }
  void pop() { items[--count].~T(); }
  // Hands the elements to the caller, which owns them from here on, in memory that `release` frees. The list is empty
  // afterwards.
  T* detach() {
    T* detached = items;
    items = nullptr;
    count = room = 0;
    return detached;
  }
  void clear() { shrink(0); }
  void shrink(uint32_t size) {
    if constexpr (__has_trivial_destructor(T)) {
      count = count > size ? size : count;
    } else {
      while (count > size) {
        pop();
      }
    }
  }
  // Removes elements at the end, or adds new ones made by T().
  void resize(uint64_t size) {
    if (size > room) {
      reserve(grown(size));
    }
    while (count < size) {
      new (&items[count++]) T();
    }
    shrink(uint32_t(size));
  }
  // Removes the elements [start, start + n) and moves the rest down.
  void remove(uint32_t start, uint32_t n = 1) {
    for (uint32_t i = start; i < start + n; i++) {
      items[i].~T();
    }
    memmove(static_cast<void*>(items + start), items + start + n, (count - start - n) * sizeof(T));
    count -= n;
  }

protected:
  // Adds n elements with undefined bytes, for types without constructors. Gives the first of them.
  T* extend(uint32_t n) {
    uint64_t size = uint64_t(count) + n;
    if (size > room) {
      reserve(grown(size));
    }
    T* added = items + count;
    count = uint32_t(size);
    return added;
  }

private:
  uint64_t grown(uint64_t size) const {
    uint64_t twice = uint64_t(room) * 2;
    return size > twice ? (size > 4 ? size : 4) : twice;
  }
  void reserve(uint64_t size) {
    items = static_cast<T*>(reallocate(static_cast<void*>(items), size * sizeof(T)));
    room = uint32_t(size);
  }

  T* items = nullptr;
  uint32_t count = 0;
  uint32_t room = 0;
};

// A text that grows, and owns its bytes.
class Characters : public List<char> {
public:
  Characters& operator<<(Text text) {
    if (text.size) {
      memcpy(extend(text.size), text.data, text.size);
    }
    return *this;
  }
  using List<char>::extend;
  Characters& operator<<(char c) {
    push(c);
    return *this;
  }
  operator Text() const { return {begin(), size()}; }
  Text text() const { return *this; }
};

} // namespace runtime

#endif // parigot_runtime_common_text_h
