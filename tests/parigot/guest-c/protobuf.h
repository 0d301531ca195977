// Protobuf, as much as the kernel's messages have: varints and bytes. See ../wire/messages.go for what the fields are.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A message that is being written; free(data) in the end.
typedef struct {
  uint8_t* data;
  uint32_t length, capacity;
} pb_writer;

// Bytes that are being read.
typedef struct {
  const uint8_t *at, *end;
} pb_bytes;

// A field: bytes (of a string or message), or a number.
typedef struct {
  uint32_t number;
  bool is_bytes;
  uint64_t value;
  pb_bytes bytes;
} pb_field;

static inline void pb_put(pb_writer* w, const void* data, uint32_t length) {
  if (length > w->capacity - w->length) {
    uint32_t capacity = 2 * w->capacity + length + 64;
    w->data = realloc(w->data, w->capacity = capacity);
    if (!w->data)
      abort();
  }
  if (length)
    memcpy(w->data + w->length, data, length);
  w->length += length;
}

static inline void pb_varint(pb_writer* w, uint64_t value) {
  do {
    uint8_t byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
    pb_put(w, &byte, 1);
    value >>= 7;
  } while (value);
}

static inline void pb_number(pb_writer* w, uint32_t field, uint64_t value) {
  if (!value)
    return;
  pb_varint(w, (uint64_t)field << 3);
  pb_varint(w, value);
}

static inline void pb_data(pb_writer* w, uint32_t field, const void* data, uint32_t length) {
  pb_varint(w, (uint64_t)field << 3 | 2);
  pb_varint(w, length);
  pb_put(w, data, length);
}

static inline void pb_text(pb_writer* w, uint32_t field, const char* text) {
  if (text && *text)
    pb_data(w, field, text, strlen(text));
}

// Puts a finished message into another, and frees it.
static inline void pb_message(pb_writer* w, uint32_t field, pb_writer inner) {
  pb_data(w, field, inner.data, inner.length);
  free(inner.data);
}

static inline bool pb_read_varint(pb_bytes* from, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && from->at < from->end; shift += 7) {
    uint8_t byte = *from->at++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return true;
  }
  return false;
}

// Reads the next field: 1, or 0 at the end, or -1 where the bytes are no message.
static inline int pb_next(pb_bytes* from, pb_field* field) {
  if (from->at == from->end)
    return 0;
  uint64_t tag;
  if (!pb_read_varint(from, &tag) || tag >> 3 == 0 || tag >> 32)
    return -1;
  *field = (pb_field){.number = (uint32_t)(tag >> 3), .is_bytes = (tag & 7) == 2};
  uint64_t skipped = 0;
  switch (tag & 7) {
    case 0:
      return pb_read_varint(from, &field->value) ? 1 : -1;
    case 1:
      skipped = 8;
      break;
    case 2:
      if (!pb_read_varint(from, &skipped))
        return -1;
      break;
    case 5:
      skipped = 4;
      break;
    default:
      return -1;
  }
  if (skipped > (uint64_t)(from->end - from->at))
    return -1;
  field->bytes = (pb_bytes){from->at, from->at + skipped};
  from->at += skipped;
  return 1;
}
