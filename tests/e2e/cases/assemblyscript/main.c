// Strings of AssemblyScript between services: the length lies in front of the data, and the allocator puts it there.
#include "objects.h"

IMPORT("strings", "join") char* join(const char* a, const char* b);
IMPORT("strings", "kept") char* kept(void);
IMPORT("strings", "length") uint32_t length(const char* text);
IMPORT("strings", "upper") void upper(char* text);
IMPORT("strings", "still_pinned") int32_t still_pinned(void);

static void print(const char* object) {
  if (!object) {
    puts("null");
    return;
  }
  printf("%d bytes of class %d: ", (int)size_of(object), (int)id_of(object));
  for (uint32_t i = 0; i < size_of(object); i += 2)
    putchar(object[i]);
  putchar('\n');
}

int main(void) {
  print(join(string("Hello, "), string("world")));
  print(kept());
  print(join(string(""), string("")));
  print(join(0, string("x")));
  printf("%d %d %d\n", (int)length(string("four")), (int)length(string("")), (int)length(0));
  char* text = string("shout");
  upper(text);
  print(text);
  printf("%d pinned\n", (int)still_pinned());
}
