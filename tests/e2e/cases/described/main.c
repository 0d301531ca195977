// Every form of a parameter and of a result, from C to C.
#include "service.h"

#define LIB(name) IMPORT("lib", name)
LIB("reverse") uint64_t reverse(const char* text, uint32_t len);
LIB("reverse_len_first") uint64_t reverse_len_first(uint32_t len, const char* text);
LIB("concat") char* concat(const char* a, const char* b);
LIB("name") char* name(void);
LIB("squares") void squares(int32_t* numbers, uint32_t n);
LIB("swap") void swap(int32_t point[2], int32_t old[2]);
LIB("read") int32_t read_(char* buffer, uint32_t* len);
LIB("encode") int32_t encode(const char* text, char** reply, uint32_t* reply_len);
LIB("encode_len_first") int32_t encode_len_first(const char* text, uint32_t* reply_len, char** reply);
LIB("describe") void describe(int32_t n, char** message);
LIB("slice") void slice(void* slice, uint64_t text);
LIB("vector") void vector(void* vector);
LIB("find") char* find(const char* text, int32_t byte);
LIB("trim") uint64_t trim(const char* text, uint32_t len);
LIB("gather") char* gather(const void* parts, uint32_t n);
LIB("scatter") void scatter(const void* parts, uint32_t n, int32_t byte);
LIB("sum") int32_t sum(const void* list);
LIB("keep") void keep(const char* text);
LIB("kept") char* kept(void);
LIB("released") int32_t released(void);

EXPORT("aligned") void* aligned(uint32_t alignment, uint32_t size) {
  return aligned_alloc(alignment, (size + 15) / 16 * 16);
}

struct pair {
  const char* ptr;
  uint32_t len;
};
struct vector {
  uint32_t len;
  const int16_t* items;
};

static void results(void) {
  uint64_t packed = reverse("stressed", 8);
  printf("%.*s\n", (int)(uint32_t)packed, (char*)(uintptr_t)(packed >> 32));
  packed = reverse_len_first(5, "lever");
  printf("%.*s\n", (int)(packed >> 32), (char*)(uintptr_t)(uint32_t)packed);
  printf("%d\n", (int)(uint32_t)reverse("", 0));
  char *text = concat("con", "cat"), *empty = concat("", "");
  printf("%s [%s]\n", text, empty);
  free(text);
  printf("%s %d\n", concat(0, "x") ? "text" : "null", (int)((uintptr_t)name() % 16));
  printf("%s\n", name());
  static const char sentence[] = "where is it?";
  char* at = find(sentence, 'i');
  printf("%d %s\n", (int)(at - sentence), find(sentence, 'z') ? "found" : "null");
  packed = trim("  both  ", 8);
  printf("[%.*s]\n", (int)(uint32_t)packed, (char*)(uintptr_t)(packed >> 32));
}

static void outs(void) {
  int32_t numbers[] = {1, 2, 3, 4}, point[2] = {5, 6}, old[2] = {0, 0};
  squares(numbers, 3);
  swap(point, old);
  printf("%d %d %d %d, %d %d, %d %d\n",
         (int)numbers[0],
         (int)numbers[1],
         (int)numbers[2],
         (int)numbers[3],
         (int)point[0],
         (int)point[1],
         (int)old[0],
         (int)old[1]);
  swap(point, 0);
  printf("%d %d\n", (int)point[0], (int)point[1]);
  char buffer[16] = "###############", *reply = buffer;
  uint32_t len = 15;
  int32_t code = read_(buffer, &len);
  printf("%d %d %s\n", (int)code, (int)len, buffer);
  code = encode("abc", &reply, &len);
  printf("%d %.*s\n", (int)code, (int)len, reply);
  code = encode_len_first("xyz!", &len, &reply);
  printf("%d %.*s\n", (int)code, (int)len, reply);
  code = encode(0, &reply, &len);
  printf("%d %s %d\n", (int)code, reply ? "reply" : "null", (int)len);
  describe(7, &reply);
  printf("%s\n", reply);
  describe(7, 0);
  struct pair pair;
  slice(&pair, (uint64_t)11 << 32 | (uintptr_t) "first,second");
  printf("%.*s\n", (int)pair.len, pair.ptr);
  struct vector items;
  vector(&items);
  printf("%d bytes: %d %d %d\n", (int)items.len, items.items[0], items.items[1], items.items[2]);
}

int main(void) {
  results();
  outs();
  struct pair parts[] = {{"ga", 2}, {"", 0}, {"ther", 4}};
  printf("%.6s\n", gather(parts, 3));
  char one[4] = "123", two[6] = "12345";
  struct pair to[] = {{one, 3}, {two, 2}};
  scatter(to, 2, 'x');
  printf("%s %s\n", one, two);
  int32_t list[] = {3, 10, 20, 30, 40};
  printf("%d %d\n", (int)sum(list), (int)sum(0));
  keep("kept text");
  printf("%s\n", kept());
  printf("%d released\n", (int)released());
}
