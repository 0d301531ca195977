// All strings of the runtime, so that equal strings are the same object.

#ifndef parigot_runtime_gojs_interned_h
#define parigot_runtime_gojs_interned_h

#include "runtime.h"

namespace gojs {

struct String;

class Strings {
public:
  // The string of this text: the existing one, or a new one with no uses.
  String* find(Text text);

  // The same in two steps, for callers that have no Text. prepare() gives a string with room for `size` bytes, and the
  // caller writes them. intern() then gives the string of that text.
  String* prepare(uint32_t size);
  String* intern(String* prepared);

  void remove(String& string);

private:
  String* lookup(Text text, uint32_t hash);
  void insert(String* string);
  void grow();

  List<String*> buckets; // the strings, chained by `next`; the number of buckets is a power of two
  uint32_t count = 0;
};

} // namespace gojs

#endif // parigot_runtime_gojs_interned_h
