// All strings there are, so that equal ones are the same object.

#ifndef parigot_runtime_gojs_interned_h
#define parigot_runtime_gojs_interned_h

#include "runtime.h"

namespace gojs {

struct String;

class Strings {
public:
  // The string of this text: the one there is, or a new one that nobody uses yet.
  String* find(Text text);

  // In two steps, for who has no Text: room for a string, and the string of what was then written to it.
  String* prepare(uint32_t size);
  String* intern(String* prepared);

  void remove(String& string);

private:
  String* lookup(Text text, uint32_t hash);
  void insert(String* string);
  void grow();

  List<String*> buckets; // chains; a power of two of them
  uint32_t count = 0;
};

} // namespace gojs

#endif // parigot_runtime_gojs_interned_h
