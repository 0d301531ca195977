#include "interned.h"

#include "objects.h"

namespace gojs {

namespace {

// FNV-1a, with one more step that mixes the high bits into the low ones, since the table's size is a power of two.
uint32_t hashOf(Text text) {
  uint32_t hash = 2166136261;
  for (uint32_t i = 0; i < text.size; i++) {
    hash = (hash ^ uint8_t(text[i])) * 16777619;
  }
  return hash ^ hash >> 15;
}

} // namespace

String* Strings::lookup(Text text, uint32_t hash) {
  if (buckets.empty()) {
    return nullptr;
  }
  for (auto* string = buckets[hash & (buckets.size() - 1)]; string; string = string->next) {
    if (string->hash == hash && string->text() == text) {
      return string;
    }
  }
  return nullptr;
}

String* Strings::prepare(uint32_t size) {
  auto* string = new (allocate(sizeof(String) + uint64_t(size))) String();
  string->size = size;
  return string;
}

void Strings::insert(String* string) {
  if (count >= buckets.size()) {
    grow();
  }
  auto*& bucket = buckets[string->hash & (buckets.size() - 1)];
  string->next = bucket;
  bucket = string;
  count++;
}

void Strings::grow() {
  List<String*> old = static_cast<List<String*>&&>(buckets);
  buckets.resize(old.empty() ? 64 : uint64_t(old.size()) * 2);
  for (auto* string : old) {
    while (string) {
      auto* next = string->next;
      auto*& bucket = buckets[string->hash & (buckets.size() - 1)];
      string->next = bucket;
      bucket = string;
      string = next;
    }
  }
}

String* Strings::find(Text text) {
  uint32_t hash = hashOf(text);
  if (auto* there = lookup(text, hash)) {
    return there;
  }
  auto* string = prepare(text.size);
  memcpy(string->data(), text.data, text.size);
  string->hash = hash;
  insert(string);
  return string;
}

String* Strings::intern(String* prepared) {
  prepared->hash = hashOf(prepared->text());
  if (auto* there = lookup(prepared->text(), prepared->hash)) {
    release(prepared);
    return there;
  }
  insert(prepared);
  return prepared;
}

void Strings::remove(String& string) {
  auto** link = &buckets[string.hash & (buckets.size() - 1)];
  while (*link != &string) {
    link = &(*link)->next;
  }
  *link = string.next;
  count--;
}

} // namespace gojs
